// One direction of a dialogue, as the observers of line protocols read it: lines, and between them
// message content and TLS.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "protocols/base/line_splitter.hpp"

namespace mailscope {

struct ObservedStream {
  // Of a line that is longer than `line_octets_max` the front is read. A bare LF ends a line, and
  // the line says so: observers show what two lenient peers said to each other.
  explicit ObservedStream(std::size_t line_octets_max)
      : lines(line_octets_max, LineSplitter::BareLf::EndsLine) {}

  // A line would begin here and a TLS record does (a handshake's: RFC 8446 §5.1). No command and no
  // reply begins with this octet; a line that is neither may.
  bool at_tls_handshake(std::string_view octets) const {
    return !lines.in_line() && !octets.empty() && octets.front() == 0x16;
  }

  LineSplitter lines;
  bool seen = false;   // octets of it came
  bool ended = false;  // and no more will come
};

// Takes message content off the front of `octets` until `decoder` (one of dot_stuffing.hpp) is
// finished or nothing is left. `at` is the stream offset of the next octet and moves along;
// report(piece, begin, end) is told of each piece and its range on the wire.
template <typename Decoder, typename Report>
void read_content(Decoder& decoder, std::uint64_t& at, std::string_view& octets,
                  const Report& report) {
  while (!octets.empty() && !decoder.finished()) {
    const std::uint64_t begin = at;
    const std::size_t before = octets.size();
    const std::string_view piece = decoder.next(octets);
    at += before - octets.size();
    if (!piece.empty()) report(piece, begin, at);
  }
}

}  // namespace mailscope
