// An IPv4 or IPv6 address as a value. RFC 791, RFC 4291; text form RFC 5952.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace mailscope {

// Octets in network order; an IPv4 address uses the first four and leaves the others zero.
struct IpAddress {
  std::array<std::uint8_t, 16> octets{};
  bool v6 = false;

  static IpAddress v4(std::uint32_t host_order);
  static IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d);
  static IpAddress from_v4(const std::uint8_t* four_octets) {
    IpAddress address;
    std::memcpy(address.octets.data(), four_octets, 4);
    return address;
  }
  static IpAddress from_v6(const std::uint8_t* sixteen_octets) {
    IpAddress address;
    address.v6 = true;
    std::memcpy(address.octets.data(), sixteen_octets, 16);
    return address;
  }
  // "10.0.1.2" or "2001:db8::1"; nothing for anything else.
  static std::optional<IpAddress> parse(std::string_view text);

  std::uint32_t v4_value() const {  // host order; only for an IPv4 address
    return std::uint32_t{octets[0]} << 24 | std::uint32_t{octets[1]} << 16 |
           std::uint32_t{octets[2]} << 8 | octets[3];
  }
  int bits() const { return v6 ? 128 : 32; }
  bool is_unspecified() const { return octets == decltype(octets){}; }  // 0.0.0.0, ::
  bool is_loopback() const;                                             // 127.0.0.0/8, ::1
  bool is_multicast() const;                                            // 224.0.0.0/4, ff00::/8
  bool is_link_local() const;                                           // 169.254.0.0/16, fe80::/10
  // The first `prefix` bits, the others zero.
  IpAddress network(int prefix) const;
  // Whether those are `network`'s, of the same version.
  bool is_within(const IpAddress& network, int prefix) const;
  std::string text() const;

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

}  // namespace mailscope
