// The player: scenario, seed and interventions in, a Trace out. The same three give the same
// frames, octet for octet.
//
// The run's frames go the way of a capture (captures/observe, Road); afterwards the narration is
// tied to what happened and the scenario's checks are made.
#pragma once

#include <string>
#include <vector>

#include "captures/trace/trace.hpp"
#include "scenarios/reading/intervention.hpp"
#include "scenarios/reading/scenario.hpp"

namespace mailscope::scenarios {

struct CheckResult {
  bool passed = false;
  std::string text;   // "bob's mailbox holds 1 message"
  std::string found;  // what was found instead, when it failed
  int line = 0;
};

// What a line of the scenario waited for in vain.
struct Missed {
  int line = 0;
  std::string event;
};

struct Run {
  trace::Trace trace;
  std::vector<CheckResult> checks;
  std::vector<const NoteSpec*>
      untold;                  // narration whose event never happened; of the scenario given
  std::vector<Missed> missed;  // its events, and those that actions and faults wait for
  bool ended = true;           // false: it was stopped, it would have gone on for too long

  bool passed() const;
};

// The scenario must outlive the Run only as far as `untold` is looked at.
Run play(const Scenario& scenario, std::uint64_t seed,
         const std::vector<Intervention>& interventions = {});

}  // namespace mailscope::scenarios
