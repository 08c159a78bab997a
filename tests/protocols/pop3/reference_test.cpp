#include "protocols/pop3/reference.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "protocols/pop3/server.hpp"
#include "protocols/pop3/session.hpp"

using namespace mailscope;
using namespace mailscope::pop3;

TEST_CASE("Every verb, state and answer is explained, with its section") {
  for (std::size_t i = 1; i < kVerbs; ++i) {
    const auto verb = static_cast<Verb>(i);
    INFO(name(verb));
    const ReferenceEntry* entry = find_entry(reference(), name(verb));
    REQUIRE(entry);
    CHECK(entry->meaning.size() > 40);
    CHECK(!gist(verb).empty());
    CHECK(!gist(true, verb).empty());
    CHECK(!gist(false, verb).empty());
  }
  for (State state : {State::Authorization, State::Transaction, State::Update, State::Closed})
    CHECK(find_entry(reference(), name(state)));
  for (const ReferenceEntry& entry : reference()) CHECK(entry.section.starts_with("RFC "));
}

TEST_CASE("An answer is explained by what it answers") {
  CHECK(find_entry(reference(), "+OK", "DELE")->meaning.find("Only marked") !=
        std::string_view::npos);
  CHECK(find_entry(reference(), "+OK", "QUIT")->title == "Deletions done, goodbye");
  CHECK(find_entry(reference(), "-ERR", "NOOP")->context.empty());
  CHECK(find_entry(reference(), "[in-use]"));
}

TEST_CASE("Every answer has an entry of its own, but for refusals that say nothing special") {
  for (std::size_t i = 1; i < kVerbs; ++i) {
    const auto verb = static_cast<Verb>(i);
    INFO(name(verb));
    CHECK(find_entry(reference(), "+OK", name(verb))->context == name(verb));
    const bool plain = verb == Verb::Stat || verb == Verb::Noop || verb == Verb::Rset;
    CHECK(find_entry(reference(), "-ERR", name(verb))->context == (plain ? "" : name(verb)));
  }
}

TEST_CASE("Every response code that a server sends is explained") {
  for (int code = 1; code <= static_cast<int>(ResponseCode::Utf8); ++code) {
    std::string_view word = prefix(static_cast<ResponseCode>(code));
    REQUIRE(word.ends_with("] "));
    word.remove_suffix(1);
    INFO(word);
    CHECK(find_entry(reference(), word));
  }
}

TEST_CASE("Every capability that a server announces is explained") {
  ServerOptions options;
  options.mechanisms = {sasl::Mechanism::Plain};
  options.utf8 = true;
  options.login_delay_seconds = 60;
  options.implementation = "MailScope";
  Server server(options);
  (void)server.take_output();
  server.receive("CAPA\r\n");
  std::string said = server.take_output();
  said.erase(0, said.find("\n") + 1);
  int tags = 0;
  for (; said != ".\r\n"; said.erase(0, said.find("\n") + 1), ++tags) {
    const std::string tag = said.substr(0, said.find_first_of(" \r"));
    INFO(tag);
    const ReferenceEntry* entry = find_entry(reference(), tag, "CAPA");
    REQUIRE(entry);
    CHECK(entry->title.starts_with("Capability: "));
  }
  CHECK(tags == 11);
}
