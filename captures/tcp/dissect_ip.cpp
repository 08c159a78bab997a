#include <algorithm>

#include "captures/tcp/dissector.hpp"
#include "protocols/inet/checksum.hpp"
#include "protocols/inet/octets.hpp"

namespace mailscope::tcp {

using namespace inet;

namespace {

std::string service(std::uint8_t octet) {
  return "DSCP " + std::to_string(octet >> 2) + ", ECN " + std::to_string(octet & 3);
}
std::string flags4(const Ipv4& h) {
  if (!h.dont_fragment && !h.more_fragments) return "none";
  if (!h.more_fragments) return "don't fragment";
  return h.dont_fragment ? "don't fragment, more fragments" : "more fragments";
}
constexpr ValueRule<Ipv4> kIpv4[] = {
    {"Version", 0, 1, [](const Ipv4& h) { return std::to_string(h.version); },
     "Which Internet Protocol this is."},
    {"Header length", 0, 1, [](const Ipv4& h) { return text::octets(h.header_octets); },
     "20 octets, and more with options."},
    {"Differentiated services", 1, 1, [](const Ipv4& h) { return service(h.service); },
     "How the packet asks to be treated on a busy link."},
    {"Total length", 2, 2, [](const Ipv4& h) { return std::to_string(h.total_octets); },
     "Octets of this header and all that it carries."},
    {"Identification", 4, 2, [](const Ipv4& h) { return text::hex(h.id, 4); },
     "Fragments of one datagram have the same."},
    {"Flags", 6, 1, flags4, "Whether routers may cut it, and whether more pieces follow."},
    {"Fragment offset", 6, 2, [](const Ipv4& h) { return std::to_string(h.fragment_offset); },
     "Where this piece belongs in its datagram."},
    {"Time to live", 8, 1, [](const Ipv4& h) { return std::to_string(h.ttl); },
     "Each router takes one off; at 0 the packet is dropped."},
    {"Protocol", 9, 1, [](const Ipv4& h) { return text::ip_protocol(h.protocol); },
     "What is inside."},
    {"Header checksum", 10, 2, [](const Ipv4& h) { return text::hex(h.checksum, 4); },
     "Over this header alone; each router makes it anew."},
    {"Source address", 12, 4, [](const Ipv4& h) { return h.source.text(); },
     "The host that the packet comes from."},
    {"Destination address", 16, 4, [](const Ipv4& h) { return h.destination.text(); },
     "The host that the packet is for, over any number of links."},
};

constexpr ValueRule<Ipv6> kIpv6[] = {
    {"Version", 0, 1, [](const Ipv6& h) { return std::to_string(h.version); },
     "Which Internet Protocol this is."},
    {"Traffic class", 0, 2, [](const Ipv6& h) { return text::hex(h.traffic_class, 2); },
     "How the packet asks to be treated on a busy link."},
    {"Flow label", 1, 3, [](const Ipv6& h) { return text::hex(h.flow_label, 5); },
     "Packets of one conversation have the same."},
    {"Payload length", 4, 2, [](const Ipv6& h) { return std::to_string(h.payload_octets); },
     "Octets behind this header."},
    {"Next header", 6, 1, [](const Ipv6& h) { return text::ip_protocol(h.next_header); },
     "What is inside."},
    {"Hop limit", 7, 1, [](const Ipv6& h) { return std::to_string(h.hop_limit); },
     "Each router takes one off; at 0 the packet is dropped."},
    {"Source address", 8, 16, [](const Ipv6& h) { return h.source.text(); },
     "The host that the packet comes from."},
    {"Destination address", 24, 16, [](const Ipv6& h) { return h.destination.text(); },
     "The host that the packet is for, over any number of links."},
};

constexpr ValueRule<Ipv6Fragment> kFragment6[] = {
    {"Next header", 0, 1, [](const Ipv6Fragment& h) { return text::ip_protocol(h.next_header); },
     "What the datagram carries."},
    {"Fragment offset", 2, 2, [](const Ipv6Fragment& h) { return std::to_string(h.offset); },
     "Where this piece belongs in its datagram."},
    {"More fragments", 3, 1,
     [](const Ipv6Fragment& h) { return std::string(h.more ? "yes" : "no"); },
     "Whether more pieces follow."},
    {"Identification", 4, 4, [](const Ipv6Fragment& h) { return std::to_string(h.id); },
     "Fragments of one datagram have the same."},
};
constexpr FieldRule kExtension6[] = {
    {"Next header", 0, 1, text::ip_protocol, "What follows."},
    {"Length", 1, 1, text::number8, "Of this header, in eights of octets beyond the first eight."},
};

std::string piece_text(std::uint32_t offset, std::uint32_t octets) {
  return "a fragment: octets " + std::to_string(offset) + " to " +
         std::to_string(offset + octets - 1) + " of its datagram";
}

bool is_extension(std::uint8_t protocol) {
  return protocol == kHopByHop || protocol == kRouting || protocol == kDestinationOptions ||
         protocol == kMobility || protocol == kAuthentication;
}

std::string extension_name(std::uint8_t protocol) {
  switch (protocol) {
    case kHopByHop:
      return "IPv6 hop-by-hop options";
    case kRouting:
      return "IPv6 routing";
    case kDestinationOptions:
      return "IPv6 destination options";
    case kMobility:
      return "IPv6 mobility";
    default:
      return "IPv6 authentication";
  }
}

}  // namespace

std::uint32_t Dissector::ip() {
  if (!has(1)) return kNextNothing;
  switch (here()[0] >> 4) {
    case 4:
      return kEtherIpv4;
    case 6:
      return kEtherIpv6;
    default:
      return kNextNothing;
  }
}

std::uint32_t Dissector::ipv4() {
  const std::uint32_t begin = at_;
  const std::uint32_t octets = has(1) ? std::max((here()[0] & 15U) * 4, Ipv4::kOctets) : 20;
  const auto h = header_of<Ipv4>("IPv4", octets, kIpv4);
  if (!h) return kNextNothing;
  const std::uint32_t total = h->total_octets == 0 ? wire_end_ - begin : h->total_octets;
  layer().summary = h->source.text() + " → " + h->destination.text() + " · ttl " +
                    std::to_string(h->ttl) + " · " + text::octets(total);
  if (octets > Ipv4::kOctets)
    field("Options", begin + Ipv4::kOctets, octets - Ipv4::kOctets,
          text::octets(octets - Ipv4::kOctets), "Wishes to the routers on the way; rare today.");
  const bool good = is_good(sum(octets_ + begin, octets));
  layer().checksum = good ? Checksum::Good : Checksum::Bad;
  state_checksum(begin + 10, good);
  ip_ = {4, h->protocol, h->source, h->destination};
  limit(total > octets ? total - octets : 0);
  if (!h->is_fragment()) return kNextTransport;
  if (end_ > at_) payload(piece_text(h->fragment_offset, wire_end_ - at_));
  return kNextNothing;
}

std::uint32_t Dissector::ipv6() {
  const auto h = header_of<Ipv6>("IPv6", Ipv6::kOctets, kIpv6);
  if (!h) return kNextNothing;
  layer().summary = h->source.text() + " → " + h->destination.text() + " · hop limit " +
                    std::to_string(h->hop_limit) + " · " + text::octets(h->payload_octets);
  ip_ = {6, h->next_header, h->source, h->destination};
  if (h->payload_octets != 0) limit(h->payload_octets);
  return kNextTransport;
}

std::uint32_t Dissector::ipv6_fragment() {
  const auto h = header_of<Ipv6Fragment>("IPv6 fragment", Ipv6Fragment::kOctets, kFragment6);
  if (!h) return kNextNothing;
  layer().summary = text::octets(Ipv6Fragment::kOctets);
  ip_.protocol = h->next_header;
  if (!h->is_fragment()) return kNextTransport;
  layer().summary =
      "offset " + std::to_string(h->offset) + (h->more ? ", more follow" : ", the last");
  if (end_ > at_) payload(piece_text(h->offset, wire_end_ - at_));
  return kNextNothing;
}

std::uint32_t Dissector::ipv6_extension() {
  const std::uint8_t* h = here();
  const std::uint8_t protocol = ip_.protocol;
  std::uint32_t octets = 8;
  if (has(2)) octets = protocol == kAuthentication ? (h[1] + 2U) * 4 : (h[1] + 1U) * 8;
  if (!header(extension_name(protocol), octets, kExtension6)) return kNextNothing;
  layer().summary = text::octets(octets);
  ip_.protocol = h[0];
  return kNextTransport;
}

std::uint32_t Dissector::transport() {
  if (ip_.version == 6 && is_extension(ip_.protocol)) return ipv6_extension();
  if (ip_.version == 6 && ip_.protocol == kFragmentHeader) return ipv6_fragment();
  switch (ip_.protocol) {
    case kTcp:
      return tcp();
    case kUdp:
      return udp();
    case kIcmp:
    case kIcmpv6:
      return icmp();
    case kGre:
      return gre();
    case kIpInIp:
      return kEtherIpv4;
    case kIpv6InIp:
      return kEtherIpv6;
    case kMplsInIp:
      return kEtherMpls;
    default:
      return kNextNothing;
  }
}

}  // namespace mailscope::tcp
