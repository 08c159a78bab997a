// Where frames come from, whoever makes them: a file, a file that is still being written, a network
// interface, the record that a simulator makes. Whoever reads asks next(), and what comes next is a
// frame, or nothing yet, or the end.
//
// Units: times are Unix nanoseconds; lengths are octets; link types are LINKTYPE_ values as in
// files (tcpdump.org/linktypes.html), not this platform's DLT_ values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mailscope::pcap {

inline constexpr std::uint64_t kOffsetUnknown = UINT64_MAX;
inline constexpr std::uint32_t kNotKept = UINT32_MAX;

struct Packet {
  std::int64_t at = 0;
  std::string_view octets;        // what was captured; valid until the source's next next()
  std::uint32_t wire_octets = 0;  // what was on the wire; never less than octets.size()
  std::uint16_t link_type = 1;
  // Where `octets` begin in the file; kOffsetUnknown where that is not certain (then keep a copy).
  std::uint64_t file_offset = kOffsetUnknown;
  // Its Id in the trace, where its record is kept there already.
  std::uint32_t kept = kNotKept;
};

enum class Next : std::uint8_t {
  Frame,
  NothingYet,  // ask again later
  End,         // none will come: the end, or FrameSource::problem()
};

class FrameSource {
 public:
  virtual ~FrameSource() = default;
  virtual Next next(Packet& packet) = 0;
  // Behind the End: empty, or one line "NAME: what is wrong, what would be right".
  virtual const std::string& problem() const = 0;
};

}  // namespace mailscope::pcap
