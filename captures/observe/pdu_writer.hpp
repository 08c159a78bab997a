// Appends the PDUs of one connection to the trace and ties them to segments, frames and times. With
// Keep::Summary nothing is appended and every Id is kNone.
//
// Ranges of one direction come in ascending order and do not overlap.
#pragma once

#include <cstdint>

#include "captures/observe/context.hpp"
#include "captures/observe/stream/segments.hpp"
#include "captures/tcp/stream_sink.hpp"
#include "captures/trace/trace.hpp"

namespace mailscope::observe {

class PduWriter {
 public:
  PduWriter(Context& context, trace::Id connection);

  void add_segment(Direction direction, std::uint64_t begin, std::uint64_t octets,
                   const tcp::FrameRef& frame);

  // `draft` says kind, direction, range, word and so on; the rest is filled in here.
  trace::Id add(trace::Pdu draft);
  // Its range now ends here.
  void extend(trace::Id pdu, std::uint64_t end);
  // A PDU without octets: Open, Close, Reset. It leaves the session in the state of the PDU before.
  trace::Id add_event(trace::PduKind kind, Direction direction, const tcp::FrameRef& frame);

  // The side taken for the client is the server.
  void swap_sides();

 private:
  trace::Id append(const trace::Pdu& pdu);
  void chain(trace::Id id);
  trace::Time time_of(trace::Id segment) const;

  Context& context_;
  trace::Id connection_;
  SegmentTrack tracks_[2];
  trace::Id newest_ = trace::kNone;   // appended last
  std::uint64_t offset_[2] = {0, 0};  // where the stream is: for PDUs without octets
};

}  // namespace mailscope::observe
