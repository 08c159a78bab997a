// The chain of segments of one direction, and which of them holds an octet.
#pragma once

#include <cstdint>

#include "captures/trace/trace.hpp"

namespace mailscope::observe {

class SegmentTrack {
 public:
  // Appends it to the trace. Its `begin` never descends.
  void add(trace::Trace& trace, trace::Segment segment);
  // The segment that holds the octet, else the nearest before it; kNone when there is none. Asked
  // in ascending order: each call goes on from where the last one stopped.
  trace::Id find(const trace::Trace& trace, std::uint64_t octet);

  trace::Id first() const { return first_; }
  trace::Id last() const { return last_; }

 private:
  trace::Id first_ = trace::kNone;
  trace::Id last_ = trace::kNone;
  trace::Id cursor_ = trace::kNone;
};

}  // namespace mailscope::observe
