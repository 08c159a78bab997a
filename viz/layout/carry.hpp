// A letter that is handed on inside a host, from one agent to another: from a user agent into the
// spool, from the MDA into a mailbox. An inside event says so; no frame shows it.
#pragma once

#include <optional>

#include "captures/trace/trace.hpp"

namespace mailscope::viz {

struct Carry {
  trace::Id from = trace::kNone, to = trace::kNone;  // agents of one host
  int before = 0;                                    // letters that `to` held until then
};

// Nothing where the event is another one, or nobody is known to have had the letter before.
std::optional<Carry> carry_of(const trace::Trace& trace, trace::Id change);

// Whose mailbox or user agent it is; empty for any other agent.
std::string_view user_of(const trace::Trace& trace, trace::Id agent);

// Refused, failed, crashed, infected, cannot be delivered: what no face may show as a success.
bool is_failure(const trace::Trace& trace, trace::Id change);

}  // namespace mailscope::viz
