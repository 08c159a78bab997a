#include "protocols/base/ascii.hpp"

#include <cstdint>

namespace mailscope {
namespace {

void append_escaped(std::string& out, unsigned char c) {
  constexpr char kHex[] = "0123456789abcdef";
  if (c == '\t') {
    out += "\\t";
  } else if (c == '\r') {
    out += "\\r";
  } else if (c == '\n') {
    out += "\\n";
  } else if (c >= 0x20 && c < 0x7f) {
    out += static_cast<char>(c);
  } else {
    out += "\\x";
    out += kHex[c >> 4];
    out += kHex[c & 15];
  }
}

// Length of the well-formed UTF-8 sequence (RFC 3629 §4) at the front, 0 where there is none, and 0
// for the C1 controls U+0080 to U+009F.
std::size_t utf8_length(std::string_view s) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(s[i]); };
  const auto tail = [&](std::size_t i) { return i < s.size() && (at(i) & 0xc0) == 0x80; };
  const std::uint8_t lead = at(0);
  if (lead >= 0xc2 && lead <= 0xdf && tail(1)) return lead == 0xc2 && at(1) < 0xa0 ? 0 : 2;
  if (lead >= 0xe0 && lead <= 0xef && tail(1) && tail(2)) {
    if (lead == 0xe0 && at(1) < 0xa0) return 0;
    if (lead == 0xed && at(1) > 0x9f) return 0;
    return 3;
  }
  if (lead >= 0xf0 && lead <= 0xf4 && tail(1) && tail(2) && tail(3)) {
    if (lead == 0xf0 && at(1) < 0x90) return 0;
    if (lead == 0xf4 && at(1) > 0x8f) return 0;
    return 4;
  }
  return 0;
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = to_lower(c);
  return out;
}

std::string printable(std::string_view octets) {
  std::string out;
  out.reserve(octets.size());
  for (char c : octets) append_escaped(out, static_cast<unsigned char>(c));
  return out;
}

std::string printable_utf8(std::string_view octets) {
  std::string out;
  out.reserve(octets.size());
  while (!octets.empty()) {
    std::size_t length = static_cast<unsigned char>(octets[0]) < 0x80 ? 0 : utf8_length(octets);
    if (length == 0) {
      append_escaped(out, static_cast<unsigned char>(octets[0]));
      length = 1;
    } else {
      out.append(octets.substr(0, length));
    }
    octets.remove_prefix(length);
  }
  return out;
}

}  // namespace mailscope
