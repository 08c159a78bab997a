#include "protocols/mime/encoded_word.hpp"

#include <algorithm>
#include <optional>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/base64.hpp"
#include "protocols/mime/charset.hpp"

namespace mailscope::mime {
namespace {

constexpr std::size_t kWordMax = 75;
constexpr std::size_t kWordMin = 24;  // room for one character of UTF-8

std::string decode_q(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool coded = text[i] == '=' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                       hex_value(text[i + 2]) >= 0;
    if (coded) {
      out += static_cast<char>(hex_value(text[i + 1]) << 4 | hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '_' ? ' ' : text[i];
    }
  }
  return out;
}

struct Word {
  std::string_view charset;
  std::string octets;
  std::size_t length = 0;  // in the text
};

// The encoded word at the front of `text`, which begins with "=?".
std::optional<Word> read_word(std::string_view text) {
  const std::size_t charset_end = text.find('?', 2);
  if (charset_end == std::string_view::npos || charset_end == 2) return std::nullopt;
  if (charset_end + 3 >= text.size() || text[charset_end + 2] != '?') return std::nullopt;
  const char encoding = to_upper(text[charset_end + 1]);
  if (encoding != 'B' && encoding != 'Q') return std::nullopt;
  const std::size_t begin = charset_end + 3;
  const std::size_t end = text.find("?=", begin);
  if (end == std::string_view::npos) return std::nullopt;
  Word word;
  word.charset = text.substr(2, charset_end - 2);
  if (word.charset.find_first_of(" \t\r\n") != std::string_view::npos) return std::nullopt;
  word.charset =
      word.charset.substr(0, word.charset.find('*'));  // RFC 2231 §5: a language behind it
  const std::string_view encoded = text.substr(begin, end - begin);
  // A space inside is forbidden and yet sent; a line of text that only looks like a word has more.
  if (encoded.find_first_of("\r\n") != std::string_view::npos) return std::nullopt;
  word.octets = encoding == 'B' ? base64_decode(encoded) : decode_q(encoded);
  word.length = end + 2;
  return word;
}

std::string plain_text(std::string_view text) {
  return to_utf8(text, "utf-8");
}

// ---- encoding ----------------------------------------------------------------------------------

bool is_q_plain(char c) {
  return is_alpha(c) || is_digit(c) || c == '!' || c == '*' || c == '+' || c == '-' || c == '/';
}

std::string encode_q(std::string_view octets) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (char c : octets) {
    if (is_q_plain(c)) {
      out += c;
    } else if (c == ' ') {
      out += '_';
    } else {
      out += '=';
      out += kDigits[static_cast<unsigned char>(c) >> 4];
      out += kDigits[c & 15];
    }
  }
  return out;
}

std::size_t character_length(std::string_view utf8) {
  std::size_t n = 1;
  while (n < utf8.size() && n < 4 && (utf8[n] & 0xC0) == 0x80) ++n;
  return n;
}

}  // namespace

std::string decode_words(std::string_view body) {
  if (body.find("=?") == std::string_view::npos) return plain_text(body);
  std::string out, octets;
  std::string_view charset;
  const auto flush = [&] {
    if (!charset.empty()) out += to_utf8(octets, charset);
    octets.clear();
    charset = {};
  };
  const std::size_t last_end = body.rfind("?=");  // behind it no word can end
  std::size_t at = 0;
  while (at < body.size()) {
    const std::size_t begin = body.find("=?", at);
    const std::string_view between =
        body.substr(at, begin == std::string_view::npos ? begin : begin - at);
    const std::optional<Word> word =
        begin == std::string_view::npos || last_end == std::string_view::npos || begin > last_end
            ? std::nullopt
            : read_word(body.substr(begin));
    const bool only_space =
        !between.empty() && between.find_first_not_of(" \t\r\n") == std::string_view::npos;
    // White space between two words is dropped; words that touch are read as well.
    if (word && !charset.empty() && (only_space || between.empty())) {
      if (!equal_no_case(charset, word->charset)) flush();
    } else {
      flush();
      out += plain_text(between);
    }
    if (begin == std::string_view::npos) break;
    if (word) {
      charset = word->charset;
      octets += word->octets;
      at = begin + word->length;
    } else {
      flush();
      out += "=?";
      at = begin + 2;
    }
  }
  flush();
  return out;
}

std::string encode_words(std::string_view utf8, std::size_t column) {
  const bool printable_ascii = std::all_of(
      utf8.begin(), utf8.end(), [](char c) { return (c >= ' ' && c < 0x7f) || c == '\t'; });
  if (printable_ascii && utf8.find("=?") == std::string_view::npos) return std::string(utf8);
  const bool base64 = encode_q(utf8).size() > (utf8.size() + 2) / 3 * 4;
  constexpr std::size_t kAround = 12;  // =?UTF-8?B??=
  std::string out;
  while (!utf8.empty()) {
    // RFC 2047 §2: a line that holds encoded words has at most 76 octets.
    const std::size_t room =
        out.empty() ? std::max(kWordMax - std::min(column, kWordMax), kWordMin) : kWordMax;
    std::size_t take = 0;
    while (take < utf8.size()) {
      const std::size_t more = take + character_length(utf8.substr(take));
      const std::size_t width = base64 ? (more + 2) / 3 * 4 : encode_q(utf8.substr(0, more)).size();
      if (width + kAround > room && take > 0) break;
      take = more;
    }
    const std::string_view octets = utf8.substr(0, take);
    if (!out.empty()) out += ' ';
    out += base64 ? "=?UTF-8?B?" + base64_encode(octets) : "=?UTF-8?Q?" + encode_q(octets);
    out += "?=";
    utf8.remove_prefix(take);
  }
  return out;
}

}  // namespace mailscope::mime
