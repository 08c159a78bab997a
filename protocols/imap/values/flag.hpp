// Flags as they are named on the wire. RFC 9051 §2.3.2, §9; RFC 3501 §2.3.2 (\Recent).
//
//   flag           = "\Answered" / "\Flagged" / "\Deleted" / "\Seen" / "\Draft" / flag-keyword /
//                    flag-extension
//   flag-extension = "\" atom
//   flag-keyword   = "$MDNSent" / "$Forwarded" / "$Junk" / "$NotJunk" / "$Phishing" / atom
//   flag-perm      = flag / "\*"
//
// Names are the same in any case; a keyword is kept as it was written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailscope::imap {

class Flag {
 public:
  enum class Kind : std::uint8_t {
    Seen,
    Answered,
    Flagged,
    Deleted,
    Draft,
    Recent,     // what a server says; no client may set it
    Any,        // "\*" in PERMANENTFLAGS: keywords can be made
    Extension,  // another "\" atom
    Keyword,
  };

  Flag(Kind kind);  // NOLINT: one of those with a fixed name, Seen to Any
  static std::optional<Flag> parse(std::string_view text);

  Kind kind() const { return kind_; }
  bool is_keyword() const { return kind_ == Kind::Keyword; }
  std::string_view name() const;  // "\Seen", "$Forwarded"
  friend bool operator==(const Flag& a, const Flag& b);

 private:
  Flag(Kind kind, std::string_view text) : kind_(kind), text_(text) {}

  Kind kind_;
  std::string text_;  // Extension and Keyword
};

}  // namespace mailscope::imap
