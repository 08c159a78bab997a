// The Internet checksum (RFC 1071): the ones' complement of the ones' complement sum of 16-bit
// words.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mailscope::tcp {

// The sum so far, not folded; an odd last octet counts as if a zero followed.
inline std::uint64_t checksum_add(std::uint64_t sum, const std::uint8_t* octets,
                                  std::size_t count) {
  for (std::size_t i = 0; i + 1 < count; i += 2)
    sum += static_cast<std::uint32_t>(octets[i] << 8 | octets[i + 1]);
  if (count % 2 == 1) sum += static_cast<std::uint32_t>(octets[count - 1] << 8);
  return sum;
}

inline std::uint16_t checksum_finish(std::uint64_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

// Octets with their own checksum among them sum up to all ones.
inline bool checksum_good(const std::uint8_t* octets, std::size_t count) {
  return checksum_finish(checksum_add(0, octets, count)) == 0;
}

}  // namespace mailscope::tcp
