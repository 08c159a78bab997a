// Even time: each event takes one row, whenever it happened.
#include <algorithm>
#include <cmath>

#include "viz/layout/ladder_sheet.hpp"

namespace mailscope::viz {
namespace {

constexpr float kRowsWanted = 8;

struct EvenRows {
  Rect body;
  float height = 0;  // of a row
  float top = 0;     // the row at the body's top

  float y(std::size_t row) const { return body.y + (static_cast<float>(row) - top) * height; }
};

float row_height(const LadderSheet& sheet) {
  const Metrics& m = sheet.m;
  const float body = sheet.out.body.h;
  const float height =
      std::clamp(body / kRowsWanted, m.px(kRowHeightTight), m.px(kRowHeight)) * sheet.settings.zoom;
  // Whole rows only, stretched to fill: no arrow and no word is cut.
  return height >= m.px(12) && height < body ? body / std::floor(body / height) : height;
}

float top_row(const LadderSheet& sheet, float height) {
  const float visible = sheet.out.body.h / height;
  const float most = std::max(0.f, static_cast<float>(sheet.rows.size()) - visible);
  const auto current = static_cast<float>(sheet.current_row.value_or(0));
  const float top =
      std::clamp(std::clamp(current - visible * kAnchor, 0.f, most) + sheet.cursor.pan, 0.f, most);
  return height >= kMarkMin ? std::round(top) : top;
}

void set_now(LadderSheet& sheet, const EvenRows& even) {
  sheet.out.now_y = even.y(sheet.rows_begun());
  if (!sheet.current_row) return;
  const float left = sheet.m.px(kLabelLeft);
  const Rect row{sheet.area.x + left, even.y(*sheet.current_row), sheet.area.w - left, even.height};
  if (row.h >= kMarkMin && row.bottom() > even.body.y && row.y < even.body.bottom())
    sheet.out.current = row;
}

void add_even_row(LadderSheet& sheet, const EvenRows& even, std::size_t row) {
  const float y = even.y(row);
  const float from = std::min(y + even.height * 0.5f, y + sheet.m.px(20));
  const float slant = std::min(even.height * 0.32f, sheet.m.px(12));
  add_row(sheet, row, {y, y + even.height, from, from + slant, even.height});
}

}  // namespace

void lay_even(LadderSheet& sheet) {
  EvenRows even{sheet.out.body, row_height(sheet), 0};
  even.top = top_row(sheet, even.height);
  const float bottom = even.top + even.body.h / even.height;
  const auto first = static_cast<std::size_t>(even.top);
  const auto end = std::min(sheet.rows.size(), static_cast<std::size_t>(std::ceil(bottom - 0.01f)));
  set_now(sheet, even);
  const bool told_apart = even.height >= kMarkMin;
  const auto step = told_apart ? 1 : static_cast<std::size_t>(std::ceil(kMarkMin / even.height));
  for (std::size_t row = first; row < end; row += step) {
    if (told_apart) {
      add_even_row(sheet, even, row);
    } else {
      const std::size_t next = std::min(end, row + step);
      add_cluster(sheet, row, next, even.y(row), even.y(next));
    }
  }
}

}  // namespace mailscope::viz
