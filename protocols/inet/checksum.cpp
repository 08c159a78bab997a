#include "protocols/inet/checksum.hpp"

#include <cstring>

namespace mailscope::inet {
namespace {

// Two 64-bit words at a time. Both halves of a word are added apart, so no carry is lost before
// 2^32 words.
using Pair __attribute__((vector_size(16))) = std::uint64_t;

struct Halves {
  Pair low = {0, 0}, high = {0, 0};
  void add(Pair words) {
    low += words & Pair{0xffffffff, 0xffffffff};
    high += words >> 32;
  }
  std::uint64_t total() const { return low[0] + low[1] + high[0] + high[1]; }
};

// `each(place, octets, count)` sees the octets as they are read.
template <class Each>
inline std::uint64_t sum_words(const std::uint8_t* from, std::size_t count, Each each) {
  Halves a, b;
  std::size_t i = 0;
  for (; i + 32 <= count; i += 32) {
    Pair words[2];
    std::memcpy(words, from + i, 32);
    each(i, words, 32);
    a.add(words[0]);
    b.add(words[1]);
  }
  if (i + 16 <= count) {
    Pair words;
    std::memcpy(&words, from + i, 16);
    each(i, &words, 16);
    a.add(words);
    i += 16;
  }
  if (i + 8 <= count) {
    std::uint64_t word;
    std::memcpy(&word, from + i, 8);
    each(i, &word, 8);
    b.add(Pair{word, 0});
    i += 8;
  }
  if (i < count) {
    std::uint64_t word = 0;
    std::memcpy(&word, from + i, count - i);
    each(i, &word, count - i);
    b.add(Pair{word, 0});
  }
  return a.total() + b.total();
}

}  // namespace

std::uint64_t sum(const std::uint8_t* octets, std::size_t count) {
  return sum_words(octets, count, [](std::size_t, const void*, std::size_t) {});
}

std::uint64_t copy_and_sum(std::uint8_t* to, const char* from, std::size_t count) {
  return sum_words(reinterpret_cast<const std::uint8_t*>(from), count,
                   [to](std::size_t at, const void* words, std::size_t octets) {
                     std::memcpy(to + at, words, octets);
                   });
}

}  // namespace mailscope::inet
