// Makes a scenario's checks on a stage that has ended and its trace.
#pragma once

#include <vector>

#include "scenarios/playing/player.hpp"
#include "scenarios/playing/stage.hpp"

namespace mailscope::scenarios {

std::vector<CheckResult> check(const Scenario& scenario, Stage& stage, const trace::Trace& trace);

// ---- within the checks ----
// Passed when `found` is what the check wants (at least, where it says so).
CheckResult result(const CheckSpec& spec, std::int64_t found, std::string text,
                   std::string found_text);
// Those that hold one or two events of the trace to what is said of them: order, words, time, round
// trips, frames, octets, port, TTL, state, equal messages.
CheckResult check_events(const CheckSpec& spec, const trace::Trace& trace);

}  // namespace mailscope::scenarios
