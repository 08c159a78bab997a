// Reads the packets of a pcapng file. Our own, because libpcap refuses a file whose interfaces
// differ in link type or snap length, and such files are common: every capture on two interfaces,
// every merge.
//
// Source: draft-ietf-opsawg-pcapng. A file is a row of blocks (numbers in the section's byte
// order):
//
//   Block type (4) | total length (4) | body, padded to 4 octets | total length again (4)
//
//   0A0D0D0A Section Header:  byte-order magic 1A2B3C4D | major (2) minor (2) | section length (8)
//   1 Interface Description:  link type (2) | reserved (2) | snap length (4) | options
//   6 Enhanced Packet:        interface (4) | time high (4) low (4) | captured (4) wire (4) |
//   octets 2 Packet (obsolete):      interface (2) drops (2) | then as above 3 Simple Packet: wire
//   (4) | octets; interface 0, no time option:                   code (2) | length (2) | value,
//   padded to 4; code 0 ends the list
//
// Units: Unix nanoseconds; offsets from the file's first octet. Other blocks are passed over.
//
// Errors: next() is false and problem() says what is wrong at which block (empty after a clean
// end).
//
// Lifetimes: Packet::octets is valid until the next next().
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "captures/pcap/reader.hpp"

namespace mailscope::pcap {

class PcapngReader {
 public:
  static constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
  static constexpr std::uint32_t kBlockOctetsMax = 16 << 20;
  static constexpr std::size_t kInterfacesMax = 1 << 16;

  // `file` stays the caller's and stands at its beginning. `offsets_known`: it is a file that can
  // be opened again.
  PcapngReader(std::FILE* file, bool offsets_known) : file_(file), offsets_known_(offsets_known) {}

  // Reads up to the first interface, so that link_type() is known.
  bool open();
  bool next(Packet& packet);
  // Whether next() finds a packet (or what is wrong) in the file's first octets, without reading
  // behind them. Passes over whole blocks that are none.
  bool has_packet(std::uint64_t file_octets);

  const std::string& problem() const { return problem_; }
  std::uint16_t link_type() const { return interfaces_seen_ ? first_link_type_ : 1; }
  std::uint32_t snap_length() const { return first_snap_length_; }
  std::uint64_t position() const { return position_; }

 private:
  struct Interface {
    std::uint16_t link_type = 1;
    std::uint32_t snap_length = 0;
    std::uint8_t resolution = 6;  // as if_tsresol: 10^-n, or 2^-n with the top bit set
    std::int64_t offset_seconds = 0;
  };
  enum class Block : std::uint8_t { Packet, Other, End };

  Block read_block(Packet& packet);
  bool is_whole(std::uint64_t file_octets, bool& packet) const;
  bool read_section_header(std::uint32_t total_as_read);
  bool read_body(std::uint32_t octets);
  Block fail(std::string what);
  bool interface_block();
  void interface_options(Interface& interface, std::size_t at) const;
  Block packet_block(std::uint32_t type, Packet& packet);
  std::int64_t time_of(const Interface& interface, std::uint64_t ticks) const;
  std::uint32_t number4(const char* at) const;
  std::uint16_t number2(const char* at) const;

  std::FILE* file_;
  bool offsets_known_;
  bool big_endian_ = false;
  bool section_seen_ = false;
  bool interfaces_seen_ = false;
  bool over_ = false;
  std::uint16_t first_link_type_ = 1;
  std::uint32_t first_snap_length_ = 0;
  std::uint64_t position_ = 0;  // behind the last block read
  std::uint64_t block_start_ = 0;
  std::vector<Interface> interfaces_;  // of this section
  std::vector<char> body_;             // of the last block, without its lengths
  std::size_t body_octets_ = 0;
  std::string problem_;
};

}  // namespace mailscope::pcap
