#include "scenarios/playing/take_road.hpp"

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

observe::RoadOptions options_for(const sim::Recorder& recorder) {
  observe::RoadOptions options;
  options.received_at = [&recorder](Id frame) { return recorder.delivered(frame); };
  return options;
}

}  // namespace

FrameReader::FrameReader(Trace& trace, const sim::Recorder& recorder)
    : trace_(trace), road_(trace, options_for(recorder)) {}

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

// A packet's later hops belong to the connection of its first; the record lasts until its last
// frame was sent or received, or its last inside event happened.
void FrameReader::settle_frames() {
  const auto look_at = [this](Id id) {
    const trace::Frame& frame = trace_.frames[id];
    ++work_;
    last_moment_ =
        std::max({last_moment_, frame.sent, frame.received == trace::kNever ? 0 : frame.received});
  };
  for (const auto end = static_cast<Id>(trace_.frames.size()); settled_ < end; ++settled_) {
    look_at(settled_);
    trace::Frame& frame = trace_.frames[settled_];
    if (frame.origin != kNone) frame.connection = trace_.frames[frame.origin].connection;
  }
  const std::vector<Id>& revised = trace_.revisions().frames;
  for (; revised_ < revised.size(); ++revised_)
    if (revised[revised_] < settled_) look_at(revised[revised_]);
  if (!trace_.changes.empty()) last_moment_ = std::max(last_moment_, trace_.changes.back().at);
  trace_.source.duration = last_moment_;
}

void FrameReader::settle() {
  read();
  settle_frames();
  road_.settle();
}

void FrameReader::finish() {
  read();
  settle_frames();
  road_.finish();
}

void take_the_road(Trace& trace, const sim::Recorder& recorder) {
  FrameReader(trace, recorder).finish();
}

Id find_agent(const Trace& trace, Id host, AgentKind kind) {
  for (Id id = 0; id < trace.agents.size(); ++id)
    if (trace.agents[id].host == host && trace.agents[id].kind == kind) return id;
  return kNone;
}

}  // namespace mailscope::scenarios
