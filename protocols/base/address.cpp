#include "protocols/base/address.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace mailscope {

IpAddress IpAddress::v4(std::uint32_t host_order) {
  return v4(static_cast<std::uint8_t>(host_order >> 24),
            static_cast<std::uint8_t>(host_order >> 16), static_cast<std::uint8_t>(host_order >> 8),
            static_cast<std::uint8_t>(host_order));
}

IpAddress IpAddress::v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  IpAddress address;
  address.octets[0] = a;
  address.octets[1] = b;
  address.octets[2] = c;
  address.octets[3] = d;
  return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated(text);
  IpAddress address;
  if (inet_pton(AF_INET, terminated.c_str(), address.octets.data()) == 1) return address;
  address.v6 = true;
  if (inet_pton(AF_INET6, terminated.c_str(), address.octets.data()) == 1) return address;
  return std::nullopt;
}

bool IpAddress::is_loopback() const {
  if (!v6) return octets[0] == 127;
  IpAddress loopback;
  loopback.v6 = true;
  loopback.octets[15] = 1;
  return *this == loopback;
}

bool IpAddress::is_multicast() const {
  return v6 ? octets[0] == 0xff : octets[0] >> 4 == 14;
}

bool IpAddress::is_link_local() const {
  return v6 ? octets[0] == 0xfe && octets[1] >> 6 == 2 : octets[0] == 169 && octets[1] == 254;
}

IpAddress IpAddress::network(int prefix) const {
  IpAddress result = *this;
  for (int i = 0; i < 16; ++i) {
    const int kept = std::clamp(prefix - 8 * i, 0, 8);
    result.octets[static_cast<std::size_t>(i)] &= static_cast<std::uint8_t>(0xff00 >> kept);
  }
  return result;
}

bool IpAddress::is_within(const IpAddress& network, int prefix) const {
  if (v6 != network.v6) return false;
  const auto whole = static_cast<std::size_t>(prefix / 8);
  if (std::memcmp(octets.data(), network.octets.data(), whole) != 0) return false;
  const int rest = prefix % 8;
  return rest == 0 || ((octets[whole] ^ network.octets[whole]) >> (8 - rest)) == 0;
}

std::string IpAddress::text() const {
  char buffer[INET6_ADDRSTRLEN];
  inet_ntop(v6 ? AF_INET6 : AF_INET, octets.data(), buffer, sizeof buffer);
  return buffer;
}

}  // namespace mailscope
