// Buffers for frames on their way: fixed size, counted references, no allocation in steady state.
//
// A frame is written once by its sender and travels as a pointer. Whoever holds it owns one
// reference; only a frame with a single reference may be changed (a router rewriting its header).
// The pool owns the memory, so frames still in flight at the end need no care.
#pragma once

#include <cassert>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "captures/trace/trace.hpp"

namespace mailscope::sim {

inline constexpr std::uint32_t kFrameOctetsMax = 1514;  // Ethernet header and 1500 octets

struct FrameBuffer {
  FrameBuffer* next = nullptr;  // free list, or a port's queue
  std::uint32_t references = 0;
  std::uint32_t octets = 0;
  trace::Id id = trace::kNone;           // the tap's number for this hop
  trace::Id origin = trace::kNone;       // and for the packet's first hop
  std::uint32_t epoch = 0;               // of the link that carries it
  trace::Loss doom = trace::Loss::None;  // why it will not arrive
  alignas(8) std::uint8_t lead[2];       // so that the IP header is aligned
  std::uint8_t data[kFrameOctetsMax];

  std::string_view view() const { return {reinterpret_cast<const char*>(data), octets}; }
};

class FramePool {
 public:
  FramePool() = default;
  FramePool(const FramePool&) = delete;
  FramePool& operator=(const FramePool&) = delete;

  // A frame with one reference, no octets, no tap number.
  FrameBuffer* take() {
    if (!free_) grow();
    FrameBuffer* frame = free_;
    free_ = frame->next;
    frame->next = nullptr;
    frame->references = 1;
    frame->octets = 0;
    frame->id = frame->origin = trace::kNone;
    frame->doom = trace::Loss::None;
    ++in_use_;
    return frame;
  }
  void give_back(FrameBuffer* frame) {
    assert(frame->references > 0);
    if (--frame->references > 0) return;
    frame->next = free_;
    free_ = frame;
    --in_use_;
  }
  // The frame in use with this tap number, or null. Looks at all of them: for interventions.
  FrameBuffer* find(trace::Id id);
  std::size_t in_use() const { return in_use_; }
  std::size_t capacity() const { return slabs_.size() * kSlabFrames; }

 private:
  static constexpr std::size_t kSlabFrames = 64;
  void grow();

  FrameBuffer* free_ = nullptr;
  std::size_t in_use_ = 0;
  std::vector<std::unique_ptr<FrameBuffer[]>> slabs_;
};

}  // namespace mailscope::sim
