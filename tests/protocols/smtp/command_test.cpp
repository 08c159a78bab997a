#include "protocols/smtp/command.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace mailscope::smtp;

TEST_CASE("Valid commands are read, whatever the case of the verb, and come out as they went in") {
  struct Row {
    std::string line, written;
  };
  const std::vector<Row> rows = {
      {"EHLO mail.alpha.example", "EHLO mail.alpha.example"},
      {"ehlo [10.0.1.25] extra words", "EHLO [10.0.1.25]"},
      {"HELO alpha.example  ", "HELO alpha.example"},
      {"mail from:<alice@alpha.example>", "MAIL FROM:<alice@alpha.example>"},
      {"MAIL FROM:<>", "MAIL FROM:<>"},
      {"MAIL FROM:<a@b.example> size=1000 BODY=8BITMIME X",
       "MAIL FROM:<a@b.example> SIZE=1000 BODY=8BITMIME X"},
      {"RCPT TO:<bob@beta.example>", "RCPT TO:<bob@beta.example>"},
      {"rcpt to:<Postmaster>", "RCPT TO:<Postmaster>"},
      {"RCPT TO:<@a,@b:user@c.example>", "RCPT TO:<user@c.example>"},
      {"RCPT TO:<\"a > b\"@c.example> NOTIFY=NEVER", "RCPT TO:<\"a > b\"@c.example> NOTIFY=NEVER"},
      {"data", "DATA"},
      {"DATA \t ", "DATA"},
      {"RSET", "RSET"},
      {"NOOP", "NOOP"},
      {"NOOP are you there", "NOOP are you there"},
      {"VRFY Crispin", "VRFY Crispin"},
      {"EXPN Example-People", "EXPN Example-People"},
      {"HELP", "HELP"},
      {"HELP MAIL", "HELP MAIL"},
      {"QUIT", "QUIT"},
      {"BDAT 1000", "BDAT 1000"},
      {"bdat 0 last", "BDAT 0 LAST"},
      {"SOML FROM:<a@b.example>", "SOML FROM:<a@b.example>"},
      {"AUTH PLAIN AGEAYg==", "AUTH PLAIN AGEAYg=="},
      {"STARTTLS", "STARTTLS"},
      {"TURN", "TURN"},
      {"ETRN example.com", "ETRN example.com"},
  };
  for (const Row& row : rows) {
    INFO(row.line);
    const auto command = parse_command(row.line);
    REQUIRE(command);
    CHECK(format_command(*command) == row.written);
    const auto again = parse_command(row.written);
    REQUIRE(again);
    CHECK(*again == *command);
  }
}

TEST_CASE("Wrong commands draw 500 for the word and 501 for what follows it") {
  const std::vector<std::pair<std::string, int>> rows = {
      {"", 500},
      {"FOO", 500},
      {"CONNECT", 500},
      {"MAILFROM:<a@b.example>", 500},
      {" NOOP", 500},
      {"EHLO", 501},
      {"EHLO bad_name", 501},
      {"EHLO [10.0.0]", 501},
      {"MAIL", 501},
      {"MAIL TO:<a@b.example>", 501},
      {"MAIL FROM:", 501},
      {"MAIL FROM: <a@b.example>", 501},
      {"MAIL FROM:a@b.example", 501},
      {"MAIL FROM:<a@b.example>SIZE=1", 501},
      {"MAIL FROM:<a@b.example>  SIZE=1", 501},
      {"MAIL FROM:<a@b.example> SIZE=", 501},
      {"MAIL FROM:<a@b.example> -X=1", 501},
      {"MAIL FROM:<a@b.example> X=a=b", 501},
      {"RCPT TO:<>", 501},
      {"RCPT FROM:<a@b.example>", 501},
      {"DATA now", 501},
      {"RSET all", 501},
      {"QUIT please", 501},
      {"VRFY", 501},
      {"EXPN", 501},
      {"BDAT", 501},
      {"BDAT x", 501},
      {"BDAT -1", 501},
      {"BDAT 99999999999999999999999", 501},
      {"BDAT 10 FIRST", 501},
      {"BDAT 10LAST", 501},
  };
  for (const auto& [line, code] : rows) {
    INFO(line);
    const auto command = parse_command(line);
    REQUIRE_FALSE(command);
    CHECK(command.error().error.code == code);
    CHECK_FALSE(command.error().error.text.empty());
    CHECK_FALSE(command.error().error.section.empty());
  }
}

TEST_CASE("A leniency has to be asked for by its name") {
  CHECK(parse_command("MAIL FROM: <a@b.example>", {.space_before_path = true}));
  CHECK(parse_command("MAIL FROM:a@b.example SIZE=3", {.bare_path = true}));
  CHECK(parse_command("RCPT TO: a@b.example", {.space_before_path = true, .bare_path = true}));
  CHECK_FALSE(parse_command("MAIL FROM:<a@b.example", {.bare_path = true}));
}

TEST_CASE("Every verb that has a word is found by it, and pseudo verbs are not") {
  for (const Verb verb : verbs()) CHECK(find_verb(name(verb)) == verb);
  CHECK(verbs().size() == kVerbs - 4);
  for (const std::string word : {"CONNECT", "END OF DATA", "?", "", "BDAT LAST"})
    CHECK(find_verb(word) == Verb::Unknown);
  CHECK(verb_of("mail from:<a@b.example>") == Verb::Mail);
  CHECK(verb_of("mail\tfrom") == Verb::Mail);
}
