// Where in a trace the event happens that a scenario's narration, check, fault or action names.
#pragma once

#include "captures/trace/trace.hpp"
#include "scenarios/reading/event_pattern.hpp"

namespace mailscope::scenarios {

struct Happening {
  trace::Time at = trace::kNever;  // kNever: it does not happen
  trace::Id pdu = trace::kNone;
  trace::Id change = trace::kNone;

  bool happens() const { return at != trace::kNever; }
};
Happening find_event(const trace::Trace& trace, const EventPattern& pattern);
Happening find_event(const trace::Trace& trace, const InsideEvent& pattern);

// Whether the variable is the pattern's, and whether the change is one to its value.
bool is_variable(const trace::Trace& trace, const trace::Variable& variable,
                 const event::Change& pattern);
bool is_change(const trace::Trace& trace, const trace::StateChange& change,
               const event::Change& pattern);

}  // namespace mailscope::scenarios
