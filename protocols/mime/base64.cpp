#include "protocols/mime/base64.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace mailscope::mime {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kSkip = 64;  // line ends and white space
constexpr std::uint8_t kPad = 65;
constexpr std::uint8_t kWrong = 66;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(kWrong);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  for (char c : {'\r', '\n', ' ', '\t'}) values[static_cast<unsigned char>(c)] = kSkip;
  values['='] = kPad;
  return values;
}
constexpr auto kValues = make_values();

// For each place in a group of four: the character's bits where they lie in the three octets, as
// they stand in memory. The fourth octet is not zero where the character is none of the alphabet.
using Places = std::array<std::uint32_t, 256>;
constexpr std::uint32_t in_memory(std::uint32_t three_octets, std::uint8_t fourth) {
  const std::array<std::uint8_t, 4> octets = {static_cast<std::uint8_t>(three_octets >> 16),
                                              static_cast<std::uint8_t>(three_octets >> 8),
                                              static_cast<std::uint8_t>(three_octets), fourth};
  return std::bit_cast<std::uint32_t>(octets);
}
constexpr std::array<Places, 4> make_places() {
  std::array<Places, 4> places{};
  for (std::size_t place = 0; place < 4; ++place)
    for (std::size_t c = 0; c < 256; ++c)
      places[place][c] = kValues[c] < 64
                             ? in_memory(std::uint32_t{kValues[c]} << (18 - 6 * place), 0)
                             : in_memory(0, 0xff);
  return places;
}
constexpr auto kPlaces = make_places();
constexpr std::uint32_t kBad = in_memory(0, 0xff);

inline std::uint32_t group(const unsigned char* in) {
  return kPlaces[0][in[0]] | kPlaces[1][in[1]] | kPlaces[2][in[2]] | kPlaces[3][in[3]];
}

// Writes one octet more than the three, which the next group overwrites.
inline void put(char* out, std::uint32_t octets) {
  std::memcpy(out, &octets, 4);
}

// Lines of 76 characters (RFC 2045 §6.8) without anything odd in them. One look at the end of a
// line saves one at each group.
const unsigned char* whole_lines(const unsigned char* in, const unsigned char* end, char*& to) {
  constexpr int kGroups = 19;
  constexpr int kLine = 4 * kGroups;
  while (end - in >= kLine + 2 && in[kLine] == '\r' && in[kLine + 1] == '\n') {
    std::uint32_t seen = 0;
    for (int i = 0; i < kGroups; ++i) {
      const std::uint32_t octets = group(in + 4 * i);
      seen |= octets;
      put(to + 3 * i, octets);
    }
    if ((seen & kBad) != 0) break;  // what was written is written again
    in += kLine + 2;
    to += 3 * kGroups;
  }
  return in;
}

const unsigned char* whole_groups(const unsigned char* in, const unsigned char* end, char*& to) {
  for (; end - in >= 4; in += 4, to += 3) {
    const std::uint32_t octets = group(in);
    if ((octets & kBad) != 0) break;
    put(to, octets);
  }
  return in;
}

}  // namespace

std::size_t Base64Decoder::decode(std::string_view text, char* const out) {
  const auto* in = reinterpret_cast<const unsigned char*>(text.data());
  const auto* const end = in + text.size();
  char* to = out;
  while (in != end) {
    if (have_ == 0) {
      const auto* const before = in;
      in = whole_lines(in, end, to);
      in = whole_groups(in, end, to);
      if (in != before) padded_ = false;
      if (end - in >= 2 && in[0] == '\r' && in[1] == '\n') {
        in += 2;
        continue;
      }
    }
    to += slow(in, end, to);
  }
  return static_cast<std::size_t>(to - out);
}

// Character by character, until a group is full.
std::size_t Base64Decoder::slow(const unsigned char*& in, const unsigned char* end, char* out) {
  while (in != end) {
    const std::uint8_t value = kValues[*in++];
    if (value < 64) {
      padded_ = false;
      bits_ = bits_ << 6 | value;
      if (++have_ == 4) return flush(out);
    } else if (value == kPad) {
      if (have_ == 0) {
        if (!padded_) ++damage_;
        padded_ = false;
        continue;
      }
      padded_ = have_ == 2;  // one more "=" belongs to it
      return flush(out);
    } else if (value == kWrong) {
      ++damage_;
    } else if (have_ == 0) {
      return 0;  // a line end between groups: back to the fast way
    }
  }
  return 0;
}

std::size_t Base64Decoder::flush(char* out) {
  const int octets = have_ * 6 / 8;
  const std::uint32_t bits = bits_ << (6 * (4 - have_));
  for (int i = 0; i < octets; ++i) out[i] = static_cast<char>(bits >> (16 - 8 * i));
  if (have_ == 1) ++damage_;
  have_ = 0;
  bits_ = 0;
  return static_cast<std::size_t>(octets);
}

void Base64Decoder::decode(std::string_view in, std::string& out) {
  const std::size_t before = out.size();
  out.resize(before + decoded_max(in.size()));
  out.resize(before + decode(in, out.data() + before));
}

std::size_t Base64Decoder::finish(char* out) {
  if (have_ != 0) ++damage_;
  const std::size_t octets = have_ == 0 ? 0 : flush(out);
  padded_ = false;
  return octets;
}

std::string base64_decode(std::string_view text) {
  Base64Decoder decoder;
  std::string out;
  decoder.decode(text, out);
  char last[4];
  out.append(last, decoder.finish(last));
  return out;
}

std::string base64_encode(std::string_view octets) {
  std::string out;
  out.reserve((octets.size() + 2) / 3 * 4);
  const auto at = [&](std::size_t i) {
    return i < octets.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(octets[i]))
                             : 0u;
  };
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    const std::uint32_t bits = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    out += kAlphabet[bits >> 18];
    out += kAlphabet[bits >> 12 & 63];
    out += i + 1 < octets.size() ? kAlphabet[bits >> 6 & 63] : '=';
    out += i + 2 < octets.size() ? kAlphabet[bits & 63] : '=';
  }
  return out;
}

std::string base64_encode_lines(std::string_view octets) {
  constexpr std::size_t kOctetsALine = 57;  // 76 characters
  std::string out;
  out.reserve(octets.size() / kOctetsALine * 78 + 80);
  for (; !octets.empty(); octets.remove_prefix(std::min(kOctetsALine, octets.size())))
    out += base64_encode(octets.substr(0, kOctetsALine)) + "\r\n";
  return out;
}

}  // namespace mailscope::mime
