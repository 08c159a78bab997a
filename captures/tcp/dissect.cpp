#include "captures/tcp/dissect.hpp"

#include <algorithm>
#include <utility>

#include "captures/languages/languages.hpp"
#include "captures/tcp/decode.hpp"
#include "captures/tcp/dissector.hpp"
#include "protocols/inet/octets.hpp"

namespace mailscope::tcp {

using namespace inet;

namespace {

constexpr int kDissectedLayersMax = 40;

}  // namespace

// ---- how octets read ---------------------------------------------------------------------------

namespace text {

std::string number8(const std::uint8_t* octets) {
  return std::to_string(octets[0]);
}
std::string number16(const std::uint8_t* octets) {
  return std::to_string(get16(octets));
}
std::string number32(const std::uint8_t* octets) {
  return std::to_string(get32(octets));
}
std::string hex16(const std::uint8_t* octets) {
  return hex(get16(octets), 4);
}
std::string octets(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " octet" : " octets");
}

std::string hex(std::uint64_t value, int digits) {
  std::string out = "0x";
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
    out += "0123456789abcdef"[value >> shift & 15];
  return out;
}

std::string mac(const inet::MacAddress& address) {
  return address == inet::MacAddress::broadcast() ? address.text() + " (broadcast)"
                                                  : address.text();
}
std::string mac(const std::uint8_t* octets) {
  return mac(inet::MacAddress::read(octets));
}

std::string ether_type(const std::uint8_t* octets) {
  return ether_type(get16(octets));
}
std::string ether_type(std::uint16_t type) {
  const char* name = nullptr;
  switch (type) {
    case kEtherIpv4:
      name = "IPv4";
      break;
    case kEtherIpv6:
      name = "IPv6";
      break;
    case kEtherArp:
      name = "ARP";
      break;
    case kEtherVlan:
      name = "802.1Q";
      break;
    case kEtherVlanAd:
      name = "802.1ad";
      break;
    case kEtherMpls:
      name = "MPLS";
      break;
    case kEtherPppoe:
      name = "PPPoE session";
      break;
    case kEtherPppoeDiscovery:
      name = "PPPoE discovery";
      break;
    case kEtherTransparentEthernet:
      name = "Ethernet";
      break;
    default:
      break;
  }
  return name == nullptr ? hex(type, 4) : hex(type, 4) + " (" + name + ")";
}

std::string ip_protocol(const std::uint8_t* octets) {
  return ip_protocol(octets[0]);
}
std::string ip_protocol(std::uint8_t protocol) {
  const char* name = nullptr;
  switch (protocol) {
    case kHopByHop:
      name = "hop-by-hop options";
      break;
    case kIcmp:
      name = "ICMP";
      break;
    case kIpInIp:
      name = "IPv4";
      break;
    case kTcp:
      name = "TCP";
      break;
    case kUdp:
      name = "UDP";
      break;
    case kIpv6InIp:
      name = "IPv6";
      break;
    case kRouting:
      name = "routing";
      break;
    case kFragmentHeader:
      name = "fragment";
      break;
    case kGre:
      name = "GRE";
      break;
    case kAuthentication:
      name = "authentication";
      break;
    case kIcmpv6:
      name = "ICMPv6";
      break;
    case kNoNextHeader:
      name = "nothing";
      break;
    case kDestinationOptions:
      name = "destination options";
      break;
    default:
      break;
  }
  const std::string number = std::to_string(protocol);
  return name == nullptr ? number : number + " (" + name + ")";
}

std::string port(std::uint16_t port) {
  const std::string_view name = languages::service_name(port);
  const std::string number = std::to_string(port);
  return name.empty() ? number : number + " (" + std::string(name) + ")";
}

}  // namespace text

// ---- the walk ----------------------------------------------------------------------------------

