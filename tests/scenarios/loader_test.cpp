#include "scenarios/loader.hpp"

#include <catch2/catch.hpp>

#include "scenarios/table_reader.hpp"

using namespace mailscope;
using scenarios::parse_scenario;

namespace {

// A small scenario without a mistake; `more` is put behind it.
std::string scenario_with(const std::string& more) {
  return R"(title = "T"
summary = "S"
[[host]]
name = "mail.alpha.example"
kind = "server"
domain = "alpha.example"
agents = ["user agent", "MTA client"]
[[host]]
name = "mail.beta.example"
kind = "server"
domain = "beta.example"
agents = ["MTA server", "MDA"]
[[link]]
kind = "wan"
between = ["mail.alpha.example", "mail.beta.example"]
[[user]]
name = "alice"
address = "alice@alpha.example"
computer = "mail.alpha.example"
[[user]]
name = "bob"
address = "bob@beta.example"
computer = "mail.beta.example"
)" + more;
}

struct Broken {
  const char* what;
  std::string text;
  int line;
  const char* says;
};

}  // namespace

TEST_CASE("a scenario without a mistake is read as it is written") {
  const auto scenario = parse_scenario(scenario_with(R"(
[[action]]
who = "alice"
does = "send"
at = "250 ms"
to = ["bob@beta.example"]
subject = "Hello"
[[check]]
mailbox = "bob"
holds = 1
)"),
                                       "t", "t.toml");
  REQUIRE(scenario.has_value());
  CHECK(scenario->hosts.size() == 2);
  CHECK(scenario->hosts[1].agents ==
        std::vector{trace::AgentKind::MtaServer, trace::AgentKind::Mda});
  CHECK(scenario->links[0].options.kind == "wan");
  CHECK(scenario->links[0].name == "mail.alpha.example - mail.beta.example");
  CHECK(scenario->users[0].server == "mail.alpha.example");
  CHECK(scenario->users[0].full_name == "Alice");
  CHECK(scenario->actions[0].at == 250'000'000);
  CHECK(scenario->actions[0].deed == scenarios::Deed::Send);
  CHECK(scenario->checks[0].count == 1);
}

TEST_CASE("a mistake in a scenario is told with its line and with what would be right") {
  const Broken kTable[] = {
      {"not TOML", "title = \n", 1, "not TOML"},
      {"no title", "summary = \"S\"\n", 1, "title"},
      {"no host", "title = \"T\"\nsummary = \"S\"\n", 1, "[[host]]"},
      {"unknown key", scenario_with("[[check]]\nmailbocks = \"bob\"\n"), 24, "mailbox"},
      {"unknown top key", "title = \"T\"\nsummary = \"S\"\ncolour = 1\n[[host]]\nname = \"a\"\n", 3, "colour"},
      {"unknown agent", "title = \"T\"\nsummary = \"S\"\n[[host]]\nname = \"a\"\nagents = [\"MTA sever\"]\n", 5,
       "MTA server"},
      {"two hosts of one name", "title = \"T\"\nsummary = \"S\"\n[[host]]\nname = \"a\"\n[[host]]\nname = \"a\"\n", 6,
       "two hosts"},
      {"a wrong kind of link", scenario_with("[[link]]\nkind = \"wann\"\nbetween = [\"mail.alpha.example\", \"mail.beta.example\"]\n"),
       25, "dial-up"},
      {"a link to nowhere", scenario_with("[[link]]\nbetween = [\"mail.alpha.example\", \"mail.gamma.example\"]\n"), 25,
       "there is no host"},
      {"too few addresses",
       scenario_with("[[link]]\nbetween = [\"mail.alpha.example\", \"mail.beta.example\"]\naddresses = [\"10.0.0.1\"]\n"), 26,
       "1 addresses for 2 hosts"},
      {"a loss over one", scenario_with("[[link]]\nbetween = [\"mail.alpha.example\", \"mail.beta.example\"]\nloss = 5\n"), 26,
       "from 0 to 1"},
      {"an unknown user", scenario_with("[[action]]\nwho = \"carol\"\ndoes = \"send\"\n"), 25, "alice, bob"},
      {"a mail to nobody", scenario_with("[[action]]\nwho = \"alice\"\ndoes = \"send\"\n"), 24, "to = ["},
      {"a wrong address", scenario_with("[[action]]\nwho = \"alice\"\ndoes = \"send\"\nto = [\"bob\"]\n"), 27,
       "bob@beta.example"},
      {"a wrong duration",
       scenario_with("[[action]]\nwho = \"alice\"\ndoes = \"send\"\nat = \"soon\"\nto = [\"bob@beta.example\"]\n"), 27,
       "20 ms"},
      {"a wrong deed", scenario_with("[[action]]\nwho = \"alice\"\ndoes = \"sing\"\n"), 26, "fetch"},
      {"an event that is none", scenario_with("[[narration]]\non = \"when it rains\"\nsay = \"x\"\n"), 25,
       "HOST sends VERB"},
      {"an event of nobody", scenario_with("[[narration]]\non = \"carol sends MAIL\"\nsay = \"x\"\n"), 25,
       "there is no host \"carol\""},
      {"an action after a command",
       scenario_with("[[action]]\nwho = \"bob\"\ndoes = \"read\"\nafter = \"mail.alpha.example sends MAIL\"\n"), 27,
       "inside event"},
      {"a check of nothing", scenario_with("[[check]]\n"), 24, "lost_frames"},
      {"a check without a number", scenario_with("[[check]]\nmailbox = \"bob\"\n"), 25, "holds = 1"},
  };
  for (const Broken& row : kTable) {
    INFO(row.what);
    const auto scenario = parse_scenario(row.text, "t", "t.toml");
    REQUIRE_FALSE(scenario.has_value());
    INFO(scenario.error());
    CHECK(scenario.error().starts_with("t.toml:" + std::to_string(row.line) + ": "));
    CHECK(scenario.error().find(row.says) != std::string::npos);
    CHECK(scenario.error().find('\n') == std::string::npos);
  }
}

TEST_CASE("a mistake cannot put escape sequences on the terminal") {
  const auto scenario = parse_scenario(scenario_with("[[action]]\nwho = \"a\\u001b[31m\"\ndoes = \"send\"\n"), "t", "t.toml");
  REQUIRE_FALSE(scenario.has_value());
  CHECK(scenario.error().find('\x1b') == std::string::npos);
}

TEST_CASE("a name that is no scenario is refused with a hint") {
  const auto scenario = scenarios::load_scenario("maaa");
  REQUIRE_FALSE(scenario.has_value());
  CHECK(scenario.error().find("mailscope list") != std::string::npos);
  CHECK_FALSE(scenarios::load_scenario("no-such-file.toml").has_value());
}

TEST_CASE("durations have a number and a unit") {
  CHECK(scenarios::parse_duration("20 ms") == 20'000'000);
  CHECK(scenarios::parse_duration("1.5s") == 1'500'000'000);
  CHECK(scenarios::parse_duration("2 min") == 120'000'000'000);
  for (const char* text : {"", "s", "5", "-1 s", "1 fortnight", "nan s", "1e300 h"})
    CHECK_FALSE(scenarios::parse_duration(text).has_value());
}
