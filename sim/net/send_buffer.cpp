#include "sim/net/send_buffer.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "protocols/inet/checksum.hpp"

namespace mailscope::sim {
namespace {

constexpr std::size_t kJoinOctets = 4096;  // strings up to this size together are one chunk

}  // namespace

void SendBuffer::append(std::string octets) {
  if (octets.empty()) return;
  end_ += octets.size();
  pushes_.push_back(end_);
  if (!chunks_.empty() && chunks_.back().octets.size() + octets.size() <= kJoinOctets) {
    chunks_.back().octets += octets;
    return;
  }
  const std::uint64_t begin = end_ - octets.size();
  chunks_.push_back({begin, std::move(octets)});
}

// Reading goes forward from chunk to chunk, or starts again at the front.
std::size_t SendBuffer::chunk_at(std::uint64_t position) {
  if (cursor_ >= chunks_.size() || position < chunks_[cursor_].begin) cursor_ = 0;
  while (position >= chunks_[cursor_].end()) ++cursor_;
  return cursor_;
}

std::uint64_t SendBuffer::copy(std::uint64_t offset, std::uint32_t count, std::uint8_t* to) {
  assert(offset + count <= size());
  if (count == 0) return 0;
  std::uint64_t position = begin_ + offset;
  std::size_t index = chunk_at(position);
  const Chunk& chunk = chunks_[index];
  if (position + count <= chunk.end())
    return inet::copy_and_sum(to, chunk.octets.data() + (position - chunk.begin), count);
  std::uint8_t* place = to;
  for (std::uint32_t left = count; left > 0; ++index) {
    const Chunk& part = chunks_[index];
    const auto octets =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(left, part.end() - position));
    std::memcpy(place, part.octets.data() + (position - part.begin), octets);
    place += octets;
    position += octets;
    left -= octets;
  }
  return inet::sum(to, count);
}

bool SendBuffer::push_within(std::uint64_t offset, std::uint32_t count) const {
  const std::uint64_t from = begin_ + offset;
  const auto push = std::ranges::upper_bound(pushes_, from);
  return push != pushes_.end() && *push <= from + count;
}

void SendBuffer::consume(std::uint64_t count) {
  assert(count <= size());
  begin_ += count;
  while (!chunks_.empty() && chunks_.front().end() <= begin_) {
    chunks_.pop_front();
    if (cursor_ > 0) --cursor_;
  }
  while (!pushes_.empty() && pushes_.front() <= begin_) pushes_.pop_front();
}

void SendBuffer::clear() {
  chunks_.clear();
  pushes_.clear();
  begin_ = end_ = 0;
  cursor_ = 0;
}

}  // namespace mailscope::sim
