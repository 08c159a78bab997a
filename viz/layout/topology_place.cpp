#include "viz/layout/topology_place.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <queue>

#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

enum class Detail { Large, Full, Compact, Tight, Small };

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
    case Detail::Full:
      return {26, 6, 34, 12, 160, 32};
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
    if (variable.host == host && variable.agent == kNone && variable.what == "power")
      for (const Id change : variable.changes)
        if (trace.changes[change].after != "on") return true;
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

bool overlap(const HostBox& a, const HostBox& b, float margin) {
  return a.rect.inset(-margin / 2).intersects(b.rect.inset(-margin / 2));
}

void move_to(HostBox& box, float x, float y) {
  const float dx = x - box.rect.x, dy = y - box.rect.y;
  box.rect.x += dx, box.rect.y += dy;
  for (AgentBox& agent : box.agents) agent.rect.x += dx, agent.rect.y += dy;
}

// The name below a router's node takes room too.
float foot(const HostBox& box, const Metrics& m) {
  return box.router ? m.px(22) : 0;
}

void clamp_into(HostBox& box, const Metrics& m, Rect area) {
  const float x = std::clamp(box.rect.x, area.x, std::max(area.x, area.right() - box.rect.w));
  const float bottom = area.bottom() - foot(box, m) - box.rect.h;
  move_to(box, x, std::clamp(box.rect.y, area.y, std::max(area.y, bottom)));
}

// Pushes overlapping boxes apart; true when none overlap at the end.
bool separate(std::vector<HostBox>& boxes, const Metrics& m, Rect area, float margin) {
  for (int round = 0; round < 80; ++round) {
    bool moved = false;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      for (std::size_t j = i + 1; j < boxes.size(); ++j) {
        HostBox &a = boxes[i], &b = boxes[j];
        if (!overlap(a, b, margin)) continue;
        const Point ca = a.rect.center(), cb = b.rect.center();
        const float px = (a.rect.w + b.rect.w) / 2 + margin - std::abs(ca.x - cb.x);
        const float py = (a.rect.h + b.rect.h) / 2 + margin - std::abs(ca.y - cb.y);
        const float dx = px < py ? (ca.x <= cb.x ? px : -px) / 2 : 0;
        const float dy = px < py ? 0 : (ca.y <= cb.y ? py : -py) / 2;
        move_to(a, a.rect.x - dx, a.rect.y - dy);
        move_to(b, b.rect.x + dx, b.rect.y + dy);
        clamp_into(a, m, area);
        clamp_into(b, m, area);
        moved = true;
      }
    }
    if (!moved) return true;
  }
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (!area.contains(boxes[i].rect)) return false;
    for (std::size_t j = i + 1; j < boxes.size(); ++j)
      if (overlap(boxes[i], boxes[j], m.px(8))) return false;
  }
  return true;
}

// Boxes in the order in which they are wanted from left to right and from above to below: of two
// that would overlap, the earlier gives way to the left or upwards, never the other way round. So
// nobody changes sides from one step to the next, whoever is large.
class InOrder {
 public:
  InOrder(const std::vector<HostBox>& boxes, const std::vector<Point>& wanted, const Metrics& m,
          Rect area, float margin, bool strict)
      : n_(boxes.size()), margin_(margin), strict_(strict) {
    for (const HostBox& box : boxes) router_.push_back(box.router);
    for (int axis = 0; axis < 2; ++axis) {
      Axis& one = axes_[axis];
      one.low = axis == 0 ? area.x : area.y;
      one.high = axis == 0 ? area.right() : area.bottom();
      one.before.assign(n_ * n_, false);
      one.at.assign(n_, 0);
      for (std::size_t i = 0; i < n_; ++i) {
        const float share = axis == 0 ? wanted[i].x : wanted[i].y;
        const float size = axis == 0 ? boxes[i].rect.w : boxes[i].rect.h + foot(boxes[i], m);
        one.share.push_back(share);
        one.size.push_back(size);
        one.wish.push_back(one.low + share * (one.high - one.low - size));
      }
      one.order.resize(n_);
      std::iota(one.order.begin(), one.order.end(), std::size_t{0});
      // At the same height a router is the upper one: its name hangs below it.
      const auto key = [&](std::size_t i) {
        const bool raised = axis == 1 && boxes[i].router;
        return 2 * static_cast<int>(std::lround(one.share[i] * 50)) - (raised ? 1 : 0);
      };
      std::stable_sort(one.order.begin(), one.order.end(),
                       [&](std::size_t i, std::size_t j) { return key(i) < key(j); });
      one.rank.resize(n_);
      for (std::size_t i = 0; i < n_; ++i) one.rank[one.order[i]] = i;
    }
  }

