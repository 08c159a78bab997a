#include "sim/net/wire.hpp"

namespace mailscope::sim::wire {
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

std::uint64_t pseudo_sum(const std::uint8_t* ip, std::uint8_t protocol, std::uint32_t length) {
  std::uint8_t tail[4] = {0, protocol};
  put16(tail + 2, static_cast<std::uint16_t>(length));
  return sum(ip + 12, 8) + sum(tail, 4);
}

void put_ip_header(std::uint8_t* ip, std::uint32_t length, std::uint16_t id, std::uint8_t protocol,
                   std::uint32_t from, std::uint32_t to) {
  put16(ip, 0x4500);
  put16(ip + 2, static_cast<std::uint16_t>(length));
  put16(ip + 4, id);
  put16(ip + 6, 0x4000);  // don't fragment
  ip[8] = 64;
  ip[9] = protocol;
  put16(ip + 10, 0);
  put32(ip + 12, from);
  put32(ip + 16, to);
  put_checksum(ip + 10, sum(ip, kIpHeader));
}

}  // namespace mailscope::sim::wire
