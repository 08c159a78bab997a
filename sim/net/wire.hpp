// The layout of Ethernet, ARP, IPv4, UDP and TCP headers as sim/net writes and reads them, and the
// Internet checksum (RFC 1071).
//
// Sums are kept in the machine's own octet order over 64-bit words: one's complement addition gives
// the same 16 bits, swapped like the operands. A sum is stored with put_checksum() without
// swapping.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace mailscope::sim::wire {

inline constexpr std::uint32_t kEthernetHeader = 14;
inline constexpr std::uint32_t kIpHeader = 20;
inline constexpr std::uint32_t kUdpHeader = 8;
inline constexpr std::uint32_t kTcpHeader = 20;
inline constexpr std::uint32_t kArpPacket = 28;
inline constexpr std::uint32_t kIpAt = kEthernetHeader;
inline constexpr std::uint32_t kTransportAt = kEthernetHeader + kIpHeader;  // as we write it

inline constexpr std::uint16_t kTypeIp = 0x0800;
inline constexpr std::uint16_t kTypeArp = 0x0806;
inline constexpr std::uint8_t kProtocolTcp = 6;
inline constexpr std::uint8_t kProtocolUdp = 17;

inline constexpr std::uint8_t kFin = 0x01, kSyn = 0x02, kRst = 0x04, kPsh = 0x08, kAck = 0x10;

inline constexpr bool kLittle = std::endian::native == std::endian::little;

// Network order at `at`, host order as a value.
inline std::uint16_t get16(const std::uint8_t* at) {
  std::uint16_t v;
  std::memcpy(&v, at, 2);
  return kLittle ? __builtin_bswap16(v) : v;
}
inline std::uint32_t get32(const std::uint8_t* at) {
  std::uint32_t v;
  std::memcpy(&v, at, 4);
  return kLittle ? __builtin_bswap32(v) : v;
}
inline void put16(std::uint8_t* at, std::uint16_t v) {
  if (kLittle) v = __builtin_bswap16(v);
  std::memcpy(at, &v, 2);
}
inline void put32(std::uint8_t* at, std::uint32_t v) {
  if (kLittle) v = __builtin_bswap32(v);
  std::memcpy(at, &v, 4);
}

// A partial sum of any number of octets; an odd last octet counts as followed by a zero.
std::uint64_t sum(const std::uint8_t* octets, std::size_t count);
// The same while copying.
std::uint64_t copy_and_sum(std::uint8_t* to, const char* from, std::size_t count);
// The part of UDP's and TCP's pseudo header: addresses from the IP header, protocol and length.
std::uint64_t pseudo_sum(const std::uint8_t* ip, std::uint8_t protocol, std::uint32_t length);
// 16 bits with end-around carry; 0xffff over octets whose checksum is right.
inline std::uint16_t fold(std::uint64_t sum) {
  sum = (sum & 0xffffffff) + (sum >> 32);
  sum = (sum & 0xffffffff) + (sum >> 32);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}
inline void put_checksum(std::uint8_t* at, std::uint64_t sum) {
  const auto checksum = static_cast<std::uint16_t>(~fold(sum));
  std::memcpy(at, &checksum, 2);
}

// Writes the 20-octet header at `ip`; `length` is of the packet with it. TTL 64, DF.
void put_ip_header(std::uint8_t* ip, std::uint32_t length, std::uint16_t id, std::uint8_t protocol,
                   std::uint32_t from, std::uint32_t to);

}  // namespace mailscope::sim::wire