  bool solve() {
    if (--tries_ < 0 || !spread(axes_[0]) || !spread(axes_[1])) return false;
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = i + 1; j < n_; ++j) {
        const float over[] = {overlap_of(axes_[0], i, j), overlap_of(axes_[1], i, j)};
        if (over[0] <= 0.1f || over[1] <= 0.1f) continue;
        const int first = over[0] < over[1] ? 0 : 1;
        return apart(first, i, j) || apart(1 - first, i, j);
      }
    }
    return true;
  }

  Point at(std::size_t i) const { return {axes_[0].at[i], axes_[1].at[i]}; }

 private:
  struct Axis {
    float low = 0, high = 0;
    std::vector<float> share, size, wish, at;
    std::vector<std::size_t> order, rank;
    std::vector<char> before;  // n × n: i has to end before j begins
  };

  float overlap_of(const Axis& axis, std::size_t i, std::size_t j) const {
    return std::min(axis.at[i] + axis.size[i], axis.at[j] + axis.size[j]) + margin_ -
           std::max(axis.at[i], axis.at[j]);
  }

  bool apart(int which, std::size_t i, std::size_t j) {
    Axis& axis = axes_[which];
    const auto far = [&](const Axis& one) { return std::abs(one.share[i] - one.share[j]) > 0.1f; };
    if (strict_ && !far(axis) && far(axes_[1 - which])) return false;
    if (strict_ && which == 1 && far(axes_[0]) && (router_[i] || router_[j])) return false;
    if (axis.rank[i] > axis.rank[j]) std::swap(i, j);
    axis.before[i * n_ + j] = true;
    if (solve()) return true;
    axis.before[i * n_ + j] = false;
    return false;
  }

  // As near to where each is wanted as the others allow; false where there is no room.
  bool spread(Axis& axis) const {
    std::vector<float> last(n_);
    for (std::size_t r = n_; r-- > 0;) {
      const std::size_t i = axis.order[r];
      last[i] = axis.high - axis.size[i];
      for (std::size_t j = 0; j < n_; ++j)
        if (axis.before[i * n_ + j]) last[i] = std::min(last[i], last[j] - margin_ - axis.size[i]);
      if (last[i] < axis.low - 0.1f) return false;
    }
    for (const std::size_t i : axis.order) {
      float first = axis.low;
      for (std::size_t j = 0; j < n_; ++j)
        if (axis.before[j * n_ + i]) first = std::max(first, axis.at[j] + axis.size[j] + margin_);
      if (first > last[i] + 0.1f) return false;
      axis.at[i] = std::clamp(axis.wish[i], first, std::max(first, last[i]));
    }
    return true;
  }

  std::size_t n_;
  float margin_;
  bool strict_;               // those that are wanted one below the other never stand side by side
  std::vector<char> router_;  // these stay between the hosts that they join
  Axis axes_[2];
  int tries_ = 400;
};

bool place_in_order(std::vector<HostBox>& boxes, const std::vector<Point>& wanted, const Metrics& m,
                    Rect area, float margin, bool strict) {
  InOrder order(boxes, wanted, m, area, margin, strict);
  if (!order.solve()) return false;
  for (std::size_t i = 0; i < boxes.size(); ++i) move_to(boxes[i], order.at(i).x, order.at(i).y);
  return true;
}

