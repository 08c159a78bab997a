#include "sim/net/frame_pool.hpp"

namespace mailscope::sim {

void FramePool::grow() {
  slabs_.push_back(std::unique_ptr<FrameBuffer[]>(new FrameBuffer[kSlabFrames]));
  for (std::size_t i = kSlabFrames; i-- > 0;) {
    FrameBuffer& frame = slabs_.back()[i];
    frame.next = free_;
    free_ = &frame;
  }
}

FrameBuffer* FramePool::find(trace::Id id) {
  if (id == trace::kNone) return nullptr;
  for (const auto& slab : slabs_)
    for (std::size_t i = 0; i < kSlabFrames; ++i)
      if (slab[i].references > 0 && slab[i].id == id) return &slab[i];
  return nullptr;
}

}  // namespace mailscope::sim
