#include "viz/layout/topology_order.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mailscope::viz {
static bool overlap(const HostBox& a, const HostBox& b, float margin) {
  return a.rect.inset(-margin / 2).intersects(b.rect.inset(-margin / 2));
}

void move_to(HostBox& box, float x, float y) {
  const float dx = x - box.rect.x, dy = y - box.rect.y;
  box.rect.x += dx, box.rect.y += dy;
  for (AgentBox& agent : box.agents) agent.rect.x += dx, agent.rect.y += dy;
}

bool Apart::joins(Id a, Id b) const {
  return std::any_of(wires.begin(), wires.end(), [&](const std::pair<Id, Id>& wire) {
    return wire == std::pair{a, b} || wire == std::pair{b, a};
  });
}

// The name below a router's node takes room too.
float foot(const HostBox& box, const Metrics& m) {
  return box.router ? m.px(22) : 0;
}

static void clamp_into(HostBox& box, const Metrics& m, Rect area) {
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

namespace {

// Boxes in the order in which they are wanted from left to right and from above to below: of two
// that would overlap, the earlier gives way to the left or upwards, never the other way round. So
// nobody changes sides from one step to the next, whoever is large.
class InOrder {
  static constexpr float kRouterShare = 0.6f;

 public:
  InOrder(const std::vector<HostBox>& boxes, const std::vector<Point>& wanted, const Metrics& m,
          Rect area, const Apart& apart, bool strict)
      : n_(boxes.size()), strict_(strict) {
    for (const HostBox& box : boxes) router_.push_back(box.router);
    for (int axis = 0; axis < 2; ++axis) {
      Axis& along = axes_[axis];
      along.low = axis == 0 ? area.x : area.y;
      along.high = axis == 0 ? area.right() : area.bottom();
      along.before.assign(n_ * n_, false);
      along.margin.assign(n_ * n_, apart.others);
      for (std::size_t i = 0; i < n_; ++i)
        for (std::size_t j = 0; j < n_; ++j)
          if (apart.joins(boxes[i].host, boxes[j].host)) {
            // Across a router the way goes on.
            const float share = router_[i] || router_[j] ? kRouterShare : 1;
            along.margin[i * n_ + j] =
                std::max(apart.others, share * (axis == 0 ? apart.joined.x : apart.joined.y));
          }
      along.at.assign(n_, 0);
      for (std::size_t i = 0; i < n_; ++i) {
        const float share = axis == 0 ? wanted[i].x : wanted[i].y;
        const float size = axis == 0 ? boxes[i].rect.w : boxes[i].rect.h + foot(boxes[i], m);
        along.share.push_back(share);
        along.size.push_back(size);
        const float usual = axis == 0 ? apart.usual.x : apart.usual.y;
        along.wish.push_back(usual > 0 ? along.low + share * (along.high - along.low - usual) +
                                             (usual - size) / 2
                                       : along.low + share * (along.high - along.low - size));
      }
      along.order.resize(n_);
      std::iota(along.order.begin(), along.order.end(), std::size_t{0});
      // At the same height a router is the upper one: its name hangs below it.
      const auto key = [&](std::size_t i) {
        const bool raised = axis == 1 && boxes[i].router;
        return 2 * static_cast<int>(std::lround(along.share[i] * 50)) - (raised ? 1 : 0);
      };
      std::stable_sort(along.order.begin(), along.order.end(),
                       [&](std::size_t i, std::size_t j) { return key(i) < key(j); });
      along.rank.resize(n_);
      for (std::size_t i = 0; i < n_; ++i) along.rank[along.order[i]] = i;
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
    std::vector<char> before;   // n × n: i has to end before j begins
    std::vector<float> margin;  // n × n: and so far
  };

  float overlap_of(const Axis& axis, std::size_t i, std::size_t j) const {
    return std::min(axis.at[i] + axis.size[i], axis.at[j] + axis.size[j]) +
           axis.margin[i * n_ + j] - std::max(axis.at[i], axis.at[j]);
  }

  bool apart(int which, std::size_t i, std::size_t j) {
    Axis& axis = axes_[which];
    const auto far = [&](const Axis& along) {
      return std::abs(along.share[i] - along.share[j]) > 0.1f;
    };
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
        if (axis.before[i * n_ + j])
          last[i] = std::min(last[i], last[j] - axis.margin[i * n_ + j] - axis.size[i]);
      if (last[i] < axis.low - 0.1f) return false;
    }
    for (const std::size_t i : axis.order) {
      float first = axis.low;
      for (std::size_t j = 0; j < n_; ++j)
        if (axis.before[j * n_ + i])
          first = std::max(first, axis.at[j] + axis.size[j] + axis.margin[j * n_ + i]);
      if (first > last[i] + 0.1f) return false;
      axis.at[i] = std::clamp(axis.wish[i], first, std::max(first, last[i]));
    }
    return true;
  }

  std::size_t n_;
  bool strict_;               // those that are wanted one below the other never stand side by side
  std::vector<char> router_;  // these stay between the hosts that they join
  Axis axes_[2];
  int tries_ = 400;
};

}  // namespace

bool place_in_order(std::vector<HostBox>& boxes, const std::vector<Point>& wanted, const Metrics& m,
                    Rect area, const Apart& apart, bool strict) {
  InOrder order(boxes, wanted, m, area, apart, strict);
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
    const std::size_t row = i / static_cast<std::size_t>(columns);
    const auto r = static_cast<float>(row);
    box.agents.clear();
    box.rect.w = std::min(box.rect.w, cell_w * 0.86f);
    box.rect.h = std::min(box.rect.h, cell_h * 0.7f);
    box.rect.x = area.x + c * cell_w + (cell_w - box.rect.w) / 2;
    box.rect.y = area.y + r * cell_h + (cell_h - box.rect.h) / 2;
  }
}

}  // namespace mailscope::viz