// Rows and columns of equal cells: always without overlap, whatever there is room for.
void place_in_grid(std::vector<HostBox>& boxes, Rect area) {
  const auto n = static_cast<float>(boxes.size());
  const float columns = std::max(1.f, std::ceil(std::sqrt(n * area.w / std::max(1.f, area.h) / 3)));
  const float rows = std::ceil(n / columns);
  const float cell_w = area.w / columns, cell_h = area.h / rows;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    HostBox& box = boxes[i];
    const float c = static_cast<float>(i % static_cast<std::size_t>(columns));
    const float r = static_cast<float>(i / static_cast<std::size_t>(columns));
    box.agents.clear();
    box.rect.w = std::min(box.rect.w, cell_w * 0.86f);
    box.rect.h = std::min(box.rect.h, cell_h * 0.7f);
    box.rect.x = area.x + c * cell_w + (cell_w - box.rect.w) / 2;
    box.rect.y = area.y + r * cell_h + (cell_h - box.rect.h) / 2;
  }
}

// ---- pipes
// ---------------------------------------------------------------------------------------

float overlap_middle(float a0, float a1, float b0, float b1, float need) {
  const float low = std::max(a0, b0), high = std::min(a1, b1);
  return high - low >= need ? (low + high) / 2 : -1;
}

// Whether a straight piece goes through the inside of a rectangle (Liang and Barsky's way).
bool cuts(Point a, Point b, const Rect& rect) {
  const float d[] = {a.x - b.x, b.x - a.x, a.y - b.y, b.y - a.y};
  const float q[] = {a.x - rect.x, rect.right() - a.x, a.y - rect.y, rect.bottom() - a.y};
  float from = 0, to = 1;
  for (int i = 0; i < 4; ++i) {
    if (std::abs(d[i]) < 1e-6f && q[i] <= 0) return false;
    if (std::abs(d[i]) < 1e-6f) continue;
    const float t = q[i] / d[i];
    if (d[i] < 0) from = std::max(from, t);
    if (d[i] > 0) to = std::min(to, t);
  }
  return from < to;
}

bool crosses(const std::vector<Point>& path, const std::vector<HostBox>& boxes, const HostBox& a,
             const HostBox& b) {
  for (std::size_t i = 1; i < path.size(); ++i)
    for (const HostBox& box : boxes)
      if (&box != &a && &box != &b && cuts(path[i - 1], path[i], box.rect)) return true;
  return false;
}

// Where the straight way from a to b leaves a.
Point border(const Rect& a, Point to) {
  const Point c = a.center();
  const float dx = to.x - c.x, dy = to.y - c.y;
  const float sx = std::abs(dx) > 0.01f ? a.w / 2 / std::abs(dx) : 1e9f;
  const float sy = std::abs(dy) > 0.01f ? a.h / 2 / std::abs(dy) : 1e9f;
  const float s = std::min({sx, sy, 1.f});
  return {c.x + dx * s, c.y + dy * s};
}

// Lanes beside the boxes, and through the middle of the two that are to be joined.
struct Lanes {
  std::vector<float> x, y;
};

Lanes lanes_of(const HostBox& a, const HostBox& b, const std::vector<HostBox>& boxes,
               const Metrics& m) {
  Lanes lanes;
  const float off = m.px(8);
  for (const HostBox* end : {&a, &b}) {
    lanes.x.push_back(end->rect.center().x);
    lanes.y.push_back(end->rect.center().y);
  }
  for (const HostBox& box : boxes) {
    lanes.x.insert(lanes.x.end(), {box.rect.x - off, box.rect.right() + off});
    lanes.y.insert(lanes.y.end(), {box.rect.y - off, box.rect.bottom() + off});
  }
  for (std::vector<float>* one : {&lanes.x, &lanes.y}) {
    std::sort(one->begin(), one->end());
    one->erase(std::unique(one->begin(), one->end()), one->end());
  }
  return lanes;
}

