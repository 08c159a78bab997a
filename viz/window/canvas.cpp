#include "viz/window/canvas.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>

namespace mailscope::viz {
namespace {

ImVec2 vec(Point p) {
  return {p.x, p.y};
}

const ImFont* font_of(const Fonts& fonts, TextStyle style) {
  return fonts[static_cast<std::size_t>(style)];
}

float measure(const Fonts& fonts, TextStyle style, std::string_view text) {
  const ImFont* font = font_of(fonts, style);
  return font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, text.data(), text.data() + text.size()).x;
}

}  // namespace

Metrics Canvas::metrics() const {
  Metrics metrics;
  metrics.scale = scale_;
  metrics.measure = [fonts = fonts_](TextStyle style, std::string_view text) {
    return measure(*fonts, style, text);
  };
  return metrics;
}

float Canvas::width(TextStyle style, std::string_view text) const {
  return measure(*fonts_, style, text);
}

float Canvas::line_height(TextStyle style) const {
  return font_of(*fonts_, style)->FontSize;
}

float Canvas::text(Rect box, TextStyle style, Color color, std::string_view text,
                   Align align) const {
  if (text.empty() || box.w <= 0) return 0;
  std::string cut;
  float w = width(style, text);
  if (w > box.w + 0.5f) {
    cut = fit(metrics(), style, text, box.w);
    text = cut;
    w = width(style, text);
  }
  const ImFont* font = font_of(*fonts_, style);
  const float spare = box.w - w;
  const float x = box.x + (align == Align::Left ? 0 : align == Align::Right ? spare : spare / 2);
  const float y = box.y + (box.h - font->FontSize) / 2;
  list_->AddText(font, font->FontSize, {std::round(x), std::round(y)}, color, text.data(),
                 text.data() + text.size());
  return w;
}

float Canvas::paragraph(Point at, float width, TextStyle style, Role role, std::string_view text,
                        float leading, bool draw, int lines_max) const {
  const ImFont* font = font_of(*fonts_, style);
  const float step = std::round(em(style) * scale_ * leading * 1.12f);
  float y = at.y;
  int lines = 0;
  const char* begin = text.data();
  const char* end = begin + text.size();
  while (begin < end && lines < lines_max) {
    const char* line_end = font->CalcWordWrapPositionA(1.0f, begin, end, width);
    if (line_end == begin) ++line_end;
    const char* newline = std::find(begin, line_end, '\n');
    const bool last = lines + 1 == lines_max && newline == line_end && line_end < end;
    const std::string_view line =
        last ? std::string_view(begin, static_cast<std::size_t>(end - begin))
             : std::string_view(begin, static_cast<std::size_t>(newline - begin));
    if (draw) this->text({at.x, y, width, step}, style, color(role), line);
    y += step;
    ++lines;
    begin = newline < line_end ? newline + 1 : line_end;
    while (newline == line_end && begin < end && (*begin == ' ' || *begin == '\n')) ++begin;
  }
  return y - at.y;
}

void Canvas::text_upright(Point center, TextStyle style, Color color, std::string_view text) const {
  const ImFont* font = font_of(*fonts_, style);
  const float w = width(style, text), h = font->FontSize;
  const int first = list_->VtxBuffer.Size;
  const ImVec2 at{std::round(center.x - w / 2), std::round(center.y - h / 2)};
  // Straight from the font: a draw list leaves out what lies outside its clip before it is turned.
  font->RenderText(list_, font->FontSize, at, color, {-1e6f, -1e6f, 1e6f, 1e6f}, text.data(),
                   text.data() + text.size());
  const float cx = std::round(center.x), cy = std::round(center.y);
  for (int i = first; i < list_->VtxBuffer.Size; ++i) {
    ImVec2& p = list_->VtxBuffer[i].pos;
    const float dx = p.x - cx, dy = p.y - cy;
    p = {cx + dy, cy - dx};
  }
}

void Canvas::fill(Rect r, Color color, float radius_units) const {
  list_->AddRectFilled({r.x, r.y}, {r.right(), r.bottom()}, color, px(radius_units));
}

void Canvas::outline(Rect r, Color color, float radius_units, float width_units) const {
  list_->AddRect({r.x, r.y}, {r.right(), r.bottom()}, color, px(radius_units), 0, px(width_units));
}

