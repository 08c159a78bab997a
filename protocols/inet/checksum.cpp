#include "protocols/inet/checksum.hpp"

#include <cstring>

#include "protocols/inet/octets.hpp"

namespace mailscope::inet {
namespace {

// Both halves of a 64-bit word are added apart, so no carry is lost before 2^32 words.
struct Halves {
  std::uint64_t low = 0, high = 0;
  void add(std::uint64_t word) {
    low += word & 0xffffffff;
    high += word >> 32;
  }
  std::uint64_t total() const { return low + high; }
};

template <class Each>
inline std::uint64_t sum_words(const std::uint8_t* from, std::size_t count, Each each) {
  Halves a, b;
  std::size_t i = 0;
  for (; i + 32 <= count; i += 32) {
    std::uint64_t words[4];
    std::memcpy(words, from + i, 32);
    each(i, words, 32);
    a.add(words[0]);
    b.add(words[1]);
    a.add(words[2]);
    b.add(words[3]);
  }
  for (; i + 8 <= count; i += 8) {
    std::uint64_t word;
    std::memcpy(&word, from + i, 8);
    each(i, &word, 8);
    a.add(word);
  }
  if (i < count) {
    std::uint64_t word = 0;
    std::memcpy(&word, from + i, count - i);
    each(i, &word, count - i);
    b.add(word);
  }
  return a.total() + b.total();
}

}  // namespace

std::uint64_t sum(const std::uint8_t* octets, std::size_t count) {
  return sum_words(octets, count, [](std::size_t, const std::uint64_t*, std::size_t) {});
}

std::uint64_t copy_and_sum(std::uint8_t* to, const char* from, std::size_t count) {
  return sum_words(reinterpret_cast<const std::uint8_t*>(from), count,
                   [to](std::size_t at, const std::uint64_t* words, std::size_t octets) {
                     std::memcpy(to + at, words, octets);
                   });
}

// An IPv4 address's unused octets are zero and add nothing.
std::uint64_t pseudo_sum(const IpAddress& source, const IpAddress& destination,
                         std::uint8_t protocol, std::uint32_t length) {
  std::uint8_t tail[8] = {};
  put32(tail, length);
  tail[7] = protocol;
  return sum(source.octets.data(), 16) + sum(destination.octets.data(), 16) + sum(tail, 8);
}

void put_checksum(std::uint8_t* at, std::uint64_t sum) {
  const auto checksum = static_cast<std::uint16_t>(~fold(sum));
  std::memcpy(at, &checksum, 2);
}

}  // namespace mailscope::inet
