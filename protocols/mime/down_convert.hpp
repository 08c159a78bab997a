// 8-bit content made fit for a server that takes 7-bit only: each part that holds 8-bit octets is
// encoded anew, text as quoted-printable and everything else as base64. RFC 6152 §3, RFC 2045 §6.
//
// Multiparts and messages in messages keep their shape; their own Content-Transfer-Encoding, which
// may only be 7bit, 8bit or binary (RFC 2045 §6.4), becomes 7bit. A message that says nothing of
// MIME is declared: MIME-Version, text/plain, and "unknown-8bit" (RFC 1428 §3) where its octets are
// no UTF-8. Nothing else changes, and content that is 7-bit already comes back as it was.
//
// Nothing comes back where it cannot be done: 8-bit octets in a header section (that needs
// SMTPUTF8), a signed or encrypted part, which has to stay octet for octet (RFC 1847 §2.1), a part
// that is too deep, or an encoding that nobody knows.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mailscope::mime {

bool has_eight_bit(std::string_view octets);
std::optional<std::string> to_seven_bit(std::string_view message);

}  // namespace mailscope::mime
