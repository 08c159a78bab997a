// US-ASCII without locale: case folding, comparison, character classes of RFC 5234 appendix B.1.
#pragma once

#include <string>
#include <string_view>

namespace mailscope {

constexpr char to_upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}
constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_wsp(char c) {
  return c == ' ' || c == '\t';
}

// The value of a hexadecimal digit in either case, -1 for another character.
constexpr int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char upper = to_upper(c);
  return upper >= 'A' && upper <= 'F' ? upper - 'A' + 10 : -1;
}

constexpr bool equal_no_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (to_lower(a[i]) != to_lower(b[i])) return false;
  return true;
}

constexpr bool starts_with_no_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equal_no_case(text.substr(0, prefix.size()), prefix);
}

constexpr std::string_view trim(std::string_view text) {
  while (!text.empty() && is_wsp(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_wsp(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower_case(std::string_view text);

// The text with every octet outside printable ASCII as \xNN, so that nothing taken from a wire or a
// file can steer a terminal. Tab, CR and LF become \t, \r and \n.
std::string printable(std::string_view octets);
// The same, but well-formed UTF-8 stays (its control characters do not).
std::string printable_utf8(std::string_view octets);

}  // namespace mailscope
