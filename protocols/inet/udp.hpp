// UDP, RFC 768.
#pragma once

#include <cstdint>

#include "protocols/inet/checksum.hpp"
#include "protocols/inet/header.hpp"
#include "protocols/inet/numbers.hpp"
#include "protocols/inet/octets.hpp"

namespace mailscope::inet {

struct Udp {
  static constexpr std::uint32_t kOctets = 8;

  std::uint16_t source_port = 0, destination_port = 0;
  std::uint16_t length = 0;    // header and payload; 0 only in a jumbogram (RFC 2675 §4)
  std::uint16_t checksum = 0;  // as it stands; 0: the sender made none

  static Udp read(const std::uint8_t* at) {
    return {get16(at), get16(at + 2), get16(at + 4), get16(at + 6)};
  }
  static Parsed<Udp> parse(Octets octets) { return parse_header<Udp>(octets); }
  static std::optional<HeaderError> check(Octets octets) {
    if (octets.size() < kOctets) return short_of(kOctets);
    const std::uint16_t length = get16(octets.data() + 4);
    if (length != 0 && length < kOctets) return kMalformedHeader;
    return std::nullopt;
  }
  // In front of the payload, which is in its place already: `length` says how long it is.
  void emit(std::uint8_t* at, const IpAddress& source, const IpAddress& destination) const {
    put16(at, source_port);
    put16(at + 2, destination_port);
    put16(at + 4, length);
    put16(at + 6, 0);
    put_checksum(at + 6, sum(at, length) + pseudo_sum(source, destination, kUdp, length));
    if (get16(at + 6) == 0) put16(at + 6, 0xffff);  // zero would say that there is none
  }

  friend bool operator==(const Udp&, const Udp&) = default;
};

}  // namespace mailscope::inet
