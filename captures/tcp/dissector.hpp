// The machinery behind dissect(): walks inwards through a frame and fills in layers from tables of
// fields. One file for the link layers, one for IP, one for TCP, UDP and their neighbours. What is
// in a datagram its language says (captures/languages).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "captures/languages/languages.hpp"
#include "captures/tcp/dissect.hpp"
#include "captures/tcp/numbers.hpp"
#include "protocols/inet/icmpv6.hpp"
#include "protocols/inet/ip.hpp"
#include "protocols/inet/tcp.hpp"
#include "protocols/inet/udp.hpp"

namespace mailscope::tcp {

// One field of a header: where it lies from the header's beginning, and how it reads. `Header` is
// one of protocols/inet, or the octets of a header that is not read anywhere else.
template <class Header>
struct RuleOf {
  const char* name;
  std::uint16_t at;
  std::uint16_t octets;
  std::string (*text)(Header header);
  std::string_view meaning;
};
using FieldRule = RuleOf<const std::uint8_t*>;  // of the field's own first octet
template <class Header>
using ValueRule = RuleOf<const Header&>;

class Dissector {
 public:
  Dissector(std::string_view frame, std::uint32_t wire_octets);
  std::vector<Layer> run(std::uint16_t link_type);

 private:
  // Where IP said that the datagram ends, and what its checksums cover beside it.
  struct Ip {
    std::uint8_t version = 0;
    std::uint8_t protocol = 0;
    IpAddress source, destination;
  };

  std::uint32_t begin(std::uint16_t link_type);
  std::uint32_t step(std::uint32_t next);

  // Each reads the header at at_, adds its layer and returns what comes next.
  std::uint32_t ethernet();
  std::uint32_t llc();
  std::uint32_t vlan(std::uint32_t type);
  std::uint32_t mpls();
  std::uint32_t pppoe();
  std::uint32_t ppp();
  std::uint32_t arp();
  std::uint32_t ip();
  std::uint32_t ipv4();
  std::uint32_t ipv6();
  std::uint32_t ipv6_fragment();
  std::uint32_t ipv6_extension();
  std::uint32_t transport();
  std::uint32_t gre();
  std::uint32_t icmp();
  void neighbor_message(std::uint32_t begin);
  std::uint32_t tcp();
  std::uint32_t udp();
  void datagram(trace::Protocol protocol);
  void tcp_options(std::uint32_t from, std::uint32_t to);
  void tcp_option(const inet::TcpOption& option, std::uint32_t from);
  void payload(std::string summary = {});
  void padding();

  // Adds a layer with the rules' fields that are there, and moves at_ behind the header. False when
  // the header is cut short: then the layer says so and there is nothing further in.
  bool header(std::string name, std::uint32_t octets, std::span<const FieldRule> rules);
  // The same of a header that is a value; `octets` with its options. Nothing when it is cut short.
  template <class Header>
  std::optional<Header> header_of(std::string name, std::uint32_t octets,
                                  std::span<const ValueRule<Header>> rules);
  std::uint32_t begin_layer(std::string name, std::uint32_t octets);
  bool end_layer(std::uint32_t there, std::uint32_t octets);
  Layer& layer() { return layers_.back(); }
  // Adds a field at an offset of the frame.
  void field(std::string name, std::uint32_t begin, std::uint32_t octets, std::string value,
             std::string_view meaning);
  void checksum_of_transport(std::uint32_t from, std::uint32_t checksum_at, bool optional);
  void state_checksum(std::uint32_t at, bool good);

  bool has(std::uint32_t octets) const { return octets <= end_ - at_; }
  const std::uint8_t* here() const { return octets_ + at_; }
  void limit(std::uint32_t octets);  // the rest is that long on the wire

  const std::uint8_t* octets_;
  std::uint32_t at_ = 0;
  std::uint32_t end_;       // of the captured octets of what is being read
  std::uint32_t wire_end_;  // the same on the wire
  std::uint32_t frame_end_;
  Ip ip_;
  std::vector<Layer> layers_;
};

// What is not there of a header that is cut short reads as zeros, and is not shown.
template <class Header>
std::optional<Header> Dissector::header_of(std::string name, std::uint32_t octets,
                                           std::span<const ValueRule<Header>> rules) {
  const std::uint32_t there = begin_layer(std::move(name), octets);
  std::array<std::uint8_t, Header::kOctets> whole{};
  std::copy_n(here(), std::min(there, Header::kOctets), whole.begin());
  const Header read = Header::read(whole.data());
  for (const ValueRule<Header>& rule : rules) {
    if (rule.at + rule.octets <= there)
      field(rule.name, at_ + rule.at, rule.octets, rule.text(read), rule.meaning);
  }
  return end_layer(there, octets) ? std::optional(read) : std::nullopt;
}

// How octets read.
namespace text {
std::string number8(const std::uint8_t* octets);
std::string number16(const std::uint8_t* octets);
std::string number32(const std::uint8_t* octets);
std::string hex16(const std::uint8_t* octets);
std::string mac(const std::uint8_t* octets);
std::string mac(const inet::MacAddress& address);
std::string ether_type(const std::uint8_t* octets);
std::string ether_type(std::uint16_t type);
std::string ip_protocol(std::uint8_t protocol);
std::string ip_protocol(const std::uint8_t* octets);
std::string port(std::uint16_t port);
std::string hex(std::uint64_t value, int digits);
std::string octets(std::uint64_t count);  // "1 octet", "48 octets"
}  // namespace text

}  // namespace mailscope::tcp
