// ENVELOPE as a value. RFC 9051 §7.5.2.
//
//   envelope = "(" env-date SP env-subject SP env-from SP env-sender SP env-reply-to SP env-to SP
//              env-cc SP env-bcc SP env-in-reply-to SP env-message-id ")"
//   address  = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")"
//
// Nothing is NIL, which is not the same as an empty string. A group begins with an address without
// host whose mailbox is its name and ends with one that has neither.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace mailscope::imap {

struct EnvelopeAddress {
  std::optional<std::string> name;
  std::optional<std::string> route;  // addr-adl
  std::optional<std::string> mailbox;
  std::optional<std::string> host;
  friend bool operator==(const EnvelopeAddress&, const EnvelopeAddress&) = default;
};
using EnvelopeAddresses = std::vector<EnvelopeAddress>;  // empty: NIL

struct Envelope {
  std::optional<std::string> date;
  std::optional<std::string> subject;
  EnvelopeAddresses from, sender, reply_to, to, cc, bcc;
  std::optional<std::string> in_reply_to;
  std::optional<std::string> message_id;
  friend bool operator==(const Envelope&, const Envelope&) = default;
};

}  // namespace mailscope::imap
