#include "viz/layout/arrangement.hpp"

#include <algorithm>
#include <cmath>

namespace mailscope::viz {
namespace {

// Units: below these the list, and then the inspector, leave their room to network and ladder.
constexpr float kListHeightMin = 540;
constexpr float kInspectorWidthMin = 1180;
constexpr float kInspectorMin = 260;
constexpr float kNarrationMin = 68;

bool is_small(Rect window, const Metrics& m) {
  return window.h < m.px(800) || window.w < m.px(1300);
}

float gap_of(Rect window, const Metrics& m) {
  return m.px(is_small(window, m) ? 8 : 12);
}

void arrange_left(Arrangement& a, const Metrics& m, const Splits& splits, const Wishes& wishes) {
  const Rect& left = a.left;
  const float half = a.gap / 2;
  // Where nothing crossed a wire there is nothing to list.
  a.listed = wishes.pdus && !wishes.lecture &&
             (wishes.filtering || splits.list > 0 || left.h >= m.px(kListHeightMin));
  if (wishes.pdus && wishes.filtering) a.listed = true;
  a.list_share = splits.list > 0                 ? splits.list
                 : left.h < m.px(kListHeightMin) ? 0.5f  // asked for: some hits are to be seen
                 : left.h < m.px(700)            ? 0.66f
                                                 : 0.61f;
  a.ladder_share = splits.ladder > 0     ? splits.ladder
                   : wishes.lecture      ? 0.53f
                   : left.w < m.px(1000) ? 0.5f
                                         : 0.48f;
  const float upper =
      a.listed ? std::clamp(std::round(left.h * a.list_share), m.px(120), left.h - m.px(110))
               : left.h + half;
  const float middle =
      std::clamp(std::round(left.w * a.ladder_share), m.px(160), left.w - m.px(200));
  a.network = {left.x, left.y, middle - half, upper - half};
  a.ladder = {left.x + middle + half, left.y, left.w - middle - half, upper - half};
  if (a.listed) a.list = {left.x, left.y + upper + half, left.w, left.h - upper - half};
}

}  // namespace

Arrangement arrange(Rect window, const Metrics& m, const Splits& splits, const Wishes& wishes) {
  Arrangement a;
  const bool small = is_small(window, m);
  a.gap = gap_of(window, m);
  const Rect in = window.inset(a.gap);
  a.header = {in.x, window.y, in.w, m.px(small ? 44 : 52)};
  float y = a.header.bottom();
  if (wishes.narrated) {
    a.narration = {in.x, y, in.w, std::max(m.px(kNarrationMin), wishes.narration)};
    y = a.narration.bottom() + a.gap;
  }
  // Large type leaves little height: then the time line gives up the air around it.
  const float line = m.px(wishes.lecture && small ? 84 : 108);
  a.timeline = {in.x, in.bottom() - line, in.w, line};
  a.main = {in.x, y, in.w, a.timeline.y - a.gap - y};
  a.left = a.main;
  if (a.main.h < m.px(160)) return a;
  a.inspected = wishes.inspector.value_or(a.main.w >= m.px(kInspectorWidthMin));
  if (a.inspected) {
    const float w = std::clamp(a.main.w * (1 - splits.inspector), m.px(kInspectorMin),
                               std::max(m.px(kInspectorMin), a.main.w * 0.5f));
    a.left.w = a.main.w - w - a.gap;
    a.inspector = {a.left.right() + a.gap, a.main.y, w, a.main.h};
  }
  arrange_left(a, m, splits, wishes);
  return a;
}

float narration_width(Rect window, const Metrics& m) {
  return window.w - 2 * gap_of(window, m);
}

bool network_has_foot(const Metrics& m, Rect panel) {
  return panel.h > m.px(440);
}

Rect network_area(const Metrics& m, Rect panel) {
  const bool low = panel.h < m.px(320);
  const float side = m.px(panel.w < m.px(560) ? 12 : 20), head = m.px(low ? 36 : 40);
  const float foot = m.px(network_has_foot(m, panel) ? 40 : low ? 8 : 12);
  return {panel.x + side, panel.y + head, panel.w - 2 * side, panel.h - head - foot};
}

Rect ladder_area(const Metrics& m, Rect panel) {
  return {panel.x + m.px(12), panel.y + m.px(40), panel.w - m.px(24), panel.h - m.px(50)};
}

float type_scale(float monitor, float width, float height, bool lecture) {
  const float unit = monitor;
  const float w = width / unit, h = height / unit;
  const float grown = lecture ? 1.3f * std::pow(std::max(1.f, std::min(w / 1280, h / 720)), 0.8f)
                              : std::pow(std::max(1.f, std::min(w / 1920, h / 1080)), 0.75f);
  return unit * std::round(std::min(grown, 4.f) * 20) / 20;  // not a new font for every pixel
}

}  // namespace mailscope::viz
