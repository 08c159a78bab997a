#include "protocols/inet/icmpv6.hpp"

#include "protocols/inet/checksum.hpp"

namespace mailscope::inet {
namespace {

enum Option : std::uint8_t { kSourceLinkLayerAddress = 1, kTargetLinkLayerAddress = 2 };
constexpr std::uint8_t kRouterFlag = 0x80, kSolicitedFlag = 0x40, kOverrideFlag = 0x20;

}  // namespace

Parsed<NeighborMessage> NeighborMessage::parse(Octets message) {
  if (message.size() < kOctets) return too_short(kOctets);
  const Icmpv6 icmp = Icmpv6::read(message.data());
  NeighborMessage neighbor;
  neighbor.advertisement = icmp.type == Icmpv6::kNeighborAdvertisement;
  if ((!neighbor.advertisement && icmp.type != Icmpv6::kNeighborSolicitation) || icmp.code != 0)
    return malformed();
  if (neighbor.advertisement) {
    neighbor.router = (message[4] & kRouterFlag) != 0;
    neighbor.solicited = (message[4] & kSolicitedFlag) != 0;
    neighbor.override_entry = (message[4] & kOverrideFlag) != 0;
  }
  neighbor.target = IpAddress::from_v6(message.data() + 8);
  if (neighbor.target.is_multicast()) return malformed();
  const std::uint8_t wanted =
      neighbor.advertisement ? kTargetLinkLayerAddress : kSourceLinkLayerAddress;
  for (Octets options = message.subspan(kOctets); !options.empty();) {
    if (options.size() < 2) return malformed();
    const std::size_t octets = options[1] * 8U;
    if (octets == 0 || octets > options.size()) return malformed();
    if (options[0] == wanted && octets == kOptionOctets)
      neighbor.mac = MacAddress::read(options.data() + 2);
    options = options.subspan(octets);
  }
  return neighbor;
}

void NeighborMessage::emit(std::uint8_t* at, const IpAddress& source,
                           const IpAddress& destination) const {
  std::memset(at, 0, octets());
  at[0] = advertisement ? Icmpv6::kNeighborAdvertisement : Icmpv6::kNeighborSolicitation;
  if (advertisement)
    at[4] =
        static_cast<std::uint8_t>((router ? kRouterFlag : 0) | (solicited ? kSolicitedFlag : 0) |
                                  (override_entry ? kOverrideFlag : 0));
  std::memcpy(at + 8, target.octets.data(), 16);
  if (mac) {
    at[kOctets] = advertisement ? kTargetLinkLayerAddress : kSourceLinkLayerAddress;
    at[kOctets + 1] = 1;  // eights of octets
    std::memcpy(at + kOctets + 2, mac->octets.data(), 6);
  }
  put_checksum(at + 2, sum(at, octets()) + pseudo_sum(source, destination, kIcmpv6, octets()));
}

}  // namespace mailscope::inet
