#include <cstring>

#include "captures/tcp/decode.hpp"
#include "captures/tcp/dissector.hpp"
#include "protocols/inet/octets.hpp"

namespace mailscope::tcp {

using namespace inet;

namespace {

constexpr ValueRule<Ethernet> kEthernet[] = {
    {"Destination", 0, 6, [](const Ethernet& h) { return text::mac(h.destination); },
     "The network card on this link that the frame is for."},
    {"Source", 6, 6, [](const Ethernet& h) { return text::mac(h.source); },
     "The network card that put the frame on this link."},
    {"Type", 12, 2, [](const Ethernet& h) { return text::ether_type(h.type); },
     "What is inside; below 1536 it is a length instead."},
};

std::string vlan_priority(const std::uint8_t* octets) {
  return std::to_string(octets[0] >> 5);
}
std::string vlan_id(const std::uint8_t* octets) {
  return std::to_string(get16(octets) & 0xfff);
}
constexpr FieldRule kVlan[] = {
    {"Priority", 0, 1, vlan_priority, "Which frames a busy switch sends first, 0 to 7."},
    {"VLAN ID", 0, 2, vlan_id, "Which of several networks on one wire the frame belongs to."},
    {"Type", 2, 2, text::ether_type, "What is inside."},
};

std::string mpls_label(const std::uint8_t* octets) {
  return std::to_string(get32(octets) >> 12);
}
std::string mpls_bottom(const std::uint8_t* octets) {
  return (octets[0] & 1) != 0 ? "yes" : "no";
}
constexpr FieldRule kMpls[] = {
    {"Label", 0, 4, mpls_label, "By this the next router knows where to send the packet."},
    {"Bottom of stack", 2, 1, mpls_bottom, "Whether this is the last label."},
    {"Time to live", 3, 1, text::number8, "Each router takes one off; at 0 the packet is dropped."},
};

constexpr FieldRule kPppoe[] = {
    {"Code", 1, 1, text::number8, "0 for a session's data."},
    {"Session ID", 2, 2, text::hex16, "Which subscriber's session this is."},
    {"Length", 4, 2, text::number16, "Octets that follow."},
};

std::string ppp_protocol(const std::uint8_t* octets) {
  const std::uint16_t protocol = get16(octets);
  const std::string number = text::hex(protocol, 4);
  if (protocol == 0x21) return number + " (IPv4)";
  if (protocol == 0x57) return number + " (IPv6)";
  return number;
}
constexpr FieldRule kPpp[] = {{"Protocol", 0, 2, ppp_protocol, "What is inside."}};

std::string loopback_family(const std::uint8_t* octets) {
  return octets[0] != 0 ? std::to_string(octets[0]) : std::to_string(octets[3]);
}
constexpr FieldRule kLoopback[] = {
    {"Family", 0, 4, loopback_family, "The sender's own number for IPv4 (2) or IPv6."},
};

std::string cooked_type(const std::uint8_t* octets) {
  switch (get16(octets)) {
    case 0:
      return "0 (for us)";
    case 1:
      return "1 (broadcast)";
    case 2:
      return "2 (multicast)";
    case 3:
      return "3 (for another host)";
    case 4:
      return "4 (sent by us)";
    default:
      return text::number16(octets);
  }
}
std::string cooked2_type(const std::uint8_t* octets) {
  const std::uint8_t wide[2] = {0, octets[0]};
  return cooked_type(wide);
}
constexpr std::string_view kCookedMeaning = "Which way the packet went through the capturing host.";
constexpr FieldRule kCooked[] = {
    {"Packet type", 0, 2, cooked_type, kCookedMeaning},
    {"Source", 6, 6, text::mac, "The sender's link-layer address."},
    {"Protocol", 14, 2, text::ether_type, "What is inside."},
};
constexpr FieldRule kCooked2[] = {
    {"Protocol", 0, 2, text::ether_type, "What is inside."},
    {"Interface", 4, 4, text::number32, "The capturing host's number for the interface."},
    {"Packet type", 10, 1, cooked2_type, kCookedMeaning},
    {"Source", 12, 6, text::mac, "The sender's link-layer address."},
};

constexpr FieldRule kSnap[] = {{"Type", 6, 2, text::ether_type, "What is inside."}};

std::string arp_operation(const Arp& h) {
  switch (h.operation) {
    case Arp::kRequest:
      return "1 (request)";
    case Arp::kReply:
      return "2 (reply)";
    default:
      return std::to_string(h.operation);
  }
}
constexpr ValueRule<Arp> kArp[] = {
    {"Hardware type", 0, 2, [](const Arp&) { return std::string("1"); }, "1 is Ethernet."},
    {"Protocol type", 2, 2, [](const Arp&) { return text::ether_type(kEtherIpv4); },
     "Whose addresses are asked for."},
    {"Hardware size", 4, 1, [](const Arp&) { return std::string("6"); },
     "Octets of a hardware address."},
    {"Protocol size", 5, 1, [](const Arp&) { return std::string("4"); },
     "Octets of a protocol address."},
    {"Operation", 6, 2, arp_operation, "A question to all, or the answer to one."},
    {"Sender MAC address", 8, 6, [](const Arp& h) { return text::mac(h.sender_mac); },
     "The asking or answering network card."},
    {"Sender IP address", 14, 4, [](const Arp& h) { return h.sender.text(); }, "Its IP address."},
    {"Target MAC address", 18, 6, [](const Arp& h) { return text::mac(h.target_mac); },
     "In a request still unknown: zeroes."},
    {"Target IP address", 24, 4, [](const Arp& h) { return h.target.text(); },
     "The IP address whose network card is looked for."},
};

constexpr FieldRule kNflog[] = {
    {"Family", 0, 1, text::number8, "2 for IPv4, 10 for IPv6."},
};

}  // namespace

std::uint32_t Dissector::begin(std::uint16_t link_type) {
  switch (link_type) {
    case kLinkEthernet:
      return kNextEthernet;
    case kLinkRaw:
      return kNextIp;
    case kLinkIpv4:
      return kEtherIpv4;
    case kLinkIpv6:
      return kEtherIpv6;
    case kLinkPpp:
    case kLinkPppHdlc:
      return kNextPpp;
    case kLinkPppEther:
      return kEtherPppoe;
    case kLinkPppDirection:
      if (!header("PPP direction", 1, {})) return kNextNothing;
      layer().summary = octets_[0] == 0 ? "received" : "sent";
      return kNextPpp;
    case kLinkNull:
    case kLinkLoop:
      if (!header("Loopback", 4, kLoopback)) return kNextNothing;
      layer().summary = "within one host";
      return kNextIp;
    case kLinkCooked:
      if (!header("Linux cooked", 16, kCooked)) return kNextNothing;
      layer().summary = text::ether_type(octets_ + 14);
      return get16(octets_ + 14) == 4 ? std::uint32_t{kNextLlc} : get16(octets_ + 14);
    case kLinkCooked2:
      if (!header("Linux cooked 2", 20, kCooked2)) return kNextNothing;
      layer().summary = text::ether_type(octets_);
      return get16(octets_) == 4 ? std::uint32_t{kNextLlc} : get16(octets_);
    case kLinkCiscoHdlc:
      if (!header("Cisco HDLC", 4, {})) return kNextNothing;
      layer().summary = text::ether_type(octets_ + 2);
      return get16(octets_ + 2);
    case kLinkNflog: {
      // Its attributes end where the packet begins: decode() has found that.
      const Decoded decoded = decode({reinterpret_cast<const char*>(octets_), end_}, link_type);
      if (decoded.ip_at == 0) return kNextNothing;
      if (!header("NFLOG", decoded.ip_at, kNflog)) return kNextNothing;
      layer().summary = "from a firewall's log";
      return kNextIp;
    }
    default:
      return kNextNothing;
  }
}

std::uint32_t Dissector::ethernet() {
  const auto h = header_of<Ethernet>("Ethernet", Ethernet::kOctets, kEthernet);
  if (!h) return kNextNothing;
  layer().summary = text::mac(h->source) + " → " + text::mac(h->destination);
  if (h->type >= Ethernet::kTypeMin) return h->type;
  limit(h->type);
  return kNextLlc;
}

std::uint32_t Dissector::llc() {
  static constexpr std::uint8_t kSnapHead[6] = {0xaa, 0xaa, 3, 0, 0, 0};
  if (!has(8) || std::memcmp(here(), kSnapHead, sizeof kSnapHead) != 0) return kNextNothing;
  const std::uint8_t* h = here();
  header("LLC and SNAP", 8, kSnap);
  layer().summary = text::ether_type(h + 6);
  return get16(h + 6);
}

std::uint32_t Dissector::vlan(std::uint32_t type) {
  const std::uint8_t* h = here();
  if (!header(type == kEtherVlanAd ? "802.1ad" : "802.1Q", 4, kVlan)) return kNextNothing;
  layer().summary = "VLAN " + vlan_id(h);
  return get16(h + 2);
}

std::uint32_t Dissector::mpls() {
  const std::uint8_t* h = here();
  if (!header("MPLS", 4, kMpls)) return kNextNothing;
  layer().summary = "label " + mpls_label(h) + " · ttl " + std::to_string(h[3]);
  if ((h[2] & 1) == 0) return kEtherMpls;
  if (!has(1)) return kNextNothing;
  switch (here()[0] >> 4) {
    case 4:
      return kEtherIpv4;
    case 6:
      return kEtherIpv6;
    case 0:
      if (has(14) && leads_to_ip(get16(here() + 12))) return kNextEthernet;
      if (!header("Pseudowire control word", 4, {})) return kNextNothing;
      layer().summary = "Ethernet inside MPLS";
      return kNextEthernet;
    default:
      return kNextEthernet;
  }
}

std::uint32_t Dissector::pppoe() {
  const std::uint8_t* h = here();
  if (!header("PPPoE", 6, kPppoe)) return kNextNothing;
  layer().summary = "session " + text::hex16(h + 2);
  limit(get16(h + 4));
  return h[1] == 0 ? std::uint32_t{kNextPpp} : std::uint32_t{kNextNothing};
}

std::uint32_t Dissector::ppp() {
  if (has(2) && here()[0] == 0xff && here()[1] == 3) {
    header("HDLC", 2, {});
    layer().summary = "address ff, control 03: to all stations, unnumbered";
  }
  if (has(1) && (here()[0] & 1) != 0) {
    const std::uint8_t protocol = here()[0];
    header("PPP", 1, {});
    layer().summary = "protocol " + text::hex(protocol, 2) + ", in its short form";
    if (protocol == 0x21) return kEtherIpv4;
    return protocol == 0x57 ? std::uint32_t{kEtherIpv6} : std::uint32_t{kNextNothing};
  }
  const std::uint8_t* h = here();
  if (!header("PPP", 2, kPpp)) return kNextNothing;
  layer().summary = ppp_protocol(h);
  switch (get16(h)) {
    case 0x21:
      return kEtherIpv4;
    case 0x57:
      return kEtherIpv6;
    case 0x281:
      return kEtherMpls;
    default:
      return kNextNothing;
  }
}

// ARP for other hardware or protocols stays a payload; one that is cut short shows what is there.
std::uint32_t Dissector::arp() {
  std::array<std::uint8_t, Arp::kOctets> whole{};
  std::copy_n(here(), std::min(end_ - at_, Arp::kOctets), whole.begin());
  if (!has(8) || !Arp::parse(whole)) return kNextNothing;
  limit(Arp::kOctets);
  const auto h = header_of<Arp>("ARP", Arp::kOctets, kArp);
  if (!h) return kNextNothing;
  if (h->operation == Arp::kRequest)
    layer().summary = "who has " + h->target.text() + "? tell " + h->sender.text();
  else
    layer().summary = h->sender.text() + " is at " + text::mac(h->sender_mac);
  return kNextNothing;
}

}  // namespace mailscope::tcp
