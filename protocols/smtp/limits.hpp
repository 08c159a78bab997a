// The longest lines that are borne, in octets with their CRLF.
#pragma once

#include <cstddef>

namespace mailscope::smtp {

inline constexpr std::size_t kCommandOctetsMax = 512;    // RFC 5321 §4.5.3.1.4
inline constexpr std::size_t kReplyLineOctetsMax = 512;  // RFC 5321 §4.5.3.1.5
inline constexpr std::size_t kLogInOctetsMax = 12288;    // RFC 4954 §4

}  // namespace mailscope::smtp
