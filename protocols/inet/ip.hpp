// IPv4 (RFC 791) and IPv6 (RFC 8200) headers, and the IPv6 addresses that are made from others.
#pragma once

#include <cstdint>
#include <optional>

#include "protocols/base/address.hpp"
#include "protocols/inet/ethernet.hpp"
#include "protocols/inet/header.hpp"
#include "protocols/inet/octets.hpp"

namespace mailscope::inet {

struct Ipv4 {
  static constexpr std::uint32_t kOctets = 20;  // without options

  std::uint8_t version = 4;
  std::uint8_t header_octets = kOctets;  // with options; emit() writes none
  std::uint8_t service = 0;              // DSCP and ECN
  std::uint16_t total_octets = 0;  // header and payload; 0 where a network card is to cut segments
  std::uint16_t id = 0;
  bool dont_fragment = false;
  bool more_fragments = false;
  std::uint16_t fragment_offset = 0;  // octets, a multiple of 8
  std::uint8_t ttl = 64;
  std::uint8_t protocol = 0;
  std::uint16_t checksum = 0;  // as it stands; emit() computes its own
  IpAddress source, destination;

  bool is_fragment() const { return more_fragments || fragment_offset != 0; }

  static Ipv4 read(const std::uint8_t* at) {
    Ipv4 ip;
    ip.version = at[0] >> 4;
    ip.header_octets = static_cast<std::uint8_t>((at[0] & 15U) * 4);
    ip.service = at[1];
    ip.total_octets = get16(at + 2);
    ip.id = get16(at + 4);
    const std::uint16_t fragment = get16(at + 6);
    ip.dont_fragment = (fragment & 0x4000) != 0;
    ip.more_fragments = (fragment & 0x2000) != 0;
    ip.fragment_offset = static_cast<std::uint16_t>((fragment & 0x1fff) * 8);
    ip.ttl = at[8];
    ip.protocol = at[9];
    ip.checksum = get16(at + 10);
    ip.source = v4_at(at + 12);
    ip.destination = v4_at(at + 16);
    return ip;
  }
  // Malformed: another version, a header shorter than itself, a total shorter than the header.
  // Short: the fields or the options are not all there.
  static Parsed<Ipv4> parse(Octets octets) { return parse_header<Ipv4>(octets); }
  static std::optional<HeaderError> check(Octets octets) {
    if (octets.size() < kOctets) return short_of(kOctets);
    const std::uint32_t header = (octets[0] & 15U) * 4, total = get16(octets.data() + 2);
    if (octets[0] >> 4 != 4 || header < kOctets || (total != 0 && total < header))
      return kMalformedHeader;
    if (octets.size() < header) return short_of(header);
    return std::nullopt;
  }
  void emit(std::uint8_t* at) const;
  // A router takes one from the TTL of the header at `at` and mends the checksum (RFC 1624). False
  // when the packet may go no further; then nothing is changed.
  static bool take_hop(std::uint8_t* at);
  // Whether the header at `at`, parsed before, is undamaged with its options.
  static bool is_good_at(const std::uint8_t* at);

  friend bool operator==(const Ipv4&, const Ipv4&) = default;
};

struct Ipv6 {
  static constexpr std::uint32_t kOctets = 40;

  std::uint8_t version = 6;
  std::uint8_t traffic_class = 0;
  std::uint32_t flow_label = 0;      // 20 bits
  std::uint16_t payload_octets = 0;  // behind this header; 0 for a jumbogram
  std::uint8_t next_header = 0;      // IpProtocol
  std::uint8_t hop_limit = 64;
  IpAddress source, destination;

  static Ipv6 read(const std::uint8_t* at) {
    Ipv6 ip;
    const std::uint32_t first = get32(at);
    ip.version = at[0] >> 4;
    ip.traffic_class = static_cast<std::uint8_t>(first >> 20);
    ip.flow_label = first & 0xfffff;
    ip.payload_octets = get16(at + 4);
    ip.next_header = at[6];
    ip.hop_limit = at[7];
    ip.source = IpAddress::from_v6(at + 8);
    ip.destination = IpAddress::from_v6(at + 24);
    return ip;
  }
  static Parsed<Ipv6> parse(Octets octets) { return parse_header<Ipv6>(octets); }
  static std::optional<HeaderError> check(Octets octets) {
    if (octets.size() < kOctets) return short_of(kOctets);
    if (octets[0] >> 4 != 6) return kMalformedHeader;
    return std::nullopt;
  }
  void emit(std::uint8_t* at) const;
  static bool take_hop(std::uint8_t* at) { return at[7] > 1 && --at[7] > 0; }

  friend bool operator==(const Ipv6&, const Ipv6&) = default;
};

// The extension header of a fragment, RFC 8200 §4.5.
struct Ipv6Fragment {
  static constexpr std::uint32_t kOctets = 8;

  std::uint8_t next_header = 0;
  std::uint16_t offset = 0;  // octets, a multiple of 8
  bool more = false;
  std::uint32_t id = 0;

  // Not so an atomic fragment (RFC 6946): it is the whole datagram.
  bool is_fragment() const { return more || offset != 0; }

  static Ipv6Fragment read(const std::uint8_t* at) {
    const std::uint16_t fragment = get16(at + 2);
    return {at[0], static_cast<std::uint16_t>(fragment & 0xfff8), (fragment & 1) != 0,
            get32(at + 4)};
  }
  static Parsed<Ipv6Fragment> parse(Octets octets) { return parse_header<Ipv6Fragment>(octets); }
  static std::optional<HeaderError> check(Octets octets) {
    return octets.size() < kOctets ? short_of(kOctets) : std::nullopt;
  }
  void emit(std::uint8_t* at) const;

  friend bool operator==(const Ipv6Fragment&, const Ipv6Fragment&) = default;
};

// fe80::/64 and the interface identifier made from the MAC address. RFC 4291 §2.5.6, appendix A.
IpAddress link_local(const MacAddress& mac);
// ff02::1:ffXX:XXXX, where who has the address listens. RFC 4291 §2.7.1.
IpAddress solicited_node(const IpAddress& address);
// 33:33 and the last four octets. RFC 2464 §7.
MacAddress multicast_mac(const IpAddress& group);

}  // namespace mailscope::inet
