#include "captures/tcp/out_of_order.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace mailscope::tcp {

void OutOfOrder::add(Pieces::iterator before, std::uint64_t begin, std::string_view octets,
                     std::uint32_t missing, const FrameRef& frame) {
  auto piece = std::make_unique<Piece>();
  piece->begin = begin;
  piece->octets = static_cast<std::uint32_t>(octets.size());
  piece->missing = missing;
  piece->frame = frame;
  piece->data.reset(new char[octets.size()]);
  if (!octets.empty()) std::memcpy(piece->data.get(), octets.data(), octets.size());
  octets_ += octets.size();
  pieces_.insert(before, std::move(piece));
}

OutOfOrder::Overlap OutOfOrder::insert(std::uint64_t begin, std::string_view octets,
                                       std::uint32_t missing, const FrameRef& frame) {
  const std::uint64_t end = begin + octets.size();
  Overlap overlap;
  std::uint64_t at = begin;
  const auto part = [&](std::uint64_t from, std::uint64_t to) {
    return octets.substr(static_cast<std::size_t>(from - begin),
                         static_cast<std::size_t>(to - from));
  };
  const auto add_until = [&](std::size_t index, std::uint64_t stop) {
    FrameRef piece = frame;
    piece.payload_at += static_cast<std::uint32_t>(at - begin);
    add(pieces_.begin() + static_cast<std::ptrdiff_t>(index), at, part(at, stop),
        stop == end ? missing : 0, piece);
  };
  // The first piece that does not end before the new octets.
  auto next = std::lower_bound(
      pieces_.begin(), pieces_.end(), begin,
      [](const std::unique_ptr<Piece>& piece, std::uint64_t b) { return piece->end() <= b; });
  std::size_t index = static_cast<std::size_t>(next - pieces_.begin());
  for (; index < pieces_.size() && pieces_[index]->begin < end; ++index) {
    if (pieces_[index]->begin > at) {
      add_until(index, pieces_[index]->begin);
      ++index;
    }
    const Piece& there = *pieces_[index];
    const std::uint64_t from = std::max(begin, there.begin), to = std::min(end, there.end());
    if (!overlap.any) overlap.begin = from;
    overlap.any = true;
    overlap.end = to;
    if (part(from, to) != there.view().substr(static_cast<std::size_t>(from - there.begin),
                                              static_cast<std::size_t>(to - from)))
      overlap.differs = true;
    at = std::max(at, to);
  }
  if (at < end || (octets.empty() && missing > 0)) add_until(index, end);
  return overlap;
}

bool OutOfOrder::has_within(std::uint64_t begin, std::uint64_t end) const {
  const auto next = std::lower_bound(
      pieces_.begin(), pieces_.end(), begin,
      [](const std::unique_ptr<Piece>& piece, std::uint64_t b) { return piece->end() <= b; });
  return next != pieces_.end() && (*next)->begin < end;
}

std::unique_ptr<OutOfOrder::Piece> OutOfOrder::take_first() {
  std::unique_ptr<Piece> piece = std::move(pieces_.front());
  pieces_.erase(pieces_.begin());
  octets_ -= piece->octets;
  return piece;
}

}  // namespace mailscope::tcp
