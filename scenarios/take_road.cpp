#include "scenarios/take_road.hpp"

#include <algorithm>

namespace mailscope::scenarios {

using trace::AgentKind;
using trace::Id;
using trace::kNone;
using trace::Trace;

namespace {

// As a capture at the senders would hold them: each packet once.
bool is_first_hop(const trace::Frame& frame, Id id) {
  return frame.origin == id && frame.fate != trace::Fate::Duplicate;
}

}  // namespace

FrameReader::FrameReader(Trace& trace, const sim::Recorder& recorder)
    : trace_(trace), recorder_(recorder), road_(trace) {}

void FrameReader::read(std::size_t frames_max) {
  const std::size_t end = read_ + std::min(frames_max, trace_.frames.size() - read_);
  for (; read_ < end; ++read_) {
    const trace::Frame frame = trace_.frames[read_];
    const auto id = static_cast<Id>(read_);
    if (!is_first_hop(frame, id)) continue;
    road_.add(trace_.octets(frame), kEthernet, frame.wire_octets, frame.sent, id);
    ++trace_.source.frames;
    trace_.source.octets += frame.wire_octets;
  }
}

void FrameReader::finish() {
  read();
  road_.finish();
  road_.apply_deliveries([&](Id frame) { return recorder_.delivered(frame); });
  for (trace::Frame& frame : trace_.frames)
    if (frame.origin != kNone) frame.connection = trace_.frames[frame.origin].connection;
}

void take_the_road(Trace& trace, const sim::Recorder& recorder) {
  FrameReader(trace, recorder).finish();
}

Id find_agent(const Trace& trace, Id host, AgentKind kind) {
  for (Id id = 0; id < trace.agents.size(); ++id)
    if (trace.agents[id].host == host && trace.agents[id].kind == kind) return id;
  return kNone;
}

trace::Time last_moment(const Trace& trace) {
  trace::Time last = 0;
  for (const trace::Frame& frame : trace.frames)
    last = std::max({last, frame.sent, frame.received == trace::kNever ? 0 : frame.received});
  if (!trace.changes.empty()) last = std::max(last, trace.changes.back().at);
  return last;
}

}  // namespace mailscope::scenarios
