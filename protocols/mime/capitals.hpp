// Text compared in any case: each letter as its capital, and a letter with marks as the letter and
// its marks, so that it stands beside that letter when sorted, and "cafe" is in "Café". RFC 5051 §2
// (i;unicode-casemap).
//
// Unicode's simple mappings for Latin, Greek, Cyrillic, Armenian and full-width letters; marks of
// Latin, Greek and Cyrillic ones. Other scripts stay as they are, and so does "ß".
#pragma once

#include <string>
#include <string_view>

namespace mailscope::mime {

char32_t to_capital(char32_t code_point);
// `text`: UTF-8, and so is what comes; what is not stays octet for octet.
std::string capitals(std::string_view text);

}  // namespace mailscope::mime
