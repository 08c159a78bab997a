#include "protocols/smtp/reference.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "protocols/smtp/session.hpp"

using namespace mailscope;
using namespace mailscope::smtp;

TEST_CASE("Every verb, every state and every reply code of the RFC has an entry") {
  for (const Verb verb : verbs()) {
    INFO(name(verb));
    REQUIRE(explain_verb(verb) != nullptr);
    CHECK_FALSE(explain_verb(verb)->syntax.empty());
    CHECK_FALSE(gist(verb).empty());
  }
  for (const Verb verb : {Verb::Connect, Verb::EndOfData, Verb::BdatLast})
    CHECK(explain_verb(verb) != nullptr);
  for (std::size_t state = 0; state < kStates; ++state) {
    const auto* entry = find_entry(reference(), name(static_cast<State>(state)), "state");
    REQUIRE(entry != nullptr);
    CHECK(entry->context == "state");
  }
  for (const int code : {211, 214, 220, 221, 250, 251, 252, 354, 421, 450, 451, 452, 500, 501, 502,
                         503, 504, 550, 551, 552, 553, 554, 235, 334, 454, 455, 530, 535, 555}) {
    INFO(code);
    const auto* entry = explain_reply(static_cast<std::uint16_t>(code), Verb::Unknown);
    REQUIRE(entry != nullptr);
    CHECK(entry->word == std::to_string(code));
  }
}

TEST_CASE(
    "A reply is explained as the answer to its verb, then by its code, then by its first digit") {
  CHECK(explain_reply(250, Verb::Rcpt)->context == "RCPT");
  CHECK(explain_reply(250, Verb::EndOfData)->context == "END OF DATA");
  CHECK(explain_reply(220, Verb::Connect)->context == "CONNECT");
  CHECK(explain_reply(250, Verb::Etrn)->context.empty());
  CHECK(explain_reply(299, Verb::Mail)->word == "2yz");
  CHECK(explain_reply(477, Verb::Mail)->word == "4yz");
  CHECK(explain_reply(199, Verb::Mail) == nullptr);
}

TEST_CASE("Entries are whole: title, meaning that ends in a full stop, section, no word twice") {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const ReferenceEntry& entry : reference()) {
    INFO(entry.word << " " << entry.context);
    CHECK(entry.protocol == "SMTP");
    CHECK_FALSE(entry.title.empty());
    CHECK(entry.meaning.size() > 30);
    CHECK(entry.meaning.back() == '.');
    CHECK((!entry.section.empty() || entry.word == "UNKNOWN"));
    CHECK(seen.emplace(entry.word, entry.context).second);
    for (const char c : entry.meaning) CHECK((c >= ' ' && c < 127));
  }
}

TEST_CASE("The list says in a few words what came") {
  CHECK(gist(Verb::Ehlo) == "who is calling");
  CHECK(gist(Verb::Data) == "now the letter");
  CHECK(gist(250, Verb::Mail) == "sender accepted");
  CHECK(gist(550, Verb::Rcpt) == "no such mailbox");
  CHECK(gist(452, Verb::Rcpt) == "too many recipients at once");
  CHECK(gist(451, Verb::Rcpt) == "trouble inside the server, try later");
  CHECK(gist(354, Verb::Data) == "go ahead, end with a lone dot");
  for (std::uint16_t code = 200; code < 600; ++code)
    for (std::size_t verb = 0; verb < kVerbs; ++verb)
      CHECK_FALSE(gist(code, static_cast<Verb>(verb)).empty());
}

TEST_CASE("The digits have their words") {
  CHECK(first_digit_word(250) == "success");
  CHECK(second_digit_word(250) == "mail system");
  CHECK(first_digit_word(421) == "not now");
  CHECK(second_digit_word(421) == "connection");
  CHECK(second_digit_word(503) == "syntax");
}
