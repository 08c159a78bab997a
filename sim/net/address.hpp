// The addresses of the simulated network: Ethernet MAC, and address with port.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

#include "protocols/base/address.hpp"

namespace mailscope::sim {

struct MacAddress {
  std::array<std::uint8_t, 6> octets{};

  static MacAddress broadcast() { return {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}; }
  // Locally administered: 02:00:00:00:xx:xx, numbered in order of attachment from 1.
  static MacAddress numbered(std::uint16_t number) {
    return {
        {2, 0, 0, 0, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)}};
  }
  std::string text() const;  // "02:00:00:00:00:01"

  friend auto operator<=>(const MacAddress&, const MacAddress&) = default;
};

struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;

  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

}  // namespace mailscope::sim
