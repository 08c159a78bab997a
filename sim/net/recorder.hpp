// The recorder: a tap that writes every frame into a Trace (frames, octets; hosts and links with
// describe(), which is to be called once the network stands).
//
// A frame is appended when it is put on its link, with fate InFlight, and completed when it arrives
// or is lost (and why). A packet that a router forwards is one Frame for each hop, all with the
// `origin` of the first. A copy made by a link's duplication is a further Frame with fate
// Duplicate. The trace must outlive the recorder.
#pragma once

#include <vector>

#include "captures/trace/trace.hpp"
#include "sim/net/tap.hpp"

namespace mailscope::sim {

class Network;

class Recorder final : public Tap {
 public:
  explicit Recorder(trace::Trace& trace) : trace_(trace) {}

  // Fills trace.hosts (name, kind, addresses; unless filled already) and trace.links.
  void describe(const Network& network);

  Id on_sent(const SentFrame& frame) override;
  void on_received(Id frame, Id host, Time at) override;
  void on_lost(Id frame, Time at, Loss why) override;

  // When the packet that began as `origin_frame` was taken off its last link; kNever when it has
  // not been (lost, in flight, waiting in a router). Of several copies the first counts.
  Time delivered(Id origin_frame) const;

 private:
  bool is_final(const trace::Frame& frame, Id host) const;

  trace::Trace& trace_;
  const Network* network_ = nullptr;  // from describe()
  std::vector<Time> final_received_;  // by origin frame
};

}  // namespace mailscope::sim
