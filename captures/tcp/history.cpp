#include "captures/tcp/history.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace mailscope::tcp {
namespace {

// A comparison looks no further back than this: enough for a window, and bounded.
constexpr int kChunksBackMax = 256;

}  // namespace

History::History(std::uint32_t octets) : ring_(octets) {
  assert((octets & (octets - 1)) == 0);
}

void History::keep(Place& newest, std::uint64_t begin, std::string_view octets) {
  const std::uint64_t size = (sizeof(Chunk) + octets.size() + 7) & ~std::uint64_t{7};
  if (size > ring_.size()) return;
  const std::uint64_t mask = ring_.size() - 1;
  if ((head_ & mask) + size > ring_.size()) head_ = (head_ | mask) + 1;  // never over the edge
  const Chunk chunk{newest, begin, octets.size()};
  char* to = ring_.data() + (head_ & mask);
  std::memcpy(to, &chunk, sizeof chunk);
  std::memcpy(to + sizeof chunk, octets.data(), octets.size());
  newest = head_;
  head_ += size;
}

bool History::differs(Place newest, std::uint64_t begin, std::string_view octets) const {
  const std::uint64_t end = begin + octets.size();
  for (int i = 0; i < kChunksBackMax && holds(newest); ++i) {
    const char* at = ring_.data() + (newest & (ring_.size() - 1));
    Chunk chunk;
    std::memcpy(&chunk, at, sizeof chunk);
    const std::uint64_t from = std::max(begin, chunk.begin);
    const std::uint64_t to = std::min(end, chunk.begin + chunk.octets);
    if (from < to && std::memcmp(at + sizeof chunk + (from - chunk.begin),
                                 octets.data() + (from - begin), to - from) != 0)
      return true;
    if (chunk.begin <= begin) return false;
    newest = chunk.previous;
  }
  return false;
}

}  // namespace mailscope::tcp