// Only the piece between the two boxes, without the points on the way that are no corners.
std::vector<Point> trimmed(std::vector<Point> path, const Rect& a, const Rect& b) {
  const auto leave = [](std::vector<Point>& way, const Rect& box) {
    std::size_t last = 0;
    for (std::size_t i = 0; i + 1 < way.size(); ++i)
      if (cuts(way[i], way[i + 1], box)) last = i;
    way.erase(way.begin(), way.begin() + static_cast<std::ptrdiff_t>(last));
    const Point q = way[1];
    Point& p = way[0];
    if (std::abs(q.x - p.x) > std::abs(q.y - p.y))
      p.x = q.x > p.x ? box.right() : box.x;
    else
      p.y = q.y > p.y ? box.bottom() : box.y;
  };
  leave(path, a);
  std::reverse(path.begin(), path.end());
  leave(path, b);
  std::reverse(path.begin(), path.end());
  std::vector<Point> corners;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool on = i > 0 && i + 1 < path.size() &&
                    ((path[i - 1].x == path[i].x && path[i].x == path[i + 1].x) ||
                     (path[i - 1].y == path[i].y && path[i].y == path[i + 1].y));
    if (!on) corners.push_back(path[i]);
  }
  return corners;
}

// The shortest way along the lanes that goes through nobody else's box, with few corners (Dijkstra,
// over crossings of lanes and the direction there); empty where there is none.
std::vector<Point> way_round(const HostBox& a, const HostBox& b, const std::vector<HostBox>& boxes,
                             const Metrics& m) {
  const Lanes lanes = lanes_of(a, b, boxes, m);
  const std::size_t columns = lanes.x.size(), rows = lanes.y.size(), none = columns * rows * 2;
  const auto node = [&](Point p, std::size_t upright) {
    const auto at = [](const std::vector<float>& all, float one) {
      return static_cast<std::size_t>(std::lower_bound(all.begin(), all.end(), one) - all.begin());
    };
    return (at(lanes.y, p.y) * columns + at(lanes.x, p.x)) * 2 + upright;
  };
  const auto point = [&](std::size_t n) {
    return Point{lanes.x[n / 2 % columns], lanes.y[n / 2 / columns]};
  };
  std::vector<float> cost(none, 1e9f);
  std::vector<std::size_t> before(none, none);
  using Entry = std::pair<float, std::size_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> next;
  for (const std::size_t upright : {0u, 1u}) {
    const std::size_t start = node(a.rect.center(), upright);
    cost[start] = 0;
    next.push({0.f, start});
  }
  std::size_t end = none;
  while (!next.empty() && end == none) {
    const auto [so_far, n] = next.top();
    next.pop();
    if (so_far > cost[n]) continue;
    if (n / 2 == node(b.rect.center(), 0) / 2) end = n;
    const std::size_t column = n / 2 % columns, row = n / 2 / columns;
    const auto go = [&](std::size_t to_column, std::size_t to_row, std::size_t upright) {
      if (to_column >= columns || to_row >= rows) return;  // -1 is beyond too
      const std::size_t to = (to_row * columns + to_column) * 2 + upright;
      const Point p = point(n), q = point(to);
      const float bend = n % 2 == upright ? 0 : m.px(60);
      const float all = so_far + std::abs(p.x - q.x) + std::abs(p.y - q.y) + bend;
      if (all >= cost[to] || crosses({p, q}, boxes, a, b)) return;
      cost[to] = all, before[to] = n;
      next.push({all, to});
    };
    go(column + 1, row, 0), go(column - 1, row, 0);
    go(column, row + 1, 1), go(column, row - 1, 1);
  }
  std::vector<Point> path;
  for (std::size_t n = end; n != none; n = before[n]) path.push_back(point(n));
  if (path.size() < 2) return {};
  std::reverse(path.begin(), path.end());
  return trimmed(std::move(path), a.rect, b.rect);
}

