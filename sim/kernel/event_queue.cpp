#include "sim/kernel/event_queue.hpp"

#include <algorithm>
#include <cstring>

namespace mailscope::sim {
namespace {

constexpr std::size_t kSlabBlocks = 128;

}  // namespace

inline int EventQueue::lowest_bucket() const {
  const int level = std::countr_zero(occupied_levels_);
  return level * kDigits + std::countr_zero(occupied_[static_cast<std::size_t>(level)]);
}

inline void EventQueue::clear_bit(int bucket) {
  const auto level = static_cast<std::size_t>(bucket / kDigits);
  occupied_[level] &= ~(std::uint64_t{1} << (bucket % kDigits));
  if (occupied_[level] == 0) occupied_levels_ &= ~(1u << level);
}

EventQueue::Block* EventQueue::take_block() {
  if (!free_) {
    slabs_.push_back(std::make_unique<Block[]>(kSlabBlocks));
    for (std::size_t i = kSlabBlocks; i-- > 0;) give_back(&slabs_.back()[i]);
  }
  Block* block = free_;
  free_ = block->next;
  block->next = nullptr;
  block->begin = block->end = 0;
  return block;
}

inline void EventQueue::give_back(Block* block) {
  block->next = free_;
  free_ = block;
}

EventQueue::Block* EventQueue::add_block(int index) {
  Bucket& bucket = buckets_[static_cast<std::size_t>(index)];
  Block* block = take_block();
  if (bucket.last) return bucket.last = bucket.last->next = block;
  const auto level = static_cast<std::size_t>(index / kDigits);
  occupied_[level] |= std::uint64_t{1} << (index % kDigits);
  occupied_levels_ |= 1u << level;
  return bucket.first = bucket.last = block;
}

// Into the block that is being emptied, behind everything of the same time. A full block gets a
// second one behind it; the bucket is then dealt out at the next pop.
void EventQueue::insert_sorted(const Event& event) {
  Block& block = *current_;
  if (block.end == kBlockEvents) {
    if (block.begin == 0) {
      append(sorted_, event);
      sorted_ = -1;
      current_ = nullptr;
      return;
    }
    std::memmove(block.events, block.events + block.begin,
                 (block.end - block.begin) * sizeof(Event));
    block.end -= block.begin;
    block.begin = 0;
  }
  std::uint32_t place = block.end++;
  for (; place > block.begin && block.events[place - 1].at > event.at; --place)
    block.events[place] = block.events[place - 1];
  block.events[place] = event;
}

void EventQueue::sort_block(Block& block) {
  for (std::uint32_t i = block.begin + 1; i < block.end; ++i) {
    if (block.events[i - 1].at <= block.events[i].at) continue;
    const Event event = block.events[i];
    std::uint32_t place = i;
    for (; place > block.begin && block.events[place - 1].at > event.at; --place)
      block.events[place] = block.events[place - 1];
    block.events[place] = event;
  }
}

void EventQueue::deal_out(int index) {
  Bucket& bucket = buckets_[static_cast<std::size_t>(index)];
  Block* block = bucket.first;
  bucket = {};
  clear_bit(index);
  Time earliest = kNever;
  for (const Block* b = block; b; b = b->next)
    for (std::uint32_t i = b->begin; i < b->end; ++i)
      earliest = std::min(earliest, b->events[i].at);
  base_ = earliest;
  while (block) {
    for (std::uint32_t i = block->begin; i < block->end; ++i)
      append(bucket_of(block->events[i].at), block->events[i]);
    Block* next = block->next;
    give_back(block);
    block = next;
  }
}

// Makes the lowest bucket one block in order, dealing out those that are larger. Level 0 holds one
// time a bucket, so its order is that of arrival.
void EventQueue::sort_lowest() {
  for (;;) {
    const int index = lowest_bucket();
    Block* block = buckets_[static_cast<std::size_t>(index)].first;
    if (index < kDigits) {
      current_ = block;
      return;
    }
    if (!block->next) {
      sort_block(*block);
      sorted_ = index;
      current_ = block;
      return;
    }
    deal_out(index);
  }
}

void EventQueue::finish_block() {
  const int index = sorted_ >= 0 ? sorted_ : lowest_bucket();
  Bucket& bucket = buckets_[static_cast<std::size_t>(index)];
  bucket.first = current_->next;
  give_back(current_);
  current_ = nullptr;
  sorted_ = -1;
  if (bucket.first) return;
  bucket.last = nullptr;
  clear_bit(index);
}

Time EventQueue::next_time() const {
  if (size_ == 0) return kNever;
  if (current_) return current_->events[current_->begin].at;
  const int index = lowest_bucket();
  const Block* block = buckets_[static_cast<std::size_t>(index)].first;
  if (index < kDigits) return block->events[block->begin].at;
  Time earliest = kNever;
  for (; block; block = block->next)
    for (std::uint32_t i = block->begin; i < block->end; ++i)
      earliest = std::min(earliest, block->events[i].at);
  return earliest;
}

}  // namespace mailscope::sim
