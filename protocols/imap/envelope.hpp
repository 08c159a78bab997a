// What a message's header says, as ENVELOPE tells it. RFC 3501 §7.4.2, RFC 9051 §7.5.2.
//
// Strings are as they stood, unfolded and without white space at their ends; encoded words are not
// decoded. Date, Subject, In-Reply-To and Message-ID are NIL where the field is not there, and ""
// where it is empty; lists are NIL in both cases, and then Sender and Reply-To are what From is.
// Several To, Cc or Bcc fields count as one (RFC 5322 §4.5.3); of others the first counts.
//
// An address without "@" has the host "", since NIL would begin a group. NUL, which no string of
// IMAP can hold (RFC 9051 §4.3), becomes 0x80.
#pragma once

#include <string_view>

#include "protocols/imap/values/envelope.hpp"

namespace mailscope::imap {

// `header` is a header section, with or without its empty line.
Envelope read_envelope(std::string_view header);

}  // namespace mailscope::imap
