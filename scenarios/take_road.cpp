#include "scenarios/take_road.hpp"

#include <algorithm>

#include "captures/observe/road.hpp"

namespace mailscope::scenarios {

using trace::AgentKind;
using trace::Id;
using trace::kNone;
using trace::Trace;

bool is_first_hop(const trace::Frame& frame, Id id) {
  return frame.origin == id && frame.fate != trace::Fate::Duplicate;
}

void take_the_road(Trace& trace, const sim::Recorder& recorder) {
  observe::Road road(trace);
  for (Id id = 0; id < trace.frames.size(); ++id) {
    const trace::Frame frame = trace.frames[id];
    if (!is_first_hop(frame, id)) continue;
    road.add(trace.octets(frame), kEthernet, frame.wire_octets, frame.sent, id);
    ++trace.source.frames;
    trace.source.octets += frame.wire_octets;
  }
  road.finish();
  road.apply_deliveries([&](Id frame) { return recorder.delivered(frame); });
  for (trace::Frame& frame : trace.frames)
    if (frame.origin != kNone) frame.connection = trace.frames[frame.origin].connection;
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
