// What the simplest layer makes of octets, for the tests of layers on either side.
#pragma once

#include <string>
#include <string_view>

namespace mailscope::testing {

// Every bit the other way round.
inline std::string inverted(std::string_view octets) {
  std::string other(octets);
  for (char& octet : other) octet = static_cast<char>(~octet);
  return other;
}

}  // namespace mailscope::testing
