// What all headers of this folder have in common.
//
// A header is a value. Each has
//   read(at)         its fields as they stand; kOctets octets are there, nothing is judged
//   check(octets)    what is wrong with it, or nothing; for headers that every frame has, whose
//                    readers can do without the copy in an expected
//   parse(octets)    both; `octets` begins with the header and may go on behind it
//   emit(at, ...)    writes it; what is derived (lengths, checksums) is given or computed
// so that parse(emit(header)) is the header again. Numbers are in host order. Checksums are not
// verified by parse(): a sending host's capture has them wrong where its network card computes
// them. See checksum.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <tl/expected.hpp>

namespace mailscope::inet {

using Octets = std::span<const std::uint8_t>;

struct HeaderError {
  enum class Kind : std::uint8_t {
    Short,      // no error of the header: it needs `octets` in all, and fewer are here
    Malformed,  // it contradicts itself
  };
  Kind kind = Kind::Malformed;
  std::uint32_t octets = 0;

  friend bool operator==(const HeaderError&, const HeaderError&) = default;
};

template <class Header>
using Parsed = tl::expected<Header, HeaderError>;

inline constexpr HeaderError kMalformedHeader = {HeaderError::Kind::Malformed, 0};

inline std::optional<HeaderError> short_of(std::uint32_t octets_needed) {
  return HeaderError{HeaderError::Kind::Short, octets_needed};
}
template <class Header>
Parsed<Header> parse_header(Octets octets) {
  if (const auto error = Header::check(octets)) return tl::make_unexpected(*error);
  return Header::read(octets.data());
}

inline auto too_short(std::uint32_t octets_needed) {
  return tl::make_unexpected(HeaderError{HeaderError::Kind::Short, octets_needed});
}
inline auto malformed() {
  return tl::make_unexpected(HeaderError{HeaderError::Kind::Malformed, 0});
}

}  // namespace mailscope::inet
