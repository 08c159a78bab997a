// An IPv4 or IPv6 address as a value. RFC 791, RFC 4291; text form RFC 5952.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
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
  static IpAddress from_v6(const std::uint8_t* sixteen_octets);
  // "10.0.1.2" or "2001:db8::1"; nothing for anything else.
  static std::optional<IpAddress> parse(std::string_view text);

  std::uint32_t v4_value() const;  // host order; only for an IPv4 address
  std::string text() const;

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

}  // namespace mailscope
