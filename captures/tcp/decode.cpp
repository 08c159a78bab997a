#include "captures/tcp/decode.hpp"

#include <cstring>

#include "captures/tcp/numbers.hpp"
#include "captures/tcp/octets.hpp"

namespace mailscope::tcp {
namespace {

using What = Decoded::What;

constexpr int kLayersMax = 32;  // tags, labels and tunnels in one frame

// Walks inwards through one frame. `at_` is where the next header begins; `end_` where the captured
// octets end and `wire_end_` where they would end on the wire, both shrinking as IP says so.
class Walk {
 public:
  Walk(std::string_view frame, std::uint32_t wire_octets)
      : octets_(reinterpret_cast<const std::uint8_t*>(frame.data())),
        end_(static_cast<std::uint32_t>(frame.size())),
        wire_end_(wire_octets > frame.size() ? wire_octets : end_) {}

  Decoded frame(std::uint16_t link_type) {
    if (begin(link_type)) run();
    return d_;
  }
  Decoded payload(const Decoded& ip) {
    d_.ip_version = ip.ip_version;
    d_.protocol = ip.protocol;
    d_.source = ip.source;
    d_.destination = ip.destination;
    next_ = kNextTransport;
    run();
    return d_;
  }

 private:
  bool begin(std::uint16_t link_type);
  bool begin_nflog();
  void run();
  bool step();
  bool ethernet();
  bool llc();
  bool vlan();
  bool mpls();
  bool pppoe();
  bool ppp();
  bool ip();
  bool ipv4();
  bool ipv6();
  bool ipv6_fragment();
  bool transport();
  bool gre();
  bool tcp();
  bool udp();
  void payload(std::uint32_t header_octets);

  bool stop(What what) {
    d_.what = what;
    return false;
  }
  // Whether `octets` from at_ on were captured; if not, why the frame ends here.
  bool need(std::uint32_t octets) {
    if (octets <= end_ - at_) return true;
    return stop(octets <= wire_end_ - at_ ? What::Cut : What::Malformed);
  }
  bool go(std::uint32_t octets, std::uint32_t next) {
    at_ += octets;
    next_ = next;
    return true;
  }
  const std::uint8_t* here() const { return octets_ + at_; }
  void limit(
      std::uint32_t octets) {  // the rest on the wire is `octets` long, what follows is padding
    if (octets >= wire_end_ - at_) return;
    wire_end_ = at_ + octets;
    if (end_ > wire_end_) end_ = wire_end_;
  }

