// Makes a scenario's checks on a stage that has ended and its trace.
#pragma once

#include <vector>

#include "scenarios/player.hpp"
#include "scenarios/stage.hpp"

namespace mailscope::scenarios {

std::vector<CheckResult> check(const Scenario& scenario, Stage& stage, const trace::Trace& trace);

}  // namespace mailscope::scenarios
