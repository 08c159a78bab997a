// SMTP replies: one value, its text on the wire, and a reader of reply lines. RFC 5321 §4.2,
// §4.2.1.
//
//   Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
//   Reply-code = %x32-35 %x30-35 %x30-39
//
// A multi-line reply has one code throughout; all lines but the last have "-" behind it. A code
// alone, without space and text, is accepted (§4.2). Codes outside the grammar whose first digit is
// 2 to 5 are accepted, since a client acts on the first digit (§4.3.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::smtp {

struct Reply {
  std::uint16_t code = 0;
  std::vector<std::string> lines;  // without code and line end; at least one, perhaps empty

  Reply() = default;
  Reply(std::uint16_t reply_code, std::string text);  // text may hold several lines, split at \n
  Reply(std::uint16_t reply_code, std::vector<std::string> text_lines);

  int severity() const { return code / 100; }  // 2, 3, 4, 5
  bool positive() const { return severity() == 2; }
  bool intermediate() const { return severity() == 3; }
  bool transient() const { return severity() == 4; }
  bool permanent() const { return severity() == 5; }

  std::string text() const;  // lines joined by \n
  std::string wire() const;  // with codes and CRLFs
  friend bool operator==(const Reply&, const Reply&) = default;
};

// One line of a reply, taken apart; views into the line.
struct ReplyLine {
  std::uint16_t code = 0;
  bool last = false;
  std::string_view text;
};
// Nothing when it is no reply line.
std::optional<ReplyLine> parse_reply_line(std::string_view line);

// Puts lines together to replies. At most kLinesMax lines are kept; the rest of that reply is
// passed over.
class ReplyReader {
 public:
  static constexpr std::size_t kLinesMax = 1024;
  enum class Result : std::uint8_t {
    NeedMore,     // the reply goes on
    Complete,     // reply() holds it
    NotAReply,    // the line has no reply code; it was passed over
    CodeChanged,  // another code than the lines before: they are dropped, this line begins a reply
                  // (and is the whole of it if it is a last line: then reply() holds it)
  };
  Result line(std::string_view line);
  const Reply& reply() const { return reply_; }
  bool complete() const { return complete_; }
  bool in_reply() const { return !complete_ && !reply_.lines.empty(); }
  void reset() { *this = ReplyReader(); }

 private:
  Reply reply_;
  bool complete_ = true;
};

}  // namespace mailscope::smtp
