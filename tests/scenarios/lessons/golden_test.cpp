// Each scenario's transcript, as it was looked at and approved. After a wanted change:
//   MAILSCOPE_APPROVE=1 ./test -R golden
// writes the files anew and fails; read the difference before you commit it.
#include <string>

#include "captures/export/transcript.hpp"
#include "scenarios/lessons/shipped.hpp"
#include "scenarios/playing/player.hpp"
#include "scenarios/reading/loader.hpp"
#include "tests/testing.hpp"

using namespace mailscope;

namespace {

void check(const std::string& name) {
  const auto scenario = *scenarios::load_scenario(name);
  const auto run = scenarios::play(scenario, scenario.seed);
  testing::check_golden("scenarios/goldens/" + name + ".txt", export_::transcript(run.trace));
}

const bool kAdded = [] {
  for (const auto& shipped : scenarios::shipped_scenarios()) {
    const std::string name(shipped.name);
    testing::add_case("the transcript of " + name + " is its golden one", [name] { check(name); });
  }
  return true;
}();

}  // namespace
