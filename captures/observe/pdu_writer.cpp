#include "captures/observe/pdu_writer.hpp"

#include <algorithm>
#include <utility>

namespace mailscope::observe {

using trace::Id;
using trace::kNone;
using trace::Pdu;
using trace::PduKind;

PduWriter::PduWriter(Context& context, Id connection)
    : context_(context), connection_(connection) {}

void PduWriter::add_segment(Direction direction, std::uint64_t begin, std::uint64_t octets,
                            const tcp::FrameRef& frame) {
  if (!context_.everything()) return;
  const int d = static_cast<int>(direction);
  tracks_[d].add(context_.trace, begin, octets, frame);
  offset_[d] = begin + octets;
  trace::Connection& connection = context_.trace.connections[connection_];
  connection.first_segment[d] = tracks_[d].first();
  connection.last_segment[d] = tracks_[d].last();
}

trace::Time PduWriter::time_of(Id segment) const {
  const Id frame = context_.trace.segments[segment].frame;
  return frame < context_.trace.frames.size() ? context_.trace.frames[frame].sent
                                              : context_.trace.segments[segment].delivered;
}

Id PduWriter::add(Pdu draft) {
  if (!context_.everything()) return kNone;
  const int d = static_cast<int>(draft.direction);
  draft.connection = connection_;
  draft.segment = tracks_[d].find(context_.trace, draft.begin);
  if (draft.segment != kNone) {
    draft.frame = context_.trace.segments[draft.segment].frame;
    draft.first = time_of(draft.segment);
  }
  const Id id = append(draft);
  extend(id, draft.end);
  return id;
}

void PduWriter::extend(Id pdu, std::uint64_t end) {
  if (pdu == kNone) return;
  Pdu& entry = context_.trace.pdus[pdu];
  entry.end = end;
  SegmentTrack& track = tracks_[static_cast<int>(entry.direction)];
  const Id last = track.find(context_.trace, end > entry.begin ? end - 1 : end);
  if (last != kNone) entry.last = std::max(entry.first, time_of(last));
}

Id PduWriter::add_event(PduKind kind, Direction direction, const tcp::FrameRef& frame) {
  if (!context_.everything()) return kNone;
  Pdu pdu;
  pdu.kind = kind;
  pdu.direction = direction;
  pdu.connection = connection_;
  pdu.frame = frame.frame;
  pdu.first = pdu.last = pdu.received = frame.at;
  pdu.begin = pdu.end = offset_[static_cast<int>(direction)];
  if (last_pdu_ != kNone) pdu.state = context_.trace.pdus[last_pdu_].state;
  pdu.phase = kind == PduKind::Open ? Phase::SetUp : Phase::Termination;
  return append(pdu);
}

Id PduWriter::append(const Pdu& pdu) {
  trace::Trace& trace = context_.trace;
  const Id id = static_cast<Id>(trace.pdus.size());
  trace.pdus.push_back(pdu);
  if (last_pdu_ == kNone) {
    trace.connections[connection_].first_pdu = id;
  } else {
    trace.pdus[last_pdu_].next_in_connection = id;
  }
  last_pdu_ = id;
  return id;
}

void PduWriter::swap_sides() {
  if (!context_.everything()) return;
  std::swap(tracks_[0], tracks_[1]);
  std::swap(offset_[0], offset_[1]);
  trace::Connection& connection = context_.trace.connections[connection_];
  std::swap(connection.first_segment[0], connection.first_segment[1]);
  std::swap(connection.last_segment[0], connection.last_segment[1]);
  for (Id id = connection.first_pdu; id != kNone;) {
    Pdu& pdu = context_.trace.pdus[id];
    pdu.direction = other(pdu.direction);
    id = pdu.next_in_connection;
  }
}

}  // namespace mailscope::observe
