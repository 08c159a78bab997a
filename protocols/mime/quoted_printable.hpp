// quoted-printable: mostly readable, "=XY" for the rest. RFC 2045 §6.7.
//
// The decoder takes chunks of any size and never fails: "=" at a line's end joins it with the next,
// also when white space follows it; white space at a line's end is dropped; an "=" that no two hex
// digits follow stays as it is; lower case digits are taken. Line ends stay as they came, CRLF or
// LF. Held back are at most kHeldMax octets of white space; of more, the first go through.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mailscope::mime {

class QuotedPrintableDecoder {
 public:
  static constexpr std::size_t kHeldMax = 1024;

  void decode(std::string_view in, std::string& out);  // appends
  void finish(std::string& out);                       // the end: what was held back
  std::uint64_t damage() const { return damage_; }     // "=" that were no code

 private:
  void decode_codes(std::string_view text, std::string& out);
  void decode_line(std::string_view text, std::string_view end, std::string& out);
  void decode_lines(std::string_view in, std::string& out);

  std::string held_;  // "=", "=4", "=  ", white space, or a CR, that the next chunk decides about
  std::uint64_t damage_ = 0;
};

std::string quoted_printable_decode(std::string_view text);
// Lines of at most 76 characters, soft line ends where needed. CRLF in `octets` is a line end; a
// lone CR or LF is encoded, so that decode(encode(x)) = x for every x.
std::string quoted_printable_encode(std::string_view octets);

}  // namespace mailscope::mime
