#include "protocols/mime/charset.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

#include "protocols/base/ascii.hpp"

namespace mailscope::mime {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// 0x80 to 0x9F of windows-1252; 0 where it has none.
constexpr std::array<char16_t, 32> kWindows1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

char32_t latin9(unsigned char c) {
  switch (c) {
    case 0xA4:
      return 0x20AC;
    case 0xA6:
      return 0x0160;
    case 0xA8:
      return 0x0161;
    case 0xB4:
      return 0x017D;
    case 0xB8:
      return 0x017E;
    case 0xBC:
      return 0x0152;
    case 0xBD:
      return 0x0153;
    case 0xBE:
      return 0x0178;
    default:
      return c;
  }
}

char32_t windows1252(unsigned char c) {
  if (c < 0x80 || c > 0x9F) return c;
  const char32_t code_point = kWindows1252[c - 0x80];
  return code_point != 0 ? code_point : 0xFFFD;
}

template <typename Map>
std::string map_octets(std::string_view octets, Map map) {
  std::string out;
  out.reserve(octets.size() + octets.size() / 8);
  for (char c : octets) append_utf8(out, map(static_cast<unsigned char>(c)));
  return out;
}

enum class Native { None, Ascii, Utf8, Latin1, Latin9, Windows1252 };
Native native(std::string_view charset) {
  struct Row {
    std::string_view name;
    Native set;
  };
  static constexpr Row kRows[] = {
      {"utf-8", Native::Utf8},         {"utf8", Native::Utf8},
      {"us-ascii", Native::Ascii},     {"ascii", Native::Ascii},
      {"iso-8859-1", Native::Latin1},  {"latin1", Native::Latin1},
      {"iso_8859-1", Native::Latin1},  {"iso-8859-15", Native::Latin9},
      {"latin9", Native::Latin9},      {"windows-1252", Native::Windows1252},
      {"cp1252", Native::Windows1252},
  };
  for (const Row& row : kRows)
    if (equal_no_case(charset, row.name)) return row.set;
  return Native::None;
}

// A charset name comes from the network: only what registered names are made of goes to iconv,
// which gives "//" and "," a meaning of its own.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
    return is_alpha(c) || is_digit(c) || c == '-' || c == '_' || c == '.' || c == ':' || c == '+';
  });
}

class Converter {
 public:
  explicit Converter(std::string_view charset) {
    if (is_plain_name(charset)) handle_ = iconv_open("UTF-8", std::string(charset).c_str());
  }
  ~Converter() {
    if (good()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  bool good() const { return handle_ != none(); }

  std::string convert(std::string_view octets) {
    std::string out;
    std::array<char, 4096> buffer;
    std::string copy(octets);
    char* in = copy.data();
    std::size_t left = copy.size();
    while (true) {
      char* to = buffer.data();
      std::size_t room = buffer.size();
      const bool flushing = left == 0;
      const std::size_t result = flushing ? iconv(handle_, nullptr, nullptr, &to, &room)
                                          : iconv(handle_, &in, &left, &to, &room);
      const int error = errno;
      out.append(buffer.data(), static_cast<std::size_t>(to - buffer.data()));
      if (result != static_cast<std::size_t>(-1)) {
        if (flushing) return out;
      } else if (error != E2BIG) {  // EILSEQ, or EINVAL: a character cut at the end
        out += kReplacement;
        if (flushing) return out;
        ++in;
        --left;
      }
    }
  }

 private:
  static iconv_t none() { return reinterpret_cast<iconv_t>(-1); }
  iconv_t handle_ = none();
};

}  // namespace

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

// RFC 3629 §4.
bool is_utf8(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto tail = [&](std::size_t i) { return i < text.size() && (at(i) & 0xC0) == 0x80; };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned char lead = at(i);
    if (lead < 0x80) {
      ++i;
    } else if (lead >= 0xC2 && lead <= 0xDF && tail(i + 1)) {
      i += 2;
    } else if ((lead & 0xF0) == 0xE0 && tail(i + 1) && tail(i + 2) &&
               !(lead == 0xE0 && at(i + 1) < 0xA0) && !(lead == 0xED && at(i + 1) > 0x9F)) {
      i += 3;
    } else if (lead >= 0xF0 && lead <= 0xF4 && tail(i + 1) && tail(i + 2) && tail(i + 3) &&
               !(lead == 0xF0 && at(i + 1) < 0x90) && !(lead == 0xF4 && at(i + 1) > 0x8F)) {
      i += 4;
    } else {
      return false;
    }
  }
  return true;
}

bool is_known_charset(std::string_view charset) {
  return native(charset) != Native::None || Converter(charset).good();
}

std::string to_utf8(std::string_view octets, std::string_view charset) {
  switch (native(charset)) {
    case Native::Ascii:
    case Native::Utf8:
      return is_utf8(octets) ? std::string(octets) : map_octets(octets, windows1252);
    case Native::Latin1:
      return map_octets(octets, [](unsigned char c) -> char32_t { return c; });
    case Native::Latin9:
      return map_octets(octets, latin9);
    case Native::Windows1252:
      return map_octets(octets, windows1252);
    case Native::None:
      break;
  }
  Converter converter(charset);
  if (converter.good()) return converter.convert(octets);
  return is_utf8(octets) ? std::string(octets) : map_octets(octets, windows1252);
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](char32_t octet) { out += static_cast<char>(octet); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6), put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

}  // namespace mailscope::mime
