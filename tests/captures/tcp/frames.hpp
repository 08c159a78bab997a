// Builds frames by hand, for the tests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "captures/tcp/decode.hpp"

namespace mailscope::tcp::frames {

inline std::string be16(std::uint32_t v) {
  return {static_cast<char>(v >> 8), static_cast<char>(v)};
}
inline std::string be32(std::uint32_t v) {
  return be16(v >> 16) + be16(v & 0xffff);
}
inline const std::uint8_t* raw(const std::string& s) {
  return reinterpret_cast<const std::uint8_t*>(s.data());
}
inline void set16(std::string& in, std::size_t at, std::uint16_t v) {
  in.replace(at, 2, be16(v));
}

struct TcpHeader {
  std::uint16_t source = 40000, destination = 25;
  std::uint32_t seq = 1000, ack = 0;
  std::uint8_t flags = kAck;
  std::uint16_t window = 64240;
  std::string options;  // a multiple of 4
};

inline const std::string kClient4 = {10, 0, 0, 1}, kServer4 = {10, 0, 0, 2};
inline const std::string kClient6 = std::string("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
inline const std::string kServer6 = std::string("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\2", 16);

inline std::string tcp(const TcpHeader& h, std::string_view payload) {
  const auto words = static_cast<unsigned>(5 + h.options.size() / 4);
  return be16(h.source) + be16(h.destination) + be32(h.seq) + be32(h.ack) +
         be16(words << 12 | h.flags) + be16(h.window) + be32(0) + h.options + std::string(payload);
}
inline std::string udp(std::uint16_t from, std::uint16_t to, std::string_view payload) {
  return be16(from) + be16(to) + be16(static_cast<std::uint32_t>(8 + payload.size())) + be16(0) +
         std::string(payload);
}

// RFC 1071 as it is written, apart from the program's own.
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

// Writes the checksum of TCP (at 16) or UDP (at 6) within `transport`.
inline void sum_transport(std::string& transport, std::size_t at, std::uint8_t protocol,
                          const std::string& from, const std::string& to) {
  set16(transport, at, 0);
  std::uint64_t sum = checksum_add(0, raw(from), from.size());
  sum = checksum_add(sum, raw(to), to.size()) + protocol + transport.size();
  set16(transport, at, checksum_finish(checksum_add(sum, raw(transport), transport.size())));
}

struct Ip4 {
  std::string from = kClient4, to = kServer4;
  std::uint8_t protocol = 6;
  std::uint16_t id = 7;
  std::uint16_t fragment = 0x4000;  // flags and offset / 8
  std::string options;              // a multiple of 4
};
inline std::string ipv4(const Ip4& h, std::string_view payload) {
  const std::size_t head = 20 + h.options.size();
  std::string ip = be16(static_cast<std::uint32_t>(0x4000 | head / 4 << 8)) +
                   be16(static_cast<std::uint32_t>(head + payload.size())) + be16(h.id) +
                   be16(h.fragment) + be16(64U << 8 | h.protocol) + be16(0) + h.from + h.to +
                   h.options;
  set16(ip, 10, checksum_finish(checksum_add(0, raw(ip), ip.size())));
  return ip + std::string(payload);
}
inline std::string ipv4(std::string_view payload, std::uint8_t protocol = 6) {
  Ip4 h;
  h.protocol = protocol;
  return ipv4(h, payload);
}

inline std::string ipv6(std::string_view payload, std::uint8_t next = 6,
                        const std::string& from = kClient6, const std::string& to = kServer6) {
  return be32(0x60000000) + be16(static_cast<std::uint32_t>(payload.size())) +
         std::string{static_cast<char>(next), 64} + from + to + std::string(payload);
}
// A fragment header in front of a piece.
inline std::string fragment6(std::uint8_t next, std::uint32_t offset, bool more, std::uint32_t id,
                             std::string_view piece) {
  return std::string{static_cast<char>(next), 0} + be16(offset | (more ? 1 : 0)) + be32(id) +
         std::string(piece);
}

inline std::string ethernet(std::uint32_t type, std::string_view payload) {
  return std::string("\x02\0\0\0\0\x02\x02\0\0\0\0\x01", 12) + be16(type) + std::string(payload);
}
inline std::string vlan(std::uint32_t id, std::uint32_t type, std::string_view payload) {
  return be16(id) + be16(type) + std::string(payload);
}

}  // namespace mailscope::tcp::frames
