#include <algorithm>

#include "captures/tcp/checksum.hpp"
#include "captures/tcp/dissector.hpp"
#include "captures/tcp/octets.hpp"

namespace mailscope::tcp {
namespace {

std::string version(const std::uint8_t* octets) {
  return std::to_string(octets[0] >> 4);
}
std::string header_length(const std::uint8_t* octets) {
  return text::octets((octets[0] & 15U) * 4);
}
std::string service(const std::uint8_t* octets) {
  return "DSCP " + std::to_string(octets[0] >> 2) + ", ECN " + std::to_string(octets[0] & 3);
}
std::string flags4(const std::uint8_t* octets) {
  std::string out;
  if ((octets[0] & 0x40) != 0) out = "don't fragment";
  if ((octets[0] & 0x20) != 0) out += out.empty() ? "more fragments" : ", more fragments";
  return out.empty() ? "none" : out;
}
std::string fragment_offset(const std::uint8_t* octets) {
  return std::to_string((get16(octets) & 0x1fffU) * 8);
}
constexpr FieldRule kIpv4[] = {
    {"Version", 0, 1, version, "Which Internet Protocol this is."},
    {"Header length", 0, 1, header_length, "20 octets, and more with options."},
    {"Differentiated services", 1, 1, service, "How the packet asks to be treated on a busy link."},
    {"Total length", 2, 2, text::number16, "Octets of this header and all that it carries."},
    {"Identification", 4, 2, text::hex16, "Fragments of one datagram have the same."},
    {"Flags", 6, 1, flags4, "Whether routers may cut it, and whether more pieces follow."},
    {"Fragment offset", 6, 2, fragment_offset, "Where this piece belongs in its datagram."},
    {"Time to live", 8, 1, text::number8, "Each router takes one off; at 0 the packet is dropped."},
    {"Protocol", 9, 1, text::ip_protocol, "What is inside."},
    {"Header checksum", 10, 2, text::hex16, "Over this header alone; each router makes it anew."},
    {"Source address", 12, 4, text::ipv4, "The host that the packet comes from."},
    {"Destination address", 16, 4, text::ipv4,
     "The host that the packet is for, over any number of links."},
};

std::string traffic_class(const std::uint8_t* octets) {
  return text::hex(get16(octets) >> 4 & 0xff, 2);
}
std::string flow_label(const std::uint8_t* octets) {
  return text::hex((std::uint32_t{octets[0]} << 16 | get16(octets + 1)) & 0xfffff, 5);
}
constexpr FieldRule kIpv6[] = {
    {"Version", 0, 1, version, "Which Internet Protocol this is."},
    {"Traffic class", 0, 2, traffic_class, "How the packet asks to be treated on a busy link."},
    {"Flow label", 1, 3, flow_label, "Packets of one conversation have the same."},
    {"Payload length", 4, 2, text::number16, "Octets behind this header."},
    {"Next header", 6, 1, text::ip_protocol, "What is inside."},
    {"Hop limit", 7, 1, text::number8, "Each router takes one off; at 0 the packet is dropped."},
    {"Source address", 8, 16, text::ipv6, "The host that the packet comes from."},
    {"Destination address", 24, 16, text::ipv6,
     "The host that the packet is for, over any number of links."},
};

std::string offset6(const std::uint8_t* octets) {
  return std::to_string(get16(octets) & 0xfff8U);
}
std::string more6(const std::uint8_t* octets) {
  return (octets[0] & 1) != 0 ? "yes" : "no";
}
constexpr FieldRule kFragment6[] = {
    {"Next header", 0, 1, text::ip_protocol, "What the datagram carries."},
    {"Fragment offset", 2, 2, offset6, "Where this piece belongs in its datagram."},
    {"More fragments", 3, 1, more6, "Whether more pieces follow."},
    {"Identification", 4, 4, text::number32, "Fragments of one datagram have the same."},
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
         protocol == kMobility || protocol == kAuthentication || protocol == kFragmentHeader;
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
    case kAuthentication:
      return "IPv6 authentication";
    default:
      return "IPv6 fragment";
  }
}

}  // namespace

std::uint32_t Dissector::ip() {
  if (!has(1)) return kNextNothing;
  switch (here()[0] >> 4) {
    case 4:
      return kNextIpv4;
    case 6:
      return kNextIpv6;
    default:
      return kNextNothing;
  }
}

std::uint32_t Dissector::ipv4() {
  const std::uint8_t* h = here();
  const std::uint32_t begin = at_;
  const std::uint32_t octets = has(1) ? std::max((h[0] & 15U) * 4, 20U) : 20;
  if (!header("IPv4", octets, kIpv4)) return kNextNothing;
  const std::uint32_t total = get16(h + 2) == 0 ? wire_end_ - begin : get16(h + 2);
  layer().summary = text::ipv4(h + 12) + " → " + text::ipv4(h + 16) + " · ttl " +
                    std::to_string(h[8]) + " · " + text::octets(total);
  if (octets > 20)
    field("Options", begin + 20, octets - 20, text::octets(octets - 20),
          "Wishes to the routers on the way; rare today.");
  layer().checksum = checksum_good(h, octets) ? Checksum::Good : Checksum::Bad;
  state_checksum(begin + 10, layer().checksum == Checksum::Good);
  ip_ = {4, h[9], h + 12, h + 16};
  limit(total > octets ? total - octets : 0);
  const std::uint32_t fragment = get16(h + 6);
  if ((fragment & 0x3fff) == 0) return kNextTransport;
  if (end_ > at_) payload(piece_text((fragment & 0x1fff) * 8, wire_end_ - at_));
  return kNextNothing;
}

std::uint32_t Dissector::ipv6() {
  const std::uint8_t* h = here();
  if (!header("IPv6", 40, kIpv6)) return kNextNothing;
  const std::uint32_t octets = get16(h + 4);
  layer().summary = text::ipv6(h + 8) + " → " + text::ipv6(h + 24) + " · hop limit " +
                    std::to_string(h[7]) + " · " + text::octets(octets);
  ip_ = {6, h[6], h + 8, h + 24};
  if (octets != 0) limit(octets);
  return kNextTransport;
}

std::uint32_t Dissector::ipv6_extension() {
  const std::uint8_t* h = here();
  const std::uint8_t protocol = ip_.protocol;
  const bool fragment = protocol == kFragmentHeader;
  std::uint32_t octets = 8;
  if (!fragment && has(2)) octets = protocol == kAuthentication ? (h[1] + 2U) * 4 : (h[1] + 1U) * 8;
  const std::span<const FieldRule> rules =
      fragment ? std::span<const FieldRule>(kFragment6) : std::span<const FieldRule>(kExtension6);
  if (!header(extension_name(protocol), octets, rules)) return kNextNothing;
  layer().summary = text::octets(octets);
  ip_.protocol = h[0];
  if (!fragment || (get16(h + 2) & 0xfff9) == 0) return kNextTransport;
  layer().summary =
      "offset " + offset6(h + 2) + (more6(h + 3) == "yes" ? ", more follow" : ", the last");
  if (end_ > at_) payload(piece_text(get16(h + 2) & 0xfff8U, wire_end_ - at_));
  return kNextNothing;
}

std::uint32_t Dissector::transport() {
  if (ip_.version == 6 && is_extension(ip_.protocol)) return ipv6_extension();
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
      return kNextIpv4;
    case kIpv6InIp:
      return kNextIpv6;
    case kMplsInIp:
      return kNextMpls;
    default:
      return kNextNothing;
  }
}

}  // namespace mailscope::tcp
