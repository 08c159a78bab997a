#include "scenarios/playing/recorded_frames.hpp"

#include <algorithm>
#include <utility>

namespace mailscope::scenarios {

using trace::Id;
using trace::kNone;
using trace::Trace;

namespace {

bool is_first_hop(const trace::Frame& frame, Id id) {
  return frame.origin == id && frame.fate != trace::Fate::Duplicate;
}

observe::RoadOptions options_for(const sim::Recorder& recorder, observe::MakeLayer layer) {
  observe::RoadOptions options;
  options.received_at = [&recorder](Id frame) { return recorder.delivered(frame); };
  options.layer = std::move(layer);
  return options;
}

}  // namespace

pcap::Next RecordedFrames::next(pcap::Packet& packet) {
  for (; position_ < trace_.frames.size(); ++position_) {
    const auto id = static_cast<Id>(position_);
    const trace::Frame& frame = trace_.frames[id];
    if (!is_first_hop(frame, id)) continue;
    packet.at = trace_.source.begin + frame.sent;
    packet.octets = trace_.octets(frame);
    packet.wire_octets = frame.wire_octets;
    packet.link_type = frame.link_type;
    packet.kept = id;
    ++position_;
    return pcap::Next::Frame;
  }
  return pcap::Next::NothingYet;
}

RecordReader::RecordReader(Trace& trace, const sim::Recorder& recorder, observe::MakeLayer layer)
    : trace_(trace), frames_(trace), intake_(trace, options_for(recorder, std::move(layer))) {
  intake_.add(frames_);
}

// A packet's later hops belong to the connection of its first; the record lasts until its last
// frame was sent or received, or its last inside event happened.
void RecordReader::settle_frames() {
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

void RecordReader::settle() {
  read();
  settle_frames();
  intake_.settle();
}

void RecordReader::finish() {
  read();
  settle_frames();
  intake_.finish();
}

}  // namespace mailscope::scenarios
