// From a frame's octets to its TCP segment or UDP datagram: link layer, tags and tunnels, IP,
// ports.
//
// Sources: IEEE 802.3 and 802.1Q (802.1ad), RFC 1042 (SNAP), RFC 3032 (MPLS), RFC 2516 (PPPoE), RFC
// 1661 (PPP), RFC 2784 and 2890 (GRE), RFC 2637 (PPTP's GRE), RFC 791 (IPv4), RFC 8200 (IPv6), RFC
// 2003 and 4213 (IP in IP), RFC 9293 (TCP), RFC 768 (UDP); link types: tcpdump.org/linktypes.html.
//
// Units: offsets and lengths are octets from the frame's first octet. Ports, sequence numbers and
// lengths are in host order.
//
// Every read is checked: any octets may be given. Nothing is allocated, no checksum is verified (a
// sending host's capture has them wrong where its network card computes them).
//
// Leaves out: 802.3 with LLC other than SNAP, 802.11, VXLAN and other tunnels over UDP, ESP.
#pragma once

#include <cstdint>
#include <string_view>

#include "protocols/base/address.hpp"
#include "protocols/inet/tcp.hpp"

namespace mailscope::tcp {

// LINKTYPE_ values, for those who make or compare them.
inline constexpr std::uint16_t kLinkNull = 0, kLinkEthernet = 1, kLinkPpp = 9, kLinkPppHdlc = 50,
                               kLinkPppEther = 51, kLinkRaw = 101, kLinkCiscoHdlc = 104,
                               kLinkLoop = 108, kLinkCooked = 113, kLinkPppDirection = 204,
                               kLinkIpv4 = 228, kLinkIpv6 = 229, kLinkNflog = 239,
                               kLinkCooked2 = 276;

using enum inet::TcpFlag;

struct Decoded {
  enum class What : std::uint8_t {
    Tcp,        // everything below is set
    Udp,        // likewise, without seq, ack, flags and window
    Fragment,   // a piece of an IP datagram: addresses, protocol and the fragment's fields are set
    OtherIp,    // another protocol over IP; addresses and protocol are set
    NotIp,      // ARP, spanning tree, ...
    Cut,        // the capture ends within a header
    Malformed,  // a header contradicts itself or its surroundings
    UnknownLink,  // a link type that is not read
  };
  What what = What::NotIp;
  std::uint8_t ip_version = 0;  // 4 or 6: the innermost IP header's
  std::uint8_t protocol = 0;    // IP protocol number of what it carries
  std::uint8_t flags = 0;       // TcpFlag
  std::uint16_t source_port = 0, destination_port = 0;
  std::uint16_t window = 0;  // as sent, not scaled
  bool more_fragments = false;
  IpAddress source, destination;  // the innermost IP header's
  std::uint32_t seq = 0, ack = 0;
  std::uint32_t ip_at = 0;                // the innermost IP header
  std::uint32_t transport_at = 0;         // the TCP or UDP header, or a fragment's first octet
  std::uint32_t payload_at = 0;           // of TCP or UDP; a fragment: = transport_at
  std::uint32_t payload_octets = 0;       // of them in the frame
  std::uint32_t payload_wire_octets = 0;  // as the IP and TCP headers say; >= payload_octets
  std::uint32_t fragment_id = 0;          // IPv4 identification, IPv6 fragment header
  std::uint32_t fragment_offset = 0;      // octets

  bool is_tcp() const { return what == What::Tcp; }
  bool is_udp() const { return what == What::Udp; }
};

// `wire_octets`: the frame's length on the wire; 0 or less than frame.size(): as captured.
Decoded decode(std::string_view frame, std::uint16_t link_type, std::uint32_t wire_octets = 0);

// The same from an IP datagram's payload onwards, for a datagram put together from fragments: `ip`
// is what decode() said of a fragment, `payload` all of its octets. Offsets count from payload's
// first octet. Addresses stay those of `ip` unless a tunnel within has its own.
Decoded decode_payload(const Decoded& ip, std::string_view payload);

}  // namespace mailscope::tcp
