// A shipped lesson, played, and what is drawn from it, for the tests of viz.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/lessons/shipped.hpp"
#include "scenarios/playing/player.hpp"
#include "scenarios/reading/loader.hpp"
#include "viz/layout/beats.hpp"
#include "viz/layout/index.hpp"

namespace mailscope::viz::test {

// With its own seed; what is done to it beside is written as for `run --do`.
inline scenarios::Run play_lesson(std::string_view name,
                                  const std::vector<std::string>& interventions = {}) {
  const auto scenario = scenarios::load_scenario(std::string(name));
  REQUIRE(scenario);
  std::vector<scenarios::Intervention> done;
  for (const std::string& text : interventions) {
    const auto intervention = scenarios::parse_intervention(text, *scenario);
    REQUIRE(intervention);
    done.push_back(*intervention);
  }
  return scenarios::play(*scenario, scenario->seed, done);
}

// Stays where it was made: the index looks at the trace.
struct Lesson {
  explicit Lesson(std::string_view the_name)
      : name(the_name), trace(std::move(play_lesson(name).trace)) {}
  Lesson(const Lesson&) = delete;
  Lesson& operator=(const Lesson&) = delete;

  const trace::Note& note(Id step) const { return trace.notes[index.narration()[step]]; }

  std::string name;
  Trace trace;
  TraceIndex index{trace};
  std::vector<Beat> beats = BeatPlan(index).beats();
};

template <typename Check>
void for_all_lessons(Check check) {
  for (const scenarios::ShippedScenario& shipped : scenarios::shipped_scenarios()) {
    const Lesson lesson(shipped.name);
    INFO(lesson.name);
    check(lesson);
  }
}

}  // namespace mailscope::viz::test
