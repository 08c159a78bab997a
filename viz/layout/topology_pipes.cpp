// The cables between the placed hosts: straight where they can be, else round the other boxes.
#include <algorithm>
#include <cmath>
#include <queue>

#include <fmt/format.h>

#include "viz/layout/topology_place.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

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
  for (std::vector<float>* lane : {&lanes.x, &lanes.y}) {
    std::sort(lane->begin(), lane->end());
    lane->erase(std::unique(lane->begin(), lane->end()), lane->end());
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
    const auto at = [](const std::vector<float>& all, float lane) {
      return static_cast<std::size_t>(std::lower_bound(all.begin(), all.end(), lane) - all.begin());
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
    const float so_far = next.top().first;
    const std::size_t n = next.top().second;
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
  std::string delay = link.latency > 0 ? span_text(link.latency) : "";
  if (link.jitter > 0)
    delay += fmt::format("{}up to {} more", delay.empty() ? "" : ", ", span_text(link.jitter));
  if (!delay.empty()) lines.push_back(std::move(delay));
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

std::vector<Wire> wires_of(const TraceIndex& index) {
  const auto& links = index.trace().links;
  std::vector<Wire> wires;
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
      if (host != hub) wires.push_back({id, host, hub});
  }
  if (links.empty())
    for (std::size_t i = 0; i < std::min<std::size_t>(index.pairs().size(), 64); ++i)
      wires.push_back({kNone, index.pairs()[i].client, index.pairs()[i].server});
  return wires;
}

std::vector<Pipe> place_pipes(const TraceIndex& index, const std::vector<HostBox>& boxes,
                              const Metrics& metrics, Rect area) {
  std::vector<Pipe> pipes;
  const auto box_of = [&](Id host) -> const HostBox* {
    for (const HostBox& box : boxes)
      if (box.host == host) return &box;
    return nullptr;
  };
  for (const Wire& wire : wires_of(index)) {
    const HostBox *a = box_of(wire.from), *b = box_of(wire.to);
    if (!a || !b || a == b) continue;
    Pipe pipe;
    pipe.link = wire.link, pipe.from = wire.from, pipe.to = wire.to;
    pipe.path = straight_or_bent(*a, *b, boxes, metrics);
    const Point p = pipe.path.front(), q = pipe.path.back();
    pipe.vertical = std::abs(q.y - p.y) > std::abs(q.x - p.x);
    pipes.push_back(std::move(pipe));
  }
  Id labelled = kNone;
  for (Pipe& pipe : pipes) {
    if (pipe.link == kNone || pipe.link == labelled) continue;
    labelled = pipe.link;
    pipe.label = link_label(index.trace().links[pipe.link]);
    place_label(pipe, boxes, pipes, metrics, area);
  }
  return pipes;
}

}  // namespace mailscope::viz
