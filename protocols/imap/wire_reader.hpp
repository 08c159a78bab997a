// Takes IMAP's octets apart into lines and literals, for both directions. RFC 9051 §2.2.1, §4.3;
// RFC 7888 §3.
//
//   literal  = "{" number64 ["+"] "}" CRLF *CHAR8
//   literal8 = "~{" number64 ["+"] "}" CRLF *OCTET
//
// A command, or a response, is one line, or as many as it has literals and one more: a line whose
// last octets are a literal's count goes on with its octets and another line. This is all that has
// to be known to find where it ends; what it says is the parsers' business.
//
// Octets come in chunks of any size; how they are cut never changes what is found. next() takes
// octets off the front of `input` and gives one of five answers:
//
//   NeedMore        all of `input` was taken; the command goes on
//   LiteralFollows  the reader waits for a decision: keep_literal(), pass_literal_on() or
//                   drop_literal(). It takes no octet before. A server sends its "+" with the first
//                   two where the literal is synchronizing.
//   LiteralPiece    octets of a literal that is passed on, a view into `input`
//   WireText        the whole command. The caller may move out of it until the next call.
//   WireFault       what came breaks the rules: why, and how far the octets of it have been passed
//                   over. The next call goes on behind.
//
// Bounds: see Limits. Beyond them a WireFault comes, and the octets are not kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocols/base/line_splitter.hpp"

namespace mailscope::imap {

struct Literal {
  std::uint64_t size = 0;
  bool binary = false;        // literal8
  bool synchronizing = true;  // without "+"
  bool kept = true;           // its octets are here; else they were passed on
  std::string octets{};
  friend bool operator==(const Literal&, const Literal&) = default;
};

// A command or a response as it was sent, its literals taken out: `text` has their counts in place,
// each with its CRLF behind it, and no other CRLF.
struct WireText {
  std::string text;
  std::vector<Literal> literals;
  std::uint64_t begin = 0;  // octet range in the stream, final CRLF included
  std::uint64_t end = 0;
};

struct NeedMore {};
struct LiteralFollows {
  std::uint64_t octets = 0;
  bool synchronizing = true;
  bool binary = false;
  std::string_view text;  // the command so far; valid until the next call
};
struct LiteralPiece {
  std::string_view octets;
};
struct WireFault {
  enum class Kind : std::uint8_t {
    LineTooLong,
    BareCr,
    BareLf,
    Nul,            // in a line, or in a literal that is no literal8 and is kept
    LiteralTooBig,  // to keep; where it does not wait, its octets are passed over
    TooManyLiterals,
  };
  Kind kind{};
  std::string text;  // the command so far, to tell its tag
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};
// One line that says why: "a line is at most 65536 octets long".
std::string describe(const WireFault& fault);

class WireReader {
 public:
  struct Limits {
    std::size_t line_octets_max = 64 * 1024;              // RFC 2683 §3.2.1.5: at least 8,000
    std::uint64_t literal_octets_max = 64 * 1024 * 1024;  // that are kept, of a command together
    std::size_t literals_max = 1000;
  };
  using Answer = std::variant<NeedMore, LiteralFollows, LiteralPiece, WireText, WireFault>;

  explicit WireReader(Limits limits, LineSplitter::BareLf bare_lf = LineSplitter::BareLf::IsText);

  Answer next(std::string_view& input);
  // The next line, whatever it ends with: what a client says to AUTHENTICATE and IDLE. Only between
  // commands. NeedMore, WireText without literals, or WireFault.
  Answer next_line(std::string_view& input);

  // The decision on a literal, once after LiteralFollows.
  void keep_literal();
  void pass_literal_on();
  // A synchronizing literal: its octets will not come, and the command is over (RFC 9051 §4.3). One
  // that does not wait: its octets and the rest of the command are passed over.
  void drop_literal();

  bool literal_waits() const { return state_ == State::Decision; }
  bool in_literal() const { return state_ == State::Keep || state_ == State::PassOn; }
  // Nothing of a next command has come.
  bool between() const {
    return state_ == State::Text && !dropping_ && text_.text.empty() && !lines_.in_line();
  }
  std::uint64_t offset() const { return lines_.offset(); }

  // For observers. `octets` of the stream are unknown. True where they lie within a literal that is
  // passed on, which then goes on; else an unfinished command is given up, and what comes next is
  // passed over to the next line end, since it may be the tail of a line.
  bool gap(std::uint64_t octets);
  // The stream is joined in its middle: its first line may be the tail of another and is passed
  // over.
  void join() { lines_.join(); }

 private:
  enum class State : std::uint8_t { Text, Decision, Keep, PassOn, Drop };

  std::optional<Line> take_line(std::string_view& input);
  // A line is whole: the command is over, or a literal follows. NeedMore: it was passed over.
  Answer end_line(const Line& line);
  Answer take_literal(std::string_view& input);
  Answer fault(WireFault::Kind kind);
  std::optional<WireFault::Kind> fault_in(const Line& line) const;
  void drop_rest(std::string_view tail);
  void begin_again();

  Limits limits_;
  LineSplitter::BareLf bare_lf_;
  LineSplitter lines_;
  State state_ = State::Text;
  WireText text_;
  std::string tail_;               // the last octets of an unfinished line
  std::uint64_t octets_left_ = 0;  // of the literal
  std::uint64_t octets_kept_ = 0;  // in literals of this command
  bool dropping_ = false;          // the rest of this command is passed over
  bool nul_in_literal_ = false;    // told when the command is whole
  bool too_big_ = false;           // the literal that was to be kept
};

}  // namespace mailscope::imap
