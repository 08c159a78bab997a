// Ethernet (IEEE 802.3, DIX frames) and ARP over it (RFC 826) for IPv4.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <string>

#include "protocols/base/address.hpp"
#include "protocols/inet/header.hpp"
#include "protocols/inet/numbers.hpp"
#include "protocols/inet/octets.hpp"

namespace mailscope::inet {

struct MacAddress {
  std::array<std::uint8_t, 6> octets{};

  static MacAddress broadcast() { return {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}; }
  static MacAddress read(const std::uint8_t* at) {
    MacAddress address;
    std::memcpy(address.octets.data(), at, 6);
    return address;
  }
  bool is_at(const std::uint8_t* at) const {
    return get32(octets.data()) == get32(at) && get16(octets.data() + 4) == get16(at + 4);
  }
  // Of a group of stations; the broadcast address is one.
  bool is_multicast() const { return (octets[0] & 1) != 0; }
  std::string text() const;  // "02:00:00:00:00:01"

  friend auto operator<=>(const MacAddress&, const MacAddress&) = default;
  friend bool operator==(const MacAddress& a, const MacAddress& b) {
    return a.is_at(b.octets.data());
  }
};

struct Ethernet {
  static constexpr std::uint32_t kOctets = 14;
  static constexpr std::uint16_t kTypeMin = 1536;  // below it is a length: 802.3

  MacAddress destination, source;
  std::uint16_t type = 0;  // EtherType, or an 802.3 length

  static Ethernet read(const std::uint8_t* at) {
    return {MacAddress::read(at), MacAddress::read(at + 6), get16(at + 12)};
  }
  static Parsed<Ethernet> parse(Octets octets) { return parse_header<Ethernet>(octets); }
  static std::optional<HeaderError> check(Octets octets) {
    return octets.size() < kOctets ? short_of(kOctets) : std::nullopt;
  }
  void emit(std::uint8_t* at) const {
    std::memcpy(at, destination.octets.data(), 6);
    std::memcpy(at + 6, source.octets.data(), 6);
    put16(at + 12, type);
  }

  friend bool operator==(const Ethernet&, const Ethernet&) = default;
};

// Behind an Ethernet header of type kEtherArp. Hardware and protocol other than Ethernet and IPv4
// count as malformed.
struct Arp {
  static constexpr std::uint32_t kOctets = 28;
  enum Operation : std::uint16_t { kRequest = 1, kReply = 2 };

  std::uint16_t operation = kRequest;
  MacAddress sender_mac;
  IpAddress sender;
  MacAddress target_mac;  // zero in a request
  IpAddress target;

  static Arp read(const std::uint8_t* at);
  static Parsed<Arp> parse(Octets octets);
  void emit(std::uint8_t* at) const;

  friend bool operator==(const Arp&, const Arp&) = default;
};

}  // namespace mailscope::inet
