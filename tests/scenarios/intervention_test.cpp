#include "scenarios/intervention.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "scenarios/loader.hpp"
#include "scenarios/player.hpp"

using namespace mailscope;
using Kind = scenarios::Intervention::Kind;

namespace {

scenarios::Scenario maa() { return *scenarios::load_scenario("maa"); }

std::int64_t lost_frames(const trace::Trace& trace) {
  return std::count_if(trace.frames.begin(), trace.frames.end(),
                       [](const trace::Frame& frame) { return frame.fate == trace::Fate::Lost; });
}

}  // namespace

TEST_CASE("interventions are a time, an action and its hosts") {
  const scenarios::Scenario scenario = maa();
  const auto drop = scenarios::parse_intervention("1.25s drop mail.alpha.example internet", scenario);
  REQUIRE(drop.has_value());
  CHECK(drop->at == 1'250'000'000);
  CHECK(drop->kind == Kind::Drop);
  CHECK(drop->host == "mail.alpha.example");
  CHECK(drop->other == "internet");
  CHECK(scenarios::parse_intervention("3 s off bob-pc", scenario)->kind == Kind::Off);
}

TEST_CASE("a wrong intervention is refused with the forms there are") {
  const scenarios::Scenario scenario = maa();
  for (const char* text : {"", "1s", "drop alice-pc mail.alpha.example", "1s sing bob-pc", "1s off", "1s off carol",
                           "1s drop alice-pc", "1s drop alice-pc bob-pc"}) {
    INFO(text);
    const auto one = scenarios::parse_intervention(text, scenario);
    REQUIRE_FALSE(one.has_value());
    CHECK(one.error().find("drop HOST HOST") != std::string::npos);
  }
}

TEST_CASE("a dropped frame is sent again and the mail arrives all the same") {
  const scenarios::Scenario scenario = maa();
  const auto undisturbed = scenarios::play(scenario, 1);
  const auto drop = *scenarios::parse_intervention("0.25s drop mail.alpha.example internet", scenario);
  const auto disturbed = scenarios::play(scenario, 1, {drop});
  CHECK(lost_frames(undisturbed.trace) == 0);
  CHECK(lost_frames(disturbed.trace) == 1);
  CHECK(disturbed.passed());
  CHECK(disturbed.trace.source.duration > undisturbed.trace.source.duration);
}

TEST_CASE("mail waits in the spool while the next host is off, and goes on when it is back") {
  const scenarios::Scenario scenario = maa();
  const std::vector<scenarios::Intervention> both = {
      *scenarios::parse_intervention("0s off mail.beta.example", scenario),
      *scenarios::parse_intervention("10 min on mail.beta.example", scenario)};
  const auto run = scenarios::play(scenario, 1, both);
  CHECK(run.passed());
  CHECK(run.trace.source.duration > 600'000'000'000);
}
