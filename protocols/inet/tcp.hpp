// TCP headers and their options. RFC 9293 §3.1, §3.2; window scale and timestamps: RFC 7323;
// selective acknowledgments: RFC 2018.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocols/inet/header.hpp"
#include "protocols/inet/octets.hpp"

namespace mailscope::inet {

enum TcpFlag : std::uint8_t {
  kFin = 0x01,
  kSyn = 0x02,
  kRst = 0x04,
  kPsh = 0x08,
  kAck = 0x10,
  kUrg = 0x20,
  kEce = 0x40,
  kCwr = 0x80,
};

// "SYN, ACK"; "none" for 0.
std::string tcp_flags_text(std::uint8_t flags);

// Sequence numbers are compared modulo 2^32 (RFC 9293 §3.4).
inline bool seq_before(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b) < 0;
}
inline bool seq_at_most(std::uint32_t a, std::uint32_t b) {
  return !seq_before(b, a);
}

// One option, wherever it stands. Kinds 0 and 1 (end of list, no operation) are one octet.
struct TcpOption {
  enum Kind : std::uint8_t {
    kEnd = 0,
    kNoOperation = 1,
    kMss = 2,
    kWindowScale = 3,
    kSackPermitted = 4,
    kSack = 5,
    kTimestamps = 8,
    kFastOpenCookie = 34,
  };
  std::uint8_t kind = kEnd;
  Octets octets;  // all of its octets; empty when the list is broken off here

  bool is_broken() const { return octets.empty(); }
  // The one that `list` begins with; `list` is not empty.
  static TcpOption first(Octets list);
};

// The options as a value. What is not here is passed over.
struct TcpOptionList {
  std::optional<std::uint16_t> mss;
  std::optional<std::uint8_t> window_scale;  // at most 14
  bool sack_permitted = false;

  static TcpOptionList parse(Octets list);
  // A multiple of 4, filled up with no operations in front of what they align.
  std::uint32_t octets() const {
    return (mss ? 4U : 0U) + (window_scale ? 4U : 0U) + (sack_permitted ? 4U : 0U);
  }
  void emit(std::uint8_t* at) const;

  friend bool operator==(const TcpOptionList&, const TcpOptionList&) = default;
};

struct Tcp {
  static constexpr std::uint32_t kOctets = 20;  // without options

  std::uint16_t source_port = 0, destination_port = 0;
  std::uint32_t sequence = 0, acknowledgment = 0;
  std::uint8_t header_octets = kOctets;  // with options
  std::uint8_t flags = 0;                // TcpFlag
  std::uint16_t window = 0;              // as sent, not scaled
  std::uint16_t checksum = 0;            // as it stands; emit() computes its own
  std::uint16_t urgent = 0;

  bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
  static Octets options_at(const std::uint8_t* at, std::uint8_t header_octets) {
    return {at + kOctets, at + header_octets};
  }

  static Tcp read(const std::uint8_t* at) {
    return {get16(at),
            get16(at + 2),
            get32(at + 4),
            get32(at + 8),
            static_cast<std::uint8_t>((at[12] >> 4) * 4U),
            at[13],
            get16(at + 14),
            get16(at + 16),
            get16(at + 18)};
  }
  // Short only without its first 20 octets: of what follows a capture may have kept a part.
  static Parsed<Tcp> parse(Octets octets) { return parse_header<Tcp>(octets); }
  static std::optional<HeaderError> check(Octets octets) {
    if (octets.size() < kOctets) return short_of(kOctets);
    if (octets[12] >> 4 < 5) return kMalformedHeader;
    return std::nullopt;
  }
  // `options` stand behind the 20 octets already (header_octets says how many), and the payload
  // behind them. `covered` is the sum (checksum.hpp) of the payload and of the pseudo header.
  void emit(std::uint8_t* at, std::uint64_t covered) const;

  friend bool operator==(const Tcp&, const Tcp&) = default;
};

}  // namespace mailscope::inet
