// Numbers in network order: read out of octets and written into them.
//
// The caller has made sure that the octets are there.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "protocols/base/address.hpp"

namespace mailscope::inet {

inline constexpr bool kLittleEndian = std::endian::native == std::endian::little;

inline std::uint16_t get16(const std::uint8_t* at) {
  std::uint16_t value;
  std::memcpy(&value, at, 2);
  return kLittleEndian ? __builtin_bswap16(value) : value;
}
inline std::uint32_t get32(const std::uint8_t* at) {
  std::uint32_t value;
  std::memcpy(&value, at, 4);
  return kLittleEndian ? __builtin_bswap32(value) : value;
}
inline std::uint64_t get64(const std::uint8_t* at) {
  std::uint64_t value;
  std::memcpy(&value, at, 8);
  return kLittleEndian ? __builtin_bswap64(value) : value;
}
inline void put16(std::uint8_t* at, std::uint16_t value) {
  if (kLittleEndian) value = __builtin_bswap16(value);
  std::memcpy(at, &value, 2);
}
inline void put32(std::uint8_t* at, std::uint32_t value) {
  if (kLittleEndian) value = __builtin_bswap32(value);
  std::memcpy(at, &value, 4);
}

// An IPv4 address, made with one store: it is mostly copied at once, and the processor would wait
// for two.
inline IpAddress v4_at(const std::uint8_t* at) {
  using Words __attribute__((vector_size(16))) = std::uint32_t;
  std::uint32_t first;
  std::memcpy(&first, at, 4);
  const Words words = {first, 0, 0, 0};
  IpAddress address;
  std::memcpy(address.octets.data(), &words, 16);
  return address;
}

}  // namespace mailscope::inet
