// base64, six bits to a character. RFC 2045 §6.8, RFC 4648 §4.
//
// The decoder takes chunks of any size and never fails: characters outside the alphabet are
// skipped;
// "=" ends a group of four, and decoding goes on behind it (some senders join encoded pieces); one
// lone character at the end, which is no octet, is dropped. Working on whole groups takes a table
// lookup a character.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mailscope::mime {

class Base64Decoder {
 public:
  // Decodes into `out`, which has room for decoded_max(in.size()); returns the octets written.
  std::size_t decode(std::string_view in, char* out);
  void decode(std::string_view in, std::string& out);  // appends
  // The end: octets of an unfinished group, at most 2. Ready for another text after it.
  std::size_t finish(char* out);
  static constexpr std::size_t decoded_max(std::size_t octets) { return octets / 4 * 3 + 6; }
  // Characters that the alphabet does not have, line ends and white space apart; and wrong ends.
  std::uint64_t damage() const { return damage_; }

 private:
  std::size_t slow(const unsigned char*& in, const unsigned char* end, char* out);
  std::size_t flush(char* out);

  std::uint32_t bits_ = 0;
  int have_ = 0;         // characters in bits_
  bool padded_ = false;  // a second "=" may follow
  std::uint64_t damage_ = 0;
};

std::string base64_decode(std::string_view text);
// Without line ends.
std::string base64_encode(std::string_view octets);
// In lines of 76 characters, each with CRLF (RFC 2045 §6.8).
std::string base64_encode_lines(std::string_view octets);

}  // namespace mailscope::mime
