// True time: y is proportional to time.
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
}

}  // namespace mailscope::viz
