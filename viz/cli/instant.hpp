// An instant of a trace, as --at takes it: "1.25s", "300 ms", "1.25" (seconds), "50%".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "captures/trace/trace.hpp"

namespace mailscope::cli {

// Nothing for text that is no time; a share is of `duration`.
std::optional<trace::Time> parse_time(std::string_view text, trace::Time duration);
// What to say then.
std::string no_time(std::string_view text);

}  // namespace mailscope::cli
