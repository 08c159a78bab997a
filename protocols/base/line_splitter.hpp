// Splits an octet stream into lines at CRLF and nowhere else (unless an observer asks for more).
// RFC 5321 §2.3.8, §4.1.1.4; RFC 1939 §3.
//
// The stream comes in chunks of any size; how it is cut never changes the lines. next() takes
// octets off the front of a chunk and stops behind each line, so that a caller may read what
// follows in another way (message content, TLS) and say so with skip().
//
// A CR or LF by itself is never a line end: it stays in the line, and the line says so in `faults`.
// Nothing else is an error here. At most `line_octets_max` octets (CRLF included) are held; of a
// longer line the first octets are delivered, the rest is discarded, `faults` has kTooLong and the
// range [begin, end) still covers all of it.
//
// Line::text is valid until the splitter's next call, and not one call longer: it points into the
// chunk when the whole line lies in it, else into the splitter, whose buffer is used again (and in
// builds with assertions given back at once, so that a sanitizer finds who still reads it). Who
// wants a text for longer copies it; an observer's events have ObservedQueue for that. Searching is
// done with memchr; each octet is looked at a constant number of times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailscope {

struct Line {
  // Bits of `faults`.
  static constexpr std::uint8_t kBareCr = 1;
  static constexpr std::uint8_t kBareLf = 2;
  static constexpr std::uint8_t kNul = 4;
  static constexpr std::uint8_t kTooLong = 8;        // `text` is cut
  static constexpr std::uint8_t kUnterminated = 16;  // the stream ended or broke off inside it
  static constexpr std::uint8_t kHeadMissing =
      32;  // the first line behind a gap: `text` may be its tail

  std::string_view text;    // without its CRLF
  std::uint64_t begin = 0;  // octet range in the stream, CRLF included
  std::uint64_t end = 0;
  std::uint8_t faults = 0;

  bool has(std::uint8_t fault) const { return (faults & fault) != 0; }
  // No octet in it that a line must not hold.
  bool clean() const { return (faults & (kBareCr | kBareLf | kNul)) == 0; }
};

class LineSplitter {
 public:
  // A named leniency, for observers only: they show what two lenient peers said to each other.
  enum class BareLf : std::uint8_t {
    IsText,    // as the standards demand
    EndsLine,  // it ends the line, and the line has kBareLf
  };
  explicit LineSplitter(std::size_t line_octets_max, BareLf bare_lf = BareLf::IsText)
      : line_octets_max_(line_octets_max), bare_lf_(bare_lf) {}

  // The next line, its octets taken off the front of `input`. Nothing: all of `input` was taken and
  // belongs to a line that is not finished.
  std::optional<Line> next(std::string_view& input);

  // The stream is over or broken: the unfinished line, if any, with kUnterminated.
  std::optional<Line> finish();

  // `octets` of the stream went another way (content, TLS); no line may be unfinished.
  void skip(std::uint64_t octets);

  // `octets` of the stream are unknown. Returns the unfinished line in front of them; the next line
  // will have kHeadMissing.
  std::optional<Line> gap(std::uint64_t octets);

  // The stream is joined in its middle: the next line will have kHeadMissing.
  void join() { head_missing_ = true; }

  // Offset in the stream of the next octet that next() will take.
  std::uint64_t offset() const { return offset_; }
  bool in_line() const { return offset_ != line_begin_; }
  // The next line will have kHeadMissing.
  bool head_missing() const { return head_missing_; }

 private:
  void forget_delivered();
  void hold(std::string_view octets);
  Line close(std::string_view text, std::uint8_t faults);
  Line close_held(std::uint8_t faults);

  std::size_t line_octets_max_;
  BareLf bare_lf_;
  std::uint64_t offset_ = 0;
  std::uint64_t line_begin_ = 0;
  std::string held_;         // front of the unfinished line, without a CR that may end it
  std::string delivered_;    // the last line that had been held
  std::uint8_t faults_ = 0;  // of the unfinished line
  bool cr_waits_ = false;    // its last octet was a CR
  bool head_missing_ = false;
};

}  // namespace mailscope
