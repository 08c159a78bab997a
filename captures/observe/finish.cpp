#include "captures/observe/finish.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace mailscope::observe {
namespace {

using trace::Id;
using trace::kNever;
using trace::kNone;
using trace::Pdu;
using trace::Segment;
using trace::Time;
using trace::Trace;

// Puts items[order[i]] at i for every i, in place. `order` is left as the identity.
void permute(std::vector<Pdu>& items, std::vector<Id>& order) {
  for (Id start = 0; start < order.size(); ++start) {
    Id at = start;
    const Pdu held = items[start];
    while (order[at] != start) {
      const Id from = order[at];
      items[at] = items[from];
      order[at] = at;
      at = from;
    }
    items[at] = held;
    order[at] = at;
  }
}

void rename_pdus(Trace& trace, const std::vector<Id>& new_ids) {
  const auto rename = [&](Id& id) {
    if (id < new_ids.size()) id = new_ids[id];
  };
  for (Pdu& pdu : trace.pdus) rename(pdu.next_reply);
  for (trace::Exchange& exchange : trace.exchanges) {
    rename(exchange.command);
    rename(exchange.data);
    rename(exchange.first_reply);
    rename(exchange.last_reply);
  }
  for (trace::Mail& mail : trace.mails) rename(mail.data);
  for (trace::Finding& finding : trace.findings) rename(finding.pdu);
  for (trace::Note& note : trace.notes) rename(note.pdu);
}

void chain_pdus(Trace& trace) {
  std::vector<Id> last(trace.connections.size(), kNone);
  for (trace::Connection& connection : trace.connections) connection.first_pdu = kNone;
  for (Id id = 0; id < trace.pdus.size(); ++id) {
    Pdu& pdu = trace.pdus[id];
    pdu.next_in_connection = kNone;
    Id& previous = last[pdu.connection];
    if (previous == kNone)
      trace.connections[pdu.connection].first_pdu = id;
    else
      trace.pdus[previous].next_in_connection = id;
    pdu.previous_in_connection = previous;
    previous = id;
  }
}

bool overlaps(const Segment& segment, std::uint64_t begin, std::uint64_t end) {
  return segment.begin < end && begin < segment.begin + segment.octets;
}

bool before(const Repeat& a, const Repeat& b) {
  return std::tie(a.connection, a.direction, a.begin, a.frame) <
         std::tie(b.connection, b.direction, b.begin, b.frame);
}

// Calls `visit(segment, first repeat, last repeat)` for each segment with the repeats that may
// overlap it. Repeats are sorted; `longest` bounds how far in front of a segment one may begin.
template <typename Visit>
void for_each_repeated(Trace& trace, const std::vector<Repeat>& repeats, Visit visit) {
  for (std::size_t i = 0; i < repeats.size();) {
    const Id connection = repeats[i].connection;
    const Direction direction = repeats[i].direction;
    std::size_t group_end = i;
    std::uint64_t longest = 0;
    while (group_end < repeats.size() && repeats[group_end].connection == connection &&
           repeats[group_end].direction == direction) {
      longest = std::max(longest, repeats[group_end].end - repeats[group_end].begin);
      ++group_end;
    }
    std::size_t first = i;
    for (Id id = trace.connections[connection].first_segment[static_cast<int>(direction)];
         id != kNone && first < group_end; id = trace.segments[id].next) {
      Segment& segment = trace.segments[id];
      while (first < group_end && repeats[first].begin + longest <= segment.begin) ++first;
      std::size_t last = first;
      while (last < group_end && repeats[last].begin < segment.begin + segment.octets) ++last;
      if (last > first) visit(segment, &repeats[first], repeats.data() + last);
    }
    i = group_end;
  }
}

// When the last of the segment's octets was there, none of which came with its own frame.
Time delivered_by_repeats(const Segment& segment, const Repeat* first, const Repeat* last,
                          const std::function<Time(Id)>& received_at) {
  Time whole = 0;
  const std::uint64_t end = segment.begin + segment.octets;
  for (std::uint64_t at = segment.begin; at < end;) {
    Time earliest = kNever;
    std::uint64_t covered = at;
    for (const Repeat* repeat = first; repeat != last; ++repeat) {
      if (repeat->begin > at || repeat->end <= at) continue;
      const Time arrived = received_at(repeat->frame);
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

// Calls visit(segment) for each segment that holds octets of the PDU, in stream order.
template <typename Visit>
void for_each_segment(const Trace& trace, const Pdu& pdu, Visit visit) {
  for (Id id = pdu.segment; id != kNone && pdu.end > pdu.begin; id = trace.segments[id].next) {
    const Segment& segment = trace.segments[id];
    if (segment.begin >= pdu.end) break;
    if (overlaps(segment, pdu.begin, pdu.end)) visit(segment);
  }
}

}  // namespace

void order_by_time(Trace& trace) {
  const auto earlier = [&](Id a, Id b) { return trace.pdus[a].first < trace.pdus[b].first; };
  std::vector<Id> order(trace.pdus.size());
  std::iota(order.begin(), order.end(), Id{0});
  if (!std::is_sorted(order.begin(), order.end(), earlier)) {
    std::stable_sort(order.begin(), order.end(), earlier);
    std::vector<Id> new_ids(order.size());
    for (Id id = 0; id < order.size(); ++id) new_ids[order[id]] = id;
    permute(trace.pdus, order);
    rename_pdus(trace, new_ids);
  }
  chain_pdus(trace);
  std::stable_sort(trace.findings.begin(), trace.findings.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
}

void mark_retransmissions(Trace& trace, std::vector<Repeat>& repeats) {
  std::sort(repeats.begin(), repeats.end(), before);
  for_each_repeated(trace, repeats, [](Segment& segment, const Repeat* first, const Repeat* last) {
    for (const Repeat* repeat = first; repeat != last; ++repeat)
      if (overlaps(segment, repeat->begin, repeat->end)) ++segment.retransmissions;
  });
  for (Pdu& pdu : trace.pdus)
    for_each_segment(trace, pdu, [&](const Segment& segment) {
      if (segment.retransmissions > 0) pdu.flags |= Pdu::kRetransmitted;
    });
}

void set_deliveries(Trace& trace, const std::vector<Repeat>& repeats,
                    const std::function<Time(Id frame)>& received_at) {
  for (Segment& segment : trace.segments) segment.delivered = received_at(segment.frame);
  for_each_repeated(trace, repeats, [&](Segment& segment, const Repeat* first, const Repeat* last) {
    if (segment.delivered == kNever)
      segment.delivered = delivered_by_repeats(segment, first, last, received_at);
  });
}

void set_opened(Trace& trace, const std::vector<Handshake>& handshakes,
                const std::function<Time(Id frame)>& received_at) {
  for (const Handshake& handshake : handshakes) {
    const Id id = trace.connections[handshake.connection].first_pdu;
    if (id == kNone || trace.pdus[id].kind != trace::PduKind::Open) continue;
    const Time received = received_at(handshake.frame);
    // When the last ACK was lost, what came behind it says as much.
    trace.pdus[id].received = received == kNever ? trace.pdus[id].last : received;
  }
}

void set_received(Trace& trace, const std::function<Time(Id frame)>& received_at) {
  for (Pdu& pdu : trace.pdus) {
    if (pdu.segment == kNone) {
      if (received_at && pdu.frame != kNone) pdu.received = received_at(pdu.frame);
      continue;
    }
    Time received = pdu.end > pdu.begin ? 0 : trace.segments[pdu.segment].delivered;
    for_each_segment(trace, pdu, [&](const Segment& segment) {
      received = std::max(received, segment.delivered);
    });
    pdu.received = received;
  }
}

}  // namespace mailscope::observe