Dissector::Dissector(std::string_view frame, std::uint32_t wire_octets)
    : octets_(reinterpret_cast<const std::uint8_t*>(frame.data())),
      end_(static_cast<std::uint32_t>(frame.size())),
      wire_end_(std::max(wire_octets, end_)),
      frame_end_(end_) {}

void Dissector::limit(std::uint32_t octets) {
  if (octets >= wire_end_ - at_) return;
  wire_end_ = at_ + octets;
  end_ = std::min(end_, wire_end_);
}

void Dissector::field(std::string name, std::uint32_t begin, std::uint32_t octets,
                      std::string value, std::string_view meaning) {
  const std::uint32_t end = std::min(begin + octets, frame_end_);
  layer().fields.push_back({std::move(name), std::move(value), std::min(begin, end), end, meaning});
}

// How many of the header's octets are here.
std::uint32_t Dissector::begin_layer(std::string name, std::uint32_t octets) {
  layers_.push_back({});
  layer().name = std::move(name);
  layer().begin = at_;
  return std::min(octets, end_ - at_);
}

bool Dissector::end_layer(std::uint32_t there, std::uint32_t octets) {
  at_ += there;
  layer().end = at_;
  if (there == octets) return true;
  layer().summary =
      "cut short: " + std::to_string(there) + " of " + text::octets(octets) + " are here";
  return false;
}

bool Dissector::header(std::string name, std::uint32_t octets, std::span<const FieldRule> rules) {
  const std::uint32_t there = begin_layer(std::move(name), octets);
  for (const FieldRule& rule : rules) {
    if (rule.at + rule.octets <= there)
      field(rule.name, at_ + rule.at, rule.octets, rule.text(here() + rule.at), rule.meaning);
  }
  return end_layer(there, octets);
}

void Dissector::payload(std::string summary) {
  if (at_ >= end_) return;
  Layer rest;
  rest.name = "Payload";
  rest.begin = at_;
  rest.end = end_;
  rest.summary = summary.empty() ? text::octets(end_ - at_) : std::move(summary);
  if (wire_end_ > end_)
    rest.summary += ", " + std::to_string(wire_end_ - end_) + " more not captured";
  layers_.push_back(std::move(rest));
  at_ = end_;
}

// Ethernet fills short frames up; some captures end in a frame check sequence.
void Dissector::padding() {
  if (end_ >= frame_end_ || layers_.empty()) return;
  Layer rest;
  rest.name = "Padding";
  rest.begin = end_;
  rest.end = frame_end_;
  rest.summary =
      text::octets(frame_end_ - end_) + " behind the packet: Ethernet frames have 60 or more";
  layers_.push_back(std::move(rest));
}

std::uint32_t Dissector::step(std::uint32_t next) {
  switch (next) {
    case kNextEthernet:
    case kEtherTransparentEthernet:
      return ethernet();
    case kNextLlc:
      return llc();
    case kEtherVlan:
    case kEtherVlanAd:
    case kEtherVlanOld:
      return vlan(next);
    case kEtherMpls:
    case kEtherMplsMulticast:
      return mpls();
    case kEtherPppoe:
      return pppoe();
    case kNextPpp:
    case kEtherPptpPpp:
      return ppp();
    case kEtherArp:
      return arp();
    case kNextIp:
      return ip();
    case kEtherIpv4:
      return ipv4();
    case kEtherIpv6:
      return ipv6();
    case kNextTransport:
      return transport();
    default:
      return kNextNothing;
  }
}

std::vector<Layer> Dissector::run(std::uint16_t link_type) {
  std::uint32_t next = begin(link_type);
  for (int i = 0; i < kDissectedLayersMax && next != kNextNothing; ++i) next = step(next);
  payload();
  padding();
  return std::move(layers_);
}

std::vector<Layer> dissect(std::string_view frame, std::uint16_t link_type,
                           std::uint32_t wire_octets) {
  return Dissector(frame, wire_octets).run(link_type);
}

}  // namespace mailscope::tcp
