// ICMPv6 (RFC 4443): the header of all messages, and neighbour discovery's solicitations and
// advertisements (RFC 4861 §4.3, §4.4) with their link-layer address option (§4.6.1).
#pragma once

#include <cstdint>
#include <optional>

#include "protocols/base/address.hpp"
#include "protocols/inet/ethernet.hpp"
#include "protocols/inet/header.hpp"

namespace mailscope::inet {

struct Icmpv6 {
  static constexpr std::uint32_t kOctets = 4;
  enum Type : std::uint8_t {
    kRouterSolicitation = 133,
    kRouterAdvertisement = 134,
    kNeighborSolicitation = 135,
    kNeighborAdvertisement = 136,
  };

  std::uint8_t type = 0, code = 0;
  std::uint16_t checksum = 0;  // as it stands

  static Icmpv6 read(const std::uint8_t* at) { return {at[0], at[1], get16(at + 2)}; }
  static Parsed<Icmpv6> parse(Octets octets) {
    if (octets.size() < kOctets) return too_short(kOctets);
    return read(octets.data());
  }

  friend bool operator==(const Icmpv6&, const Icmpv6&) = default;
};

// Who has this address, and the answer; what ARP is to IPv4.
struct NeighborMessage {
  static constexpr std::uint32_t kOctets = 24;       // without options
  static constexpr std::uint32_t kOptionOctets = 8;  // a link-layer address
  // Whoever gets one with another hop limit knows that it came over a router and drops it
  // (RFC 4861 §7.1).
  static constexpr std::uint8_t kHopLimit = 255;

  bool advertisement = false;
  bool router = false, solicited = false, override_entry = false;  // of an advertisement
  IpAddress target;
  // Of the sender in a solicitation, of the target in an advertisement.
  std::optional<MacAddress> mac;

  std::uint32_t octets() const { return kOctets + (mac ? kOptionOctets : 0); }

  // All of the message, from its ICMPv6 header on. Malformed: another type, a code other than 0, a
  // target that is a group, an option of length 0 or beyond the end. Unknown options are passed
  // over.
  static Parsed<NeighborMessage> parse(Octets message);
  void emit(std::uint8_t* at, const IpAddress& source, const IpAddress& destination) const;

  friend bool operator==(const NeighborMessage&, const NeighborMessage&) = default;
};

}  // namespace mailscope::inet
