#include "scenarios/reading/event_words.hpp"
#include "scenarios/lessons/shipped.hpp"

#include <catch2/catch.hpp>

#include "scenarios/playing/player.hpp"
#include "scenarios/reading/loader.hpp"

using namespace mailscope;
using namespace mailscope::scenarios;

namespace {

std::string complaint(const Scenario& scenario, const char* event) {
  const auto pattern = parse_event(event);
  REQUIRE(pattern.has_value());
  return find_unknown_word(*pattern, scenario).value_or("");
}

}  // namespace

TEST_CASE("words that a run can say are known") {
  const Scenario scenario = *load_scenario("maa");
  for (const char* event :
       {"start", "end", "a frame is lost", "alice-pc sends MAIL", "alice-pc sends mail",
        "bob-pc sends RETR", "alice-pc sends the message", "alice-pc hangs up",
        "mail.beta.example replies 2xx", "mail.beta.example replies 5xx to ?",
        "mail.beta.example replies 220 to CONNECT", "mail.beta.example replies 250 to the message",
        "mail.beta.example replies +OK to PASS", "mail.beta.example: mailbox bob = 1",
        "mail.beta.example: virus scan", "mail.beta.example: process MTA client = running",
        "bob-pc: socket bob's terminal", "mail.beta.example: report alice"}) {
    INFO(event);
    CHECK(complaint(scenario, event).empty());
  }
}

TEST_CASE("a word that no run says is refused, with the nearest one") {
  const Scenario scenario = *load_scenario("maa");
  const std::pair<const char*, const char*> kTable[] = {
      {"alice-pc sends MIAL", "perhaps MAIL?"},
      {"alice-pc sends RERT", "perhaps RETR?"},
      {"alice-pc sends DANCE", "there are HELO"},
      {"mail.beta.example replies 2500", "no reply code"},
      {"mail.beta.example replies 150", "no reply code"},
      {"mail.beta.example replies 5yz", "no reply code"},
      {"mail.beta.example replies OK to PASS", "no reply code"},
      {"mail.beta.example replies 250 to RCP", "perhaps RCPT?"},
      {"mail.beta.example: spol = 1", "perhaps spool?"},
      {"mail.beta.example: mailbx bob = 1", "perhaps mailbox?"},
      {"mail.beta.example: mailbox bod = 1", "perhaps bob?"},
      {"mail.beta.example: mailbox = 1", "of whom?"},
      {"mail.beta.example: process MTA clint = idle", "perhaps MTA client?"},
      {"mail.beta.example: rain", "there are cache"},
  };
  for (const auto& [event, says] : kTable) {
    INFO(event);
    CHECK_THAT(complaint(scenario, event), Catch::Matchers::Contains(says));
  }
}

TEST_CASE("every inside event of every shipped scenario has a known name") {
  for (const auto& shipped : shipped_scenarios()) {
    const Scenario scenario = *load_scenario(std::string(shipped.name));
    const auto run = play(scenario, scenario.seed);
    for (const trace::Variable& variable : run.trace.variables) {
      EventPattern pattern;
      pattern.kind = EventPattern::Kind::Change;
      pattern.word = trace::what(variable);
      INFO(shipped.name << ": " << pattern.word);
      CHECK_FALSE(find_unknown_word(pattern, scenario).has_value());
    }
  }
}
