// Text compared in any case: each letter as its capital. RFC 5051 (i;unicode-casemap) §2, but that
// letters with marks are not taken apart.
//
// The simple mappings of Unicode for Latin, Greek, Cyrillic, Armenian and full-width letters; other
// scripts have no case, or stay as they are. One character becomes one ("ß" stays).
#pragma once

#include <string>
#include <string_view>

namespace mailscope::mime {

char32_t to_capital(char32_t code_point);
// `text`: UTF-8; what is not stays octet for octet.
std::string capitals(std::string_view text);

}  // namespace mailscope::mime
