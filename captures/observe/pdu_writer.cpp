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

PduWriter::PduWriter(PduWriter& carrier, std::string_view layer)
    : context_(carrier.context_),
      connection_(carrier.connection_),
      carrier_(&carrier),
      layer_name_(layer),
      layer_(static_cast<std::uint8_t>(carrier.layer_ + 1)) {}

void PduWriter::add_stream() {
  if (stream_ != kNone) return;
  trace::Stream stream;
  stream.connection = connection_;
  stream.layer = layer_name_;
  stream_ = static_cast<Id>(context_.trace.streams.size());
  if (carrier_ != nullptr) {
    stream.carrier = carrier_->stream_;
    context_.trace.streams[stream.carrier].carried = stream_;
  } else {
    context_.trace.connections[connection_].stream = stream_;
  }
  context_.trace.streams.push_back(stream);
}

void PduWriter::add_segment(Direction direction, std::uint64_t begin, std::uint64_t octets,
                            const tcp::FrameRef& frame) {
  if (!context_.everything()) return;
  add_stream();
  const int d = static_cast<int>(direction);
  trace::Segment segment;
  segment.begin = begin;
  segment.octets = static_cast<std::uint32_t>(octets);
  segment.delivered = frame.at;
  segment.frame = frame.frame;
  segment.payload_at = frame.payload_at;
  tracks_[d].add(context_.trace, segment);
  offset_[d] = begin + octets;
  note_segment(direction);
}

void PduWriter::add_derived(Direction direction, std::uint64_t begin, std::string_view octets,
                            std::uint64_t carrier_end, trace::Time at) {
  if (!context_.everything() || carrier_->stream_ == kNone || octets.empty()) return;
  add_stream();
  const int d = static_cast<int>(direction);
  trace::Trace& trace = context_.trace;
  const Id carrier = carrier_->tracks_[d].find(trace, carrier_end - 1);
  if (carrier == kNone) return;
  trace::Segment segment;
  segment.begin = begin;
  segment.octets = static_cast<std::uint32_t>(octets.size());
  segment.delivered = at;
  segment.frame = trace.segments[carrier].frame;
  segment.derived = true;
  segment.payload_at = static_cast<std::uint32_t>(trace.derivations.size());
  trace.derivations.push_back({trace.store.append(octets), carrier});
  tracks_[d].add(trace, segment);
  offset_[d] = begin + octets.size();
  note_segment(direction);
}

void PduWriter::note_segment(Direction direction) {
  const int d = static_cast<int>(direction);
  if (context_.options.received_at)
    context_.sent.push_back({tracks_[d].last(), connection_, direction});
  trace::Stream& stream = context_.trace.streams[stream_];
  stream.first_segment[d] = tracks_[d].first();
  stream.last_segment[d] = tracks_[d].last();
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
  draft.layer = layer_;
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
  context_.trace.revise_pdu(pdu);
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
  pdu.layer = layer_;
  if (newest() != kNone) pdu.state = context_.trace.pdus[newest()].state;
  pdu.phase = kind == PduKind::Open ? Phase::SetUp : Phase::Termination;
  return append(pdu);
}

Id PduWriter::append(const Pdu& pdu) {
  const Id id = static_cast<Id>(context_.trace.pdus.size());
  context_.trace.pdus.push_back(pdu);
  chain(id);
  newest() = id;
  return id;
}

// Puts it behind the last one that had begun by then: mostly at the end of the chain, else near the
// one that was put into it last.
void PduWriter::chain(Id id) {
  std::vector<Pdu>& pdus = context_.trace.pdus;
  Pdu& pdu = pdus[id];
  const Id last = context_.last_pdu(connection_);
  Id before = last;
  if (last != kNone && pdus[last].first > pdu.first) {
    before = newest();
    while (before != kNone && pdus[before].first > pdu.first)
      before = pdus[before].previous_in_connection;
    Id& first = context_.trace.connections[connection_].first_pdu;
    for (Id next = before == kNone ? first : pdus[before].next_in_connection;
         next != kNone && pdus[next].first <= pdu.first; next = pdus[next].next_in_connection)
      before = next;
  }
  Id& next = before == kNone ? context_.trace.connections[connection_].first_pdu
                             : pdus[before].next_in_connection;
  pdu.previous_in_connection = before;
  pdu.next_in_connection = next;
  if (next != kNone) pdus[next].previous_in_connection = id;
  next = id;
  if (before == last) context_.set_last_pdu(connection_, id);
}

void PduWriter::swap_sides() {
  if (!context_.everything()) return;
  std::swap(tracks_[0], tracks_[1]);
  std::swap(offset_[0], offset_[1]);
  if (stream_ != kNone) {
    trace::Stream& stream = context_.trace.streams[stream_];
    std::swap(stream.first_segment[0], stream.first_segment[1]);
    std::swap(stream.last_segment[0], stream.last_segment[1]);
  }
  for (Id id = context_.trace.connections[connection_].first_pdu; id != kNone;) {
    Pdu& pdu = context_.trace.pdus[id];
    pdu.direction = other(pdu.direction);
    id = pdu.next_in_connection;
  }
}

}  // namespace mailscope::observe
