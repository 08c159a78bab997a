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

// Reads a record's frames while they come. Trace and recorder outlive it; nothing was read from the
// trace before.
class FrameReader {
 public:
  FrameReader(trace::Trace& trace, const sim::Recorder& recorder);

  // The next frames, as many as there are or at most so many.
  void read(std::size_t frames_max = SIZE_MAX);
  std::size_t frames_read() const { return read_; }
  // Reads the rest and brings the trace up to date, at the cost of what is new (Road::settle); its
  // duration is that of what was recorded so far. Then it goes on.
  void settle();
  // Nothing more comes.
  void finish();
  // Items that settle() looked at so far.
  std::uint64_t work() const { return road_.work() + work_; }

 private:
  void settle_frames();

  trace::Trace& trace_;
  observe::Road road_;
  std::size_t read_ = 0;
  trace::Id settled_ = 0;  // frames
  std::size_t revised_ = 0;
  trace::Time last_moment_ = 0;
  std::uint64_t work_ = 0;
};

// All of them.
void take_the_road(trace::Trace& trace, const sim::Recorder& recorder);
// The first agent of that kind on the host, or kNone.
trace::Id find_agent(const trace::Trace& trace, trace::Id host, trace::AgentKind kind);

}  // namespace mailscope::scenarios
