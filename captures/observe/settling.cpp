#include "captures/observe/settling.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace mailscope::observe {

using trace::Id;
using trace::kNever;
using trace::kNone;
using trace::Pdu;
using trace::Segment;
using trace::Time;
using trace::Trace;

namespace {

// Segments of one direction that may have waited for one in front of them, so that PDUs further
// down the stream began earlier (tcp::Limits::waiting_pieces_max).
constexpr int kShuffledMax = 2048;
// Of a PDU of more segments it is remembered how far they had arrived.
constexpr int kLong = 64;
// Behind the end of a connection: what is not there by then was lost.
constexpr Time kPast = 120'000'000'000;

bool overlaps(const Segment& segment, std::uint64_t begin, std::uint64_t end) {
  return segment.begin < end && begin < segment.begin + segment.octets;
}

bool same_stream(const Repeat& a, const Repeat& b) {
  return a.connection == b.connection && a.direction == b.direction;
}

}  // namespace

bool Settling::Earlier::operator()(const Repeat& a, const Repeat& b) const {
  return std::tie(a.connection, a.direction, a.begin, a.frame, a.end) <
         std::tie(b.connection, b.direction, b.begin, b.frame, b.end);
}

void Settling::settle() {
  if (!context_.everything()) return;
  if (!context_.trace.frames.empty()) latest_ = context_.trace.frames.back().sent;
  apply_repeats();
  settle_segments();
  settle_pdus();
}

// ---- what was sent again ------------------------------------------------------------------------

void Settling::apply_repeats() {
  std::vector<Repeat>& fresh = context_.repeats;
  std::sort(fresh.begin(), fresh.end(), Earlier());
  for (std::size_t first = 0, last = 0; first < fresh.size(); first = last) {
    while (last < fresh.size() && same_stream(fresh[first], fresh[last])) ++last;
    mark_segments(first, last);
    mark_pdus(fresh[first]);
  }
  if (context_.options.received_at)
    for (const Repeat& repeat : fresh) {
      longest_repeat_ = std::max(longest_repeat_, repeat.end - repeat.begin);
      repeats_.insert(repeat);
    }
  fresh.clear();
}

// The repeats [first, last) of one stream, sorted.
void Settling::mark_segments(std::size_t first, std::size_t last) {
  Trace& trace = context_.trace;
  const std::vector<Repeat>& repeats = context_.repeats;
  std::uint64_t longest = 0;
  for (std::size_t i = first; i < last; ++i)
    longest = std::max(longest, repeats[i].end - repeats[i].begin);
  const int direction = static_cast<int>(repeats[first].direction);
  const Id stream = trace.connections[repeats[first].connection].stream;
  Id id = stream == kNone ? kNone : trace.streams[stream].last_segment[direction];
  while (id != kNone && trace.segments[id].begin > repeats[first].begin &&
         trace.segments[id].previous != kNone) {
    id = trace.segments[id].previous;
    ++looked_at_;
  }
  marked_.clear();
  for (; id != kNone && first < last; id = trace.segments[id].next) {
    Segment& segment = trace.segments[id];
    const std::uint16_t before = segment.retransmissions;
    ++looked_at_;
    while (first < last && repeats[first].begin + longest <= segment.begin) ++first;
    for (std::size_t i = first; i < last; ++i) {
      if (repeats[i].begin >= segment.begin + segment.octets) break;
      if (overlaps(segment, repeats[i].begin, repeats[i].end) &&
          segment.retransmissions < UINT16_MAX)
        ++segment.retransmissions;
    }
    if (segment.retransmissions > before) marked_.push_back(id);
  }
}

// The PDUs that were settled before and of whose octets some came again only now (marked_). They
// are looked for from the connection's last one back: in order of time, nearly the stream's.
void Settling::mark_pdus(const Repeat& repeat) {
  Trace& trace = context_.trace;
  if (pdus_ == 0 || marked_.empty()) return;
  const std::uint64_t front = trace.segments[marked_.front()].begin;
  int in_front = 0;
  Time began = kNever;
  for (Id id = context_.last_pdu(repeat.connection); id != kNone && in_front <= kShuffledMax;
       id = trace.pdus[id].previous_in_connection) {
    const Pdu& pdu = trace.pdus[id];
    ++looked_at_;
    if (pdu.direction != repeat.direction || pdu.end == pdu.begin) continue;
    if (pdu.layer > 0) {
      if (id < pdus_ && travelled_in_marked(pdu)) set_repeated(id);
    } else if (pdu.end > front) {
      if (id < pdus_ && is_marked(pdu)) set_repeated(id);
    } else if (std::exchange(began, pdu.first) != pdu.first) {
      ++in_front;
    }
  }
}

// Whether a marked segment holds octets of it.
bool Settling::is_marked(const Pdu& pdu) const {
  const auto& segments = context_.trace.segments;
  const auto at = std::partition_point(marked_.begin(), marked_.end(), [&](Id id) {
    return segments[id].begin + segments[id].octets <= pdu.begin;
  });
  return at != marked_.end() && segments[*at].begin < pdu.end;
}

// The same of a PDU in a layer, by the segments that carried it.
bool Settling::travelled_in_marked(const Pdu& pdu) const {
  const Trace& trace = context_.trace;
  for (Id id = pdu.segment; id != kNone && trace.segments[id].begin < pdu.end;
       id = trace.segments[id].next) {
    const auto wire = static_cast<Id>(&trace.on_wire(trace.segments[id]) - trace.segments.data());
    if (std::find(marked_.begin(), marked_.end(), wire) != marked_.end()) return true;
  }
  return false;
}

