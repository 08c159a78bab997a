// Bounds of what stands in capture files. Times are nanoseconds since 1970.
#pragma once

#include <cstdint>

namespace mailscope::pcap {

inline constexpr int kSnapLength = 262'144;  // octets of a frame; libpcap's own limit
inline constexpr std::int64_t kNanosecond = 1'000'000'000;  // in a second
inline constexpr std::int64_t kSecondsMax = INT64_MAX / kNanosecond - 1;

}  // namespace mailscope::pcap
