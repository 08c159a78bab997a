// Appends a stream, its segments and its PDUs to the trace, and ties them to frames and times: the
// stream that TCP carried, or one that a layer makes of another. With Keep::Summary nothing is
// appended and every Id is kNone.
//
// Ranges of one direction come in ascending order and do not overlap.
#pragma once

#include <cstdint>
#include <string_view>

#include "captures/observe/context.hpp"
#include "captures/observe/stream/segments.hpp"
#include "captures/tcp/stream_sink.hpp"
#include "captures/trace/trace.hpp"

namespace mailscope::observe {

class PduWriter {
 public:
  // TCP's own stream.
  PduWriter(Context& context, trace::Id connection);
  // The stream that `layer` makes of the carrier's, which outlives this one.
  PduWriter(PduWriter& carrier, std::string_view layer);

  void add_segment(Direction direction, std::uint64_t begin, std::uint64_t octets,
                   const tcp::FrameRef& frame);
  // Octets that the layer made when it was given the carrier's up to (not with) `carrier_end`.
  void add_derived(Direction direction, std::uint64_t begin, std::string_view octets,
                   std::uint64_t carrier_end, trace::Time at);

  // `draft` says kind, direction, range, word and so on; the rest is filled in here.
  trace::Id add(trace::Pdu draft);
  // Its range now ends here.
  void extend(trace::Id pdu, std::uint64_t end);
  // A PDU without octets: Open, Close, Reset. It leaves the session in the state of the PDU before.
  trace::Id add_event(trace::PduKind kind, Direction direction, const tcp::FrameRef& frame);

  // The side taken for the client is the server.
  void swap_sides();

 private:
  void add_stream();  // with its first segment
  void note_segment(Direction direction);
  trace::Id append(const trace::Pdu& pdu);
  void chain(trace::Id id);
  trace::Id& newest() { return carrier_ != nullptr ? carrier_->newest() : newest_; }
  trace::Time time_of(trace::Id segment) const;

  Context& context_;
  trace::Id connection_;
  PduWriter* carrier_ = nullptr;
  std::string_view layer_name_;
  trace::Id stream_ = trace::kNone;
  std::uint8_t layer_ = 0;
  SegmentTrack tracks_[2];
  trace::Id newest_ = trace::kNone;   // of the connection: appended last
  std::uint64_t offset_[2] = {0, 0};  // where the stream is: for PDUs without octets
};

}  // namespace mailscope::observe
