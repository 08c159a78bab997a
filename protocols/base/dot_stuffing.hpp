// Dot-stuffing: message content as SMTP's DATA and POP3's RETR and TOP carry it. RFC 5321 §4.5.2,
// RFC 1939 §3.
//
// On the wire a line that begins with a dot gets one more dot in front, and a line that is a dot
// and nothing else ends the content. Only CRLF ends a line: after a bare LF or CR a dot is an
// ordinary octet, so that none of LF.LF, CR.CR, CRLF.LF, LF.CRLF and their like ends the content
// (RFC 5321 §4.1.1.4).
//
// DotDecoder takes the wire's octets in any chunking and hands through pieces of the content
// without copying them; what the pieces add up to never depends on the chunking. It reports bare
// CR, bare LF, NUL and over-long lines in `faults` and goes on: whether that is refused is the
// caller's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mailscope {

// Content → wire. The content may come in pieces; its lines end in CRLF.
class DotEncoder {
 public:
  // Appends the piece to `wire`, dots doubled where a line begins with one.
  void encode(std::string_view piece, std::string& wire);
  // Appends the end: a CRLF where the last line lacks one (RFC 5321 §4.1.1.4), and the dot line.
  void finish(std::string& wire);

 private:
  enum class At : std::uint8_t { LineStart, Text, Cr } at_ = At::LineStart;
};

// The whole of it: content dot-stuffed, with the final dot line.
std::string dot_stuffed(std::string_view content);

// What was wrong with the content's lines, counted. NUL and 8-bit octets are no line faults, but
// NUL is worth knowing of.
struct ContentFaults {
  std::uint64_t bare_cr = 0;
  std::uint64_t bare_lf = 0;
  std::uint64_t nul = 0;
  std::uint64_t long_lines = 0;  // longer than the limit, CRLF included, stuffed dot not counted
  // Wire offset, from the content's beginning, of the first of each; meaningful where counted.
  std::uint64_t first_bare_cr = 0;
  std::uint64_t first_bare_lf = 0;
  std::uint64_t first_nul = 0;
  std::uint64_t first_long_line = 0;

  bool bare() const { return bare_cr != 0 || bare_lf != 0; }
};

class DotDecoder {
 public:
  // The limit is at least 64.
  explicit DotDecoder(std::size_t line_octets_max = 1000) : line_octets_max_(line_octets_max) {}

  // Takes octets off the front of `input` and returns the next piece of content. An empty piece
  // means that all of `input` was taken, or that finished(). A piece points into `input` or to
  // static storage. What lies behind the final dot line stays in `input`.
  std::string_view next(std::string_view& input);

  bool finished() const { return state_ == State::Finished; }
  // Octets of the wire taken so far, stuffing and final dot line included.
  std::uint64_t wire_octets() const { return taken_; }
  const ContentFaults& faults() const { return faults_; }

  // `octets` of the wire are unknown. What was begun is over; a dot line right behind the gap still
  // ends the content. (Octets withheld before it, at most ".\r", are dropped.)
  void gap(std::uint64_t octets);

  // Ready for new content.
  void reset();

 private:
  enum class State : std::uint8_t { LineStart, Text, Cr, Dot, DotCr, Finished };
  std::size_t scan(std::string_view input);
  void count_line_start(std::uint64_t at);
  std::string_view take_text(std::string_view& input);
  bool take_dots(std::string_view& input, std::string_view& piece);

  std::size_t line_octets_max_;
  std::uint64_t taken_ = 0;
  std::uint64_t line_begin_ = 0;  // wire offset of the current line, behind a stuffed dot
  State state_ = State::LineStart;
  ContentFaults faults_;
};

// The same for content whose lines end in a bare LF, of a peer that speaks so throughout. A named
// leniency, for observers only. It looks for no faults.
class BareLfDotDecoder {
 public:
  // As DotDecoder's. What follows a gap is taken to be the rest of a line.
  std::string_view next(std::string_view& input);
  bool finished() const { return at_ == At::End; }
  void gap(std::uint64_t) { at_ = At::Text; }

 private:
  enum class At : std::uint8_t { LineStart, Dot, Text, End } at_ = At::LineStart;
};

}  // namespace mailscope
