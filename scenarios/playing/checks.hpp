// Makes a scenario's checks on a stage that has ended and its trace.
#pragma once

#include <vector>

#include "scenarios/playing/player.hpp"
#include "scenarios/playing/stage.hpp"

namespace mailscope::scenarios {

std::vector<CheckResult> make_checks(const Scenario& scenario, Stage& stage,
                                     const trace::Trace& trace);

}  // namespace mailscope::scenarios
