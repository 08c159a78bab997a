#include "captures/tcp/decode.hpp"

#include <cstring>

#include "captures/tcp/numbers.hpp"
#include "protocols/inet/ethernet.hpp"
#include "protocols/inet/ip.hpp"
#include "protocols/inet/octets.hpp"
#include "protocols/inet/udp.hpp"

namespace mailscope::tcp {
namespace {

using namespace inet;
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
  // Whether the header at at_ can be read; if not, why the frame ends here.
  template <class Header>
  bool readable() {
    const auto error = Header::check({here(), end_ - at_});
    if (!error) return true;
    if (error->kind == HeaderError::Kind::Malformed) return stop(What::Malformed);
    return need(error->octets);
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
      return go(0, kEtherIpv4);
    case kLinkIpv6:
      return go(0, kEtherIpv6);
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
      return go(0, kEtherPppoe);
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
    case kEtherTransparentEthernet:
      return ethernet();
    case kEtherVlan:
    case kEtherVlanAd:
    case kEtherVlanOld:
      return vlan();
    case kEtherMpls:
    case kEtherMplsMulticast:
      return mpls();
    case kEtherPppoe:
      return pppoe();
    case kNextLlc:
      return llc();
    case kNextPpp:
    case kEtherPptpPpp:
      return ppp();
    case kNextIp:
      return ip();
    case kEtherIpv4:
      return ipv4();
    case kEtherIpv6:
      return ipv6();
    case kNextTransport:
      return transport();
    default:
      return stop(What::NotIp);
  }
}

// Below 1536 it is a length: 802.3, whose LLC may hold an EtherType in a SNAP header (RFC 1042).
bool Walk::ethernet() {
  if (!readable<Ethernet>()) return false;
  const Ethernet header = Ethernet::read(here());
  at_ += Ethernet::kOctets;
  if (header.type >= Ethernet::kTypeMin) return go(0, header.type);
  limit(header.type);
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
      return go(0, kEtherIpv4);
    case 6:
      return go(0, kEtherIpv6);
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
      return go(0, kEtherIpv4);
    case 0x57:
      return go(0, kEtherIpv6);
    case 0x281:
      return go(0, kEtherMpls);
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
      return go(0, kEtherIpv4);
    case 6:
      return go(0, kEtherIpv6);
    default:
      return stop(What::NotIp);
  }
}

bool Walk::ipv4() {
  if (!readable<Ipv4>()) return false;
  const Ipv4 header = Ipv4::read(here());
  d_.ip_version = 4;
  d_.protocol = header.protocol;
  d_.source = header.source;
  d_.destination = header.destination;
  d_.ip_at = at_;
  // A sending host whose network card cuts its segments shows them whole, with length 0.
  if (header.total_octets != 0) limit(header.total_octets);
  if (!need(header.header_octets)) return false;
  at_ += header.header_octets;
  next_ = kNextTransport;
  if (!header.is_fragment()) return true;
  d_.fragment_id = header.id;
  d_.fragment_offset = header.fragment_offset;
  d_.more_fragments = header.more_fragments;
  payload(0);
  return stop(What::Fragment);
}

bool Walk::ipv6() {
  if (!readable<Ipv6>()) return false;
  const Ipv6 header = Ipv6::read(here());
  d_.ip_version = 6;
  d_.protocol = header.next_header;
  d_.source = header.source;
  d_.destination = header.destination;
  d_.ip_at = at_;
  at_ += Ipv6::kOctets;
  if (header.payload_octets != 0) limit(header.payload_octets);  // 0: as in ipv4()
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
  if (!readable<Ipv6Fragment>()) return false;
  const Ipv6Fragment header = Ipv6Fragment::read(here());
  d_.protocol = header.next_header;
  at_ += Ipv6Fragment::kOctets;
  if (!header.is_fragment()) return true;
  d_.fragment_id = header.id;
  d_.fragment_offset = header.offset;
  d_.more_fragments = header.more;
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
      return go(0, kEtherIpv4);
    case kIpv6InIp:
      return go(0, kEtherIpv6);
    case kMplsInIp:
      return go(0, kEtherMpls);
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
    case kEtherErspan: {
      const std::uint32_t skip = (flags & 0x10) != 0 ? 8 : 0;
      return need(skip) && go(skip, kNextEthernet);
    }
    case kEtherErspan3: {
      if (!need(12)) return false;
      const std::uint32_t skip = (here()[11] & 1) != 0 ? 20 : 12;
      return need(skip) && go(skip, kNextEthernet);
    }
    case kEtherIpv4:
    case kEtherIpv6:
    case kEtherTransparentEthernet:
    case kEtherMpls:
    case kEtherMplsMulticast:
    case kEtherVlan:
    case kEtherPptpPpp:
      next_ = protocol;
      break;
    default:
      return stop(What::OtherIp);
  }
  if (end_ == at_) return stop(What::OtherIp);  // PPTP acknowledges in empty packets
  return true;
}

bool Walk::tcp() {
  if (!readable<Tcp>()) return false;
  const Tcp header = Tcp::read(here());
  if (header.header_octets > wire_end_ - at_) return stop(What::Malformed);
  d_.source_port = header.source_port;
  d_.destination_port = header.destination_port;
  d_.seq = header.sequence;
  d_.ack = header.acknowledgment;
  d_.flags = header.flags;
  d_.window = header.window;
  payload(header.header_octets);
  return stop(What::Tcp);
}

bool Walk::udp() {
  if (!readable<Udp>()) return false;
  const Udp header = Udp::read(here());
  if (header.length != 0) limit(header.length);
  d_.source_port = header.source_port;
  d_.destination_port = header.destination_port;
  payload(Udp::kOctets);
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

}  // namespace

Decoded decode(std::string_view frame, std::uint16_t link_type, std::uint32_t wire_octets) {
  return Walk(frame, wire_octets).frame(link_type);
}

Decoded decode_payload(const Decoded& ip, std::string_view payload) {
  return Walk(payload, 0).payload(ip);
}

}  // namespace mailscope::tcp
