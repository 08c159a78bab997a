// Brings frames from sources (a file, one that grows, an interface, the simulator's record) to the
// road: merged by time, kept in the trace, read.
//
// Several sources are merged by their time stamps; one that has nothing yet is not waited for. t =
// 0 is the first frame's time, and no frame goes back in time: one that is late gets the time of
// the one before it, and is counted. The frames of a source that keeps them in the trace itself
// (Packet::kept) have their times already.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "captures/observe/road.hpp"
#include "captures/pcap/frame_source.hpp"
#include "captures/trace/trace.hpp"

namespace mailscope::observe {

class Intake {
 public:
  // The trace outlives it.
  Intake(trace::Trace& trace, const RoadOptions& options);

  // The source outlives it. `mapping`: its file's number in the trace's OctetStore, which then need
  // not keep a copy; -1: it has none.
  void add(pcap::FrameSource& source, int mapping = -1);

  // Takes what there is, at most so many frames. Frame: there is more; NothingYet: ask again
  // later; End: all sources have ended.
  pcap::Next read(std::uint64_t frames_max = std::numeric_limits<std::uint64_t>::max());
  // Brings the trace up to date (Road::settle).
  void settle() { road_.settle(); }
  // Nothing more comes.
  void finish();

  // Items that settle() looked at so far.
  std::uint64_t work() const { return road_.work(); }

 private:
  struct Input {
    pcap::FrameSource* source;
    int mapping;
    pcap::Packet packet;
    pcap::Next next = pcap::Next::NothingYet;
  };

  Input* earliest();
  void take(Input& input);
  trace::Time time_of(const pcap::Packet& packet);
  trace::Id keep(const Input& input, trace::Time at);
  std::uint64_t place(const Input& input, std::string_view octets);
  void report(trace::Severity severity, std::string_view code, std::string text);

  trace::Trace& trace_;
  bool keep_;
  Road road_;
  std::vector<Input> inputs_;
  std::uint64_t late_ = 0;  // frames
};

}  // namespace mailscope::observe
