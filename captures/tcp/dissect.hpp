// Takes a frame apart into its layers, for people: each layer's fields with their octets and a
// plain sentence on what they are for. For one frame at a time, on demand: it allocates freely.
//
// Sources and names: IEEE 802.3 and 802.1Q, RFC 826 (ARP), RFC 791, RFC 8200, RFC 792 and 4443
// (ICMP), RFC 4861 (neighbour discovery), RFC 9293 (TCP), RFC 768 (UDP), RFC 2784 (GRE), RFC 3032
// (MPLS), RFC 2516 (PPPoE). The fields of a datagram's own language: captures/languages.
//
// Any octets may be given. A header that is cut short shows the fields that are there, and says so
// in its summary. Octet ranges are offsets in the frame and never reach beyond it.
//
// Leaves out: the fields of what talks over TCP (captures/observe reads that), ARP over anything
// but Ethernet and IPv4.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::tcp {

struct Field {
  std::string name;         // "Time to live", as the RFC or Wireshark has it
  std::string value;        // "62"
  std::uint32_t begin = 0;  // its octets in the frame
  std::uint32_t end = 0;
  std::string_view meaning;  // one plain line, or empty; static storage
};

enum class Checksum : std::uint8_t {
  None,       // the layer has none, or the sender did not use it (UDP over IPv4: zero)
  Unchecked,  // not all octets that it covers are here
  Good,
  Bad,  // on the sending host often only not yet computed: the network card does it
};

struct Layer {
  std::string
      name;  // "Ethernet", "802.1Q", "ARP", "IPv4", "IPv6", "UDP", "DNS", "TCP", "Payload", ...
  std::string summary;  // "10.0.2.25 → 10.0.1.25 · ttl 62 · 48 octets"
  std::uint32_t begin = 0;
  std::uint32_t end = 0;  // of its header; of its octets for "Payload" and "Padding"
  Checksum checksum = Checksum::None;
  std::vector<Field> fields;
};

// Outermost first. `wire_octets` 0: as many as captured.
std::vector<Layer> dissect(std::string_view frame, std::uint16_t link_type,
                           std::uint32_t wire_octets = 0);

}  // namespace mailscope::tcp
