// Messages with NUL octets, as APPEND may bring them in a literal8, made fit for clients that know
// of no such thing. RFC 3516 §4.4; RFC 9051 §4.3.
//
// Each part whose body holds a NUL is encoded anew as base64 and says so; all else stays octet for
// octet. FETCH BINARY gives back what came.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mailscope::imap {

// Nothing where a NUL is in no part's body, or in one whose own encoding does not allow it.
std::optional<std::string> without_nul(std::string_view message);

}  // namespace mailscope::imap
