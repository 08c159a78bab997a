#include "viz/layout/topology_place.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "viz/layout/topology_measure.hpp"
#include "viz/layout/topology_order.hpp"

namespace mailscope::viz {
namespace {

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
  std::size_t large = 0;  // so many hosts of the focus are large
};

// Fewer and fewer of those that are only named; before that, only the agents that matter.
std::vector<Attempt> attempts(const Focus& focus) {
  std::vector<Attempt> all;
  for (std::size_t large = focus.hosts.size(); large > 0; --large) {
    for (const Look look :
         {Look{Detail::Full}, Look{Detail::Compact}, Look{Detail::Compact, 3}, Look{Detail::Tight},
          Look{Detail::Tight, 3}, Look{Detail::Compact, 99, true}, Look{Detail::Tight, 99, true},
          Look{Detail::Dense, 3, true}})
      all.push_back({look, {Detail::Small}, large});
  }
  all.push_back({{Detail::Small}, {Detail::Small}, 0});
  return all;
}

// What stays the same in every attempt.
struct Ground {
  const TraceIndex& index;
  const std::vector<Id>& hosts;
  const Metrics& m;
  Rect area;
  std::vector<Point> hinted;
  std::vector<std::pair<Id, Id>> wires;
};

Ground ground_of(const TraceIndex& index, const std::vector<Id>& hosts, const Metrics& m,
                 Rect area) {
  Ground ground{index, hosts, m, area, hints(index, hosts), {}};
  for (const Wire& wire : wires_of(index)) ground.wires.emplace_back(wire.from, wire.to);
  return ground;
}

bool fit_in(const std::vector<HostBox>& boxes, Rect area) {
  return std::all_of(boxes.begin(), boxes.end(), [&](const HostBox& box) {
    return box.rect.w <= area.w && box.rect.h <= area.h;
  });
}

// How far apart, units: so that a tag finds room beside a wire, or that a dot is seen to move.
struct Wiring {
  Point joined;
  bool strict;
};

// All alike, and the same at every moment.
bool place_alike(const Ground& ground, const Focus& cast, const Look& look, const Wiring& wiring,
                 std::vector<HostBox>& boxes) {
  const Metrics& m = ground.m;
  boxes.clear();
  for (const Id host : ground.hosts)
    boxes.push_back(measure_host(ground.index, host, look, cast, m));
  const float least = margin_of(look.detail);
  const Apart apart{
      m.px(least),
      {m.px(std::max(least, wiring.joined.x)), m.px(std::max(least, wiring.joined.y))},
      ground.wires,
      {}};
  return fit_in(boxes, ground.area) &&
         place_in_order(boxes, ground.hinted, m, ground.area, apart, wiring.strict);
}

// Along the wires, as far as they lead: from the outermost host on the left.
std::vector<std::size_t> chain_of(const Ground& ground) {
  const std::size_t n = ground.hosts.size();
  const auto wires_at = [&](std::size_t i) {
    return std::count_if(ground.wires.begin(), ground.wires.end(), [&](const auto& wire) {
      return wire.first == ground.hosts[i] || wire.second == ground.hosts[i];
    });
  };
  const auto joined = [&](std::size_t i, std::size_t j) {
    const std::pair<Id, Id> wire{ground.hosts[i], ground.hosts[j]};
    return std::any_of(ground.wires.begin(), ground.wires.end(), [&](const auto& one) {
      return one == wire || one == std::pair{wire.second, wire.first};
    });
  };
  std::vector<std::size_t> left(n), chain;
  std::iota(left.begin(), left.end(), std::size_t{0});
  std::stable_sort(left.begin(), left.end(), [&](std::size_t i, std::size_t j) {
    const Point p = ground.hinted[i], q = ground.hinted[j];
    return p.x + p.y / 16 < q.x + q.y / 16;
  });
  while (!left.empty()) {
    // Of those that are joined to the last one the one with the fewest wires; else the next.
    auto next = left.end();
    for (auto i = left.begin(); !chain.empty() && i != left.end(); ++i)
      if (joined(chain.back(), *i) && (next == left.end() || wires_at(*i) < wires_at(*next)))
        next = i;
    if (next == left.end()) next = left.begin();
    chain.push_back(*next);
    left.erase(next);
  }
  return chain;
}

// So many columns, filled along the chain, down and up again.
std::vector<Point> in_columns(const std::vector<std::size_t>& chain, std::size_t columns) {
  const std::size_t n = chain.size(), rows = (n + columns - 1) / columns;
  std::vector<Point> at(n);
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t column = k / rows, row = column % 2 == 0 ? k % rows : rows - 1 - k % rows;
    at[chain[k]] = {
        static_cast<float>(column) / static_cast<float>(std::max<std::size_t>(columns - 1, 1)),
        static_cast<float>(row) / static_cast<float>(std::max<std::size_t>(rows - 1, 1))};
  }
  return at;
}

