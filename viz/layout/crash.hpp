// When a session ended because the machine under it went down. No segment tells: whoever crashes
// says nothing, and the other side learns of it much later, or never.
#pragma once

#include "viz/layout/index.hpp"

namespace mailscope::viz {

// The first crash of either host while the connection was open, or kNever.
Time crash_under(const Trace& trace, Id connection);

}  // namespace mailscope::viz
