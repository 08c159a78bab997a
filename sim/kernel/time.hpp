// Virtual time: int64 nanoseconds since the run's beginning. Nothing in sim/ reads a wall clock.
#pragma once

#include <cstdint>
#include <limits>

namespace mailscope::sim {

using Time = std::int64_t;
inline constexpr Time kNever = std::numeric_limits<Time>::max();

inline constexpr Time kMicrosecond = 1'000;
inline constexpr Time kMillisecond = 1'000'000;
inline constexpr Time kSecond = 1'000'000'000;
inline constexpr Time kMinute = 60 * kSecond;
inline constexpr Time kHour = 60 * kMinute;

}  // namespace mailscope::sim
