#include "captures/observe/stream/segments.hpp"

namespace mailscope::observe {

using trace::Id;
using trace::kNone;

void SegmentTrack::add(trace::Trace& trace, trace::Segment segment) {
  segment.previous = last_;
  const Id id = static_cast<Id>(trace.segments.size());
  trace.segments.push_back(segment);
  if (last_ == kNone) {
    first_ = cursor_ = id;
  } else {
    trace.segments[last_].next = id;
  }
  last_ = id;
}

Id SegmentTrack::find(const trace::Trace& trace, std::uint64_t octet) {
  if (cursor_ == kNone) return kNone;
  for (;;) {
    const Id next = trace.segments[cursor_].next;
    if (next == kNone || trace.segments[next].begin > octet) return cursor_;
    cursor_ = next;
  }
}

}  // namespace mailscope::observe
