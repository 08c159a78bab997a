#include "viz/layout/ladder.hpp"

#include <algorithm>
#include <cmath>

#include "viz/layout/ladder_lines.hpp"
#include "viz/layout/ladder_sheet.hpp"

namespace mailscope::viz {
namespace {

constexpr float kRowsOfGap = 5;  // true time: the usual longest gap takes as much, at zoom 1
constexpr float kLineHalf = 24;  // units: a strip with its state's name on either side
constexpr float kMarkHalf = 9, kGapHalf = 11;

Time usual_gap(const TraceIndex& index) {
  return index.fold().longest_gap();
}

void place_lifelines(LadderSheet& sheet) {
  LadderLines placed = place_lines(sheet.index, sheet.cursor, sheet.m, sheet.area,
                                   participants_near(sheet), hosts_in_sight(sheet));
  const Rect area = sheet.area;
  sheet.out.lifelines = std::move(placed.lines);
  sheet.out.heads = std::move(placed.heads);
  sheet.out.lifelines_left_out = placed.left_out;
  sheet.out.head = {area.x, area.y, area.w, placed.height};
  sheet.out.body = {area.x, area.y + placed.height, area.w, std::max(0.f, area.h - placed.height)};
}

bool is_free(const LadderSheet& sheet, Rect place) {
  const Ladder& out = sheet.out;
  const Metrics& m = sheet.m;
  const auto meets = [&](float x1, float y1, float x2, float y2) {
    return place.intersects({std::min(x1, x2), y1, std::abs(x2 - x1), y2 - y1});
  };
  const auto around = [&](Point p, float half) {
    return meets(p.x - m.px(half), p.y - m.px(half), p.x + m.px(half), p.y + m.px(half));
  };
  return std::ranges::none_of(out.arrows,
                              [&](const Arrow& arrow) {
                                return place.intersects(arrow.label_rect) ||
                                       meets(arrow.from.x, arrow.from.y, arrow.to.x, arrow.to.y);
                              }) &&
         std::ranges::none_of(out.marks,
                              [&](const InsideMark& mark) {
                                return place.intersects(mark.label_rect) ||
                                       around(mark.at, kMarkHalf);
                              }) &&
         std::ranges::none_of(out.strips,
                              [&](const StateStrip& strip) {
                                return meets(strip.x - m.px(kLineHalf), strip.top,
                                             strip.x + m.px(kLineHalf), strip.bottom);
                              }) &&
         std::ranges::none_of(out.gaps, [&](const TimeGap& gap) {
           return meets(sheet.area.x, gap.y - m.px(kGapHalf), sheet.area.right(),
                        gap.y + m.px(kGapHalf));
         });
}

// Below the line between past and future, left or right, where nothing else stands.
void place_to_come(LadderSheet& sheet) {
  const Metrics& m = sheet.m;
  const float y = sheet.out.now_y + m.px(4);
  if (sheet.out.now_y < sheet.out.body.y || y + m.px(16) > sheet.out.body.bottom()) return;
  const float w = m.width(TextStyle::Small, "to come");
  for (const float x : {sheet.area.x + m.px(kLabelLeft), sheet.area.right() - w - m.px(4)}) {
    const Rect place{x, y, w, m.px(16)};
    if (!is_free(sheet, place)) continue;
    sheet.out.to_come = place;
    return;
  }
}

// A tick keeps its words where nothing else stands.
void clear_ticks(LadderSheet& sheet) {
  for (TimeTick& tick : sheet.out.ticks)
    if (!is_free(sheet, tick.label_rect) || tick.label_rect.intersects(sheet.out.to_come))
      tick.label.clear(), tick.label_rect = {};
}

}  // namespace

float LadderSheet::x_of(const trace::Endpoint& endpoint) const {
  for (const Lifeline& line : out.lifelines)
    if (line.host == endpoint.host && line.agent == endpoint.agent) return line.x;
  for (const Lifeline& line : out.lifelines)
    if (line.host == endpoint.host) return line.x;
  return -1;
}

bool LadderSheet::to_come(std::size_t row, Time begins) const {
  if (all_is_over()) return false;
  if (begins != cursor.time) return begins > cursor.time;
  return !current_row || row > *current_row;
}

bool LadderSheet::all_is_over() const {
  if (is_end(index, cursor)) return true;
  return cursor.time >= index.duration() && cursor.event.kind != Selected::Change &&
         (cursor.pdu == kNone || trace.place_in_time(cursor.pdu) + 1 == trace.pdus.size());
}

std::size_t LadderSheet::rows_begun() const {
  if (all_is_over()) return rows.size();
  const std::size_t stood_on = current_row ? *current_row + 1 : 0;
  return std::max(stood_on, rows.first_from(cursor.time));
}

double pixels_per_ns(const LadderSheet& sheet) {
  const Time gap = usual_gap(sheet.index);
  const float pixels = gap > 0 ? sheet.m.px(kRowHeight) * kRowsOfGap : sheet.out.body.h;
  const Time time = gap > 0 ? gap : std::max<Time>(1, sheet.index.duration());
  return static_cast<double>(pixels) / static_cast<double>(time) *
         static_cast<double>(sheet.settings.zoom);
}

Ladder layout_ladder(const TraceIndex& index, const Cursor& cursor, const Metrics& metrics,
                     Rect area, const LadderSettings& settings) {
  LadderSheet sheet(index, cursor, metrics, area, settings);
  sheet.out.one_connection = sheet.rows.one_connection();
  place_lifelines(sheet);
  const bool room = sheet.out.body.h >= metrics.px(20);
  if (sheet.out.lifelines.empty() || !room || sheet.rows.size() == 0) return std::move(sheet.out);
  settings.true_time ? lay_true(sheet) : lay_even(sheet);
  sheet.strips.finish(sheet);
  sheet.bands.finish(sheet.out);
  place_to_come(sheet);
  clear_ticks(sheet);
  return std::move(sheet.out);
}

void zoom_ladder(LadderSettings& settings, float factor) {
  settings.zoom = std::clamp(settings.zoom * factor, 1.f / 64, 64.f);
}

void pan_ladder(const TraceIndex& index, const LadderSettings& settings, Cursor& cursor,
                float rows) {
  if (!settings.true_time) {
    cursor.pan += rows;
    return;
  }
  const Time gap = std::max<Time>(usual_gap(index), 1);
  cursor.pan += rows * static_cast<float>(gap) / kRowsOfGap / settings.zoom;
}

void fit_ladder(LadderSettings& settings, Cursor& cursor) {
  settings.zoom = 1;
  cursor.pan = 0;
}

void change_time(LadderSettings& settings, Cursor& cursor) {
  settings.true_time = !settings.true_time;
  cursor.pan = 0;
}

void change_whole(LadderSettings& settings, Cursor& cursor) {
  settings.whole = !settings.whole;
  cursor.pan = 0;
}

}  // namespace mailscope::viz
