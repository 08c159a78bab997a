#include "protocols/mime/capitals.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/charset.hpp"
#include "protocols/mime/composed_letters.hpp"

namespace mailscope::mime {
namespace {

// Small letters first to last, each so far from its capital; a step of 2: capital and small letter
// by turns.
struct CapitalRange {
  char32_t first, last;
  std::int32_t to_capital;
  char32_t step = 1;
};
// UnicodeData.txt of Unicode 15, field 12; ascending.
constexpr CapitalRange kCapitalRanges[] = {
    {0x61, 0x7A, -32},     {0xB5, 0xB5, 743},       {0xE0, 0xF6, -32},       {0xF8, 0xFE, -32},
    {0xFF, 0xFF, 121},     {0x101, 0x12F, -1, 2},   {0x131, 0x131, -232},    {0x133, 0x137, -1, 2},
    {0x13A, 0x148, -1, 2}, {0x14B, 0x177, -1, 2},   {0x17A, 0x17E, -1, 2},   {0x17F, 0x17F, -300},
    {0x1A1, 0x1A5, -1, 2}, {0x1B0, 0x1B0, -1},      {0x1CE, 0x1DC, -1, 2},   {0x1DF, 0x1EF, -1, 2},
    {0x1F9, 0x21F, -1, 2}, {0x223, 0x233, -1, 2},   {0x3AC, 0x3AC, -38},     {0x3AD, 0x3AF, -37},
    {0x3B1, 0x3C1, -32},   {0x3C2, 0x3C2, -31},     {0x3C3, 0x3CB, -32},     {0x3CC, 0x3CC, -64},
    {0x3CD, 0x3CE, -63},   {0x430, 0x44F, -32},     {0x450, 0x45F, -80},     {0x461, 0x481, -1, 2},
    {0x48B, 0x4BF, -1, 2}, {0x4C2, 0x4CE, -1, 2},   {0x4CF, 0x4CF, -15},     {0x4D1, 0x52F, -1, 2},
    {0x561, 0x586, -48},   {0x1E01, 0x1E95, -1, 2}, {0x1EA1, 0x1EFF, -1, 2}, {0xFF41, 0xFF5A, -32},
};

// The character at the front of `text`, which is not ASCII, and its octets; 0 where it is not
// UTF-8.
char32_t read_character(std::string_view text, std::size_t& octets) {
  const auto lead = static_cast<unsigned char>(text[0]);
  octets = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
  if (octets == 1 || octets > text.size()) return octets = 1, 0;
  char32_t code_point = lead & (0xFFu >> (octets + 1));
  for (std::size_t i = 1; i < octets; ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    if ((octet & 0xC0) != 0x80) return octets = 1, 0;
    code_point = code_point << 6 | (octet & 0x3F);
  }
  return code_point;
}

// Letter and marks, one behind the other.
void append_decomposed(std::string& out, char32_t code_point) {
  const auto* composed =
      std::lower_bound(kComposed.begin(), kComposed.end(), code_point,
                       [](const Composed& c, char32_t letter) { return c.letter < letter; });
  if (composed == kComposed.end() || composed->letter != code_point)
    return append_utf8(out, code_point);
  append_decomposed(out, composed->base);
  append_utf8(out, composed->mark);
}

}  // namespace

char32_t to_capital(char32_t code_point) {
  const auto* range =
      std::lower_bound(std::begin(kCapitalRanges), std::end(kCapitalRanges), code_point,
                       [](const CapitalRange& r, char32_t c) { return r.last < c; });
  if (range == std::end(kCapitalRanges) || code_point < range->first) return code_point;
  if ((code_point - range->first) % range->step != 0) return code_point;
  return static_cast<char32_t>(static_cast<std::int32_t>(code_point) + range->to_capital);
}

std::string capitals(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    std::size_t octets = 1;
    if ((text[0] & 0x80) == 0) {
      out += to_upper(text[0]);
    } else if (const char32_t code_point = read_character(text, octets); code_point != 0) {
      append_decomposed(out, to_capital(code_point));
    } else {
      out += text[0];
    }
    text.remove_prefix(octets);
  }
  return out;
}

}  // namespace mailscope::mime
