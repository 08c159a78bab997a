#include "protocols/imap/values/mailbox_name.hpp"

#include <array>
#include <cassert>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/charset.hpp"

namespace mailscope::imap {
namespace {

constexpr std::string_view kBase64Alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

bool represents_itself(char32_t c) {
  return c >= 0x20 && c <= 0x7e;
}

// Modified base64 between "&" and "-" as UTF-16, big-endian. Nothing where it is not in order.
std::optional<std::u16string> decode_base64(std::string_view text) {
  std::u16string units;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t value = kBase64Alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0x3fffff;
    count += 6;
    if (count < 16) continue;
    count -= 16;
    units += static_cast<char16_t>(bits >> count & 0xffff);
  }
  const bool bits_left = count >= 6 || (bits & ((1u << count) - 1)) != 0;
  if (units.empty() || bits_left) return std::nullopt;
  return units;
}

// The UTF-16 behind a shift as UTF-8.
bool append_units(std::string& out, const std::u16string& units) {
  for (std::size_t i = 0; i < units.size(); ++i) {
    char32_t c = units[i];
    if (c >= 0xd800 && c < 0xe000) {
      const bool pair =
          c < 0xdc00 && i + 1 < units.size() && units[i + 1] >= 0xdc00 && units[i + 1] < 0xe000;
      if (!pair) return false;
      c = 0x10000 + ((c - 0xd800) << 10) + (units[++i] - 0xdc00);
    }
    if (represents_itself(c)) return false;
    mime::append_utf8(out, c);
  }
  return true;
}

// The code point at the front of UTF-8, which is taken off.
char32_t take_code_point(std::string_view& utf8) {
  const auto first = static_cast<unsigned char>(utf8.front());
  const int more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
  constexpr std::array<unsigned char, 4> kMasks = {0x7f, 0x1f, 0x0f, 0x07};
  char32_t c = first & kMasks[static_cast<std::size_t>(more)];
  utf8.remove_prefix(1);
  for (int i = 0; i < more && !utf8.empty(); ++i) {
    c = c << 6 | (static_cast<unsigned char>(utf8.front()) & 0x3f);
    utf8.remove_prefix(1);
  }
  return c;
}

class Base64Run {
 public:
  explicit Base64Run(std::string& out) : out_(out) {}
  void add(char32_t c) {
    if (c < 0x10000) return add_unit(c);
    add_unit(0xd800 + ((c - 0x10000) >> 10));
    add_unit(0xdc00 + ((c - 0x10000) & 0x3ff));
  }
  void finish() {
    if (!open_) return;
    if (count_ > 0) out_ += kBase64Alphabet[bits_ << (6 - count_) & 0x3f];
    out_ += '-';
    open_ = false;
    count_ = 0;
  }

 private:
  void add_unit(std::uint32_t unit) {
    if (!open_) out_ += '&';
    open_ = true;
    bits_ = bits_ << 16 | unit;
    for (count_ += 16; count_ >= 6; count_ -= 6)
      out_ += kBase64Alphabet[bits_ >> (count_ - 6) & 0x3f];
  }

  std::string& out_;
  std::uint32_t bits_ = 0;
  int count_ = 0;
  bool open_ = false;
};

// RFC 6855 §3, by way of RFC 5198 §2.
bool is_forbidden(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029;
}

}  // namespace

std::optional<std::string> decode_modified_utf7(std::string_view name) {
  std::string utf8;
  bool shifted = false;  // the last thing was base64
  while (!name.empty()) {
    const char c = name.front();
    name.remove_prefix(1);
    if (!represents_itself(static_cast<unsigned char>(c))) return std::nullopt;
    if (c != '&') {
      utf8 += c;
      shifted = false;
      continue;
    }
    const std::size_t end = name.find('-');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view base64 = name.substr(0, end);
    name.remove_prefix(end + 1);
    if (base64.empty()) {
      utf8 += '&';
      shifted = false;
      continue;
    }
    const std::optional<std::u16string> units = decode_base64(base64);
    if (shifted || !units || !append_units(utf8, *units)) return std::nullopt;
    shifted = true;
  }
  return utf8;
}

std::string encode_modified_utf7(std::string_view utf8) {
  std::string out;
  Base64Run run(out);
  while (!utf8.empty()) {
    const char32_t c = take_code_point(utf8);
    if (!represents_itself(c)) {
      run.add(c);
      continue;
    }
    run.finish();
    out += static_cast<char>(c);
    if (c == '&') out += '-';
  }
  run.finish();
  return out;
}

MailboxName::Result MailboxName::from_utf8(std::string_view utf8) {
  if (utf8.empty()) return tl::unexpected(std::string_view("A mailbox name is not empty"));
  if (!mime::is_utf8(utf8)) return tl::unexpected(std::string_view("The mailbox name is no UTF-8"));
  for (std::string_view rest = utf8; !rest.empty();)
    if (is_forbidden(take_code_point(rest)))
      return tl::unexpected(std::string_view("A mailbox name has no control characters"));
  return MailboxName(equal_no_case(utf8, "INBOX") ? "INBOX" : utf8);
}

MailboxName::Result MailboxName::from_wire(std::string_view octets, Utf8 utf8) {
  if (utf8 == Utf8::Yes) return from_utf8(octets);
  const std::optional<std::string> decoded = decode_modified_utf7(octets);
  if (!decoded)
    return tl::unexpected(std::string_view("The mailbox name is not in modified UTF-7"));
  return from_utf8(*decoded);
}

MailboxName MailboxName::as_sent(std::string_view octets, Utf8 utf8) {
  if (Result name = from_wire(octets, utf8)) return *name;
  return MailboxName(octets);
}

std::string MailboxName::wire(Utf8 utf8) const {
  return utf8 == Utf8::Yes ? utf8_ : encode_modified_utf7(utf8_);
}

void append_mailbox(std::string& out, std::string_view utf8_name, Utf8 utf8) {
  if (utf8 == Utf8::Yes || (mime::is_ascii(utf8_name) && utf8_name.find('&') == std::string::npos))
    append_astring(out, utf8_name, utf8);
  else
    append_astring(out, encode_modified_utf7(utf8_name));
}

}  // namespace mailscope::imap