std::vector<Point> straight_or_bent(const HostBox& a, const HostBox& b,
                                    const std::vector<HostBox>& boxes, const Metrics& m) {
  const Rect &ra = a.rect, &rb = b.rect;
  std::vector<std::vector<Point>> ways;
  const float need = m.px(16);
  const float x = overlap_middle(ra.x, ra.right(), rb.x, rb.right(), need);
  if (x >= 0 && ra.bottom() <= rb.y) ways.push_back({{x, ra.bottom()}, {x, rb.y}});
  if (x >= 0 && rb.bottom() <= ra.y) ways.push_back({{x, ra.y}, {x, rb.bottom()}});
  const float y = overlap_middle(ra.y, ra.bottom(), rb.y, rb.bottom(), need);
  if (y >= 0 && ra.right() <= rb.x) ways.push_back({{ra.right(), y}, {rb.x, y}});
  if (y >= 0 && rb.right() <= ra.x) ways.push_back({{ra.x, y}, {rb.right(), y}});
  if (ways.empty()) {
    const Point ca = ra.center(), cb = rb.center();
    const float side_a = cb.x > ca.x ? ra.right() : ra.x, side_b = cb.x > ca.x ? rb.x : rb.right();
    const float end_a = cb.y > ca.y ? ra.bottom() : ra.y, end_b = cb.y > ca.y ? rb.y : rb.bottom();
    ways.push_back({{side_a, ca.y}, {cb.x, ca.y}, {cb.x, end_b}});
    ways.push_back({{ca.x, end_a}, {ca.x, cb.y}, {side_b, cb.y}});
  }
  ways.push_back({border(ra, rb.center()), border(rb, ra.center())});
  for (const std::vector<Point>& way : ways)
    if (!crosses(way, boxes, a, b)) return way;
  const std::vector<Point> round = way_round(a, b, boxes, m);
  return round.size() >= 2 ? round : ways.back();
}

bool free_of(const Rect& rect, const std::vector<HostBox>& boxes, const std::vector<Pipe>& pipes,
             const Metrics& m, Rect area) {
  if (!area.contains(rect)) return false;
  for (const HostBox& box : boxes) {
    Rect taken = box.rect.inset(-m.px(4));
    if (box.router) {
      const float name = m.width(TextStyle::Small, box.name);
      taken = {std::min(taken.x, taken.center().x - name / 2), taken.y, std::max(taken.w, name),
               taken.h + m.px(20)};
    }
    if (taken.intersects(rect)) return false;
  }
  for (const Pipe& pipe : pipes) {
    if (pipe.label_rect.w > 0 && pipe.label_rect.intersects(rect)) return false;
    for (int k = 0; k <= 40; ++k)
      if (rect.inset(-m.px(4)).contains(point_on(pipe.path, static_cast<float>(k) / 40)))
        return false;
  }
  return true;
}

std::vector<std::string> link_label(const trace::Link& link) {
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"lan", "LAN"},     {"wan", "WAN"},     {"dial-up", "dial-up"},    {"dsl", "DSL"},
      {"cable", "cable"}, {"fibre", "fibre"}, {"satellite", "satellite"}};
  std::string first = link.kind;
  for (const auto& [kind, text] : kNames)
    if (link.kind == kind) first = text;
  if (link.rate_bps > 0) first += (first.empty() ? "" : " · ") + rate_text(link.rate_bps);
  std::vector<std::string> lines;
  if (!first.empty()) lines.push_back(first);
  if (link.latency > 0) lines.push_back(span_text(link.latency));
  return lines;
}

