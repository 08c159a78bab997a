// `serve --view`: the window on a record that grows.
#pragma once

#include <cstdint>

#include "scenarios/playing/live.hpp"

namespace mailscope::cli {

// The window keeps what it draws beside the record, so that is given less by default.
inline constexpr std::uint64_t kViewedRecordOctets = 256u << 20;

// False when the program was built without a window, or there is no display.
bool can_open_window();

// Serves and shows until the window is closed or the program is told to stop. Returns the exit
// code.
int watch(scenarios::Live& live);

}  // namespace mailscope::cli
