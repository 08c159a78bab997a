#include "viz/layout/topology.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "viz/layout/carry.hpp"
#include "viz/layout/event.hpp"
#include "viz/layout/flight.hpp"
#include "viz/layout/topology_movers.hpp"
#include "viz/layout/topology_place.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

int count_in(const trace::Value& value) {
  return static_cast<int>(std::min<std::uint64_t>(trace::number(value).value_or(0), 1'000'000));
}

bool is_store(trace::AgentKind kind) {
  return kind == trace::AgentKind::Spool || kind == trace::AgentKind::Mailbox;
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

int junk_of(const TraceIndex& index, Id agent, const Cursor& cursor) {
  const Trace& trace = index.trace();
  for (Id id = 0; id < trace.variables.size(); ++id)
    if (trace.variables[id].agent == agent && trace.variables[id].is(trace::VariableKind::Junk))
      return count_in(value_seen(index, id, cursor));
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
         (box.envelopes == 0 ? "empty" : count + (box.envelopes == 1 ? " message" : " messages")) +
         junk_text(box.junk);
}

void show_state(const TraceIndex& index, const Cursor& cursor, Topology& topology) {
  const Trace& trace = index.trace();
  const bool over = cursor.pdu == kNone || is_over(index, cursor);
  const trace::Pdu* pdu = over ? nullptr : &trace.pdus[cursor.pdu];
  // In a silence, and at the end, nobody does anything.
  const bool talks =
      cursor.event.kind != Selected::Change && cursor.event.kind != Selected::Intervention;
  const bool acts = cursor.event.kind == Selected::Change && !cursor.settled;
  const Id change = acts ? cursor.event.id : kNone;
  const Id change_agent =
      change == kNone ? kNone : trace.variables[trace.changes[change].variable].agent;
  for (HostBox& box : topology.hosts) {
    box.power = power_of(index, box.host, cursor);
    box.disk_full = is_disk_full(index, box.host, cursor);
    box.selected = cursor.selection == Selection{Selected::Host, box.host};
    for (AgentBox& agent : box.agents) {
      agent.active = agent.agent == change_agent;
      agent.refused = agent.active && change != kNone && is_failure(trace, change);
      if (pdu && talks)
        agent.active =
            agent.agent == index.sender(*pdu).agent || agent.agent == index.receiver(*pdu).agent;
      if (pdu && trace.connections[pdu->connection].server.agent == agent.agent)
        agent.port_now = trace.connections[pdu->connection].server.port;
      if (trace.agents[agent.agent].kind == trace::AgentKind::UserAgent)
        agent.envelopes = envelopes_of(index, agent.agent, cursor);
      if (!is_store(trace.agents[agent.agent].kind)) continue;
      agent.envelopes = envelopes_of(index, agent.agent, cursor);
      agent.junk = junk_of(index, agent.agent, cursor);
      agent.text += junk_text(agent.junk);
      topology.stores.push_back(store_text(index, box, agent));
    }
  }
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

void mark_cuts(const TraceIndex& index, const Cursor& cursor, Topology& topology) {
  const Trace& trace = index.trace();
  for (Id id = 0; id < trace.interventions.size(); ++id) {
    if (trace.interventions[id].at > cursor.time) break;
    const Deed& deed = index.deed(id);
    const bool cut = deed.kind == DeedKind::Cut;
    if (!cut && deed.kind != DeedKind::Mend) continue;
    for (Pipe& pipe : topology.pipes)
      if ((pipe.from == deed.host && pipe.to == deed.other) ||
          (pipe.from == deed.other && pipe.to == deed.host))
        pipe.cut = cut;
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
  place_tags(index.trace(), cursor.time, topology, metrics, area);
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

Power power_of(const TraceIndex& index, Id host, const Cursor& cursor) {
  const Trace& trace = index.trace();
  for (Id id = 0; id < trace.variables.size(); ++id) {
    const trace::Variable& variable = trace.variables[id];
    if (variable.host != host || variable.agent != kNone ||
        !variable.is(trace::VariableKind::Power))
      continue;
    const trace::Value& value = value_seen(index, id, cursor);
    return is(value, trace::State::Off)       ? Power::Off
           : is(value, trace::State::Crashed) ? Power::Crashed
                                              : Power::On;
  }
  return Power::On;
}

// By what its programs have found, or by what was done to it since.
bool is_disk_full(const TraceIndex& index, Id host, const Cursor& cursor) {
  const Trace& trace = index.trace();
  bool full = false;
  Time since = -1;
  for (Id id = 0; id < trace.variables.size(); ++id) {
    const trace::Variable& variable = trace.variables[id];
    if (variable.host != host || !variable.is(trace::VariableKind::Disk)) continue;
    full = is(value_seen(index, id, cursor), trace::State::Full);
    const auto later = [&](Time at, Id change) { return at < trace.changes[change].at; };
    const auto& changes = variable.changes;
    const auto after = std::upper_bound(changes.begin(), changes.end(), cursor.time, later);
    if (after != changes.begin()) since = trace.changes[*(after - 1)].at;
  }
  for (Id id = 0; id < trace.interventions.size(); ++id) {
    const Deed& deed = index.deed(id);
    const Time at = trace.interventions[id].at;
    if (at > cursor.time) break;
    if (at < since || deed.host != host) continue;
    if (deed.kind == DeedKind::Full || deed.kind == DeedKind::Empty)
      full = deed.kind == DeedKind::Full;
  }
  return full;
}

std::string junk_text(int messages) {
  return messages == 0 ? "" : fmt::format(" · {} in Junk", messages);
}

}  // namespace mailscope::viz
