#include <algorithm>

#include "viz/layout/heading.hpp"
#include "viz/window/view_commands.hpp"

namespace mailscope::viz {
namespace {

class NarrationPanel : public Panel {
 public:
  void draw(View& view, const Canvas& c, Rect r) override {
    c.fill(r, c.color(Role::Raised), 10);
    c.outline(r, c.color(Role::Line), 10);
    c.fill({r.x, r.y + c.px(10), c.px(4), r.h - c.px(20)}, c.color(Role::Accent), 2);
    const Heading heading = heading_of(view.index, view.cursor);
    const float right = r.right() - c.px(10);
    const float top = r.y + (r.h - c.px(54)) / 2;
    draw_step(view, c, {r.x, top, right - r.x, c.px(28)}, heading);
    const float left = r.x + view.headings.words + c.px(40);
    c.text({left, top + c.px(30), right - c.px(8) - left, c.px(22)}, TextStyle::Small, Role::Dim,
           heading.place, Align::Right);
    draw_words(view, c, r, heading);
    draw_share_read(view, c, r);
  }

 private:
  static void draw_words(const View& view, const Canvas& c, Rect r, const Heading& heading) {
    constexpr Role kRoles[] = {Role::Text, Role::Dim, Role::Faint};
    HeadingShape shape = view.headings;
    shape.height = std::max(shape.height, r.h);
    for (const HeadingLine& line : lay_heading(heading, shape, c.metrics()))
      c.text({r.x + line.rect.x, r.y + line.rect.y, line.rect.w + 1, line.rect.h}, line.style,
             kRoles[static_cast<std::size_t>(line.part)], line.text);
  }

  // "‹ step 5 of 24 ›" at the right end of a line.
  static void draw_step(View& view, const Canvas& c, Rect line, const Heading& heading) {
    const StepPlace place = place_step(view.headings, c.metrics(), line);
    const Id note = view.cursor.note;
    const bool more = !is_end(view.index, view.cursor);
    if (draw_bracket(c, "step back", place.back, -1, note != kNone))
      press_button(view, narrate_previous);
    if (draw_bracket(c, "step forth", place.forth, +1, more)) press_button(view, narrate_next);
    c.text(place.words.inset(-1), TextStyle::Small, Role::Dim, heading.step, Align::Center);
  }

  static bool draw_bracket(const Canvas& c, const char* id, Rect r, float direction, bool can) {
    const Touch t = touch(id, r);
    if (can && t.hovered) c.fill(r, c.color(t.held ? Role::Line : Role::Panel), 7);
    c.outline(r, c.color(can && t.hovered ? Role::Faint : Role::Line), 7);
    const Point m = r.center();
    const float s = c.px(5), tip = m.x + direction * s * 0.5f, end = m.x - direction * s * 0.5f;
    const Color color = c.color(can ? Role::Text : Role::Line);
    c.line({end, m.y - s}, {tip, m.y}, color, 2);
    c.line({tip, m.y}, {end, m.y + s}, color, 2);
    return can && t.pressed;
  }

  // A line that grows along the lower edge while playing waits for the reader.
  static void draw_share_read(View& view, const Canvas& c, Rect r) {
    if (!view.cursor.playing || view.cursor.mode != PlayMode::Reading) return;
    const float share = share_read(view.beats(), view.cursor);
    if (share < 0) return;
    const Rect track{r.x + c.px(12), r.bottom() - c.px(6), r.w - c.px(24), c.px(4)};
    c.fill(track, c.color(Role::Line), 2);
    c.fill({track.x, track.y, track.w * share, track.h}, c.color(Role::Accent), 2);
  }
};

}  // namespace

std::unique_ptr<Panel> make_narration_panel() {
  return std::make_unique<NarrationPanel>();
}

}  // namespace mailscope::viz
