// Mailbox names on the wire. RFC 9051 §5.1, RFC 3501 §5.1.3 (modified UTF-7), RFC 6855 §3.
//
//   mailbox      = "INBOX" / astring           ; INBOX in any case is the same mailbox
//   list-mailbox = 1*list-char / string
//
// Inside the program a name is UTF-8. On the wire it is modified UTF-7 until the client has enabled
// UTF8=ACCEPT or IMAP4rev2, UTF-8 from then on. Refused, with the reason: names that are empty or
// hold control characters or line and paragraph separators (RFC 6855 §3), that are no UTF-8, and
// modified UTF-7 that is not the one form a name has: 8-bit octets, "&" without its "-", base64 of
// what represents itself, bits left over, lone surrogates, a shift out and in again at once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "protocols/imap/values/text.hpp"

namespace mailscope::imap {

// Nothing where it is not modified UTF-7.
std::optional<std::string> decode_modified_utf7(std::string_view name);
// `utf8` must be UTF-8.
std::string encode_modified_utf7(std::string_view utf8);

class MailboxName {
 public:
  // What is wrong with it: static storage.
  using Result = tl::expected<MailboxName, std::string_view>;
  static Result from_utf8(std::string_view utf8);
  static Result from_wire(std::string_view octets, Utf8 utf8);
  // For whoever reads servers' words: what cannot be decoded stays as it is.
  static MailboxName as_sent(std::string_view octets, Utf8 utf8);
  static MailboxName inbox() { return MailboxName("INBOX"); }

  const std::string& utf8() const { return utf8_; }  // INBOX in capitals
  bool is_inbox() const { return utf8_ == "INBOX"; }
  std::string wire(Utf8 utf8) const;  // not yet quoted
  friend bool operator==(const MailboxName&, const MailboxName&) = default;

 private:
  explicit MailboxName(std::string_view utf8) : utf8_(utf8) {}
  std::string utf8_;
};

// As an astring of a server's response.
void append_mailbox(std::string& out, std::string_view utf8_name, Utf8 utf8);

}  // namespace mailscope::imap
