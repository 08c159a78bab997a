// From a simulated network's frames to everything else in the trace: the same road as a capture's
// (captures/observe), for runs and for served sessions.
#pragma once

#include <cstddef>
#include <cstdint>

#include "captures/observe/road.hpp"
#include "captures/trace/trace.hpp"
#include "sim/net/recorder.hpp"

namespace mailscope::scenarios {

inline constexpr std::uint16_t kEthernet = 1;  // the pcap LINKTYPE_ of simulated frames

// Reads a trace's frames while they come. Trace and recorder outlive it; nothing was read from the
// trace before, and its source is a scenario until finish(), since its agents are known.
class FrameReader {
 public:
  FrameReader(trace::Trace& trace, const sim::Recorder& recorder);

  // The next frames, as many as there are or at most so many.
  void read(std::size_t frames_max = SIZE_MAX);
  std::size_t frames_read() const { return read_; }
  // Reads the rest; nothing more comes.
  void finish();

 private:
  trace::Trace& trace_;
  const sim::Recorder& recorder_;
  observe::Road road_;
  std::size_t read_ = 0;
};

// All of them.
void take_the_road(trace::Trace& trace, const sim::Recorder& recorder);
// The first agent of that kind on the host, or kNone.
trace::Id find_agent(const trace::Trace& trace, trace::Id host, trace::AgentKind kind);
// When the last frame was sent or received, or the last inside event happened.
trace::Time last_moment(const trace::Trace& trace);

}  // namespace mailscope::scenarios
