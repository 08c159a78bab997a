#include "protocols/imap/values/text.hpp"

#include <algorithm>
#include <charconv>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/charset.hpp"

namespace mailscope::imap {
namespace {

// CHAR without CTL and SP.
bool is_graphic(char c) {
  return c > ' ' && c < 0x7f;
}

constexpr std::size_t kQuotedOctetsMax = 4096;  // longer ones are literals

}  // namespace

bool is_list_char(char c) {
  return is_graphic(c) && c != '(' && c != ')' && c != '{' && c != '"' && c != '\\';
}

bool is_astring_char(char c) {
  return is_list_char(c) && c != '%' && c != '*';
}

bool is_atom_char(char c) {
  return is_astring_char(c) && c != ']';
}

bool is_tag_char(char c) {
  return is_astring_char(c) && c != '+';
}

bool is_atom(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_atom_char);
}

bool is_tag(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_tag_char);
}

std::optional<std::uint64_t> parse_number64(std::string_view digits) {
  std::uint64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [behind, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc{} || behind != end || number > kNumber64Max) return std::nullopt;
  return number;
}

std::optional<std::uint32_t> parse_number(std::string_view digits) {
  const std::optional<std::uint64_t> number = parse_number64(digits);
  if (!number || *number > 0xffffffff) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

// nz-number = digit-nz *DIGIT
std::optional<std::uint32_t> parse_nz_number(std::string_view digits) {
  if (digits.empty() || digits.front() == '0') return std::nullopt;
  return parse_number(digits);
}

bool is_quotable(std::string_view text, Utf8 utf8) {
  bool ascii = true;
  for (const char c : text) {
    if (c == '\r' || c == '\n' || c == '\0') return false;
    if (static_cast<unsigned char>(c) >= 0x80) ascii = false;
  }
  return ascii || (utf8 == Utf8::Yes && mime::is_utf8(text));
}

void append_number(std::string& out, std::uint64_t number) {
  char digits[20];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
  out.append(digits, end);
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void append_literal(std::string& out, std::string_view octets) {
  out += '{';
  append_number(out, octets.size());
  out += "}\r\n";
  out += octets;
}

void append_literal8(std::string& out, std::string_view octets) {
  out += '~';
  append_literal(out, octets);
}

void append_string(std::string& out, std::string_view text, Utf8 utf8) {
  if (text.size() <= kQuotedOctetsMax && is_quotable(text, utf8))
    append_quoted(out, text);
  else
    append_literal(out, text);
}

void append_nstring(std::string& out, const std::optional<std::string_view>& text, Utf8 utf8) {
  if (text)
    append_string(out, *text, utf8);
  else
    out += "NIL";
}

void append_astring(std::string& out, std::string_view text, Utf8 utf8) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), is_astring_char) &&
                     !equal_no_case(text, "NIL");
  if (plain)
    out += text;
  else
    append_string(out, text, utf8);
}

}  // namespace mailscope::imap
