#include "viz/layout/topology_place.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "viz/layout/topology_order.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

enum class Detail { Large, Tall, Full, Slim, Compact, Tight, Small };

// How a host is drawn: its size, the columns of its agents, and whether only those of the focus.
struct Look {
  Detail detail = Detail::Full;
  int columns = 1;
  bool essential = false;
};

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

// The host's agents in their rows and columns, below `top`; returns where they end.
float measure_agents(const TraceIndex& index, const std::vector<Id>& agents, const Look& look,
                     float top, const Metrics& m, HostBox& box) {
  const Measures units = measures_of(look.detail);
  const float pad = m.px(units.pad), row = m.px(units.row), gap = m.px(units.gap);
  const auto style = look.detail == Detail::Large ? TextStyle::Body : TextStyle::Small;
  const auto strong = look.detail == Detail::Large ? TextStyle::BodyStrong : TextStyle::SmallStrong;
  const bool tight = look.detail == Detail::Tight;
  float width = 0;
  for (const Id id : agents) {
    const trace::Agent& agent = index.trace().agents[id];
    AgentBox inner;
    inner.agent = id;
    inner.ports = ports_of(index.trace(), id);
    inner.text = agent_text(agent, inner.ports);
    inner.role = role_of(agent.kind);
    inner.style = style;
    const float envelopes = shows_envelopes(agent.kind) ? (tight ? 36 : 52) : 0;
    width = std::max(width, m.width(strong, inner.text) + m.px(2 * kAgentPad + envelopes) + 1);
    box.agents.push_back(std::move(inner));
  }
  const auto columns = static_cast<std::size_t>(look.columns);
  const std::size_t rows = (agents.size() + columns - 1) / columns;
  const float own = box.rect.w - 2 * pad;
  const float between = gap * static_cast<float>(columns - 1);
  width = std::max(width, (own - between) / static_cast<float>(columns));
  box.rect.w = width * static_cast<float>(columns) + between + 2 * pad;
  for (std::size_t i = 0; i < box.agents.size(); ++i) {
    const auto column = static_cast<float>(i / rows), line = static_cast<float>(i % rows);
    box.agents[i].rect = {pad + column * (width + gap), top + line * (row + gap), width, row};
  }
  return top + static_cast<float>(rows) * (row + gap) - gap;
}

bool goes_down(const Trace& trace, Id host) {
  for (const trace::Variable& variable : trace.variables)
    if (variable.host == host && variable.agent == kNone && variable.is(trace::VariableKind::Power))
      for (const Id change : variable.changes)
        if (!is(trace.changes[change].after, trace::State::On)) return true;
  return false;
}

// The box in its own size at (0, 0), with its agents inside.
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
  const float state = goes_down(index.trace(), id)
                          ? m.width(TextStyle::SmallStrong, "crashed") + m.px(36)
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

// Hints 0..1 a host. Without hints: clients left, servers right, both in the middle; many: a grid.
std::vector<Point> hints(const TraceIndex& index, const std::vector<Id>& hosts) {
  std::vector<Point> at(hosts.size());
  const auto& trace = index.trace();
  const bool given =
      std::all_of(hosts.begin(), hosts.end(), [&](Id id) { return trace.hosts[id].x >= 0; });
  if (given) {
    for (std::size_t i = 0; i < hosts.size(); ++i)
      at[i] = {trace.hosts[hosts[i]].x, trace.hosts[hosts[i]].y};
  } else {
    std::vector<std::size_t> columns[3];
    for (std::size_t i = 0; i < hosts.size(); ++i) {
      bool client = false, server = false;
      for (const TraceIndex::Pair& pair : index.pairs()) {
        client = client || pair.client == hosts[i];
        server = server || pair.server == hosts[i];
      }
      columns[client && server ? 1 : server ? 2 : 0].push_back(i);
    }
    for (int c = 0; c < 3; ++c) {
      const std::size_t rows = columns[c].size();
      for (std::size_t r = 0; r < rows; ++r) {
        const float y = rows == 1 ? 0.5f : static_cast<float>(r) / static_cast<float>(rows - 1);
        at[columns[c][r]] = {static_cast<float>(c) / 2, y};
      }
    }
  }
  // Stretched over the whole area.
  float x0 = 1, x1 = 0, y0 = 1, y1 = 0;
  for (const Point p : at) {
    x0 = std::min(x0, p.x), x1 = std::max(x1, p.x);
    y0 = std::min(y0, p.y), y1 = std::max(y1, p.y);
  }
  for (Point& p : at) {
    p.x = x1 - x0 > 0.01f ? (p.x - x0) / (x1 - x0) : 0.5f;
    p.y = y1 - y0 > 0.01f ? (p.y - y0) / (y1 - y0) : 0.5f;
  }
  return at;
}

}  // namespace

std::vector<Id> shown_hosts(const TraceIndex& index, const Cursor& cursor) {
  const std::span<const Id> all = index.hosts_by_traffic();
  std::vector<Id> hosts(
      all.begin(),
      all.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(all.size(), kHostsMax)));
  if (all.size() > kHostsMax && cursor.pdu != kNone) {
    const trace::Pdu& pdu = index.trace().pdus[cursor.pdu];
    std::size_t give_up = hosts.size();
    for (const Id id : {index.sender(pdu).host, index.receiver(pdu).host})
      if (id != kNone && std::find(hosts.begin(), hosts.end(), id) == hosts.end())
        hosts[--give_up] = id;
  }
  std::sort(hosts.begin(), hosts.end());
  return hosts;
}