// Labels go below level pipes and to the right of upright ones: packets take the other side.
void place_label(Pipe& pipe, const std::vector<HostBox>& boxes, const std::vector<Pipe>& pipes,
                 const Metrics& m, Rect area) {
  if (pipe.label.empty()) return;
  std::size_t longest = 1;
  const auto length = [&](std::size_t i) {
    return std::abs(pipe.path[i].x - pipe.path[i - 1].x) +
           std::abs(pipe.path[i].y - pipe.path[i - 1].y);
  };
  for (std::size_t i = 2; i < pipe.path.size(); ++i)
    if (length(i) > length(longest)) longest = i;
  const Point a = pipe.path[longest - 1], b = pipe.path[longest];
  const Point c = {(a.x + b.x) / 2, (a.y + b.y) / 2};
  float w = 0;
  for (const std::string& line : pipe.label) w = std::max(w, m.width(TextStyle::Small, line));
  const float h = m.px(17) * static_cast<float>(pipe.label.size());
  const float off = m.px(10);
  std::vector<Rect> tries;
  if (pipe.vertical) {
    tries = {{c.x + off, c.y - h / 2, w, h}, {c.x - off - w, c.y - h / 2, w, h}};
  } else {
    tries = {{c.x - w / 2, c.y + off, w, h}, {c.x - w / 2, c.y - off - h - m.px(30), w, h}};
  }
  for (const Rect& rect : tries) {
    if (!free_of(rect, boxes, pipes, m, area)) continue;
    pipe.label_rect = rect;
    return;
  }
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
  for (const Look look : {Look{Detail::Large, 1}, Look{Detail::Full, 1}, Look{Detail::Compact, 1},
                          Look{Detail::Tight, 1}, Look{Detail::Compact, 2}, Look{Detail::Tight, 2}})
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

namespace {

float mix(float a, float b, float share) {
  return a + (b - a) * share;
}

Rect mix(const Rect& a, const Rect& b, float share) {
  return {mix(a.x, b.x, share), mix(a.y, b.y, share), mix(a.w, b.w, share), mix(a.h, b.h, share)};
}

// An agent that only one of the two boxes has: at its place in that box, as far as the box reaches.
void add_coming(HostBox& box, const HostBox& of, float presence) {
  for (AgentBox agent : of.agents) {
    agent.rect.x += box.rect.x - of.rect.x, agent.rect.y += box.rect.y - of.rect.y;
    agent.presence = presence;
    if (presence > 0 && box.rect.contains(agent.rect)) box.agents.push_back(std::move(agent));
  }
}

HostBox blend_host(const HostBox& a, const HostBox& b, float share) {
  HostBox box = b;
  box.rect = mix(a.rect, b.rect, share);
  if (a.agents.size() != b.agents.size() || a.small != b.small) {
    box.agents.clear();
    if (a.address.empty()) box.address.clear();
    add_coming(box, a, 1 - 2 * share);
    add_coming(box, b, 2 * share - 1);
    return box;
  }
  for (std::size_t i = 0; i < box.agents.size(); ++i)
    box.agents[i].rect = mix(a.agents[i].rect, b.agents[i].rect, share);
  return box;
}

}  // namespace

std::vector<HostBox> blend(const std::vector<HostBox>& from, const std::vector<HostBox>& to,
                           float share) {
  if (share >= 1) return to;
  std::vector<HostBox> boxes;
  for (const HostBox& box : to) {
    const auto before = std::find_if(from.begin(), from.end(),
                                     [&](const HostBox& one) { return one.host == box.host; });
    boxes.push_back(before == from.end() ? box : blend_host(*before, box, share));
  }
  return boxes;
}

std::vector<Pipe> place_pipes(const TraceIndex& index, const std::vector<HostBox>& boxes,
                              const Metrics& metrics, Rect area) {
  std::vector<Pipe> pipes;
  const auto box_of = [&](Id host) -> const HostBox* {
    for (const HostBox& box : boxes)
      if (box.host == host) return &box;
    return nullptr;
  };
  const auto add = [&](Id link, Id from, Id to) {
    const HostBox *a = box_of(from), *b = box_of(to);
    if (!a || !b || a == b) return;
    Pipe pipe;
    pipe.link = link, pipe.from = from, pipe.to = to;
    pipe.path = straight_or_bent(*a, *b, boxes, metrics);
    const Point p = pipe.path.front(), q = pipe.path.back();
    pipe.vertical = std::abs(q.y - p.y) > std::abs(q.x - p.x);
    pipes.push_back(std::move(pipe));
  };
  const auto& links = index.trace().links;
  for (Id id = 0; id < links.size(); ++id) {
    // A segment with many hosts: each is joined to the first router, or to the last host.
    const std::vector<Id>& hosts = links[id].hosts;
    if (hosts.empty()) continue;
    Id hub = hosts.back();
    for (const Id host : hosts)
      if (host < index.trace().hosts.size() &&
          index.trace().hosts[host].kind == trace::HostKind::Router) {
        hub = host;
        break;
      }
    for (const Id host : hosts)
      if (host != hub) add(id, host, hub);
  }
  if (links.empty())
    for (std::size_t i = 0; i < std::min<std::size_t>(index.pairs().size(), 64); ++i)
      add(kNone, index.pairs()[i].client, index.pairs()[i].server);
  Id labelled = kNone;
  for (Pipe& pipe : pipes) {
    if (pipe.link == kNone || pipe.link == labelled) continue;
    labelled = pipe.link;
    pipe.label = link_label(links[pipe.link]);
    place_label(pipe, boxes, pipes, metrics, area);
  }
  return pipes;
}

}  // namespace mailscope::viz
