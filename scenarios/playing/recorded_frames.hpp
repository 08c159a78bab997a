// From the frames that a simulated network has recorded to everything else in the trace: the same
// road as a capture's (captures/observe), for runs and for served sessions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "captures/observe/capture/intake.hpp"
#include "captures/pcap/frame_source.hpp"
#include "captures/trace/trace.hpp"
#include "sim/net/recorder.hpp"

namespace mailscope::scenarios {

// A record's frames as a capture at the senders would hold them: each packet once, not once a hop.
// There is nothing yet where the record stands; it does not end.
class RecordedFrames final : public pcap::FrameSource {
 public:
  explicit RecordedFrames(const trace::Trace& trace) : trace_(trace) {}

  pcap::Next next(pcap::Packet& packet) override;
  const std::string& problem() const override { return problem_; }
  std::size_t position() const { return position_; }  // in Trace::frames

 private:
  const trace::Trace& trace_;
  std::size_t position_ = 0;
  const std::string problem_;
};

// Reads a record while it grows. Trace and recorder outlive it; nothing was read from the trace
// before.
class RecordReader {
 public:
  RecordReader(trace::Trace& trace, const sim::Recorder& recorder, observe::MakeLayer layer = {});

  // The next frames, as many as there are or at most so many.
  void read(std::size_t frames_max = SIZE_MAX) { intake_.read(frames_max); }
  std::size_t frames_read() const { return frames_.position(); }
  // Reads the rest and brings the trace up to date, at the cost of what is new (Road::settle); its
  // duration is that of what was recorded so far. Then it goes on.
  void settle();
  // Nothing more comes.
  void finish();
  // Items that settle() looked at so far.
  std::uint64_t work() const { return intake_.work() + work_; }

 private:
  void settle_frames();

  trace::Trace& trace_;
  RecordedFrames frames_;
  observe::Intake intake_;
  trace::Id settled_ = 0;  // frames
  std::size_t revised_ = 0;
  trace::Time last_moment_ = 0;
  std::uint64_t work_ = 0;
};

}  // namespace mailscope::scenarios
