// Octets of one direction that came before those in front of them. Kept in stream order, disjoint;
// the first copy of an octet wins.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "captures/tcp/stream_sink.hpp"

namespace mailscope::tcp {

class OutOfOrder {
 public:
  static constexpr std::uint64_t kPieceOverhead = 96;  // counted for each piece beside its octets

  struct Piece {
    std::uint64_t begin = 0;
    std::uint32_t octets = 0;
    std::uint32_t missing = 0;  // octets behind it that the snap length cut off
    FrameRef frame;             // payload_at is the piece's own
    std::unique_ptr<char[]> data;
    std::uint64_t end() const { return begin + octets; }
    std::string_view view() const { return {data.get(), octets}; }
  };
  struct Overlap {
    bool any = false;
    bool differs = false;
    std::uint64_t begin = 0, end = 0;  // from the first to the last octet that was there already
  };

  // Copies what is not there yet.
  Overlap insert(std::uint64_t begin, std::string_view octets, std::uint32_t missing,
                 const FrameRef& frame);
  bool empty() const { return pieces_.empty(); }
  // Whether an octet of [begin, end) waits.
  bool has_within(std::uint64_t begin, std::uint64_t end) const;
  std::uint64_t first() const { return pieces_.front()->begin; }
  std::unique_ptr<Piece> take_first();
  std::size_t pieces() const { return pieces_.size(); }
  std::uint64_t octets() const { return octets_ + pieces_.size() * kPieceOverhead; }

 private:
  using Pieces = std::vector<std::unique_ptr<Piece>>;
  void add(Pieces::iterator before, std::uint64_t begin, std::string_view octets,
           std::uint32_t missing, const FrameRef& frame);
  Pieces pieces_;
  std::uint64_t octets_ = 0;
};

}  // namespace mailscope::tcp
