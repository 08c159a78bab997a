#include "viz/layout/topology_movers.hpp"

#include <algorithm>
#include <cmath>

#include "viz/layout/carry.hpp"
#include "viz/layout/flight.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

constexpr std::size_t kFramesLookedAt = 4000;
// What is shown of a PDU after it arrived, for as long as it takes to see it: whatever comes later
// is a wait, and in a wait nothing is under way.
constexpr Time kAfterglow = 1'000'000'000;

// The path of a frame's hop, from its sender to its receiver; empty when not drawn.
std::vector<Point> path_of(const Topology& topology, Id link, Id from, Id to) {
  for (const Pipe& pipe : topology.pipes) {
    if (pipe.link != link) continue;
    if (pipe.from == from && pipe.to == to) return pipe.path;
    if (pipe.from == to && pipe.to == from) return {pipe.path.rbegin(), pipe.path.rend()};
  }
  // Across a hub: in by one pipe and out by another.
  std::vector<Point> in, out;
  for (const Pipe& pipe : topology.pipes) {
    if (pipe.link != link) continue;
    if (pipe.from == from) in = pipe.path;
    if (pipe.from == to) out.assign(pipe.path.rbegin(), pipe.path.rend());
  }
  if (in.empty() || out.empty()) return {};
  in.insert(in.end(), out.begin(), out.end());
  return in;
}

// What fits beside a pipe: a short line as it is, of a long one only what it is.
std::string pill_text(const Trace& trace, const trace::Pdu& pdu, Time at, const Metrics& m) {
  const Refusal refused = refusal(trace, pdu);
  const std::string whole = signed_as(
      refused, pdu.kind == trace::PduKind::Data ? head(trace, pdu) : label(trace, pdu, at));
  if (m.width(TextStyle::MonoStrong, whole) <= m.px(96)) return whole;
  return fit(m, TextStyle::MonoStrong, signed_as(refused, head(trace, pdu, at)), m.px(118));
}

// " +4" on the pill of the first of five PDUs that one frame carries.
std::string others_text(const Trace& trace, Id pdu) {
  const Id frame = trace.pdus[pdu].frame;
  int others = 0;
  for (Id next = trace.pdus[pdu].next_in_connection;
       next != kNone && frame != kNone && trace.pdus[next].frame == frame;
       next = trace.pdus[next].next_in_connection)
    ++others;
  return others == 0 ? "" : " +" + std::to_string(others);
}

Mover make_mover(const TraceIndex& index, const Cursor& cursor, Id frame, const Metrics& m) {
  const Trace& trace = index.trace();
  Mover mover;
  mover.frame = frame;
  mover.pdu = index.pdu_of_frame(frame);
  const Id connection = trace.frames[frame].connection;
  if (mover.pdu != kNone) {
    const trace::Pdu& pdu = trace.pdus[mover.pdu];
    mover.label = pill_text(trace, pdu, cursor.time, m) + others_text(trace, mover.pdu);
    const bool along = cursor.pdu != kNone && trace.pdus[cursor.pdu].frame == pdu.frame;
    mover.current = mover.pdu == cursor.pdu || along;
    mover.role = role_of(trace, pdu, cursor.time);
    mover.letter = pdu.kind == trace::PduKind::Data;
  } else if (connection < trace.connections.size()) {
    mover.role = Role::Tcp;
  }
  return mover;
}

bool put_on_path(Mover& mover, const std::vector<Point>& path, float share) {
  if (path.size() < 2) return false;
  mover.at = point_on(path, share, &mover.heading);
  return true;
}

// Frames that are on a link at this instant, or were just lost on it.
void add_flying(const TraceIndex& index, const Cursor& cursor, const Metrics& m,
                Topology& topology) {
  if (cursor.silence > 0) return;
  const std::vector<trace::Frame>& frames = index.trace().frames;
  const Time linger = std::max<Time>(3 * index.longest_flight(), 50'000'000);
  const auto after = std::upper_bound(frames.begin(), frames.end(), cursor.time,
                                      [](Time t, const trace::Frame& f) { return t < f.sent; });
  auto i = static_cast<std::size_t>(after - frames.begin());
  for (std::size_t looked = 0; i-- > 0 && looked < kFramesLookedAt; ++looked) {
    const trace::Frame& frame = frames[i];
    if (cursor.time - frame.sent > linger) break;
    if (topology.movers.size() >= kMoversMax) break;
    const bool lost = frame.fate == trace::Fate::Lost;
    if (lost && cursor.settled && loss_of(index, static_cast<Id>(i)) <= cursor.time) continue;
    if (frame.sent >= cursor.time && !lost) continue;  // about to leave: that is to come
    if (!lost && (frame.received == kNever || frame.received <= cursor.time)) continue;
    Mover mover = make_mover(index, cursor, static_cast<Id>(i), m);
    mover.lost = lost && share_of_loss(index, static_cast<Id>(i), cursor.time) >= 1;
    if (cursor.event.kind == Selected::Frame) mover.current = cursor.event.id == i;
    // Of what carries nothing only the one that is looked at says why it was lost.
    if (mover.lost && mover.current && mover.pdu == kNone) mover.label = loss_text(frame.loss);
    const double flight = static_cast<double>(frame.received - frame.sent);
    const float share =
        lost ? lost_share(frame.loss) * share_of_loss(index, static_cast<Id>(i), cursor.time)
             : static_cast<float>(static_cast<double>(cursor.time - frame.sent) / flight);
    const std::vector<Point> path = path_of(topology, frame.link, frame.from, frame.to);
    if (!put_on_path(mover, path, share)) continue;
    topology.movers.push_back(std::move(mover));
  }
}

