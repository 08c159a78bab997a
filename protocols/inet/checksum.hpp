// The Internet checksum: the ones' complement of the ones' complement sum of 16-bit words. RFC
// 1071; its pseudo headers: RFC 9293 §3.1 (IPv4), RFC 8200 §8.1 (IPv6).
//
// A sum is kept in the machine's own octet order over 64-bit words, which gives the same 16 bits,
// swapped like the operands (RFC 1071 §2 B); sums of pieces are added, if all pieces but the last
// have an even length. put_checksum() stores a sum without swapping.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "protocols/base/address.hpp"
#include "protocols/inet/octets.hpp"

namespace mailscope::inet {

// A partial sum of any number of octets; an odd last octet counts as followed by a zero.
std::uint64_t sum(const std::uint8_t* octets, std::size_t count);
// The same while copying.
std::uint64_t copy_and_sum(std::uint8_t* to, const char* from, std::size_t count);
// What a transport's checksum covers beside its own octets: both addresses, the protocol, and the
// length of header and payload together. The addresses are of one version; an IPv4 address's unused
// octets are zero and add nothing.
inline std::uint64_t pseudo_sum(const IpAddress& source, const IpAddress& destination,
                                std::uint8_t protocol, std::uint32_t length) {
  std::uint64_t sum = 0;
  for (const IpAddress* address : {&source, &destination}) {
    std::uint32_t words[4];
    std::memcpy(words, address->octets.data(), sizeof words);
    sum += std::uint64_t{words[0]} + words[1] + words[2] + words[3];
  }
  std::uint8_t tail[8] = {};
  put32(tail, length);
  tail[7] = protocol;
  std::uint32_t words[2];
  std::memcpy(words, tail, sizeof words);
  return sum + words[0] + words[1];
}

// 16 bits with end-around carry.
inline std::uint16_t fold(std::uint64_t sum) {
  sum = (sum & 0xffffffff) + (sum >> 32);
  sum = (sum & 0xffffffff) + (sum >> 32);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}
// Whether a sum over octets with their checksum among them says that they are undamaged.
inline bool is_good(std::uint64_t sum) {
  return fold(sum) == 0xffff;
}
// Stores the checksum of `sum`, in which the checksum's own two octets counted as zero.
inline void put_checksum(std::uint8_t* at, std::uint64_t sum) {
  const auto checksum = static_cast<std::uint16_t>(~fold(sum));
  std::memcpy(at, &checksum, 2);
}
// A sum over 16-bit words that are given as numbers, as they would be in network order. Summing
// what was just written, octet by octet, would make the processor wait for its own stores.
inline std::uint64_t sum_of_numbers(std::uint64_t sum) {
  const std::uint16_t folded = fold(sum);
  return kLittleEndian ? __builtin_bswap16(folded) : folded;
}

// Whether TCP, UDP or ICMPv6 octets, header and payload, have the right checksum.
inline bool is_good_transport(const IpAddress& source, const IpAddress& destination,
                              std::uint8_t protocol, const std::uint8_t* octets,
                              std::uint32_t count) {
  return is_good(sum(octets, count) + pseudo_sum(source, destination, protocol, count));
}

}  // namespace mailscope::inet
