// True time: y is proportional to time.
#include <fmt/format.h>

#include <algorithm>

#include "viz/layout/ladder_sheet.hpp"

namespace mailscope::viz {
namespace {

constexpr float kLabelAbove = 18;  // units: a row's words stand above its arrow

struct TrueTime {
  double anchor = 0;         // where the cursor's instant stands, when the ladder is not moved
  double middle = 0;         // the instant that stands there now
  double pixels_per_ns = 0;  // of the screen

  float y(Time at) const {
    return static_cast<float>(anchor + (static_cast<double>(at) - middle) * pixels_per_ns);
  }
  Time at(double y) const {
    return static_cast<Time>(std::clamp(middle + (y - anchor) / pixels_per_ns, 0.0, 9e18));
  }
};

TrueTime true_time(const LadderSheet& sheet) {
  const Rect body = sheet.out.body;
  return {static_cast<double>(body.y + body.h * kAnchor),
          static_cast<double>(sheet.cursor.time) + static_cast<double>(sheet.cursor.pan),
          pixels_per_ns(sheet)};
}

// `label_bottom`: down to where words stand already.
void add_true_row(LadderSheet& sheet, const TrueTime& time, std::size_t row, float& label_bottom) {
  const Row event = sheet.rows.at(row);
  if (event.kind == RowKind::Gap) return;
  const float from = time.y(sheet.rows.time(row));
  float to = from;
  if (event.kind == RowKind::Pdu)
    if (const trace::Pdu& pdu = sheet.trace.pdus[event.id]; pdu.received != kNever)
      to = time.y(pdu.received);
  if (to < sheet.out.body.y) return;
  const float above = from - sheet.m.px(kLabelAbove);
  const bool room = above > label_bottom;
  if (room) label_bottom = from;
  add_row(sheet, row, {above, to, from, to, sheet.m.px(room ? kRowHeight : 4)});
}

// 1, 2 or 5 times a power of ten below a second, and what a clock has above.
Time tick_step(double at_least) {
  constexpr Time kSecond = 1'000'000'000;
  constexpr Time kClock[] = {1,   2,    5,    10,   20,   30,     60,     120,   300,
                             600, 1200, 1800, 3600, 7200, 18'000, 36'000, 86'400};
  for (Time power = 1000; power < kSecond; power *= 10)
    for (const Time digit : {1, 2, 5})
      if (static_cast<double>(power * digit) >= at_least) return power * digit;
  for (const Time seconds : kClock)
    if (static_cast<double>(seconds * kSecond) >= at_least) return seconds * kSecond;
  return static_cast<Time>(at_least);
}

// As exact as the step needs.
std::string tick_text(Time at, Time step) {
  constexpr Time kSecond = 1'000'000'000;
  int digits = 0;
  for (Time unit = kSecond; unit > step && digits < 6; unit /= 10) ++digits;
  if (at < 60 * kSecond)
    return fmt::format("{:.{}f} s", static_cast<double>(at) / static_cast<double>(kSecond), digits);
  const Time minutes = at / (60 * kSecond);
  const double seconds =
      static_cast<double>(at - minutes * 60 * kSecond) / static_cast<double>(kSecond);
  const std::string rest = fmt::format("{:0{}.{}f}", seconds, digits > 0 ? 3 + digits : 2, digits);
  return minutes < 60 ? fmt::format("{}:{}", minutes, rest)
                      : fmt::format("{}:{:02}:{}", minutes / 60, minutes % 60, rest);
}

void add_ticks(LadderSheet& sheet, const TrueTime& time) {
  constexpr float kApart = 56;  // units
  const Rect body = sheet.out.body;
  const Metrics& m = sheet.m;
  const Time step = tick_step(static_cast<double>(m.px(kApart)) / time.pixels_per_ns);
  const Time top = time.at(static_cast<double>(body.y));
  for (Time at = (top + step - 1) / step * step; time.y(at) < body.bottom() - m.px(9); at += step) {
    if (time.y(at) < body.y + m.px(9)) continue;
    TimeTick tick;
    tick.y = time.y(at);
    tick.label = tick_text(at, step);
    tick.label_rect = {body.x + m.px(kLabelLeft), tick.y - m.px(9),
                       m.width(TextStyle::Small, tick.label) + 1, m.px(18)};
    sheet.out.ticks.push_back(std::move(tick));
  }
}

}  // namespace

void lay_true(LadderSheet& sheet) {
  const TrueTime time = true_time(sheet);
  const LadderRows& rows = sheet.rows;
  const Rect body = sheet.out.body;
  sheet.out.now_y = time.y(sheet.cursor.time);
  const Time top = time.at(static_cast<double>(body.y)),
             bottom = time.at(static_cast<double>(body.bottom()));
  const auto body_time =
      static_cast<Time>(16 * static_cast<double>(body.h * kAnchor) / time.pixels_per_ns);
  const Time flight = std::min(sheet.index.longest_pdu(), body_time);
  const auto mark = static_cast<Time>(static_cast<double>(kMarkMin) / time.pixels_per_ns);
  float label_bottom = -1e9f;
  for (std::size_t row = rows.first_from(top > flight ? top - flight : 0);
       row < rows.size() && rows.time(row) <= bottom;) {
    // Everything within kMarkMin pixels of this one.
    const std::size_t end = std::max(row + 1, rows.first_from(rows.time(row) + mark));
    const float y = time.y(rows.time(row));
    if (end - row <= 2) {
      for (std::size_t i = row; i < end; ++i) add_true_row(sheet, time, i, label_bottom);
    } else if (y >= body.y) {
      add_cluster(sheet, row, end, y, y + kMarkMin);
    }
    row = end;
  }
  add_ticks(sheet, time);
}

}  // namespace mailscope::viz
