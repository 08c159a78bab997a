#include "viz/layout/flight.hpp"

#include <algorithm>
#include <cmath>

namespace mailscope::viz {
namespace {

constexpr std::size_t kFramesLookedAt = 4000;
constexpr std::size_t kHopsMax = 12;  // more are not told apart
constexpr Time kBehindMax = 512;      // PDUs that arrive together: more are not told apart

// What a frame needs for its link when nothing is in its way.
Time usual_flight(const TraceIndex& index, Id frame) {
  const Trace& trace = index.trace();
  if (frame >= trace.frames.size()) return 0;
  const trace::Frame& f = trace.frames[frame];
  if (f.link >= trace.links.size()) return 0;
  const trace::Link& link = trace.links[f.link];
  const double seconds = link.rate_bps == 0 ? 0
                                            : static_cast<double>(f.wire_octets) * 8 /
                                                  static_cast<double>(link.rate_bps);
  return link.latency + std::llround(seconds * 1e9);
}

// When frames of its connection arrive between its departure and its arrival, ascending.
std::vector<Time> arrivals_on_the_way(const TraceIndex& index, Id pdu) {
  const Trace& trace = index.trace();
  const Time from = index.departs(pdu), to = arrival_of(index, pdu);
  const Id connection = trace.pdus[pdu].connection;
  std::vector<Time> times;
  auto frame = std::lower_bound(trace.frames.begin(), trace.frames.end(), from,
                                [](const trace::Frame& f, Time t) { return f.sent < t; });
  for (std::size_t looked = 0; frame != trace.frames.end() && looked < kFramesLookedAt;
       ++frame, ++looked) {
    if (frame->sent > to || times.size() > kHopsMax) break;
    if (frame->connection != connection || frame->received >= to || frame->received <= from)
      continue;
    times.push_back(frame->received);
  }
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

float share(Time begin, Time end, Time at) {
  if (at < begin) return 0;
  if (at >= end) return 1;
  return static_cast<float>(static_cast<double>(at - begin) / static_cast<double>(end - begin));
}

}  // namespace

Time arrival_of(const TraceIndex& index, Id id) {
  const Trace& trace = index.trace();
  const trace::Pdu& pdu = trace.pdus[id];
  const Time departs = index.departs(id), end = std::max(departs, index.duration());
  if (const Id lost = index.lost_with(id); lost != kNone)
    return std::clamp(loss_of(index, lost), departs, end);
  if (pdu.received == kNever)
    return std::clamp<Time>(pdu.last + usual_flight(index, pdu.frame), departs, end);
  Time behind = 0;
  for (Id next = pdu.next_in_connection; next != kNone && behind < kBehindMax;
       next = trace.pdus[next].next_in_connection) {
    const trace::Pdu& other = trace.pdus[next];
    if (other.direction != pdu.direction || other.received != pdu.received) break;
    ++behind;
  }
  return std::clamp<Time>(pdu.received - behind, departs, end);
}

float share_of_way(const TraceIndex& index, Id pdu, Time at) {
  return share(index.departs(pdu), arrival_of(index, pdu), at);
}

int hops_of_way(const TraceIndex& index, Id pdu) {
  return static_cast<int>(std::min(arrivals_on_the_way(index, pdu).size(), kHopsMax)) + 1;
}

Time instant_of_way(const TraceIndex& index, Id pdu, double share) {
  const Time from = index.departs(pdu), to = arrival_of(index, pdu);
  if (share >= 1 || to <= from) return to;
  std::vector<Time> stops = arrivals_on_the_way(index, pdu);
  if (stops.size() > kHopsMax) stops.clear();  // a long message: in true time
  stops.insert(stops.begin(), from);
  stops.push_back(to);
  const double place = std::max(0.0, share) * static_cast<double>(stops.size() - 1);
  const auto hop = std::min(static_cast<std::size_t>(place), stops.size() - 2);
  const double into = place - static_cast<double>(hop);
  return stops[hop] + static_cast<Time>(into * static_cast<double>(stops[hop + 1] - stops[hop]));
}

float lost_share(trace::Loss loss) {
  if (loss == trace::Loss::QueueFull) return 0.04f;
  return loss == trace::Loss::HostOff ? 0.96f : kLostShare;
}

Time end_of_frame(const TraceIndex& index, Id id) {
  const std::vector<trace::Frame>& frames = index.trace().frames;
  Id last = id;
  for (std::size_t hops = 0; hops < kHopsMax; ++hops)
    if (const Id next = index.next_hop(last); next != kNone) last = next;
  return frames[last].received == kNever ? loss_of(index, last) : frames[last].received;
}

Time loss_of(const TraceIndex& index, Id id) {
  const trace::Frame& frame = index.trace().frames[id];
  const auto whole = static_cast<double>(usual_flight(index, id));
  const auto part = static_cast<Time>(lost_share(frame.loss) * whole);
  return std::min(frame.sent + part, index.duration());
}

float share_of_loss(const TraceIndex& index, Id frame, Time at) {
  return share(index.trace().frames[frame].sent, loss_of(index, frame), at);
}

}  // namespace mailscope::viz
