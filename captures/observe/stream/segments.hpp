// The chain of segments of one direction, and which of them holds an octet.
#pragma once

#include <cstdint>

#include "captures/tcp/stream_sink.hpp"
#include "captures/trace/trace.hpp"

namespace mailscope::observe {

class SegmentTrack {
 public:
  // `begin` never descends.
  void add(trace::Trace& trace, std::uint64_t begin, std::uint64_t octets,
           const tcp::FrameRef& frame);
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
