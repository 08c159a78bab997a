#include "viz/layout/topology_place.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

enum class Detail { Full, Compact, Tight, NamesOnly };

struct Measures {  // units
  float row, gap, head, pad, width_min, margin;
};
Measures measures_of(Detail detail) {
  switch (detail) {
    case Detail::Full:
      return {26, 6, 34, 12, 160, 32};
    case Detail::Compact:
      return {22, 4, 32, 10, 130, 28};
    case Detail::Tight:
      return {19, 3, 29, 8, 120, 24};
    case Detail::NamesOnly:
      break;
  }
  return {0, 0, 34, 10, 90, 24};
}

std::string agent_text(const trace::Agent& agent) {
  std::string text = agent.name.empty() ? std::string(name(agent.kind)) : agent.name;
  if (agent.port != 0) text += " · " + std::to_string(agent.port);
  return text;
}

// The box in its own size at (0, 0), with its agents inside.
HostBox measure_host(const TraceIndex& index, Id id, Detail detail, const Metrics& m) {
  const trace::Host& host = index.trace().hosts[id];
  HostBox box;
  box.host = id;
  const Measures units = measures_of(detail);
  box.name = host.name.empty() || detail != Detail::Full ? index.host_name(id) : host.name;
  box.router = host.kind == trace::HostKind::Router;
  box.compact = detail != Detail::Full;
  if (box.router) {
    box.name = index.host_name(id);
    box.rect = {0, 0, m.px(44), m.px(44)};
    return box;
  }
  if (detail == Detail::Full && !host.addresses.empty() && host.addresses.front() != box.name)
    box.address = host.addresses.front();
  const float pad = m.px(units.pad), row = m.px(units.row), gap = m.px(units.gap);
  float width = m.width(TextStyle::BodyStrong, box.name) + 2 * m.px(kHostNamePad) + 1;
  width = std::max({width, m.width(TextStyle::Mono, box.address) + 2 * pad, m.px(units.width_min)});
  float y = m.px(box.address.empty() ? units.head : units.head + 18);
  if (detail != Detail::NamesOnly) {
    for (Id a = 0; a < index.trace().agents.size(); ++a) {
      const trace::Agent& agent = index.trace().agents[a];
      if (agent.host != id) continue;
      AgentBox inner;
      inner.agent = a;
      inner.text = agent_text(agent);
      inner.role = role_of(agent.kind);
      inner.rect = {pad, y, 0, row};
      const bool store =
          agent.kind == trace::AgentKind::Spool || agent.kind == trace::AgentKind::Mailbox;
      const float envelopes = detail == Detail::Tight ? 46 : 72;
      const float room = m.width(TextStyle::SmallStrong, inner.text) + m.px(store ? envelopes : 20);
      width = std::max(width, room + 2 * pad);
      y += row + gap;
      box.agents.push_back(std::move(inner));
    }
  }
  for (AgentBox& inner : box.agents) inner.rect.w = width - 2 * pad;
  box.rect = {0, 0, width, y + (box.agents.empty() ? 0 : pad - gap)};
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

bool crosses(const std::vector<Point>& path, const std::vector<HostBox>& boxes, const HostBox& a,
             const HostBox& b) {
  for (std::size_t i = 1; i < path.size(); ++i) {
    for (int k = 1; k < 24; ++k) {
      const float t = static_cast<float>(k) / 24;
      const Point p = {path[i - 1].x + (path[i].x - path[i - 1].x) * t,
                       path[i - 1].y + (path[i].y - path[i - 1].y) * t};
      for (const HostBox& box : boxes)
        if (&box != &a && &box != &b && box.rect.contains(p)) return true;
    }
  }
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
  return ways.back();
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

std::vector<HostBox> place_hosts(const TraceIndex& index, const std::vector<Id>& hosts,
                                 const Metrics& metrics, Rect area) {
  const std::vector<Point> at = hints(index, hosts);
  std::vector<HostBox> boxes;
  for (const Detail detail : {Detail::Full, Detail::Compact, Detail::Tight, Detail::NamesOnly}) {
    boxes.clear();
    for (std::size_t i = 0; i < hosts.size(); ++i) {
      HostBox box = measure_host(index, hosts[i], detail, metrics);
      move_to(box, area.x + at[i].x * (area.w - box.rect.w),
              area.y + at[i].y * (area.h - box.rect.h - foot(box, metrics)));
      boxes.push_back(std::move(box));
    }
    const float margin = metrics.px(measures_of(detail).margin);
    if (separate(boxes, metrics, area, margin)) return boxes;
  }
  place_in_grid(boxes, area);
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
