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
    CHECK(gist(verb) != gist(Verb::Unknown));  // it has words of its own
  }
  for (const Verb verb : {Verb::Connect, Verb::EndOfData, Verb::BdatLast})
    CHECK(explain_verb(verb) != nullptr);
  for (std::size_t state = 0; state < kStates; ++state) {
    const auto* entry = find_entry(reference(), name(static_cast<State>(state)), "state");
    REQUIRE(entry != nullptr);
    CHECK(entry->context == "state");
  }
  for (const int code : {211, 214, 220, 221, 250, 251, 252, 354, 421, 450, 451, 452, 500, 501,
                         502, 503, 504, 550, 551, 552, 553, 554, 235, 253, 334, 432, 453, 454,
                         455, 458, 459, 521, 523, 524, 525, 530, 534, 535, 538, 555, 556}) {
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
  CHECK(explain_reply(250, Verb::Etrn)->context == "ETRN");
  CHECK(explain_reply(250, Verb::Soml)->context.empty());
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

TEST_CASE("An enhanced code says its class, its subject and its very reason") {
  const auto bad_mailbox = explain_enhanced("5.1.1");
  REQUIRE(bad_mailbox);
  CHECK(bad_mailbox->kind->title == "Permanent failure");
  CHECK(bad_mailbox->subject->title == "Subject: the address");
  CHECK(bad_mailbox->detail->title == "Bad destination mailbox address");
  CHECK(explain_enhanced("4.2.2")->kind->title == "Persistent transient failure");
  CHECK(explain_enhanced("2.1.5")->kind->title == "Success");
  CHECK(explain_enhanced("5.7.27")->detail->title == "Sender address has null MX");
  CHECK(explain_enhanced("x.1.10")->kind == nullptr);
  CHECK(explain_enhanced("X.1.10")->detail->title == "Recipient address has null MX");
  CHECK(explain_enhanced("5.1.99")->detail == nullptr);
  CHECK(explain_enhanced("5.1.99")->subject != nullptr);
  CHECK(explain_enhanced("5.9.1")->subject == nullptr);
  for (const auto* wrong : {"", "5", "5.", "5.1", "5.1.", "3.1.1", "1.1.1", "5.1.1.", "5.1.1234",
                            "5.1234.1", "5.a.1", "550", "5.1.1 ", " 5.1.1", "RCPT"}) {
    INFO(wrong);
    CHECK_FALSE(explain_enhanced(wrong));
  }
}

TEST_CASE("Every code of the tables of RFC 3463 and every one registered since for us is there") {
  const std::pair<int, int> kLast[] = {{0, 0}, {1, 10}, {2, 4},  {3, 5},
                                       {4, 7}, {5, 6},  {6, 10}, {7, 14}};
  for (const auto& [subject, last] : kLast)
    for (int detail = 0; detail <= last; ++detail) {
      const std::string code = "5." + std::to_string(subject) + "." + std::to_string(detail);
      INFO(code);
      REQUIRE(explain_enhanced(code));
      CHECK(explain_enhanced(code)->subject != nullptr);
      CHECK(explain_enhanced(code)->detail != nullptr);
    }
  for (int detail = 20; detail <= 27; ++detail)
    CHECK(explain_enhanced("5.7." + std::to_string(detail))->detail != nullptr);
}

TEST_CASE("The enhanced code is taken off the front of a reply's text") {
  CHECK(enhanced_code_of("5.1.1 No such mailbox") == "5.1.1");
  CHECK(enhanced_code_of("2.0.0") == "2.0.0");
  CHECK(enhanced_code_of("OK") == "");
  CHECK(enhanced_code_of("2.0.0x") == "");
  CHECK(enhanced_code_of("5.1.1.2 is an address") == "");
  CHECK(enhanced_code_of("192.0.2.25 greets you") == "");
  CHECK(enhanced_code_of("X.1.1 is not sent") == "");
  CHECK(enhanced_code_of("") == "");
}

TEST_CASE("Every parameter of MAIL and RCPT, every mechanism and every extension is explained") {
  for (const auto* word : {"SIZE", "BODY", "RET", "ENVID", "AUTH", "SMTPUTF8", "body=8bitmime"}) {
    INFO(word);
    CHECK(explain_parameter(word, Verb::Mail) != nullptr);
    CHECK(explain_parameter(word, Verb::Saml) == explain_parameter(word, Verb::Mail));
    CHECK(explain_parameter(word, Verb::Rcpt) == nullptr);
  }
  for (const auto* word : {"NOTIFY", "ORCPT"}) {
    CHECK(explain_parameter(word, Verb::Rcpt) != nullptr);
    CHECK(explain_parameter(word, Verb::Mail) == nullptr);
  }
  CHECK(explain_parameter("SMTPUTF8", Verb::Expn) != nullptr);
  for (const auto* word : {"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256"})
    CHECK(find_entry(reference(), word, "mechanism") != nullptr);
  for (const auto* word :
       {"SIZE", "8BITMIME", "PIPELINING", "ENHANCEDSTATUSCODES", "DSN", "CHUNKING", "BINARYMIME",
        "SMTPUTF8", "AUTH", "STARTTLS", "ETRN", "EXPN", "HELP", "VRFY"}) {
    INFO(word);
    const auto* entry = find_entry(reference(), word, "extension");
    REQUIRE(entry != nullptr);
    CHECK(entry->context == "extension");
  }
}

TEST_CASE("A line is taken apart into the pieces that have an entry") {
  const auto text_of = [](const std::vector<Piece>& pieces) {
    std::string text;
    for (const Piece& piece : pieces)
      text += std::string(piece.text) + " = " + std::string(piece.entry->word) + "/" +
              std::string(piece.entry->context) + ". ";
    return text;
  };
  CHECK(text_of(explain_command_pieces(
            Verb::Mail, "MAIL FROM:<a@alpha.example> SIZE=1200 body=8bitmime RET=HDRS X=1")) ==
        "SIZE=1200 = SIZE/MAIL. body=8bitmime = BODY=8BITMIME/MAIL. RET=HDRS = RET/MAIL. ");
  CHECK(text_of(explain_command_pieces(Verb::Rcpt, "RCPT TO:<b@beta.example> NOTIFY=NEVER")) ==
        "NOTIFY=NEVER = NOTIFY/RCPT. ");
  CHECK(text_of(explain_command_pieces(Verb::Auth, "AUTH plain ********")) ==
        "plain = PLAIN/mechanism. ");
  CHECK(text_of(explain_command_pieces(Verb::Auth, "AUTH")).empty());
  CHECK(text_of(explain_command_pieces(Verb::Noop, "NOOP SIZE=1")).empty());
  CHECK(text_of(explain_reply_pieces(Verb::Ehlo, "AUTH PLAIN CRAM-MD5 X-OWN", false)) ==
        "AUTH = AUTH/extension. PLAIN = PLAIN/mechanism. CRAM-MD5 = CRAM-MD5/mechanism. ");
  CHECK(text_of(explain_reply_pieces(Verb::Ehlo, "SIZE 1000", false)) == "SIZE = SIZE/extension. ");
  CHECK(text_of(explain_reply_pieces(Verb::Ehlo, "SIZE greets you", true)).empty());
  CHECK(text_of(explain_reply_pieces(Verb::Rcpt, "5.1.1 No such mailbox", true)) ==
        "5.1.1 = X.1.1/enhanced code. ");
  CHECK(text_of(explain_reply_pieces(Verb::Rcpt, "5.1.99 Odd", true)) ==
        "5.1.99 = 5.X.X/enhanced code. ");
  CHECK(text_of(explain_reply_pieces(Verb::Rcpt, "SIZE is too much", true)).empty());
}
