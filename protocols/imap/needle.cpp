#include "protocols/imap/needle.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/mime/capitals.hpp"
#include "protocols/mime/charset.hpp"

namespace mailscope::imap {
namespace {

constexpr std::array<char, 256> kCapitals = [] {
  std::array<char, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = to_upper(static_cast<char>(i));
  return table;
}();
char capital(char c) {
  return kCapitals[static_cast<unsigned char>(c)];
}

}  // namespace

Needle::Needle(std::string_view utf8)
    : capitals_(mime::capitals(utf8)), is_ascii_(mime::is_ascii(utf8)) {
  const auto length = static_cast<std::uint32_t>(capitals_.size());
  skip_.fill(length);
  for (std::uint32_t i = 0; i + 1 < length; ++i) {
    const char c = capitals_[i];
    skip_[static_cast<unsigned char>(c)] = length - 1 - i;
    skip_[static_cast<unsigned char>(to_lower(c))] = length - 1 - i;
  }
}

bool Needle::is_in(std::string_view utf8) const {
  if (is_ascii_ && find_capitals(utf8)) return true;
  return !mime::is_ascii(utf8) && find_capitals(mime::capitals(utf8));
}

bool Needle::find_capitals(std::string_view text) const {
  const std::size_t length = capitals_.size();
  if (length == 0) return true;
  std::size_t at = length - 1;
  while (at < text.size()) {
    std::size_t left = length;
    const char* end = text.data() + at + 1;
    while (left > 0 && capital(*--end) == capitals_[left - 1]) --left;
    if (left == 0) return true;
    at += skip_[static_cast<unsigned char>(text[at])];
  }
  return false;
}

}  // namespace mailscope::imap
