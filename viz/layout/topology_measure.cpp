#include "viz/layout/topology_measure.hpp"

#include <algorithm>

namespace mailscope::viz {
namespace {

struct Measures {  // units
  float row, gap, head, pad, width_min, margin;
};
Measures measures_of(Detail detail) {
  switch (detail) {
    case Detail::Large:
      return {36, 8, 40, 16, 230, 40};
    case Detail::Tall:
      return {36, 8, 34, 12, 160, 32};
    case Detail::Full:
      return {26, 6, 34, 12, 160, 32};
    case Detail::Slim:
      return {32, 7, 34, 8, 100, 22};
    case Detail::Compact:
      return {22, 4, 32, 10, 130, 28};
    case Detail::Tight:
      return {20, 3, 29, 8, 100, 22};
    case Detail::Dense:
      return {18, 2, 26, 6, 84, 16};
    case Detail::Small:
      break;
  }
  return {0, 0, 32, 10, 64, 20};
}

// In a capture each port has an agent of its own.
constexpr std::size_t kConnectionsLookedAt = 4096;

std::vector<std::uint16_t> ports_of(const Trace& trace, Id id) {
  std::vector<std::uint16_t> ports;
  if (trace.agents[id].port == 0) return ports;
  ports.push_back(trace.agents[id].port);
  for (std::size_t i = 0; i < std::min(trace.connections.size(), kConnectionsLookedAt); ++i) {
    const trace::Endpoint& server = trace.connections[i].server;
    if (server.agent == id && std::find(ports.begin(), ports.end(), server.port) == ports.end())
      ports.push_back(server.port);
  }
  std::sort(ports.begin(), ports.end());
  return ports;
}

// "MTA server · 25 587"
std::string agent_text(const trace::Agent& agent, const std::vector<std::uint16_t>& ports) {
  std::string text = agent.name.empty() ? std::string(name(agent.kind)) : agent.name;
  if (!ports.empty()) text += " ·";
  for (const std::uint16_t port : ports) text += " " + std::to_string(port);
  return text;
}

bool shows_envelopes(trace::AgentKind kind) {
  using trace::AgentKind;
  return kind == AgentKind::Spool || kind == AgentKind::Mailbox || kind == AgentKind::UserAgent;
}

std::vector<Id> agents_of(const TraceIndex& index, Id host) {
  const auto& agents = index.trace().agents;
  std::vector<Id> found;
  for (Id id = 0; id < agents.size(); ++id)
    if (agents[id].host == host) found.push_back(id);
  std::stable_sort(found.begin(), found.end(), [&](Id a, Id b) {
    return place_in_host(agents[a].kind) < place_in_host(agents[b].kind);
  });
  return found;
}

// How many letters it ever holds at once.
std::uint64_t most_letters(const Trace& trace, Id agent) {
  using trace::VariableKind;
  std::uint64_t most = 0;
  for (const trace::Variable& variable : trace.variables) {
    const bool own = variable.agent == agent ||
                     (variable.agent == kNone && variable.host == trace.agents[agent].host);
    if (!own || !(variable.is(VariableKind::Spool) || variable.is(VariableKind::Mailbox) ||
                  variable.is(VariableKind::Inbox)))
      continue;
    for (const Id change : variable.changes)
      most = std::max(most, trace::number(trace.changes[change].after).value_or(0));
  }
  return most;
}

std::uint64_t most_junk(const Trace& trace, Id agent) {
  std::uint64_t most = 0;
  for (const trace::Variable& variable : trace.variables)
    if (variable.agent == agent && variable.is(trace::VariableKind::Junk))
      for (const Id change : variable.changes)
        most = std::max(most, trace::number(trace.changes[change].after).value_or(0));
  return most;
}

AgentBox measure_agent(const TraceIndex& index, Id id, const Look& look, const Metrics& m) {
  const trace::Agent& agent = index.trace().agents[id];
  const bool large = look.detail == Detail::Large, close = look.detail >= Detail::Tight;
  AgentBox box;
  box.agent = id;
  box.ports = ports_of(index.trace(), id);
  box.text = agent_text(agent, box.ports);
  box.role = role_of(agent.kind);
  box.style = large ? TextStyle::Body : TextStyle::Small;
  const auto strong = large ? TextStyle::BodyStrong : TextStyle::SmallStrong;
  const bool many = shows_envelopes(agent.kind) && most_letters(index.trace(), id) > 1;
  const float envelopes = !shows_envelopes(agent.kind) ? 0 : many ? 62 : close ? 36 : 52;
  const auto junk = static_cast<int>(std::min<std::uint64_t>(most_junk(index.trace(), id), 9999));
  box.rect.w = m.width(strong, box.text + junk_text(junk)) + m.px(2 * kAgentPad + envelopes) + 1;
  box.rect.h = m.px(look.stretch * measures_of(look.detail).row);
  return box;
}

// The host's agents one below the other in columns, below `top`; returns where they end. A column
// is as wide as its widest agent, and all together as wide as the name wants the box.
float measure_agents(const TraceIndex& index, const std::vector<Id>& agents, const Look& look,
                     float top, const Metrics& m, HostBox& box) {
  const Measures units = measures_of(look.detail);
  const float pad = m.px(units.pad), row = m.px(look.stretch * units.row);
  const float gap = m.px(look.stretch * units.gap);
  for (const Id id : agents) box.agents.push_back(measure_agent(index, id, look, m));
  const std::size_t columns = (agents.size() + look.rows - 1) / look.rows;
  const std::size_t rows = (agents.size() + columns - 1) / columns;
  std::vector<float> width(columns, 0.f);
  for (std::size_t i = 0; i < agents.size(); ++i)
    width[i / rows] = std::max(width[i / rows], box.agents[i].rect.w);
  float all = gap * static_cast<float>(columns - 1) + 2 * pad;
  for (const float one : width) all += one;
  const float more = std::max(0.f, box.rect.w - all) / static_cast<float>(columns);
  box.rect.w = std::max(box.rect.w, all);
  float x = pad;
  for (std::size_t i = 0; i < agents.size(); ++i) {
    const float w = width[i / rows] + more;
    box.agents[i].rect = {x, top + static_cast<float>(i % rows) * (row + gap), w, row};
    if (i % rows + 1 == rows) x += w + gap;
  }
  return top + static_cast<float>(rows) * (row + gap) - gap;
}

bool fills_up(const Trace& trace, Id host) {
  for (const trace::Variable& variable : trace.variables)
    if (variable.host == host && variable.is(trace::VariableKind::Disk))
      for (const Id change : variable.changes)
        if (is(trace.changes[change].after, trace::State::Full)) return true;
  return false;
}

bool goes_down(const Trace& trace, Id host) {
  for (const trace::Variable& variable : trace.variables)
    if (variable.host == host && variable.agent == kNone && variable.is(trace::VariableKind::Power))
      for (const Id change : variable.changes)
        if (!is(trace.changes[change].after, trace::State::On)) return true;
  return false;
}

}  // namespace

float margin_of(Detail detail) {
  return measures_of(detail).margin;
}

HostBox measure_host(const TraceIndex& index, Id id, const Look& look, const Focus& focus,
                     const Metrics& m) {
  const trace::Host& host = index.trace().hosts[id];
  HostBox box;
  box.host = id;
  const Measures units = measures_of(look.detail);
  const bool roomy = look.detail <= Detail::Full;
  box.name = host.name.empty() || !roomy ? index.host_name(id) : host.name;
  box.router = host.kind == trace::HostKind::Router;
  box.compact = !roomy;
  box.small = look.detail == Detail::Small;
  if (box.router) {
    box.name = index.host_name(id);
    box.rect = {0, 0, m.px(44), m.px(44)};
    return box;
  }
  if (roomy && !host.addresses.empty() && host.addresses.front() != box.name)
    box.address = host.addresses.front();
  const float pad = m.px(units.pad);
  const bool has_state = goes_down(index.trace(), id) || fills_up(index.trace(), id);
  const float state = has_state ? m.width(TextStyle::SmallStrong, "disk full") + m.px(36)
                                : 0;  // beside name or address
  const float name = m.width(TextStyle::BodyStrong, box.name) + 2 * m.px(kHostNamePad) + 1;
  const float address = m.width(TextStyle::Mono, box.address) + 2 * pad;
  box.rect.w = std::max({name + (box.address.empty() ? state : 0),
                         address + (box.address.empty() ? 0 : state), m.px(units.width_min)});
  const float y = m.px(box.address.empty() ? units.head : units.head + 18);
  std::vector<Id> agents = box.small ? std::vector<Id>{} : agents_of(index, id);
  if (look.essential) {
    const std::size_t all = agents.size();
    std::erase_if(agents, [&](Id agent) { return !focus.has_agent(agent); });
    box.agents_left_out = static_cast<int>(all - agents.size());
  }
  box.rect.h = y;
  if (!agents.empty()) box.rect.h = measure_agents(index, agents, look, y, m, box) + pad;
  return box;
}

}  // namespace mailscope::viz
