// Drawing for the panels: text in the window's styles, chips, arrows, envelopes; thin over an
// ImDrawList. Coordinates are screen pixels; sizes given as "units" are multiplied by the scale.
//
// Text is placed by boxes: capitals stand in the middle of the box's height.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "viz/layout/geometry.hpp"
#include "viz/layout/inspector.hpp"
#include "viz/window/fonts.hpp"
#include "viz/window/theme.hpp"

struct ImDrawList;
struct ImFont;

namespace mailscope::viz {

enum class Align { Left, Center, Right };

class Canvas {
 public:
  Canvas(ImDrawList* list, const Theme& theme, const Fonts& fonts, float scale)
      : list_(list), theme_(&theme), fonts_(&fonts), scale_(scale) {}

  float px(float units) const { return units * scale_; }
  const Theme& theme() const { return *theme_; }
  Color color(Role role) const { return theme_->color(role); }
  Metrics metrics() const;
  // The same, drawing into another list (a child's).
  Canvas onto(ImDrawList* list) const { return Canvas(list, *theme_, *fonts_, scale_); }

  float width(TextStyle style, std::string_view text) const;
  float line_height(TextStyle style) const;
  ImFont* font(TextStyle style) const { return (*fonts_)[static_cast<std::size_t>(style)]; }
  // One line within a box, cut with "…" where it does not fit. Returns the width that it took.
  float text(Rect box, TextStyle style, Color color, std::string_view text,
             Align align = Align::Left) const;
  float text(Rect box, TextStyle style, Role role, std::string_view text,
             Align align = Align::Left) const {
    return this->text(box, style, color(role), text, align);
  }
  // Several lines broken at words; returns the height. Draws nothing where `draw` is false.
  float paragraph(Point at, float width, TextStyle style, Role role, std::string_view text,
                  float leading = 1.28f, bool draw = true, int lines_max = 1000) const;
  // Turned a quarter to the left, its middle at `center`.
  void text_upright(Point center, TextStyle style, Color color, std::string_view text) const;

  void fill(Rect rect, Color color, float radius_units = 0) const;
  void outline(Rect rect, Color color, float radius_units = 0, float width_units = 1) const;
  void dashed_outline(Rect rect, Color color) const;
  void line(Point a, Point b, Color color, float width_units = 1) const;
  void dashed(Point a, Point b, Color color, float width_units = 1, float dash_units = 5) const;
  void arrow_head(Point tip, Point heading, Color color, float size_units = 9) const;
  void cross(Point center, Color color, float size_units = 6) const;
  void circle(Point center, float radius_units, Color color, bool filled = true) const;
  void triangle(Point a, Point b, Point c, Color color) const;
  void polyline(const std::vector<Point>& path, Color color, float width_units) const;
  void envelope(Rect rect, Color line) const;

  float chip_width(const Chip& chip) const;
  // A chip 22 units high with its left upper corner at `at`; returns its width.
  float chip(Point at, const Chip& chip) const;
  void panel(Rect rect) const;
  void clip(Rect rect) const;
  void unclip() const;

 private:
  ImDrawList* list_;
  const Theme* theme_;
  const Fonts* fonts_;
  float scale_;
};

// Whether the mouse was pressed on a rectangle; draws nothing. `id` is unique within the panel.
struct Touch {
  bool hovered = false, pressed = false, held = false;
};
Touch touch(const char* id, Rect rect);

}  // namespace mailscope::viz
