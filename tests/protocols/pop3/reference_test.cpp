#include "protocols/pop3/reference.hpp"

#include <catch2/catch.hpp>

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