namespace {

// Where the boxes want to stand, 0..1: as hinted; the focus in a row and the others in another; all
// in one row.
enum class Order { Hinted, FocusBelow, FocusAbove, FocusLeft, FocusRight };

std::vector<Point> ordered(Order order, const std::vector<Id>& hosts,
                           const std::vector<HostBox>& boxes, const std::vector<Point>& hinted) {
  if (order == Order::Hinted) return hinted;
  std::vector<Point> at(hosts.size());
  const bool upright = order == Order::FocusLeft || order == Order::FocusRight;
  for (const bool small : {false, true}) {
    std::vector<std::size_t> row;
    for (std::size_t i = 0; i < hosts.size(); ++i)
      if ((boxes[i].small || boxes[i].router) == small) row.push_back(i);
    std::stable_sort(row.begin(), row.end(), [&](std::size_t a, std::size_t b) {
      const Point p = hinted[a], q = hinted[b];
      return upright ? p.y + p.x / 16 < q.y + q.x / 16 : p.x + p.y / 16 < q.x + q.y / 16;
    });
    const bool far = small == (order == Order::FocusAbove || order == Order::FocusLeft);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const float along =
          row.size() == 1 ? 0.5f : static_cast<float>(i) / static_cast<float>(row.size() - 1);
      const float across = far ? 1.f : 0.f;
      at[row[i]] = upright ? Point{across, along} : Point{along, across};
    }
  }
  return at;
}

// One way to draw them all: the focus so, the others so.
struct Attempt {
  Look focus, others;
  std::size_t large = 0;  // so many hosts of the focus are large; 0: all are drawn like the focus
};

std::vector<Attempt> attempts(const Focus& focus) {
  std::vector<Attempt> all;
  for (const Look look : {Look{Detail::Large, 1}, Look{Detail::Tall, 1}, Look{Detail::Full, 1},
                          Look{Detail::Slim, 1}, Look{Detail::Compact, 1}, Look{Detail::Tight, 1},
                          Look{Detail::Compact, 2}, Look{Detail::Tight, 2}})
    all.push_back({look, look, 0});
  // Fewer and fewer of those that are only named; before that, only the agents that matter.
  for (std::size_t large = focus.hosts.size(); large > 0; --large) {
    for (const Look look :
         {Look{Detail::Full, 1}, Look{Detail::Compact, 1}, Look{Detail::Compact, 2},
          Look{Detail::Tight, 1}, Look{Detail::Tight, 2}, Look{Detail::Compact, 1, true},
          Look{Detail::Tight, 1, true}})
      all.push_back({look, {Detail::Small, 1}, large});
  }
  all.push_back({{Detail::Small, 1}, {Detail::Small, 1}, 0});
  return all;
}

constexpr float kPillRoom = 62;

// How far the hinted order is kept, and with which share of the usual margin; 0: not at all.
struct Keep {
  float margin = 0;
  bool strict = false;
  bool wide = false;  // with everybody's agents, and room for a pill between any two
};

// True when everything has its place.
bool try_place(const TraceIndex& index, const std::vector<Id>& hosts, const Focus& focus,
               const Attempt& attempt, const std::vector<Point>& hinted, const Metrics& m,
               Rect area, Keep keep, std::vector<HostBox>& boxes) {
  std::vector<HostBox> measured;
  for (const Id host : hosts) {
    const auto rank = static_cast<std::size_t>(
        std::find(focus.hosts.begin(), focus.hosts.end(), host) - focus.hosts.begin());
    const bool large = attempt.large == 0 || rank < attempt.large;
    measured.push_back(measure_host(index, host, large ? attempt.focus : attempt.others, focus, m));
    if (measured.back().rect.w > area.w || measured.back().rect.h > area.h) return false;
  }
  const float margin =
      m.px(std::max(keep.wide ? kPillRoom : 0, measures_of(attempt.focus.detail).margin));
  boxes = measured;
  if (keep.margin > 0)
    return place_in_order(boxes, hinted, m, area, keep.margin * margin, keep.strict);
  for (const Order order :
       {Order::Hinted, Order::FocusBelow, Order::FocusAbove, Order::FocusLeft, Order::FocusRight}) {
    boxes = measured;
    const std::vector<Point> at = ordered(order, hosts, measured, hinted);
    for (std::size_t i = 0; i < boxes.size(); ++i)
      move_to(boxes[i], area.x + at[i].x * (area.w - boxes[i].rect.w),
              area.y + at[i].y * (area.h - boxes[i].rect.h - foot(boxes[i], m)));
    if (separate(boxes, m, area, margin)) return true;
    if (attempt.large == 0) break;  // everybody alike: only where the lesson wants them
  }
  return false;
}

}  // namespace

std::vector<HostBox> place_hosts(const TraceIndex& index, const std::vector<Id>& hosts,
                                 const Focus& focus, const Metrics& metrics, Rect area) {
  std::vector<HostBox> boxes;
  if (hosts.empty()) return boxes;
  const std::vector<Point> hinted = hints(index, hosts);
  // Everybody on the side where they always are; only where that can't be, in rows.
  for (const Keep keep : {Keep{1, true, true}, Keep{1, true}, Keep{0.6f, true}, Keep{0.45f, true},
                          Keep{1, false}, Keep{0.6f, false}, Keep{0.45f, false}}) {
    for (const Attempt& attempt : attempts(focus)) {
      if (attempt.large < focus.acting && attempt.large > 0) break;
      if (attempt.focus.detail == Detail::Small) break;
      if (keep.wide && attempt.large > 0) break;
      if (try_place(index, hosts, focus, attempt, hinted, metrics, area, keep, boxes)) return boxes;
    }
  }
  for (const Attempt& attempt : attempts(focus))
    if (try_place(index, hosts, focus, attempt, hinted, metrics, area, {}, boxes)) return boxes;
  place_in_grid(boxes, area);
  return boxes;
}

}  // namespace mailscope::viz
