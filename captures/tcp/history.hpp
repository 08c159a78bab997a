// The octets delivered of late, over all connections: what a retransmission is compared with.
//
// One ring. Each chunk in it names the chunk before it of the same direction, so that a direction
// needs only the place of its newest one. Chunks are overwritten without notice: a place that has
// fallen out of the ring is known by its number.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace mailscope::tcp {

class History {
 public:
  using Place = std::uint64_t;
  static constexpr Place kNowhere = 0;

  // A power of two; 0 keeps nothing.
  explicit History(std::uint32_t octets);

  // Keeps octets [begin, begin + octets.size()) of the direction whose newest chunk is at `newest`,
  // and moves `newest`. Within a direction `begin` must not fall.
  void keep(Place& newest, std::uint64_t begin, std::string_view octets);

  // Whether an octet of [begin, begin + octets.size()) is known to have been another.
  bool differs(Place newest, std::uint64_t begin, std::string_view octets) const;

 private:
  struct Chunk {
    Place previous = kNowhere;
    std::uint64_t begin = 0;
    std::uint64_t octets = 0;
  };
  bool holds(Place place) const { return place != kNowhere && place + ring_.size() >= head_; }

  std::vector<char> ring_;
  Place head_ = 64;  // where the next chunk goes; never falls
};

}  // namespace mailscope::tcp
