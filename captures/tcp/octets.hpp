// Numbers in network order out of octets. The caller has checked that they are there.
#pragma once

#include <cstdint>

namespace mailscope::tcp {

inline std::uint16_t get16(const std::uint8_t* at) {
  return static_cast<std::uint16_t>(at[0] << 8 | at[1]);
}
inline std::uint32_t get32(const std::uint8_t* at) {
  return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 |
         at[3];
}
inline std::uint64_t get64(const std::uint8_t* at) {
  return std::uint64_t{get32(at)} << 32 | get32(at + 4);
}

}  // namespace mailscope::tcp
