// Reads the packets of a capture file (pcap or pcapng, either byte order, micro- or nanoseconds),
// and says where in the file each packet's octets lie. Classic pcap in all its variants is read by
// libpcap; pcapng by pcapng.hpp, which also says why.
//
// Source: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
//
// Units: times are Unix nanoseconds; lengths are octets; link types are LINKTYPE_ values as in
// files (tcpdump.org/linktypes.html), not this platform's DLT_ values.
//
// Errors: values. open() fails with one line, "FILE: what is wrong, what would be right"; a file
// that breaks off or goes bad later gives its packets up to there, then next() is false and
// problem() is such a line (empty after a clean end).
//
// Lifetimes: Packet::octets is valid until the next next(), or the Reader's end.
//
// Leaves out: compressed files; interface names, comments and secrets blocks of pcapng.
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace mailscope::pcap {

inline constexpr std::uint64_t kOffsetUnknown = UINT64_MAX;

struct Packet {
  std::int64_t at = 0;
  std::string_view octets;        // what was captured
  std::uint32_t wire_octets = 0;  // what was on the wire; never less than octets.size()
  std::uint16_t link_type = 1;
  // Where `octets` begin in the file; kOffsetUnknown where that is not certain (then keep a copy).
  std::uint64_t file_offset = kOffsetUnknown;
};

class Reader {
 public:
  // "-" reads standard input (its offsets are unknown).
  static tl::expected<Reader, std::string> open(const std::string& path);

  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  // The next packet; false at the end and at a problem.
  bool next(Packet& packet);

  // Empty, or one line "FILE: what is wrong, what would be right".
  const std::string& problem() const;

  std::uint16_t link_type() const;    // of the file (pcapng: of its first interface)
  std::uint32_t snap_length() const;  // what the file says; 0 if it says nothing useful
  std::uint64_t packets() const;      // given so far
  std::uint64_t file_octets() const;  // 0 where it cannot be known
  std::uint64_t position() const;     // in the file: for progress

 private:
  struct State;
  explicit Reader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace mailscope::pcap
