// Of the index: which frames were lost, what was sent again, and when a PDU departs.
#include <algorithm>

#include "viz/layout/index.hpp"
#include "viz/layout/segment.hpp"

namespace mailscope::viz {
namespace {

constexpr Id kLookedAt = 2000;  // frames, for one that carries the same again

bool is_first_hop(const Trace& trace, Id id) {
  const Id origin = trace.frames[id].origin;
  return origin == kNone || origin == id;
}

}  // namespace

void TraceIndex::look_at_frame(Id id) {
  const trace::Frame& frame = trace_->frames[id];
  ++work_;
  if (frame.received != kNever)
    longest_flight_ = std::max(longest_flight_, frame.received - frame.sent);
  const bool first_hop = is_first_hop(*trace_, id);
  if (first_hop) look_for_repeated(id);
  if (frame.fate != trace::Fate::Lost) return;
  const auto place = std::lower_bound(lost_.begin(), lost_.end(), id);
  if (place == lost_.end() || *place != id) lost_.insert(place, id);
  doubtful_.push_back(id);
  if (!first_hop) doubtful_.push_back(frame.origin);
}

// SYN, SYN ACK and FIN are no octets of the stream: that they were sent before is told from the
// first of its connection.
void TraceIndex::look_for_repeated(Id id) {
  const trace::Frame& frame = trace_->frames[id];
  if (frame.connection >= trace_->connections.size()) return;
  const SegmentKind kind = segment_kind(*trace_, frame);
  if (kind != SegmentKind::Syn && kind != SegmentKind::SynAck && kind != SegmentKind::Fin) return;
  if (frame.connection >= first_control_.size())
    first_control_.resize(trace_->connections.size(), {kNone, kNone, kNone, kNone});
  Id& known = first_control_[frame.connection][control_place(frame, kind)];
  if (known == kNone) known = id;
  if (known != id) doubtful_.push_back(id);
}

std::size_t TraceIndex::control_place(const trace::Frame& frame, SegmentKind kind) const {
  if (kind == SegmentKind::Syn) return 0;
  if (kind == SegmentKind::SynAck) return 1;
  return trace_->connections[frame.connection].client.host == frame.from ? 2 : 3;
}

bool TraceIndex::repeats_syn_ack(Id id) const {
  const trace::Frame& frame = trace_->frames[id];
  return frame.connection < first_control_.size() && first_control_[frame.connection][1] != id &&
         segment_kind(*trace_, frame) == SegmentKind::SynAck;
}

// It asks for the same as the first.
void TraceIndex::name_repeated(Id id) {
  const trace::Frame& frame = trace_->frames[id];
  if (pdu_of_frame_[id] != kNone || !is_first_hop(*trace_, id)) return;
  const std::span<const Id> pdus = pdus_of(frame.connection);
  const SegmentKind kind = segment_kind(*trace_, frame);
  if (kind == SegmentKind::Syn && !pdus.empty() &&
      trace_->pdus[pdus.front()].kind == trace::PduKind::Open)
    pdu_of_frame_[id] = pdus.front();
  if (kind != SegmentKind::Fin) return;
  for (std::size_t i = pdus.size(); i-- > 0;) {
    const trace::Pdu& pdu = trace_->pdus[pdus[i]];
    if (pdu.kind == trace::PduKind::Close && sender(pdu).host == frame.from)
      pdu_of_frame_[id] = pdus[i];
    if (pdu.kind != trace::PduKind::Close) break;
  }
}

// Whether its row tells of a lost frame may be different now.
void TraceIndex::doubt_frames_of(Id pdu) {
  if (const Id lost = lost_hop(trace_->pdus[pdu].frame); lost != kNone) doubtful_.push_back(lost);
}

bool TraceIndex::has_row(Id frame) const {
  return std::ranges::binary_search(frame_rows_, frame);
}

Id TraceIndex::lost_with(Id id) const {
  const trace::Pdu& pdu = trace_->pdus[id];
  if (pdu.received != kNever || pdu.frame >= frames_ || carrier(id) != pdu.frame) return kNone;
  return pdu_of_frame_[pdu.frame] == id ? lost_hop(pdu.frame) : kNone;
}

// Of the lost ones those that no PDU's row tells of; and what was sent again though nothing was
// lost.
bool TraceIndex::wants_row(Id id) const {
  const trace::Frame& frame = trace_->frames[id];
  // Nobody has a lifeline for what belongs to no connection (ARP).
  if (frame.connection >= trace_->connections.size()) return false;
  const Id pdu = pdu_of_frame(id);
  if (frame.fate == trace::Fate::Lost) return pdu == kNone || lost_with(pdu) != id;
  if (frame.fate == trace::Fate::Duplicate || !is_first_hop(*trace_, id)) return false;
  if (pdu == kNone) return repeats_syn_ack(id) && lost_hop(id) == kNone;
  // A capture may hold each frame twice.
  const trace::PduKind kind = trace_->pdus[pdu].kind;
  const bool sure = kind == trace::PduKind::Open || trace_->source.simulated();
  return sure && trace_->pdus[pdu].frame != id && carrier(pdu) != id && lost_hop(id) == kNone;
}

// Looks at the doubtful ones: returns those whose row is new, and takes out those that have none
// now.
std::vector<Row> TraceIndex::grow_frame_rows() {
  std::vector<Row> coming, leaving;
  std::ranges::sort(doubtful_);
  doubtful_.erase(std::unique(doubtful_.begin(), doubtful_.end()), doubtful_.end());
  for (const Id id : doubtful_) {
    ++work_;
    const bool wants = wants_row(id);
    if (wants == has_row(id)) continue;
    (wants ? coming : leaving).push_back({id, RowKind::Lost});
    const auto place = std::ranges::lower_bound(frame_rows_, id);
    if (wants)
      frame_rows_.insert(place, id);
    else
      frame_rows_.erase(place);
    first_new_time_ = std::min(first_new_time_, trace_->frames[id].sent);
  }
  doubtful_.clear();
  rows_.take_out(leaving);
  return coming;
}

void TraceIndex::grow_frames() {
  const std::vector<trace::Frame>& frames = trace_->frames;
  const auto end = static_cast<Id>(frames.size());
  const std::vector<Id>& revised = trace_->revisions().frames;
  for (; revised_frames_ < revised.size(); ++revised_frames_)
    if (const Id id = revised[revised_frames_]; id < frames_) look_at_frame(id);
  pdu_of_frame_.resize(end, kNone);
  if (!next_hop_.empty()) next_hop_.resize(end, kNone);
  for (; frames_ < end; ++frames_) {
    look_at_frame(frames_);
    Id hop = frames[frames_].origin;
    if (hop >= end || hop == frames_) continue;
    if (next_hop_.empty()) next_hop_.resize(end, kNone);
    while (next_hop_[hop] != kNone) hop = next_hop_[hop];
    next_hop_[hop] = frames_;
  }
}

Id TraceIndex::lost_hop(Id frame) const {
  for (Id hop = frame; hop < trace_->frames.size(); hop = next_hop(hop))
    if (trace_->frames[hop].fate == trace::Fate::Lost) return hop;
  return kNone;
}

Id TraceIndex::lost_of(Id id) const {
  constexpr int kSegmentsMax = 64;
  const trace::Pdu& pdu = trace_->pdus[id];
  if (const Id lost = lost_hop(pdu.frame); lost != kNone || pdu.received != kNever) return lost;
  Id segment = pdu.segment;
  for (int i = 0; i < kSegmentsMax && segment < trace_->segments.size(); ++i) {
    if (trace_->segments[segment].begin >= pdu.end) break;
    if (const Id lost = lost_hop(trace_->segments[segment].frame); lost != kNone) return lost;
    segment = trace_->segments[segment].next;
  }
  return kNone;
}

Id TraceIndex::pdu_of_frame(Id frame) const {
  if (frame >= pdu_of_frame_.size()) return kNone;
  const Id origin = trace_->frames[frame].origin;
  return pdu_of_frame_[origin < pdu_of_frame_.size() ? origin : frame];
}

Id TraceIndex::next_hop(Id frame) const {
  return frame < next_hop_.size() ? next_hop_[frame] : kNone;
}

// The next frame after one that carries what the PDU's first one carried, or kNone.
Id TraceIndex::next_copy(Id id, Id after) const {
  const auto& frames = trace_->frames;
  const trace::Pdu& pdu = trace_->pdus[id];
  if (pdu.frame >= frames.size()) return kNone;
  constexpr std::size_t kSequence = 38;  // in a frame without payload: Ethernet, IPv4, ports
  const trace::Frame& first = frames[pdu.frame];
  const bool payload = pdu.segment < trace_->segments.size();
  const std::size_t from =
      payload ? trace_->on_wire(trace_->segments[pdu.segment]).payload_at : kSequence;
  const auto told = [&](const trace::Frame& frame) {
    const std::string_view octets = trace_->octets(frame);
    return octets.substr(std::min(from, octets.size()), payload ? std::string_view::npos : 4);
  };
  const Id end = static_cast<Id>(std::min<std::size_t>(frames.size(), after + kLookedAt));
  for (Id at = after + 1; at < end; ++at) {
    const trace::Frame& frame = frames[at];
    if (frame.connection != first.connection || frame.from != first.from) continue;
    if (frame.origin != kNone && frame.origin != at) continue;  // a later hop
    if (frame.wire_octets == first.wire_octets && told(frame) == told(first)) return at;
  }
  return kNone;
}

TraceIndex::Resent TraceIndex::look_for_resent(Id id) {
  const trace::Pdu& pdu = trace_->pdus[id];
  ++work_;
  const bool lost = lost_hop(pdu.frame) != kNone;
  Id again = next_copy(id, pdu.frame);
  if (again == kNone)  // octets further back were sent again
    return {id, pdu.received == kNever ? pdu.last : pdu.received, pdu.first, pdu.frame};
  Resent resent{id, trace_->frames[again].sent, pdu.first, pdu.frame};
  for (; again != kNone; again = next_copy(id, again)) {
    pdu_of_frame_[again] = pdu_of_frame_[pdu.frame];
    doubtful_.push_back(again);
    if (!lost || resent.carrier != pdu.frame || lost_hop(again) != kNone) continue;
    resent.departs = trace_->frames[again].sent;
    resent.carrier = again;
  }
  return resent;
}

// `repeated`: of which it is known only now that they were sent again. Where they depart is looked
// for among the frames behind them, and again while such frames come.
std::vector<Id> TraceIndex::grow_resent(const std::vector<Id>& repeated, Id fresh_from) {
  open_resent_.insert(open_resent_.end(), repeated.begin(), repeated.end());
  std::sort(open_resent_.begin(), open_resent_.end(),
            [&](Id a, Id b) { return trace_->is_before(a, b); });
  open_resent_.erase(std::unique(open_resent_.begin(), open_resent_.end()), open_resent_.end());
  std::vector<Resent> found;
  std::vector<Id> moved;
  std::vector<Row> leaving;
  for (const Id id : open_resent_) {
    found.push_back(look_for_resent(id));
    doubt_frames_of(id);
    if (id >= fresh_from || departs(id) == found.back().departs) continue;
    moved.push_back(id);
    leaving.push_back({id, RowKind::Pdu});
    first_new_time_ = std::min(first_new_time_, departs(id));
  }
  rows_.take_out(leaving);
  for (const Resent& resent : found) {
    const auto at = std::ranges::lower_bound(resent_, resent.pdu, {}, &Resent::pdu);
    if (at != resent_.end() && at->pdu == resent.pdu)
      *at = resent;
    else
      resent_.insert(at, resent);
  }
  std::erase_if(open_resent_, [&](Id id) { return !may_be_sent_again(id); });
  return moved;
}

// A copy of the last one may be among the next frames, or its fate still open.
bool TraceIndex::may_be_sent_again(Id id) const {
  Id last = std::max(trace_->pdus[id].frame, carrier(id));
  if (last >= frames_) return false;
  for (Id copy = next_copy(id, last); copy != kNone; copy = next_copy(id, copy)) last = copy;
  return std::size_t{last} + 2 * kLookedAt >= frames_;
}

TraceIndex::Resent* TraceIndex::find_resent(Id pdu) {
  const auto at = std::ranges::lower_bound(resent_, pdu, {}, &Resent::pdu);
  return at != resent_.end() && at->pdu == pdu ? &*at : nullptr;
}

const TraceIndex::Resent* TraceIndex::find_resent(Id pdu) const {
  return const_cast<TraceIndex*>(this)->find_resent(pdu);
}

Time TraceIndex::departs(Id pdu) const {
  const Resent* resent = resent_.empty() ? nullptr : find_resent(pdu);
  return resent ? resent->departs : trace_->pdus[pdu].first;
}

Id TraceIndex::carrier(Id pdu) const {
  const Resent* resent = find_resent(pdu);
  return resent ? resent->carrier : trace_->pdus[pdu].frame;
}

Time TraceIndex::sent_again(Id pdu) const {
  const Resent* resent = find_resent(pdu);
  return resent ? resent->again : kNever;
}

}  // namespace mailscope::viz
