// Text of any character set as UTF-8. RFC 2978 names; UTF-8, US-ASCII, ISO-8859-1, ISO-8859-15 and
// windows-1252 are done here, others by iconv(3).
//
// Never fails: an octet that the set does not have becomes U+FFFD. A set that nobody knows, or a
// wrong UTF-8, is taken as windows-1252, so that something can be read.
#pragma once

#include <string>
#include <string_view>

namespace mailscope::mime {

bool is_ascii(std::string_view text);
bool is_utf8(std::string_view text);
bool is_known_charset(std::string_view charset);
std::string to_utf8(std::string_view octets, std::string_view charset);
// The code point as UTF-8 at the end of `out`.
void append_utf8(std::string& out, char32_t code_point);

}  // namespace mailscope::mime
