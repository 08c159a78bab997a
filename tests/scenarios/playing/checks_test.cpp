// Each check of events in a form that is true of the run and in one that is not.
#include "scenarios/playing/checks.hpp"
#include "scenarios/lessons/shipped.hpp"

#include <catch2/catch.hpp>

#include "captures/languages/languages.hpp"
#include "scenarios/playing/player.hpp"
#include "scenarios/reading/loader.hpp"

using namespace mailscope;
using namespace mailscope::scenarios;

namespace {

// Two servers and a router between them, 40 ms a link; one letter. `first` and `second` are further
// lines of the two links.
std::string letter_with(const std::string& check, const std::string& first = {},
                        const std::string& second = {}) {
  return R"(title = "T"
summary = "S"
begin = 2026-03-02T09:00:00Z
[[host]]
name = "a"
kind = "server"
domain = "alpha.example"
agents = ["user agent", "MTA client"]
[[host]]
name = "r"
kind = "router"
[[host]]
name = "b"
kind = "server"
domain = "beta.example"
agents = ["MTA server", "MDA", "MAA server"]
[[host]]
name = "bob-pc"
agents = ["user agent", "MAA client"]
[[link]]
kind = "wan"
latency = "40 ms"
between = ["a", "r"]
)" + first +
         R"(
[[link]]
kind = "wan"
latency = "40 ms"
between = ["r", "b"]
)" + second +
         R"(
[[link]]
kind = "lan"
between = ["b", "bob-pc"]
[[user]]
name = "alice"
address = "alice@alpha.example"
computer = "a"
[[user]]
name = "bob"
address = "bob@beta.example"
computer = "bob-pc"
server = "b"
[[action]]
who = "alice"
does = "send"
at = "1 s"
to = ["bob@beta.example"]
subject = "Hello"
body = "Hello Bob."
[[action]]
who = "bob"
does = "fetch"
after = "b: mailbox bob = 1"
wait = "10 s"
[[check]]
)" + check +
         "\n";
}

CheckResult played(const std::string& text) {
  const auto scenario = parse_scenario(text, "t", "t.toml");
  INFO((scenario ? "" : scenario.error()));
  REQUIRE(scenario.has_value());
  const Run run = play(*scenario, 1);
  REQUIRE(run.checks.size() == 1);
  return run.checks[0];
}

CheckResult checked(const std::string& check) {
  return played(letter_with(check));
}

CheckResult checked_over_ipv6(const std::string& check) {
  return played(letter_with(check, R"(ipv6 = ["2001:db8:0:1::1", "2001:db8:0:1::2"])",
                            R"(ipv6 = ["2001:db8:0:2::2", "2001:db8:0:2::1"])"));
}

struct Row {
  const char* good;
  const char* bad;
  const char* found;  // what the bad one says
};

}  // namespace