void Canvas::dashed_outline(Rect r, Color color) const {
  dashed({r.x, r.y}, {r.right(), r.y}, color, 1.4f, 6);
  dashed({r.right(), r.y}, {r.right(), r.bottom()}, color, 1.4f, 6);
  dashed({r.right(), r.bottom()}, {r.x, r.bottom()}, color, 1.4f, 6);
  dashed({r.x, r.bottom()}, {r.x, r.y}, color, 1.4f, 6);
}

void Canvas::line(Point a, Point b, Color color, float width_units) const {
  list_->AddLine(vec(a), vec(b), color, px(width_units));
}

void Canvas::dashed(Point a, Point b, Color color, float width_units, float dash_units) const {
  const float length = std::hypot(b.x - a.x, b.y - a.y);
  if (length <= 0) return;
  const float dash = px(dash_units), step = dash * 1.8f;
  const float ux = (b.x - a.x) / length, uy = (b.y - a.y) / length;
  for (float at = 0; at < length; at += step) {
    const float to = std::min(length, at + dash);
    line({a.x + ux * at, a.y + uy * at}, {a.x + ux * to, a.y + uy * to}, color, width_units);
  }
}

void Canvas::arrow_head(Point tip, Point heading, Color color, float size_units) const {
  const float s = px(size_units), half = s * 0.45f;
  const Point back{tip.x - heading.x * s, tip.y - heading.y * s};
  list_->AddTriangleFilled(vec(tip), {back.x - heading.y * half, back.y + heading.x * half},
                           {back.x + heading.y * half, back.y - heading.x * half}, color);
}

void Canvas::cross(Point c, Color color, float size_units) const {
  const float s = px(size_units);
  line({c.x - s, c.y - s}, {c.x + s, c.y + s}, color, 2.4f);
  line({c.x - s, c.y + s}, {c.x + s, c.y - s}, color, 2.4f);
}

void Canvas::circle(Point c, float radius_units, Color color, bool filled) const {
  if (filled) {
    list_->AddCircleFilled(vec(c), px(radius_units), color);
  } else {
    list_->AddCircle(vec(c), px(radius_units), color, 0, px(1.4f));
  }
}

void Canvas::triangle(Point a, Point b, Point c, Color color) const {
  list_->AddTriangleFilled(vec(a), vec(b), vec(c), color);
}

void Canvas::polyline(const std::vector<Point>& path, Color color, float width_units) const {
  std::vector<ImVec2> points;
  for (const Point p : path) points.push_back(vec(p));
  list_->AddPolyline(points.data(), static_cast<int>(points.size()), color, 0, px(width_units));
}

void Canvas::envelope(Rect r, Color color) const {
  fill(r, this->color(Role::Paper), 2);
  outline(r, color, 2, 1.3f);
  const Point middle{r.center().x, r.y + r.h * 0.6f};
  line({r.x + 1, r.y + 1}, middle, color, 1.3f);
  line(middle, {r.right() - 1, r.y + 1}, color, 1.3f);
}

float Canvas::chip_width(const Chip& chip) const {
  return width(TextStyle::SmallStrong, chip.text) + px(20);
}

float Canvas::chip(Point at, const Chip& chip) const {
  const Rect r{at.x, at.y, chip_width(chip), px(24)};
  if (chip.filled) {
    fill(r, theme_->tint(chip.role, theme_->light() ? 0.13f : 0.17f), 12);
  } else {
    outline(r, theme_->tint(chip.role, 0.55f), 12);
  }
  text({r.x, r.y, r.w, r.h}, TextStyle::SmallStrong, chip.role, chip.text, Align::Center);
  return r.w;
}

void Canvas::panel(Rect r) const {
  fill(r, color(Role::Panel), 10);
  outline(r, color(Role::Line), 10);
}

void Canvas::clip(Rect r) const {
  list_->PushClipRect({r.x, r.y}, {r.right(), r.bottom()}, true);
}
void Canvas::unclip() const {
  list_->PopClipRect();
}

Touch touch(const char* id, Rect r) {
  if (r.w < 1 || r.h < 1) return {};
  const ImVec2 keep = ImGui::GetCursorScreenPos();
  ImGui::SetCursorScreenPos({r.x, r.y});
  const bool pressed = ImGui::InvisibleButton(id, {r.w, r.h});
  Touch out{ImGui::IsItemHovered(), pressed, ImGui::IsItemActive()};
  ImGui::SetCursorScreenPos(keep);
  return out;
}

}  // namespace mailscope::viz