// While nothing has happened since the current PDU arrived, it rests there.
void add_resting(const TraceIndex& index, const Cursor& cursor, const Metrics& m,
                 Topology& topology) {
  if (cursor.pdu == kNone || cursor.event != Selection{Selected::Pdu, cursor.pdu}) return;
  if (cursor.playing && cursor.mode == PlayMode::Virtual) return;
  if (is_over(index, cursor)) return;
  const Trace& trace = index.trace();
  const trace::Pdu& pdu = trace.pdus[cursor.pdu];
  for (const Mover& mover : topology.movers)
    if (mover.current) return;
  if (pdu.frame >= trace.frames.size()) return;
  Id last = index.carrier(cursor.pdu);
  for (Id hop = last; hop != kNone; hop = index.next_hop(hop))
    if (trace.frames[hop].sent <= cursor.time) last = hop;
  Mover mover = make_mover(index, cursor, last, m);
  mover.pdu = cursor.pdu;
  mover.current = true;
  mover.label = pill_text(trace, pdu, cursor.time, m);
  mover.letter = pdu.kind == trace::PduKind::Data;
  const trace::Frame& frame = trace.frames[last];
  std::vector<Point> path = path_of(topology, frame.link, frame.from, frame.to);
  mover.lost = frame.fate == trace::Fate::Lost;
  float share = mover.lost ? lost_share(frame.loss) : 1;
  if (trace.links.empty()) {  // a capture: between the two that talk
    path = path_of(topology, kNone, index.sender(pdu).host, index.receiver(pdu).host);
    share = 0.5f * cursor.under_way;
  }
  if (!put_on_path(mover, path, share)) return;
  topology.movers.push_back(std::move(mover));
}

const AgentBox* box_of(const Topology& topology, Id agent) {
  for (const HostBox& host : topology.hosts)
    for (const AgentBox& box : host.agents)
      if (box.agent == agent) return &box;
  return nullptr;
}

// A letter that is handed on inside a host is seen on its way; until it is there it is not counted.
void add_carried(const TraceIndex& index, const Cursor& cursor, const Metrics& m,
                 Topology& topology) {
  if (cursor.event.kind != Selected::Change || cursor.under_way >= 1) return;
  const auto carry = carry_of(index.trace(), cursor.event.id);
  if (!carry) return;
  for (HostBox& host : topology.hosts)
    for (AgentBox& box : host.agents) {
      if (box.agent == carry->to) box.envelopes = carry->before;
      if (box.agent == carry->from) box.active = true;
    }
  const AgentBox *from = box_of(topology, carry->from), *to = box_of(topology, carry->to);
  if (!from || !to) return;
  const auto place = [&](const AgentBox& box) {
    return Point{box.rect.right() - m.px(19), box.rect.center().y};
  };
  const Point a = place(*from), b = place(*to);
  Mover mover;
  mover.at = {a.x + (b.x - a.x) * cursor.under_way, a.y + (b.y - a.y) * cursor.under_way};
  mover.heading = {0, b.y > a.y ? 1.f : -1.f};
  mover.role = Role::Accent;
  mover.current = mover.letter = true;
  topology.movers.push_back(std::move(mover));
}

}  // namespace

void add_movers(const TraceIndex& index, const Cursor& cursor, const Metrics& m,
                Topology& topology) {
  add_flying(index, cursor, m, topology);
  add_resting(index, cursor, m, topology);
  add_carried(index, cursor, m, topology);
}

bool is_over(const TraceIndex& index, const Cursor& cursor) {
  if (cursor.settled) return true;
  if (cursor.pdu == kNone) return false;
  const Trace& trace = index.trace();
  const trace::Pdu& pdu = trace.pdus[cursor.pdu];
  if (pdu.frame >= trace.frames.size()) return false;
  const Time departed = index.departs(cursor.pdu), arrived = arrival_of(index, cursor.pdu);
  if (arrived == kNever || departed == kNever || cursor.time <= arrived) return false;
  return cursor.time - arrived > std::max<Time>(kAfterglow, arrived - departed);
}

}  // namespace mailscope::viz