TEST_CASE("a check of events is true of a run, or says what it found instead") {
  const Row kTable[] = {
      {"event = \"a sends MAIL\"\nbefore = \"b: mailbox bob = 1\"",
       "event = \"b: mailbox bob = 1\"\nbefore = \"a sends MAIL\"", "s and"},
      {"event = \"a sends MAIL\"\nbefore = \"end\"", "event = \"a sends RSET\"\nbefore = \"end\"",
       "\"a sends RSET\" does not happen"},
      {"event = \"a sends MAIL\"\nbefore = \"a sends RCPT\"",
       "event = \"a sends MAIL\"\nbefore = \"a sends RSET\"", "does not happen"},
      {"event = \"a sends MAIL\"\nsays = \"SIZE=\"",
       "event = \"a sends MAIL\"\nsays = \"SIZE=\"\ntimes = 2", "once"},
      {"event = \"b replies 250 to RCPT\"\nsays = \"2.1.5\"",
       "event = \"b replies 250 to RCPT\"\nsays = \"5.1.1\"", "never"},
      {"event = \"a sends the message\"\nsays = \"Hello\"\ntimes = 2",
       "event = \"a sends the message\"\nsays = \"Received:\"", "never"},
      {"event = \"a: retry\"\ntimes = 0", "event = \"a: retry\"\nsays = \"minutes\"",
       "does not happen"},
      {"event = \"b: mailbox bob = 1\"\nsays = \"bob's mailbox\"",
       "event = \"start\"\nsays = \"x\"", "never"},
      {"event = \"start\"", "event = \"start\"\ntimes = 2", "once"},
      {"event = \"end\"", "event = \"end\"\ntimes = 0", "once"},
      {"event = \"start\"\nbefore = \"end\"", "event = \"start, time 2\"\nbefore = \"end\"",
       "does not happen"},
      {"takes = [\"0.08 s\", \"0.1 s\"]\nfrom = \"a sends MAIL\"\nuntil = \"b replies 250 to "
       "MAIL\"",
       "takes = [\"1 s\", \"2 s\"]\nfrom = \"a sends MAIL\"\nuntil = \"b replies 250 to MAIL\"",
       " ms"},
      {"takes = [\"10 s\", \"11 s\"]\nfrom = \"b: mailbox bob = 1\"\nuntil = \"bob-pc connects to "
       "b\"",
       "takes = [\"10 s\", \"11 s\"]\nfrom = \"bob-pc connects to b\"\nuntil = \"b: mailbox bob = "
       "1\"",
       "other way round"},
      {"round_trips = 3\nfrom = \"a connects to b\"\nuntil = \"b replies 250 to EHLO\"",
       "round_trips = 2\nfrom = \"a connects to b\"\nuntil = \"b replies 250 to EHLO\"", "3"},
      {"round_trips = 3\nfrom = \"a sends MAIL\"\nuntil = \"b replies 354\"",
       "round_trips = 1\nfrom = \"start\"\nuntil = \"end\"", "no wire"},
      {"frames = 3\nfrom = \"a connects to b\"\nuntil = \"b replies 220\"",
       "frames = 2\nfrom = \"a connects to b\"\nuntil = \"b replies 220\"", "3"},
      {"octets = 6\nof = \"a sends DATA\"", "octets = 4\nof = \"a sends DATA\"", "6"},
      {"port = 25\nof = \"a connects to b\"", "port = 587\nof = \"a connects to b\"", "25"},
      {"port = 110\nof = \"bob-pc sends RETR\"", "port = 25\nof = \"b: spool = 1\"", "no wire"},
      {"ttl = 64\nof = \"a sends MAIL\"", "ttl = 63\nof = \"a sends MAIL\"", "64"},
      {"ttl = 63\nhop = 2\nof = \"a sends MAIL\"", "ttl = 62\nhop = 3\nof = \"a sends MAIL\"",
       "no such hop"},
      {"state = \"a: spool = 1\"\nat = \"b replies 250 to the message\"",
       "state = \"a: spool = 0\"\nat = \"b replies 250 to the message\"", "1"},
      {"state = \"a: spool = 0\"\nat = \"end\"", "state = \"a: retry = Q1\"\nat = \"end\"",
       "a has no retry"},
      {"state = \"a: power = on\"\nat = \"start\"",
       "state = \"a: power = on\"\nat = \"a sends RSET\"", "does not happen"},
      {"same_message = \"b sends the message\"\nas = \"a sends the message\"",
       "same_message = \"a sends the message\"\nas = \"b sends the message\"", "it does not"},
      {"same_parts = \"b sends the message\"\nas = \"a sends the message\"",
       "same_parts = \"b sends the message\"\nas = \"a sends MAIL\"", "no such two messages"},
      {"finding = \"smtp.bare-lf\"\ntimes = 0", "finding = \"smtp.bare-lf\"", "never"},
  };
  for (const Row& row : kTable) {
    const CheckResult good = checked(row.good);
    INFO(row.good << ": " << good.found);
    CHECK(good.passed);
    const CheckResult bad = checked(row.bad);
    INFO(row.bad << ": " << bad.found);
    CHECK_FALSE(bad.passed);
    CHECK_THAT(bad.found, Catch::Matchers::Contains(row.found));
    CHECK(bad.line > 0);
  }
}

TEST_CASE("a check of words tells how often they are wanted") {
  const std::string event = "event = \"a sends MAIL\"\nsays = \"SIZE=\"";
  CHECK(checked(event).text == "\"a sends MAIL\" says \"SIZE=\"");
  CHECK(checked(event + "\ntimes = 0").text == "\"a sends MAIL\" never says \"SIZE=\"");
  CHECK(checked(event + "\ntimes = 2").text == "\"a sends MAIL\" says \"SIZE=\" 2 times");
}

TEST_CASE("a check of the TTL reads IPv6's hop limit") {
  CHECK(checked_over_ipv6("ttl = 64\nof = \"a sends MAIL\"").passed);
  CHECK(checked_over_ipv6("ttl = 63\nhop = 2\nof = \"a sends MAIL\"").passed);
  CHECK(checked_over_ipv6("ttl = 1\nof = \"a sends MAIL\"").found == "64");
}

TEST_CASE("a check counts the findings of its kind, and a run has none that is not explained") {
  std::size_t again = 0;
  for (const ShippedScenario& shipped : shipped_scenarios()) {
    Scenario scenario = *load_scenario(std::string(shipped.name));
    scenario.checks = {{check::Finding{"tcp.retransmission", 0}, 1}};
    const Run run = play(scenario, scenario.seed);
    std::size_t count = 0;
    for (const trace::Finding& finding : run.trace.findings) {
      const trace::FindingKind* kind = languages::find_finding_kind(finding.code);
      INFO(finding.code);
      REQUIRE(kind);
      CHECK(finding.severity <= kind->severity);
      count += finding.code == "tcp.retransmission";
    }
    again += count;
    CHECK(run.checks[0].passed == (count == 0));
    std::get<check::Finding>(scenario.checks[0].check).times = static_cast<std::int64_t>(count);
    CHECK(play(scenario, scenario.seed).checks[0].passed);
  }
  CHECK(again > 5);
}
