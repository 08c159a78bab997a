// The machinery behind dissect(): walks inwards through a frame and fills in layers from tables of
// fields. One file for the link layers, one for IP, one for TCP, UDP and their neighbours,
// one for DNS.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "captures/tcp/dissect.hpp"
#include "captures/tcp/numbers.hpp"
#include "protocols/dns/message.hpp"

namespace mailscope::tcp {

// One field of a header: where it lies from the header's beginning, and how its octets read.
struct FieldRule {
  const char* name;
  std::uint16_t at;
  std::uint16_t octets;
  std::string (*text)(const std::uint8_t* octets);
  std::string_view meaning;
};

class Dissector {
 public:
  Dissector(std::string_view frame, std::uint32_t wire_octets);
  std::vector<Layer> run(std::uint16_t link_type);

 private:
  // Where IP said that the datagram ends, and what its checksums cover beside it.
  struct Ip {
    std::uint8_t version = 0;
    std::uint8_t protocol = 0;
    const std::uint8_t* source = nullptr;
    const std::uint8_t* destination = nullptr;
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
  std::uint32_t ipv6_extension();
  std::uint32_t transport();
  std::uint32_t gre();
  std::uint32_t icmp();
  std::uint32_t tcp();
  std::uint32_t udp();
  std::uint32_t dns();
  void dns_records(const char* what, const std::vector<dns::Record>& records, std::uint32_t end);
  void tcp_options(std::uint32_t from, std::uint32_t to);
  void payload(std::string summary = {});
  void padding();

  // Adds a layer with the rules' fields that are there, and moves at_ behind the header. False when
  // the header is cut short: then the layer says so and there is nothing further in.
  bool header(std::string name, std::uint32_t octets, std::span<const FieldRule> rules);
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

// How octets read.
namespace text {
std::string number8(const std::uint8_t* octets);
std::string number16(const std::uint8_t* octets);
std::string number32(const std::uint8_t* octets);
std::string hex16(const std::uint8_t* octets);
std::string mac(const std::uint8_t* octets);
std::string ipv4(const std::uint8_t* octets);
std::string ipv6(const std::uint8_t* octets);
std::string ether_type(const std::uint8_t* octets);
std::string ip_protocol(const std::uint8_t* octets);
std::string port(const std::uint8_t* octets);
std::string hex(std::uint64_t value, int digits);
std::string octets(std::uint64_t count);  // "1 octet", "48 octets"
std::string_view port_name(std::uint16_t port);
}  // namespace text

}  // namespace mailscope::tcp
