#include "protocols/mime/quoted_printable.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "protocols/base/ascii.hpp"

namespace mailscope::mime {
namespace {

constexpr std::array<std::int8_t, 256> make_hex() {
  std::array<std::int8_t, 256> hex{};
  hex.fill(-1);
  for (int i = 0; i < 10; ++i) hex[static_cast<std::size_t>('0' + i)] = static_cast<std::int8_t>(i);
  for (int i = 0; i < 6; ++i) {
    hex[static_cast<std::size_t>('A' + i)] = static_cast<std::int8_t>(10 + i);
    hex[static_cast<std::size_t>('a' + i)] = static_cast<std::int8_t>(10 + i);
  }
  return hex;
}
constexpr auto kHex = make_hex();
int table_value(char c) {
  return kHex[static_cast<unsigned char>(c)];
}

// Octets of white space at the end, as far as they count.
std::size_t trailing_space(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && n < QuotedPrintableDecoder::kHeldMax &&
         is_wsp(text[text.size() - 1 - n]))
    ++n;
  return n;
}

// How many octets at the end of an unfinished line wait for what follows: `=?[ \t]*\r?` or `=X`.
std::size_t undecided(std::string_view text) {
  std::size_t n = text.ends_with('\r') ? 1 : 0;
  n += trailing_space(text.substr(0, text.size() - n));
  if (n < text.size() && text[text.size() - 1 - n] == '=') return n + 1;
  if (n == 0 && text.size() >= 2 && text[text.size() - 2] == '=' && table_value(text.back()) >= 0)
    return 2;
  return n;
}

}  // namespace

// Text without a line end in it and without white space to be dropped.
void QuotedPrintableDecoder::decode_codes(std::string_view text, std::string& out) {
  while (true) {
    const std::size_t equals = text.find('=');
    out += text.substr(0, equals);
    if (equals == std::string_view::npos) return;
    text.remove_prefix(equals);
    const int high = text.size() > 2 ? table_value(text[1]) : -1;
    const int low = text.size() > 2 ? table_value(text[2]) : -1;
    if (high >= 0 && low >= 0) {
      out += static_cast<char>(high << 4 | low);
      text.remove_prefix(3);
    } else {
      ++damage_;
      out += '=';
      text.remove_prefix(1);
    }
  }
}

// A line, `end` its line end ("\r\n", "\n", or less at the end of all).
void QuotedPrintableDecoder::decode_line(std::string_view text, std::string_view end,
                                         std::string& out) {
  text.remove_suffix(trailing_space(text));
  const bool joined = text.ends_with('=');
  if (joined) text.remove_suffix(1);
  decode_codes(text, out);
  if (!joined) out += end;
}

void QuotedPrintableDecoder::decode(std::string_view in, std::string& out) {
  std::string joined;
  if (!held_.empty()) {
    const std::size_t lf = in.find('\n');
    const std::size_t take = lf == std::string_view::npos ? in.size() : lf + 1;
    joined = std::move(held_);
    held_.clear();
    joined += in.substr(0, take);
    in.remove_prefix(take);
    decode_lines(joined, out);
  }
  decode_lines(in, out);
}

void QuotedPrintableDecoder::decode_lines(std::string_view in, std::string& out) {
  while (!in.empty()) {
    const std::size_t lf = in.find('\n');
    if (lf == std::string_view::npos) {
      const std::size_t wait = undecided(in);
      decode_codes(in.substr(0, in.size() - wait), out);
      held_ = in.substr(in.size() - wait);
      return;
    }
    const std::size_t text = lf > 0 && in[lf - 1] == '\r' ? lf - 1 : lf;
    decode_line(in.substr(0, text), in.substr(text, lf + 1 - text), out);
    in.remove_prefix(lf + 1);
  }
}

void QuotedPrintableDecoder::finish(std::string& out) {
  const std::string last = std::move(held_);
  held_.clear();
  const std::size_t text = last.ends_with('\r') ? last.size() - 1 : last.size();
  decode_line(std::string_view(last).substr(0, text), std::string_view(last).substr(text), out);
}

std::string quoted_printable_decode(std::string_view text) {
  QuotedPrintableDecoder decoder;
  std::string out;
  decoder.decode(text, out);
  decoder.finish(out);
  return out;
}

std::string quoted_printable_encode(std::string_view octets) {
  constexpr std::size_t kLineMax = 76;
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  std::size_t column = 0;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    if (octets.substr(i, 2) == "\r\n") {
      out += "\r\n";
      column = 0;
      ++i;
      continue;
    }
    const auto c = static_cast<unsigned char>(octets[i]);
    const bool at_line_end = i + 1 == octets.size() || octets.substr(i + 1, 2) == "\r\n";
    // Besides what must be: a dot alone on a line and "From " at its start would be changed on the
    // way.
    const bool hurt_on_the_way = column == 0 && (c == '.' || octets.substr(i, 5) == "From ");
    const bool plain = c >= 0x20 && c < 0x7f && c != '=' && !(c == ' ' && at_line_end);
    const bool as_it_is = (plain || (c == '\t' && !at_line_end)) && !hurt_on_the_way;
    const std::size_t width = as_it_is ? 1 : 3;
    if (column + width > (at_line_end ? kLineMax : kLineMax - 1)) {
      out += "=\r\n";
      column = 0;
      --i;  // looked at again, now at a line's start
      continue;
    }
    if (as_it_is) {
      out += static_cast<char>(c);
    } else {
      out += '=';
      out += kDigits[c >> 4];
      out += kDigits[c & 15];
    }
    column += width;
  }
  return out;
}

}  // namespace mailscope::mime
