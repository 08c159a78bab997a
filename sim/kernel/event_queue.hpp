// The queue of future events: a radix heap in base 64 that keeps events of one time in the order in
// which they were pushed.
//
// Source: Ahuja, Mehlhorn, Orlin, Tarjan, "Faster algorithms for the shortest path problem" (1990),
// with 64 buckets a level as in a hierarchical timing wheel.
//
// Shape. `base_` is a time at or before everything in the queue. An event stands at the level of
// the highest base-64 digit in which its time differs from base_, in the bucket of that digit. So
// the earliest event is in the lowest bucket of the lowest level. A bucket of one block is sorted
// in place and emptied from the front; a larger one is dealt out to the levels below, with its
// earliest time as the new base. Dealing and sorting are stable and two events of one time are
// always in the same bucket, hence first in, first out among ties.
//
// Monotone: push(at) needs at >= the time of the last pop(). Events live in blocks of a pool: no
// allocation for one event, none at all once the pool has grown. Each event moves at most once a
// level, at most 11 times, in practice 2 or 3 times.
#pragma once

#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/kernel/event.hpp"

namespace mailscope::sim {

class EventQueue {
 public:
  EventQueue() = default;
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;

  void push(const Event& event) {
    ++size_;
    const int bucket = bucket_of(event.at);
    if (bucket == sorted_)
      insert_sorted(event);
    else
      append(bucket, event);
  }
  // Takes the earliest event out. Not on an empty queue.
  Event pop() {
    assert(size_ > 0);
    if (!current_) sort_lowest();
    Block* block = current_;
    const Event event = block->events[block->begin];
    if (++block->begin == block->end) finish_block();
    --size_;
    return event;
  }
  // kNever when empty. Changes nothing.
  Time next_time() const;
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

 private:
  static constexpr int kDigitBits = 6;
  static constexpr int kDigits = 1 << kDigitBits;
  static constexpr int kLevels = (63 + kDigitBits - 1) / kDigitBits;
  static constexpr int kBlockEvents = 20;

  struct Block {
    Block* next = nullptr;
    std::uint32_t begin = 0, end = 0;
    Event events[kBlockEvents];
  };
  struct Bucket {
    Block* first = nullptr;
    Block* last = nullptr;
  };

  std::array<Bucket, kLevels * kDigits> buckets_{};
  std::array<std::uint64_t, kLevels> occupied_{};  // a bit for each bucket of a level
  std::uint32_t occupied_levels_ = 0;
  int sorted_ = -1;           // the bucket being emptied: one block, in order
  Block* current_ = nullptr;  // its block
  Time base_ = 0;
  std::size_t size_ = 0;
  Block* free_ = nullptr;
  std::vector<std::unique_ptr<Block[]>> slabs_;

  // Level by position of the highest differing bit: position / 6.
  static constexpr std::array<std::uint8_t, 64> kLevelOfBit = [] {
    std::array<std::uint8_t, 64> level{};
    for (std::size_t bit = 0; bit < 64; ++bit) level[bit] = static_cast<std::uint8_t>(bit / 6);
    return level;
  }();

  int bucket_of(Time at) const {
    const auto time = static_cast<std::uint64_t>(at);
    const std::uint64_t difference = time ^ static_cast<std::uint64_t>(base_);
    const int level = kLevelOfBit[static_cast<std::size_t>(63 - std::countl_zero(difference | 1))];
    return level * kDigits + static_cast<int>(time >> (level * kDigitBits) & (kDigits - 1));
  }
  void append(int index, const Event& event) {
    Block* last = buckets_[static_cast<std::size_t>(index)].last;
    if (!last || last->end == kBlockEvents) last = add_block(index);
    last->events[last->end++] = event;
  }
  int lowest_bucket() const;
  Block* add_block(int bucket);
  void insert_sorted(const Event& event);
  void sort_lowest();
  static void sort_block(Block& block);
  void finish_block();
  void deal_out(int bucket);
  void clear_bit(int bucket);
  Block* take_block();
  void give_back(Block* block);
};

}  // namespace mailscope::sim
