// What cannot work in a lesson's world.
#include "scenarios/reading/hints.hpp"
#include "scenarios/lessons/shipped.hpp"

#include <catch2/catch.hpp>

#include "scenarios/reading/loader.hpp"

using namespace mailscope;
using namespace mailscope::scenarios;

namespace {

// Alice on her computer, her server, a router, Bob's server, his computer: nothing is missing.
constexpr std::string_view kWorld = R"(title = "T"
summary = "S"
[[host]]
name = "alice-pc"
agents = ["user agent", "MTA client"]
[[host]]
name = "a"
domain = "alpha.example"
agents = ["MTA server", "MTA client", "MDA"]
[[host]]
name = "r"
kind = "router"
[[host]]
name = "b"
domain = "beta.example"
agents = ["MTA server", "MTA client", "MDA", "MAA server"]
[[host]]
name = "bob-pc"
agents = ["user agent", "MAA client"]
[[link]]
between = ["alice-pc", "a"]
[[link]]
between = ["a", "r"]
[[link]]
between = ["r", "b"]
[[link]]
between = ["b", "bob-pc"]
[[user]]
name = "alice"
address = "alice@alpha.example"
computer = "alice-pc"
server = "a"
[[user]]
name = "bob"
address = "bob@beta.example"
computer = "bob-pc"
server = "b"
[[alias]]
host = "b"
name = "office"
to = ["bob@beta.example", "alice@alpha.example"]
[[action]]
who = "alice"
does = "send"
to = ["bob@beta.example", "office@beta.example"]
[[action]]
who = "bob"
does = "fetch"
at = "9 s"
)";

std::vector<Hint> hints_of(std::string_view toml) {
  const auto scenario = parse_scenario(toml, "t", "t.toml");
  REQUIRE(scenario);
  return find_hints(*scenario);
}

struct Forgotten {
  std::string_view written, left;  // what stands there instead
  int line;
  std::string_view says;
};

}  // namespace

TEST_CASE("a world in which every letter can arrive has no hints, and no shipped lesson has one") {
  CHECK(hints_of(kWorld).empty());
  for (const ShippedScenario& shipped : shipped_scenarios()) {
    INFO(shipped.name);
    for (const Hint& hint : find_hints(*load_scenario(std::string(shipped.name))))
      FAIL_CHECK(hint.line << ": " << hint.text);
  }
}

TEST_CASE("a program, a link or a router that was forgotten is named with what would help") {
  constexpr Forgotten kTable[] = {
      {"[\"user agent\", \"MTA client\"]", "[\"MTA client\"]", 3, "alice does nothing there"},
      {"[\"user agent\", \"MTA client\"]", "[\"user agent\"]", 3,
       "alice-pc has no MTA client, so the letter to bob@beta.example stays there; put"},
      {"[\"MTA server\", \"MTA client\", \"MDA\"]", "[\"MTA client\"]", 6,
       "a has no MTA server, so alice can hand in no mail"},
      {"[\"MTA server\", \"MTA client\", \"MDA\"]", "[\"MTA server\"]", 6,
       "a has no MTA client, so the letter to bob@beta.example stays there"},
      {"\"MDA\", \"MAA server\"", "\"MAA server\"", 13,
       "b has no MDA, so mail for bob@beta.example stays in the spool there"},
      {"[\"MTA server\", \"MTA client\", \"MDA\", \"MAA server\"]",
       "[\"MTA server\", \"MDA\", \"MAA server\"]", 13,
       "what comes for office is not carried on to alice@alpha.example"},
      {", \"MAA server\"", "", 13, "b has no MAA server, so bob fetches nothing"},
      {", \"MAA client\"", "", 17, "bob-pc has no MAA client, so bob fetches nothing"},
      {"between = [\"b\", \"bob-pc\"]", "between = [\"r\", \"a\"]", 46,
       "no way leads from bob-pc to b"},
      {"between = [\"alice-pc\", \"a\"]", "between = [\"r\", \"b\"]", 42,
       "no way leads from alice-pc to a"},
      {"kind = \"router\"", "kind = \"computer\"", 42, "no way leads from a to b"},
  };
  for (const Forgotten& row : kTable) {
    std::string toml(kWorld);
    const std::size_t at = toml.find(row.written);
    REQUIRE(at != std::string::npos);
    toml.replace(at, row.written.size(), row.left);
    INFO(row.says);
    std::string told;
    bool found = false;
    for (const Hint& hint : hints_of(toml)) {
      told += std::to_string(hint.line) + ": " + hint.text + "\n";
      found = found || (hint.line == row.line && hint.text.find(row.says) != std::string::npos);
    }
    INFO(told);
    CHECK(found);
  }
}

TEST_CASE("on one host without a mail server a letter needs no program but the user agent") {
  CHECK(hints_of(R"(title = "T"
summary = "S"
[[host]]
name = "a"
domain = "alpha.example"
agents = ["user agent"]
[[user]]
name = "alice"
address = "alice@alpha.example"
computer = "a"
[[action]]
who = "alice"
does = "send"
to = ["alice@alpha.example"]
)")
            .empty());
}
