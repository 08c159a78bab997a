// The addresses of the simulated network: Ethernet MAC, and address with port.
#pragma once

#include <compare>
#include <cstdint>
#include <cstring>

#include "protocols/base/address.hpp"
#include "protocols/inet/ethernet.hpp"

namespace mailscope::sim {

using inet::MacAddress;

// Locally administered: 02:00:00:00:xx:xx, numbered in order of attachment from 1.
inline MacAddress numbered_mac(std::uint16_t number) {
  return {{2, 0, 0, 0, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)}};
}

// What == says, by words: it is asked for every packet.
inline bool same(const IpAddress& a, const IpAddress& b) {
  std::uint64_t x[2], y[2];
  std::memcpy(x, a.octets.data(), sizeof x);
  std::memcpy(y, b.octets.data(), sizeof y);
  return ((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0 && a.v6 == b.v6;
}

struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;

  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

}  // namespace mailscope::sim
