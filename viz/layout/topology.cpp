#include "viz/layout/topology.hpp"

#include <algorithm>
#include <cmath>

#include "viz/layout/carry.hpp"
#include "viz/layout/flight.hpp"
#include "viz/layout/topology_place.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

constexpr std::size_t kFramesLookedAt = 4000;

int count_in(const trace::Value& value) {
  return static_cast<int>(std::min<std::uint64_t>(trace::number(value).value_or(0), 1'000'000));
}

bool is_store(trace::AgentKind kind) {
  return kind == trace::AgentKind::Spool || kind == trace::AgentKind::Mailbox;
}

// The last inside event of the cursor's instant that has happened. Where one is looked at, what
// follows it has not happened yet; where a PDU arrives, nothing that it brings about has.
Id last_seen(const TraceIndex& index, const Cursor& cursor) {
  if (cursor.selection.kind == Selected::Change) return cursor.selection.id;
  const bool arrives = cursor.selection.kind == Selected::Pdu &&
                       cursor.selection.id == cursor.pdu &&
                       arrival_of(index, cursor.pdu) == cursor.time;
  if (!arrives) return kNone;
  const std::vector<trace::StateChange>& changes = index.trace().changes;
  const auto before = std::ranges::lower_bound(changes, cursor.time, {}, &trace::StateChange::at);
  return before == changes.begin() ? kNone : static_cast<Id>(before - changes.begin() - 1);
}

// What a variable holds at the cursor.
const trace::Value& value_seen(const TraceIndex& index, Id variable, const Cursor& cursor) {
  const Trace& trace = index.trace();
  const Id last = last_seen(index, cursor);
  if (last == kNone) return trace.value_at(variable, cursor.time);
  const std::vector<Id>& changes = trace.variables[variable].changes;
  const auto later = [&](Time at, Id id) { return at < trace.changes[id].at; };
  auto after = std::upper_bound(changes.begin(), changes.end(), cursor.time, later);
  while (after != changes.begin() && *(after - 1) > last &&
         trace.changes[*(after - 1)].at == cursor.time)
    --after;
  static const trace::Value kNothing;
  return after == changes.begin() ? kNothing : trace.changes[*(after - 1)].after;
}

// The count that belongs to a spool's, mailbox's or user agent's box; 0 when nothing is recorded.
int envelopes_of(const TraceIndex& index, Id agent, const Cursor& cursor) {
  const Trace& trace = index.trace();
  const trace::Agent& a = trace.agents[agent];
  const bool reader = a.kind == trace::AgentKind::UserAgent;
  const bool spool = a.kind == trace::AgentKind::Spool;
  const trace::VariableKind kind = spool    ? trace::VariableKind::Spool
                                   : reader ? trace::VariableKind::Inbox
                                            : trace::VariableKind::Mailbox;
  for (Id id = 0; id < trace.variables.size(); ++id) {
    const trace::Variable& variable = trace.variables[id];
    if (variable.agent == agent && variable.is(kind))
      return count_in(value_seen(index, id, cursor));
  }
  if (reader) return 0;
  for (Id id = 0; id < trace.variables.size(); ++id) {
    const trace::Variable& variable = trace.variables[id];
    if (variable.host != a.host || variable.agent != kNone || !variable.is(kind)) continue;
    const std::string& user = variable.subject;
    if (spool || user.empty() || a.name.find(user) != std::string::npos)
      return count_in(value_seen(index, id, cursor));
  }
  return 0;
}

std::string store_text(const TraceIndex& index, const HostBox& host, const AgentBox& box) {
  const trace::Agent& agent = index.trace().agents[box.agent];
  const std::string count = std::to_string(box.envelopes);
  if (agent.kind == trace::AgentKind::Spool) {
    return "spool of " + index.host_name(host.host) + ": " +
           (box.envelopes == 0 ? "empty" : count + " waiting");
  }
  return agent.name + ": " +
         (box.envelopes == 0 ? "empty" : count + (box.envelopes == 1 ? " message" : " messages"));
}

// What is shown of a PDU after it arrived, for as long as it takes to see it: whatever comes later
// is a wait, and in a wait nothing is under way.
constexpr Time kAfterglow = 1'000'000'000;

bool is_over(const TraceIndex& index, const Cursor& cursor) {
  if (cursor.pdu == kNone) return false;
  const Trace& trace = index.trace();
  const trace::Pdu& pdu = trace.pdus[cursor.pdu];
  if (pdu.frame >= trace.frames.size()) return false;
  const Time departed = index.departs(cursor.pdu), arrived = arrival_of(index, cursor.pdu);
  if (arrived == kNever || departed == kNever || cursor.time <= arrived) return false;
  return cursor.time - arrived > std::max<Time>(kAfterglow, arrived - departed);
}

