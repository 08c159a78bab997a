// SMTP replies: one value, its text on the wire, and a reader of reply lines. RFC 5321 §4.2,
// §4.2.1.
//
//   Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
//   Reply-code = %x32-35 %x30-35 %x30-39
//
// A multi-line reply has one code throughout; all lines but the last have "-" behind it. A code
// alone, without space and text, is accepted (RFC 5321 §4.2). Codes outside the grammar whose first
// digit is 2 to 5 are accepted, since a client acts on the first digit (RFC 5321 §4.3.2).
//
// An enhanced status code stands in front of the text of each line. RFC 2034 §4, RFC 3463 §2:
//
//   status-code = class "." subject "." detail      class = "2" / "4" / "5"
//   subject = 1*3digit                              detail = 1*3digit
//
// Its class is the first digit of the reply code; a code where that is not so is not taken for one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/smtp/verb.hpp"

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

struct EnhancedCode {
  int status_class = 0;  // 2, 4, 5
  int subject = 0;
  int detail = 0;

  std::string text() const;  // "5.1.1"
  friend bool operator==(const EnhancedCode&, const EnhancedCode&) = default;
};
// The code that a text begins with, a space or the end behind it: "5.1.1 No such user".
std::optional<EnhancedCode> parse_enhanced_code(std::string_view text);
// What stands behind it; all of the text where there is none.
std::string_view text_behind_code(std::string_view text);
// The code of a reply's first line; nothing where there is none, or one of another class.
std::optional<EnhancedCode> enhanced_code(const Reply& reply);
// The reply with this code in front of each line, in place of one that stood there.
Reply with_code(Reply reply, EnhancedCode code);
// The reply without the codes in front of its lines, whatever their class.
Reply without_code(Reply reply);
// What is usually said with a reply code in answer to a command: 550 to RCPT is 5.1.1. Nothing for
// replies that have none: 3yz, the greeting, answers to HELO and EHLO (RFC 2034 §4).
std::optional<EnhancedCode> usual_code(std::uint16_t code, Verb answers);

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
