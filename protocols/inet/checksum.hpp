// The Internet checksum: the ones' complement of the ones' complement sum of 16-bit words. RFC
// 1071; its pseudo headers: RFC 9293 §3.1 (IPv4), RFC 8200 §8.1 (IPv6).
//
// A sum is kept in the machine's own octet order over 64-bit words, which gives the same 16 bits,
// swapped like the operands (RFC 1071 §2 B); sums of pieces are added, if all pieces but the last
// have an even length. put_checksum() stores a sum without swapping.
#pragma once

#include <cstddef>
#include <cstdint>

#include "protocols/base/address.hpp"

namespace mailscope::inet {

// A partial sum of any number of octets; an odd last octet counts as followed by a zero.
std::uint64_t sum(const std::uint8_t* octets, std::size_t count);
// The same while copying.
std::uint64_t copy_and_sum(std::uint8_t* to, const char* from, std::size_t count);
// What a transport's checksum covers beside its own octets: both addresses, the protocol, and the
// length of header and payload together. The addresses are of one version.
std::uint64_t pseudo_sum(const IpAddress& source, const IpAddress& destination,
                         std::uint8_t protocol, std::uint32_t length);

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
void put_checksum(std::uint8_t* at, std::uint64_t sum);

// Whether TCP, UDP or ICMPv6 octets, header and payload, have the right checksum.
inline bool is_good_transport(const IpAddress& source, const IpAddress& destination,
                              std::uint8_t protocol, const std::uint8_t* octets,
                              std::uint32_t count) {
  return is_good(sum(octets, count) + pseudo_sum(source, destination, protocol, count));
}

}  // namespace mailscope::inet
