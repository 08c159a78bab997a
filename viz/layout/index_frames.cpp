// Of the index: which frames were lost, what was sent again, and when a PDU departs.
#include <algorithm>

#include "viz/layout/index.hpp"

namespace mailscope::viz {
namespace {

constexpr Id kLookedAt = 2000;  // frames, for one that carries the same again

}  // namespace

// Whether it is lost, for the first time.
bool TraceIndex::look_at_frame(Id id) {
  const trace::Frame& frame = trace_->frames[id];
  ++work_;
  if (frame.received != kNever)
    longest_flight_ = std::max(longest_flight_, frame.received - frame.sent);
  if (frame.fate != trace::Fate::Lost) return false;
  const auto place = std::lower_bound(lost_.begin(), lost_.end(), id);
  if (place == lost_.end() || *place != id) lost_.insert(place, id);
  // Nobody has a lifeline for what belongs to no connection (ARP).
  if (frame.connection >= trace_->connections.size()) return false;
  const auto row = std::lower_bound(lost_rows_.begin(), lost_rows_.end(), id);
  if (row != lost_rows_.end() && *row == id) return false;
  lost_rows_.insert(row, id);
  return true;
}

void TraceIndex::grow_frames(std::vector<Id>& lost) {
  const std::vector<trace::Frame>& frames = trace_->frames;
  const auto end = static_cast<Id>(frames.size());
  const std::vector<Id>& revised = trace_->revisions().frames;
  for (; revised_frames_ < revised.size(); ++revised_frames_)
    if (const Id id = revised[revised_frames_]; id < frames_ && look_at_frame(id))
      lost.push_back(id);
  pdu_of_frame_.resize(end, kNone);
  if (!next_hop_.empty()) next_hop_.resize(end, kNone);
  for (; frames_ < end; ++frames_) {
    if (look_at_frame(frames_)) lost.push_back(frames_);
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
  for (const Id id : open_resent_) {
    found.push_back(look_for_resent(id));
    if (id >= fresh_from || departs(id) == found.back().departs) continue;
    moved.push_back(id);
    first_new_time_ = std::min(first_new_time_, departs(id));
  }
  rows_.take_out(moved);
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