void show_state(const TraceIndex& index, const Cursor& cursor, Topology& topology) {
  const Trace& trace = index.trace();
  const bool over = cursor.pdu == kNone || is_over(index, cursor);
  const trace::Pdu* pdu = over ? nullptr : &trace.pdus[cursor.pdu];
  const Id change = cursor.selection.kind == Selected::Change ? cursor.selection.id : kNone;
  const Id change_agent =
      change == kNone ? kNone : trace.variables[trace.changes[change].variable].agent;
  for (HostBox& box : topology.hosts) {
    box.power = power_of(index, box.host, cursor.time);
    box.selected = cursor.selection == Selection{Selected::Host, box.host};
    for (AgentBox& agent : box.agents) {
      agent.active = agent.agent == change_agent;
      agent.refused = agent.active && is_refusal(trace.changes[change]);
      if (pdu && change_agent == kNone)
        agent.active =
            agent.agent == index.sender(*pdu).agent || agent.agent == index.receiver(*pdu).agent;
      if (pdu && trace.connections[pdu->connection].server.agent == agent.agent)
        agent.port_now = trace.connections[pdu->connection].server.port;
      if (trace.agents[agent.agent].kind == trace::AgentKind::UserAgent)
        agent.envelopes = envelopes_of(index, agent.agent, cursor);
      if (!is_store(trace.agents[agent.agent].kind)) continue;
      agent.envelopes = envelopes_of(index, agent.agent, cursor);
      topology.stores.push_back(store_text(index, box, agent));
    }
  }
}

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
std::string pill_text(const Trace& trace, const trace::Pdu& pdu, const Metrics& m) {
  const Refusal refused = refusal(trace, pdu);
  const std::string whole =
      signed_as(refused, pdu.kind == trace::PduKind::Data ? head(trace, pdu) : label(trace, pdu));
  if (m.width(TextStyle::MonoStrong, whole) <= m.px(96)) return whole;
  return fit(m, TextStyle::MonoStrong, signed_as(refused, head(trace, pdu)), m.px(118));
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
    mover.label = pill_text(trace, pdu, m) + others_text(trace, mover.pdu);
    const bool along = cursor.pdu != kNone && trace.pdus[cursor.pdu].frame == pdu.frame;
    mover.current = mover.pdu == cursor.pdu || along;
    mover.role = role_of(trace, pdu);
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
void add_movers(const TraceIndex& index, const Cursor& cursor, const Metrics& m,
                Topology& topology) {
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
    if (frame.sent >= cursor.time && !lost) continue;  // about to leave: that is to come
    if (!lost && (frame.received == kNever || frame.received <= cursor.time)) continue;
    Mover mover = make_mover(index, cursor, static_cast<Id>(i), m);
    mover.lost = lost && share_of_loss(index, static_cast<Id>(i), cursor.time) >= 1;
    mover.current =
        cursor.selection.kind == Selected::Frame ? cursor.selection.id == i : mover.current;
    const double flight = static_cast<double>(frame.received - frame.sent);
    const float share =
        lost ? kLostShare * share_of_loss(index, static_cast<Id>(i), cursor.time)
             : static_cast<float>(static_cast<double>(cursor.time - frame.sent) / flight);
    const std::vector<Point> path = path_of(topology, frame.link, frame.from, frame.to);
    if (!put_on_path(mover, path, share)) continue;
    topology.movers.push_back(std::move(mover));
  }
}

// When nothing of the current PDU is on a link any more, it rests where it arrived.
void add_resting(const TraceIndex& index, const Cursor& cursor, const Metrics& m,
                 Topology& topology) {
  if (cursor.pdu == kNone || cursor.selection.kind == Selected::Frame) return;
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
  mover.label = pill_text(trace, pdu, m);
  mover.letter = pdu.kind == trace::PduKind::Data;
  const trace::Frame& frame = trace.frames[last];
  std::vector<Point> path = path_of(topology, frame.link, frame.from, frame.to);
  float share = frame.fate == trace::Fate::Lost ? kLostShare : 1;
  if (trace.links.empty()) {  // a capture: between the two that talk
    path = path_of(topology, kNone, index.sender(pdu).host, index.receiver(pdu).host);
    share = 0.5f * cursor.under_way;
  }
  if (!put_on_path(mover, path, share)) return;
  mover.lost = frame.fate == trace::Fate::Lost;
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
  if (cursor.selection.kind != Selected::Change || cursor.under_way >= 1) return;
  const auto carry = carry_of(index.trace(), cursor.selection.id);
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

void light_pipes(const TraceIndex& index, const Cursor& cursor, Topology& topology) {
  if (cursor.pdu == kNone || is_over(index, cursor)) return;
  const Trace& trace = index.trace();
  const trace::Pdu& pdu = trace.pdus[cursor.pdu];
  const Id a = index.sender(pdu).host, b = index.receiver(pdu).host;
  for (Pipe& pipe : topology.pipes)
    if (pipe.link == kNone)
      pipe.active = (pipe.from == a && pipe.to == b) || (pipe.from == b && pipe.to == a);
  if (pdu.frame >= trace.frames.size()) return;
  for (Id hop = pdu.frame; hop != kNone; hop = index.next_hop(hop)) {
    const trace::Frame& frame = trace.frames[hop];
    for (Pipe& pipe : topology.pipes)
      if (pipe.link == frame.link && pipe.link != kNone &&
          ((pipe.from == frame.from || pipe.to == frame.from) ||
           (pipe.from == frame.to || pipe.to == frame.to)) &&
          (trace.links[pipe.link].hosts.size() > 2
               ? pipe.from == frame.from || pipe.from == frame.to
               : true))
        pipe.active = true;
  }
}

// "cut mail.alpha.example internet", in either order, names the hosts of the pipe.
bool names_pipe(const Trace& trace, const Pipe& pipe, std::string_view hosts) {
  const std::string &a = trace.hosts[pipe.from].name, &b = trace.hosts[pipe.to].name;
  return hosts == a + " " + b || hosts == b + " " + a;
}

void mark_cuts(const TraceIndex& index, const Cursor& cursor, Topology& topology) {
  const Trace& trace = index.trace();
  for (const trace::Intervention& one : trace.interventions) {
    if (one.at > cursor.time) break;
    const std::string_view text = one.text;
    const bool cut = text.starts_with("cut ");
    if (!cut && !text.starts_with("mend ")) continue;
    for (Pipe& pipe : topology.pipes)
      if (names_pipe(trace, pipe, text.substr(cut ? 4 : 5))) pipe.cut = cut;
  }
}

}  // namespace

