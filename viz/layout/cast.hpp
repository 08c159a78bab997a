// Everybody who ever acts or is named in a narrated trace: whom its network has to show where there
// is no room for all that the trace knows. The same at every moment, so that nothing moves.
#pragma once

#include "viz/layout/focus.hpp"

namespace mailscope::viz {

// Of a trace without narration (a capture grows, and nobody tells it) every agent. O(PDUs +
// inside events).
Focus cast_of(const TraceIndex& index);

}  // namespace mailscope::viz