// Height that is left goes to the agents.
void stretch(const Ground& ground, const Focus& cast, Look look, const Wiring& wiring,
             std::vector<HostBox>& boxes) {
  if (look.detail < Detail::Compact) return;
  std::vector<HostBox> higher;
  for (const float by : {1.6f, 1.4f, 1.2f}) {
    look.stretch = by;
    if (!place_alike(ground, cast, look, wiring, higher)) continue;
    boxes = std::move(higher);
    return;
  }
}

// With everybody's agents, or only those that ever matter.
bool place_wired(const Ground& ground, const Focus& cast, const Wiring& wiring,
                 std::vector<HostBox>& boxes) {
  constexpr Look kLooks[] = {{Detail::Large},      {Detail::Tall},     {Detail::Full},
                             {Detail::Slim},       {Detail::Compact},  {Detail::Tight},
                             {Detail::Compact, 4}, {Detail::Tight, 4}, {Detail::Compact, 3},
                             {Detail::Tight, 3},   {Detail::Dense},    {Detail::Dense, 4},
                             {Detail::Dense, 3},   {Detail::Tight, 2}, {Detail::Dense, 2}};
  for (const bool essential : {false, true}) {
    for (Look look : kLooks) {
      look.essential = essential;
      if (essential && look.detail < Detail::Compact) continue;
      if (!place_alike(ground, cast, look, wiring, boxes)) continue;
      stretch(ground, cast, look, wiring, boxes);
      return true;
    }
  }
  return false;
}

// Straight and short wires are good ones.
float length_of_wires(const Ground& ground, const std::vector<HostBox>& boxes) {
  float length = 0;
  for (const Pipe& pipe : place_pipes(ground.index, boxes, ground.m, ground.area)) {
    length += ground.m.px(60) * static_cast<float>(pipe.path.size());
    for (std::size_t i = 1; i < pipe.path.size(); ++i)
      length +=
          std::hypot(pipe.path[i].x - pipe.path[i - 1].x, pipe.path[i].y - pipe.path[i - 1].y);
  }
  return length;
}

// In columns along the wires, those with the shortest wires.
bool place_along(const Ground& ground, const Focus& cast, std::vector<HostBox>& boxes) {
  float least = -1;
  const std::vector<std::size_t> chain = chain_of(ground);
  Ground other = ground;
  std::vector<HostBox> trial;
  for (const std::size_t columns : {2, 3, 4}) {
    other.hinted = in_columns(chain, columns);
    if (!place_wired(other, cast, {{38, 36}, false}, trial)) continue;
    const float length = length_of_wires(ground, trial);
    if (least < 0 || length < least) least = length, boxes = trial;
  }
  return least >= 0;
}

// One arrangement for the whole trace, farther or nearer together: as the hints say, else along the
// wires.
bool place_whole(const Ground& ground, const Focus& cast, std::vector<HostBox>& boxes) {
  // First so that a tag as long as "message" has room on a level wire.
  for (const Wiring& wiring :
       {Wiring{{78, 62}, true}, Wiring{{78, 40}, true}, Wiring{{62, 48}, true},
        Wiring{{44, 40}, true}, Wiring{{44, 40}, false}, Wiring{{38, 36}, true},
        Wiring{{38, 36}, false}})
    if (place_wired(ground, cast, wiring, boxes)) return true;
  return place_along(ground, cast, boxes);
}

