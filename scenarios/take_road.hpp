// From a simulated network's frames to everything else in the trace: the same road as a capture's
// (captures/observe), for runs and for served sessions.
#pragma once

#include "captures/trace/trace.hpp"
#include "sim/net/recorder.hpp"

namespace mailscope::scenarios {

inline constexpr std::uint16_t kEthernet = 1;  // the pcap LINKTYPE_ of simulated frames

// As a capture at the senders would hold them: each packet once.
bool is_first_hop(const trace::Frame& frame, trace::Id id);
// The trace holds frames and nothing that was read from them yet.
void take_the_road(trace::Trace& trace, const sim::Recorder& recorder);
// The first agent of that kind on the host, or kNone.
trace::Id find_agent(const trace::Trace& trace, trace::Id host, trace::AgentKind kind);
// When the last frame was sent or received, or the last inside event happened.
trace::Time last_moment(const trace::Trace& trace);

}  // namespace mailscope::scenarios
