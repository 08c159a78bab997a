// APOP's proof: the MD5 of the greeting's time stamp and the shared secret, in hex. RFC 1939 §7.
//
// MD5 is broken as a hash; APOP is here because the courses teach it and captures hold it.
#pragma once

#include <string>
#include <string_view>

namespace mailscope::pop3 {

// 32 lower case hex digits. `timestamp` with its angle brackets.
std::string apop_digest(std::string_view timestamp, std::string_view secret);

// The time stamp in a greeting, angle brackets included; empty when there is none, which means that
// the server does not offer APOP.
//   timestamp = "<" *CHAR "@" *CHAR ">"               ; an RFC 822 msg-id
std::string_view find_timestamp(std::string_view greeting);

}  // namespace mailscope::pop3
