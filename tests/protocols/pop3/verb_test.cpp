#include "protocols/pop3/verb.hpp"

#include <catch2/catch.hpp>

#include "protocols/pop3/apop.hpp"

using namespace mailscope::pop3;

TEST_CASE("A command line is cut into keyword and argument, in any case") {
  struct Row {
    std::string_view line;
    Verb verb;
    std::string_view argument;
  };
  for (const Row& row : {Row{"USER bob", Verb::User, "bob"}, Row{"user bob", Verb::User, "bob"},
                         Row{"PASS two words", Verb::Pass, "two words"},
                         Row{"PASS  leading", Verb::Pass, " leading"}, Row{"QUIT", Verb::Quit, ""},
                         Row{"Top 1 10", Verb::Top, "1 10"}, Row{"", Verb::Unknown, ""},
                         Row{"XTND XMIT", Verb::Unknown, "XMIT"}, Row{"CONNECT", Verb::Unknown, ""},
                         Row{"UNKNOWN", Verb::Unknown, ""}, Row{"QUITX", Verb::Unknown, ""}}) {
    INFO(row.line);
    const CommandLine command = parse_command(row.line);
    CHECK(command.verb == row.verb);
    CHECK(command.argument == row.argument);
  }
}

TEST_CASE("Every verb that is sent is read back from its name") {
  for (std::size_t i = 2; i < kVerbs; ++i) {
    const auto verb = static_cast<Verb>(i);
    CHECK(parse_verb(name(verb)) == verb);
  }
}

TEST_CASE("A message number is digits only") {
  CHECK(parse_number("0") == 0u);
  CHECK(parse_number("120") == 120u);
  CHECK(parse_number("000000007") == 7u);
  for (std::string_view bad : {"", "-1", "+1", "1 ", " 1", "1a", "0x1", "1234567890", "1.0"}) {
    INFO(bad);
    CHECK(!parse_number(bad));
  }
}

TEST_CASE("APOP's digest is that of the RFC's example") {
  // RFC 1939 §7.
  CHECK(apop_digest("<1896.697170952@dbc.mtview.ca.us>", "tanstaaf") ==
        "c4c9334bac560ecc979e58001b3e22fb");
  CHECK(find_timestamp("POP3 server ready <1896.697170952@dbc.mtview.ca.us>") ==
        "<1896.697170952@dbc.mtview.ca.us>");
  CHECK(find_timestamp("no time stamp").empty());
  CHECK(find_timestamp("<not one>").empty());
  CHECK(find_timestamp("<never@closed").empty());
}