void Settling::set_repeated(Id id) {
  Pdu& pdu = context_.trace.pdus[id];
  if ((pdu.flags & Pdu::kRetransmitted) != 0) return;
  context_.trace.revise_pdu(id);
  pdu.flags |= Pdu::kRetransmitted;
}

// ---- when it was there --------------------------------------------------------------------------

void Settling::settle_segments() {
  std::vector<SentSegment>& fresh = context_.sent;
  looked_at_ += open_segments_.size() + fresh.size();
  std::erase_if(open_segments_,
                [&](const SentSegment& sent) { return deliver(sent) || is_past(sent.connection); });
  for (const SentSegment& sent : fresh)
    if (!deliver(sent)) open_segments_.push_back(sent);
  fresh.clear();
}

// False while it has not arrived.
bool Settling::deliver(const SentSegment& sent) {
  Trace& trace = context_.trace;
  Segment& segment = trace.segments[sent.segment];
  if (segment.derived) {
    segment.delivered = trace.segments[trace.derivations[segment.payload_at].carrier].delivered;
    return segment.delivered != kNever;
  }
  segment.delivered = context_.options.received_at(segment.frame);
  if (segment.delivered == kNever) segment.delivered = delivered_by_repeats(sent);
  return segment.delivered != kNever;
}

// When the last of the segment's octets was there, none of which came with its own frame.
Time Settling::delivered_by_repeats(const SentSegment& sent) const {
  const Segment& segment = context_.trace.segments[sent.segment];
  const std::uint64_t end = segment.begin + segment.octets;
  const std::uint64_t from = segment.begin - std::min(segment.begin, longest_repeat_);
  const auto first = repeats_.lower_bound({sent.connection, sent.direction, from, 0, 0});
  const auto last = repeats_.lower_bound({sent.connection, sent.direction, end, 0, 0});
  Time whole = 0;
  for (std::uint64_t at = segment.begin; at < end;) {
    Time earliest = kNever;
    std::uint64_t covered = at;
    for (auto repeat = first; repeat != last; ++repeat) {
      if (repeat->begin > at || repeat->end <= at) continue;
      const Time arrived = context_.options.received_at(repeat->frame);
      if (arrived >= earliest) continue;
      earliest = arrived;
      covered = repeat->end;
    }
    if (earliest == kNever) return kNever;
    whole = std::max(whole, earliest);
    at = covered;
  }
  return whole;
}

void Settling::settle_pdus() {
  Trace& trace = context_.trace;
  for (const Handshake& handshake : std::exchange(context_.handshakes, {}))
    if (context_.options.received_at) completed_[handshake.pdu] = handshake.frame;
  std::vector<Id> open = std::exchange(open_pdus_, {});
  const std::size_t revised = trace.revisions().pdus.size();
  for (; revised_ < revised; ++revised_)
    if (const Id id = trace.revisions().pdus[revised_]; id < pdus_) open.push_back(id);
  std::sort(open.begin(), open.end());
  open.erase(std::unique(open.begin(), open.end()), open.end());
  for (const Id id : open) settle_pdu(id);
  for (const Id end = static_cast<Id>(trace.pdus.size()); pdus_ < end; ++pdus_) settle_pdu(pdus_);
  revised_ = trace.revisions().pdus.size();
}

void Settling::settle_pdu(Id id) {
  Trace& trace = context_.trace;
  ++looked_at_;
  const Time received = received_of(id);
  Pdu& pdu = trace.pdus[id];
  if (received != pdu.received) trace.revise_pdu(id);
  pdu.received = received;
  if (context_.options.received_at && !has_arrived(pdu, id) && !is_past(pdu.connection))
    open_pdus_.push_back(id);
}

Time Settling::received_of(Id id) {
  const Pdu& pdu = context_.trace.pdus[id];
  if (pdu.segment != kNone)
    return pdu.end > pdu.begin ? received_by_segments(id)
                               : context_.trace.segments[pdu.segment].delivered;
  if (!context_.options.received_at || pdu.frame == kNone) return pdu.received;
  const auto completed = completed_.find(id);
  if (completed == completed_.end()) return context_.options.received_at(pdu.frame);
  // When the last ACK was lost, what came behind it says as much.
  const Time received = context_.options.received_at(completed->second);
  return received == kNever ? pdu.last : received;
}

// When the last of its octets was there. Sees, too, whether some came again.
Time Settling::received_by_segments(Id id) {
  const Pdu& pdu = context_.trace.pdus[id];
  const auto known = reached_.find(id);
  Reach reach = known == reached_.end() ? Reach{pdu.segment, 0} : known->second;
  Time received = reach.received;
  bool again = false;
  int looked = 0;
  for (Id at = reach.segment; at != kNone;) {
    const Segment& segment = context_.trace.segments[at];
    if (segment.begin >= pdu.end) break;
    if (overlaps(segment, pdu.begin, pdu.end)) {
      ++looked;
      received = std::max(received, segment.delivered);
      again = again || context_.trace.on_wire(segment).retransmissions > 0;
      if (received != kNever) reach = {at, received};
    }
    at = segment.next;
  }
  looked_at_ += static_cast<std::uint64_t>(looked);
  if (known != reached_.end() || looked > kLong) reached_[id] = reach;
  if (again) set_repeated(id);
  return received;
}

bool Settling::has_arrived(const Pdu& pdu, Id id) const {
  const auto completed = completed_.find(id);
  if (completed == completed_.end()) return pdu.received != kNever;
  return context_.options.received_at(completed->second) != kNever;
}

bool Settling::is_past(Id connection) const {
  const Time closed = context_.trace.connections[connection].closed;
  return closed != kNever && latest_ > closed && latest_ - closed > kPast;
}

}  // namespace mailscope::observe
