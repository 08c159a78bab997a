// Where in a capture file the octets of the packet lie that libpcap has just read: libpcap does not
// say, but its FILE's position does, together with the blocks' lengths.
//
// Classic pcap: a record is a 16-octet header (24 in the variant with magic a1b2cd34) and the
// octets. Pcapng: the block that ends at the position names its length in its last four octets; the
// octets begin 28 octets into an Enhanced (or the obsolete) Packet Block, 12 into a Simple one. The
// guess is compared with libpcap's octets at the first packet of a file and wherever a length looks
// odd; what cannot be made sure is kOffsetUnknown.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mailscope::pcap {

class OffsetFinder {
 public:
  // `fd` stays the caller's; it is only read with pread. -1: every offset is unknown.
  explicit OffsetFinder(int fd);

  // `position`: in the file, after libpcap read this packet. Packets must come in order.
  std::uint64_t find(std::uint64_t position, std::string_view octets);

 private:
  enum class Format : std::uint8_t { Unknown, Pcap, Pcapng };
  std::uint64_t find_in_pcap(std::uint64_t position, std::string_view octets);
  std::uint64_t find_in_pcapng(std::uint64_t position, std::string_view octets);
  bool same(std::uint64_t at, std::string_view octets);
  std::optional<std::array<std::uint8_t, 4>> read4(std::uint64_t at);
  bool load(std::uint64_t at);

  int fd_;
  Format format_ = Format::Unknown;
  std::uint32_t record_header_ = 16;
  std::uint64_t previous_ = 24;  // where the record before ended
  bool compared_ = false;
  // A window of the file, so that most reads are no system call.
  std::array<char, 1 << 16> window_{};
  std::uint64_t window_at_ = 0;
  std::size_t window_octets_ = 0;
};

}  // namespace mailscope::pcap