Topology layout_topology(const TraceIndex& index, const Cursor& cursor, const Metrics& metrics,
                         Rect area) {
  return layout_topology(index, cursor, metrics, area,
                         place_hosts(index, shown_hosts(index, cursor), cast_of(index),
                                     focus_of(index, cursor), metrics, area));
}

Topology layout_topology(const TraceIndex& index, const Cursor& cursor, const Metrics& metrics,
                         Rect area, std::vector<HostBox> hosts) {
  Topology topology;
  if (area.w < metrics.px(60) || area.h < metrics.px(60)) return topology;
  topology.hosts_left_out =
      static_cast<int>(index.hosts_by_traffic().size()) - static_cast<int>(hosts.size());
  topology.hosts = std::move(hosts);
  topology.pipes = place_pipes(index, topology.hosts, metrics, area);
  show_state(index, cursor, topology);
  light_pipes(index, cursor, topology);
  mark_cuts(index, cursor, topology);
  add_movers(index, cursor, metrics, topology);
  add_resting(index, cursor, metrics, topology);
  add_carried(index, cursor, metrics, topology);
  place_tags(index.trace(), topology, metrics, area);
  // What moves goes before what stands.
  for (Pipe& pipe : topology.pipes)
    for (const Mover& mover : topology.movers)
      if (mover.pill.w > 0 && pipe.label_rect.intersects(mover.pill)) pipe.label_rect = {};
  return topology;
}

Rect envelopes_rect(const AgentBox& agent, const Metrics& m) {
  if (agent.envelopes <= 0 || agent.presence < 1) return {};
  const int shown = std::min(agent.envelopes, agent.rect.h < m.px(21) ? 1 : 3);
  const float w = m.px(22 + 5 * static_cast<float>(shown - 1)), h = m.px(15);
  return {agent.rect.right() - m.px(8) - w, agent.rect.y + (agent.rect.h - h) / 2, w, h};
}

Point point_on(const std::vector<Point>& path, float share, Point* heading) {
  float total = 0;
  const auto length = [&](std::size_t i) {
    return std::hypot(path[i].x - path[i - 1].x, path[i].y - path[i - 1].y);
  };
  for (std::size_t i = 1; i < path.size(); ++i) total += length(i);
  float left = std::clamp(share, 0.f, 1.f) * total;
  for (std::size_t i = 1; i < path.size(); ++i) {
    const float part = length(i);
    if (left > part && i + 1 < path.size()) {
      left -= part;
      continue;
    }
    const float t = part > 0 ? std::min(1.f, left / part) : 0;
    const Point a = path[i - 1], b = path[i];
    if (heading && part > 0) *heading = {(b.x - a.x) / part, (b.y - a.y) / part};
    return {a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
  }
  return path.empty() ? Point{} : path.front();
}

Power power_of(const TraceIndex& index, Id host, Time at) {
  const Trace& trace = index.trace();
  for (Id id = 0; id < trace.variables.size(); ++id) {
    const trace::Variable& variable = trace.variables[id];
    if (variable.host != host || variable.agent != kNone ||
        !variable.is(trace::VariableKind::Power))
      continue;
    const trace::Value& value = trace.value_at(id, at);
    return is(value, trace::State::Off)       ? Power::Off
           : is(value, trace::State::Crashed) ? Power::Crashed
                                              : Power::On;
  }
  return Power::On;
}

}  // namespace mailscope::viz
