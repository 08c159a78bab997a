#include "viz/layout/segment.hpp"

#include <algorithm>

namespace mailscope::viz {
namespace {

constexpr std::size_t kEthernet = 14, kIpv6 = 40;
constexpr unsigned kFin = 0x01, kSyn = 0x02, kRst = 0x04, kAck = 0x10;  // RFC 9293 §3.1
constexpr unsigned kTcp = 6;                                            // RFC 791, RFC 8200

unsigned octet(std::string_view octets, std::size_t at) {
  return at < octets.size() ? static_cast<unsigned char>(octets[at]) : 0;
}

unsigned two_octets(std::string_view octets, std::size_t at) {
  return octet(octets, at) << 8 | octet(octets, at + 1);
}

// Where TCP begins and how long it is with its payload; nothing of it: octets = 0.
struct Tcp {
  std::size_t at = 0, octets = 0;
};

Tcp tcp_of(std::string_view frame) {
  const unsigned type = two_octets(frame, 12);
  if (type == 0x0800 && octet(frame, 23) == kTcp) {
    const std::size_t header = std::size_t{octet(frame, 14) & 0x0F} * 4;
    const std::size_t all = two_octets(frame, 16);
    return {kEthernet + header, all > header ? all - header : 0};
  }
  if (type == 0x86DD && octet(frame, 20) == kTcp) return {kEthernet + kIpv6, two_octets(frame, 18)};
  return {};
}

}  // namespace

SegmentKind segment_kind(const trace::Trace& trace, const trace::Frame& frame) {
  constexpr std::uint16_t kLinkEthernet = 1;  // LINKTYPE_ETHERNET
  if (frame.link_type != kLinkEthernet) return SegmentKind::Other;
  const std::string_view octets = trace.octets(frame);
  if (two_octets(octets, 12) == 0x0806) return SegmentKind::Arp;  // RFC 826
  const Tcp tcp = tcp_of(octets);
  if (tcp.octets == 0 || octets.size() < tcp.at + 20) return SegmentKind::Other;
  const unsigned flags = octet(octets, tcp.at + 13);
  if (flags & kSyn) return flags & kAck ? SegmentKind::SynAck : SegmentKind::Syn;
  if (flags & kFin) return SegmentKind::Fin;
  const std::size_t header = std::size_t{octet(octets, tcp.at + 12) >> 4} * 4;
  const bool plain = !(flags & kRst) && tcp.octets <= header;
  return plain && flags & kAck ? SegmentKind::Ack : SegmentKind::Other;
}

std::string_view segment_name(const trace::Trace& trace, const trace::Frame& frame) {
  switch (segment_kind(trace, frame)) {
    case SegmentKind::Arp:
      return "ARP";
    case SegmentKind::Syn:
      return "SYN";
    case SegmentKind::SynAck:
      return "SYN ACK";
    case SegmentKind::Fin:
      return "FIN";
    case SegmentKind::Ack:
      return "ACK";
    case SegmentKind::Other:
      break;
  }
  return "a segment";
}

}  // namespace mailscope::viz