  const std::uint8_t* octets_;
  std::uint32_t at_ = 0;
  std::uint32_t end_;
  std::uint32_t wire_end_;
  std::uint32_t next_ = 0;
  Decoded d_;
};

// Linux's own number for 802.2 in place of an EtherType.
std::uint32_t cooked(std::uint32_t type) {
  return type == 4 ? std::uint32_t{kNextLlc} : type;
}

bool Walk::begin(std::uint16_t link_type) {
  switch (link_type) {
    case kLinkEthernet:
      return go(0, kNextEthernet);
    case kLinkRaw:
      return go(0, kNextIp);
    case kLinkIpv4:
      return go(0, kNextIpv4);
    case kLinkIpv6:
      return go(0, kNextIpv6);
    // The sender's AF_ number, in its byte order; IP's own version says as much.
    case kLinkNull:
    case kLinkLoop:
      return need(4) && go(4, kNextIp);
    case kLinkCooked:
      return need(16) && go(16, cooked(get16(here() + 14)));
    case kLinkCooked2:
      return need(20) && go(20, cooked(get16(here())));
    case kLinkPpp:
    case kLinkPppHdlc:
      return go(0, kNextPpp);
    case kLinkPppDirection:
      return need(1) && go(1, kNextPpp);
    case kLinkPppEther:
      return go(0, kNextPppoe);
    case kLinkCiscoHdlc:
      return need(4) && go(4, get16(here() + 2));
    case kLinkNflog:
      return begin_nflog();
    default:
      return stop(What::UnknownLink);
  }
}

// family (1) version (1) resource (2), then attributes: length (2) type (2) in the host's byte
// order, padded to 4. Attribute 9 is the packet.
bool Walk::begin_nflog() {
  constexpr std::uint16_t kPayload = 9;
  if (!need(4)) return false;
  at_ = 4;
  for (int i = 0; i < kLayersMax; ++i) {
    if (!need(4)) return false;
    std::uint32_t octets = here()[0] | here()[1] << 8;
    std::uint32_t type = here()[2] | here()[3] << 8;
    if (octets > 255 && (octets & 0xff) == 0) {  // written on a big-endian host
      octets = get16(here());
      type = get16(here() + 2);
    }
    if (octets < 4) return stop(What::Malformed);
    if ((type & 0x7fff) == kPayload) {
      limit(octets);
      return go(4, kNextIp);
    }
    const std::uint32_t padded = (octets + 3) & ~3U;
    if (!need(padded)) return false;
    at_ += padded;
  }
  return stop(What::Malformed);
}

void Walk::run() {
  for (int i = 0; i < kLayersMax; ++i) {
    if (!step()) return;
  }
  stop(What::Malformed);
}

// Reads one header; false when there is nothing further in.
bool Walk::step() {
  switch (next_) {
    case kNextEthernet:
    case kNextTransparentEthernet:
      return ethernet();
    case kNextVlan:
    case kNextVlanAd:
    case kNextVlanOld:
      return vlan();
    case kNextMpls:
    case kNextMplsMulticast:
      return mpls();
    case kNextPppoe:
      return pppoe();
    case kNextLlc:
      return llc();
    case kNextPpp:
    case kNextPptpPpp:
      return ppp();
    case kNextIp:
      return ip();
    case kNextIpv4:
      return ipv4();
    case kNextIpv6:
      return ipv6();
    case kNextTransport:
      return transport();
    default:
      return stop(What::NotIp);
  }
}

// Below 1536 it is a length: 802.3, whose LLC may hold an EtherType in a SNAP header (RFC 1042).
bool Walk::ethernet() {
  if (!need(14)) return false;
  const std::uint32_t type = get16(here() + 12);
  at_ += 14;
  if (type >= 1536) return go(0, type);
  limit(type);
  return go(0, kNextLlc);
}

bool Walk::llc() {
  static constexpr std::uint8_t kSnap[6] = {0xaa, 0xaa, 3, 0, 0, 0};
  if (end_ - at_ < 8 || std::memcmp(here(), kSnap, sizeof kSnap) != 0) return stop(What::NotIp);
  return go(8, get16(here() + 6));
}

bool Walk::vlan() {
  return need(4) && go(4, get16(here() + 2));
}

// Labels of 4 octets, the last with bit 8 set. What is in it no field says: IP by its first bits,
// else Ethernet, mostly behind a control word that begins with 0 (RFC 4385), as an address may too.
bool Walk::mpls() {
  if (!need(4)) return false;
  const bool last = (here()[2] & 1) != 0;
  at_ += 4;
  if (!last) return true;
  if (!need(1)) return false;
  switch (here()[0] >> 4) {
    case 4:
      return go(0, kNextIpv4);
    case 6:
      return go(0, kNextIpv6);
    case 0:
      if (end_ - at_ >= 14 && leads_to_ip(get16(here() + 12))) return go(0, kNextEthernet);
      return need(4) && go(4, kNextEthernet);
    default:
      return go(0, kNextEthernet);
  }
}

bool Walk::pppoe() {
  if (!need(6)) return false;
  if (here()[1] != 0) return stop(What::NotIp);  // discovery
  const std::uint32_t octets = get16(here() + 4);
  at_ += 6;
  limit(octets);
  next_ = kNextPpp;
  return true;
}

// Address and control (FF 03) may stand before the protocol, which is one octet if that is odd.
bool Walk::ppp() {
  if (!need(2)) return false;
  if (here()[0] == 0xff && here()[1] == 3) at_ += 2;
  if (!need(1)) return false;
  std::uint32_t protocol = here()[0];
  if ((protocol & 1) != 0) {
    at_ += 1;
  } else {
    if (!need(2)) return false;
    protocol = get16(here());
    at_ += 2;
  }
  switch (protocol) {
    case 0x21:
      return go(0, kNextIpv4);
    case 0x57:
      return go(0, kNextIpv6);
    case 0x281:
      return go(0, kNextMpls);
    // HDLC with Cisco's numbers: 0F 00 and an EtherType.
    case 0x0f:
      return need(3) && go(3, get16(here() + 1));
    default:
      return stop(What::NotIp);
  }
}

bool Walk::ip() {
  if (!need(1)) return false;
  switch (here()[0] >> 4) {
    case 4:
      return go(0, kNextIpv4);
    case 6:
      return go(0, kNextIpv6);
    default:
      return stop(What::NotIp);
  }
}

bool Walk::ipv4() {
  if (!need(20)) return false;
  const std::uint8_t* header = here();
  const std::uint32_t header_octets = (header[0] & 15U) * 4;
  std::uint32_t total = get16(header + 2);
  // A sending host whose network card cuts its segments shows them whole, with length 0.
  if (total == 0) total = wire_end_ - at_;
  if (header[0] >> 4 != 4 || header_octets < 20 || total < header_octets)
    return stop(What::Malformed);
  d_.ip_version = 4;
  d_.protocol = header[9];
  d_.source = header + 12;
  d_.destination = header + 16;
  d_.ip_at = at_;
  limit(total);
  if (!need(header_octets)) return false;
  at_ += header_octets;
  next_ = kNextTransport;
  const std::uint32_t fragment = get16(header + 6);
  if ((fragment & 0x3fff) == 0) return true;
  d_.fragment_id = get16(header + 4);
  d_.fragment_offset = (fragment & 0x1fff) * 8;
  d_.more_fragments = (fragment & 0x2000) != 0;
  payload(0);
  return stop(What::Fragment);
}

bool Walk::ipv6() {
  if (!need(40)) return false;
  const std::uint8_t* header = here();
  if (header[0] >> 4 != 6) return stop(What::Malformed);
  d_.ip_version = 6;
  d_.protocol = header[6];
  d_.source = header + 8;
  d_.destination = header + 24;
  d_.ip_at = at_;
  const std::uint32_t octets = get16(header + 4);
  at_ += 40;
  if (octets != 0) limit(octets);  // 0: a jumbogram, or as in ipv4()
  next_ = kNextTransport;
  for (int i = 0; i < kLayersMax; ++i) {
    switch (d_.protocol) {
      case kHopByHop:
      case kRouting:
      case kDestinationOptions:
      case kMobility: {
        if (!need(8)) return false;
        const std::uint32_t extension = (here()[1] + 1U) * 8;
        if (!need(extension)) return false;
        d_.protocol = here()[0];
        at_ += extension;
        break;
      }
      case kAuthentication: {
        if (!need(8)) return false;
        const std::uint32_t extension = (here()[1] + 2U) * 4;
        if (!need(extension)) return false;
        d_.protocol = here()[0];
        at_ += extension;
        break;
      }
      case kFragmentHeader:
        if (!ipv6_fragment()) return false;
        break;
      default:
        return true;
    }
  }
  return stop(What::Malformed);
}

bool Walk::ipv6_fragment() {
  if (!need(8)) return false;
  const std::uint8_t* header = here();
  d_.protocol = header[0];
  const std::uint32_t fragment = get16(header + 2);
  at_ += 8;
  if ((fragment & 0xfff9) == 0) return true;  // an atomic fragment (RFC 6946): the whole datagram
  d_.fragment_id = get32(header + 4);
  d_.fragment_offset = fragment & 0xfff8;
  d_.more_fragments = (fragment & 1) != 0;
  payload(0);
  return stop(What::Fragment);
}

bool Walk::transport() {
  d_.transport_at = at_;
  switch (d_.protocol) {
    case kTcp:
      return tcp();
    case kUdp:
      return udp();
    case kGre:
      return gre();
    case kIpInIp:
      return go(0, kNextIpv4);
    case kIpv6InIp:
      return go(0, kNextIpv6);
    case kMplsInIp:
      return go(0, kNextMpls);
    default:
      return stop(What::OtherIp);
  }
}

// Flags (1) and version (1) | protocol (2) | checksum (4) | key (4) | sequence (4) |
// acknowledgement (4): the last four each only if its flag is set.
bool Walk::gre() {
  if (!need(4)) return false;
  const std::uint8_t flags = here()[0], version = here()[1];
  const std::uint32_t protocol = get16(here() + 2);
  std::uint32_t octets = 4;
  if ((flags & 0xc0) != 0) octets += 4;
  if ((flags & 0x20) != 0) octets += 4;
  if ((flags & 0x10) != 0) octets += 4;
  if ((version & 0x80) != 0) octets += 4;
  if ((flags & 0x40) != 0) return stop(What::OtherIp);  // RFC 1701 routing: not in use
  if (!need(octets)) return false;
  at_ += octets;
  switch (protocol) {
    // Mirrored Ethernet: type I has no sequence number and no header of its own.
    case kNextErspan: {
      const std::uint32_t skip = (flags & 0x10) != 0 ? 8 : 0;
      return need(skip) && go(skip, kNextEthernet);
    }
    case kNextErspan3: {
      if (!need(12)) return false;
      const std::uint32_t skip = (here()[11] & 1) != 0 ? 20 : 12;
      return need(skip) && go(skip, kNextEthernet);
    }
    case kNextIpv4:
    case kNextIpv6:
    case kNextTransparentEthernet:
    case kNextMpls:
    case kNextMplsMulticast:
    case kNextVlan:
    case kNextPptpPpp:
      next_ = protocol;
      break;
    default:
      return stop(What::OtherIp);
  }
  if (end_ == at_) return stop(What::OtherIp);  // PPTP acknowledges in empty packets
  return true;
}

bool Walk::tcp() {
  if (!need(20)) return false;
  const std::uint8_t* header = here();
  const std::uint32_t header_octets = (header[12] >> 4) * 4U;
  if (header_octets < 20 || header_octets > wire_end_ - at_) return stop(What::Malformed);
  d_.source_port = get16(header);
  d_.destination_port = get16(header + 2);
  d_.seq = get32(header + 4);
  d_.ack = get32(header + 8);
  d_.flags = header[13];
  d_.window = get16(header + 14);
  payload(header_octets);
  return stop(What::Tcp);
}

bool Walk::udp() {
  if (!need(8)) return false;
  const std::uint8_t* header = here();
  const std::uint32_t octets = get16(header + 4);
  if (octets != 0 && octets < 8) return stop(What::Malformed);
  if (octets != 0) limit(octets);
  d_.source_port = get16(header);
  d_.destination_port = get16(header + 2);
  payload(8);
  return stop(What::Udp);
}

// Everything behind a header that ends within the wire's octets, though perhaps not in the frame.
void Walk::payload(std::uint32_t header_octets) {
  d_.transport_at = at_;
  d_.payload_wire_octets = wire_end_ - at_ - header_octets;
  at_ = header_octets <= end_ - at_ ? at_ + header_octets : end_;
  d_.payload_at = at_;
  d_.payload_octets = end_ - at_;
}

IpAddress address(const std::uint8_t* octets, std::uint8_t version) {
  if (octets == nullptr) return {};
  return version == 6 ? IpAddress::from_v6(octets) : IpAddress::v4(get32(octets));
}

}  // namespace

IpAddress Decoded::source_address() const {
  return address(source, ip_version);
}
IpAddress Decoded::destination_address() const {
  return address(destination, ip_version);
}

Decoded decode(std::string_view frame, std::uint16_t link_type, std::uint32_t wire_octets) {
  return Walk(frame, wire_octets).frame(link_type);
}

Decoded decode_payload(const Decoded& ip, std::string_view payload) {
  return Walk(payload, 0).payload(ip);
}

}  // namespace mailscope::tcp
