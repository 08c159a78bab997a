// How a command ended, or how the server stands to the session. RFC 9051 §7.1.
//
//   resp-cond-state = ("OK" / "NO" / "BAD") SP resp-text
//   resp-cond-auth  = ("OK" / "PREAUTH") SP resp-text      ; a greeting
//   resp-cond-bye   = "BYE" SP resp-text
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mailscope::imap {

enum class Status : std::uint8_t { Ok, No, Bad, PreAuth, Bye };
std::string_view name(Status status);  // "OK", ...
std::optional<Status> parse_status(std::string_view word);

}  // namespace mailscope::imap