std::vector<HostBox> measure_all(const Ground& ground, const Focus& focus, const Attempt& attempt) {
  std::vector<HostBox> measured;
  for (const Id host : ground.hosts) {
    const auto rank = static_cast<std::size_t>(
        std::find(focus.hosts.begin(), focus.hosts.end(), host) - focus.hosts.begin());
    const Look& look = rank < attempt.large ? attempt.focus : attempt.others;
    measured.push_back(measure_host(ground.index, host, look, focus, ground.m));
  }
  return measured;
}

// How far the hinted order is kept, and how far apart.
struct Keep {
  Point joined;      // units; 0: as far as the others
  float margin = 1;  // share of the usual one
  bool strict = false;
};

bool place_kept(const Ground& ground, const Focus& focus, const Attempt& attempt, const Keep& keep,
                std::vector<HostBox>& boxes) {
  constexpr Point kUsual{150, 110};  // whoever grows does so in its place
  const Metrics& m = ground.m;
  boxes = measure_all(ground, focus, attempt);
  const float margin = keep.margin * m.px(margin_of(attempt.focus.detail));
  const Apart apart{margin,
                    {std::max(margin, m.px(keep.joined.x)), std::max(margin, m.px(keep.joined.y))},
                    ground.wires,
                    {m.px(kUsual.x), m.px(kUsual.y)}};
  return fit_in(boxes, ground.area) &&
         place_in_order(boxes, ground.hinted, m, ground.area, apart, keep.strict);
}

// In rows or columns, whoever then stands where.
bool place_anywhere(const Ground& ground, const Focus& focus, const Attempt& attempt,
                    std::vector<HostBox>& boxes) {
  const Rect& area = ground.area;
  const std::vector<HostBox> measured = measure_all(ground, focus, attempt);
  if (!fit_in(measured, area)) return false;
  const float margin = ground.m.px(margin_of(attempt.focus.detail));
  for (const Order order :
       {Order::Hinted, Order::FocusBelow, Order::FocusAbove, Order::FocusLeft, Order::FocusRight}) {
    boxes = measured;
    const std::vector<Point> at = ordered(order, ground.hosts, measured, ground.hinted);
    for (std::size_t i = 0; i < boxes.size(); ++i)
      move_to(boxes[i], area.x + at[i].x * (area.w - boxes[i].rect.w),
              area.y + at[i].y * (area.h - boxes[i].rect.h - foot(boxes[i], ground.m)));
    if (separate(boxes, ground.m, area, margin)) return true;
    if (attempt.large == 0) break;
  }
  return false;
}

// Those that act now large, the others small.
bool place_now(const Ground& ground, const Focus& focus, std::vector<HostBox>& boxes) {
  for (const Keep& keep : {Keep{{38, 36}, 0.6f, true}, Keep{{26, 26}, 0.6f, true},
                           Keep{{}, 0.6f, true}, Keep{{}, 0.45f, true}, Keep{{38, 36}, 0.6f, false},
                           Keep{{}, 0.6f, false}, Keep{{}, 0.45f, false}}) {
    for (const Attempt& attempt : attempts(focus)) {
      if (attempt.large < std::max<std::size_t>(focus.acting, 1)) break;
      if (place_kept(ground, focus, attempt, keep, boxes)) return true;
    }
  }
  for (const Attempt& attempt : attempts(focus))
    if (place_anywhere(ground, focus, attempt, boxes)) return true;
  return false;
}

}  // namespace

std::vector<HostBox> place_hosts(const TraceIndex& index, const std::vector<Id>& hosts,
                                 const Focus& cast, const Focus& focus, const Metrics& metrics,
                                 Rect area) {
  std::vector<HostBox> boxes;
  if (hosts.empty()) return boxes;
  const Ground ground = ground_of(index, hosts, metrics, area);
  if (place_whole(ground, cast, boxes) || place_now(ground, focus, boxes)) return boxes;
  place_in_grid(boxes, area);
  return boxes;
}

}  // namespace mailscope::viz
