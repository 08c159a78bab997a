// Where in a trace the event happens that a scenario's narration, check, fault or action names.
#pragma once

#include "captures/trace/trace.hpp"
#include "scenarios/reading/event_pattern.hpp"

namespace mailscope::scenarios {

struct Happening {
  trace::Time at = trace::kNever;  // kNever: it does not happen
  trace::Id pdu = trace::kNone;
  trace::Id change = trace::kNone;
};
Happening find_event(const trace::Trace& trace, const EventPattern& pattern);

}  // namespace mailscope::scenarios
