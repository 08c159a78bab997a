#include <algorithm>

#include "viz/layout/heading.hpp"
#include "viz/window/view.hpp"

namespace mailscope::viz {
namespace {

// The larger style, unless the text would be cut.
TextStyle fitting(const Canvas& c, float w, const std::string& text, TextStyle large,
                  TextStyle small) {
  return c.width(large, text) <= w ? large : small;
}

class NarrationPanel : public Panel {
 public:
  void draw(View& view, const Canvas& c, Rect r) override {
    c.fill(r, c.color(Role::Raised), 10);
    c.outline(r, c.color(Role::Line), 10);
    c.fill({r.x, r.y + c.px(10), c.px(4), r.h - c.px(20)}, c.color(Role::Accent), 2);
    const Heading heading = heading_of(view.index, view.cursor);
    const float right = r.right() - c.px(10);
    const float step = draw_step(view, c, {r.x, r.y + c.px(7), right - r.x, c.px(28)}, heading);
    const float place = c.width(TextStyle::Small, heading.place);
    c.text({right - c.px(8) - place, r.y + c.px(37), place + 1, c.px(22)}, TextStyle::Small,
           Role::Dim, heading.place, Align::Right);
    draw_words(c, r, heading, step, place + c.px(8));
    draw_share_read(view, c, r);
  }

 private:
  // Each line has the room that its neighbour on the right leaves.
  static void draw_words(const Canvas& c, Rect r, const Heading& heading, float step, float place) {
    const bool one = heading.detail.empty();
    const float x = r.x + c.px(22), room = r.w - c.px(22 + 10 + 28);
    const float w = room - (one ? std::max(step, place) : step), w2 = room - place;
    const TextStyle style =
        fitting(c, w, heading.headline, TextStyle::Headline, TextStyle::BodyStrong);
    if (one) {
      c.text({x, r.y, w, r.h}, style, Role::Text, heading.headline);
      return;
    }
    if (c.width(TextStyle::Small, heading.detail) > w2) {  // in two lines
      c.text({x, r.y + c.px(4), w, c.px(24)}, style, Role::Text, heading.headline);
      c.paragraph({x, r.y + c.px(29)}, w2, TextStyle::Small, Role::Dim, heading.detail, 1.2f, true,
                  2);
      return;
    }
    c.text({x, r.y + c.px(8), w, c.px(28)}, style, Role::Text, heading.headline);
    c.text({x, r.y + c.px(37), w2, c.px(22)},
           fitting(c, w2, heading.detail, TextStyle::Body, TextStyle::Small), Role::Dim,
           heading.detail);
  }

  // "‹ step 5 of 24 ›" at the right end of a line; returns how much room it takes.
  static float draw_step(View& view, const Canvas& c, Rect line, const Heading& heading) {
    const float size = line.h, words = c.width(TextStyle::Small, heading.step);
    const Rect forth{line.right() - size, line.y, size, size};
    const Rect middle{forth.x - c.px(8) - words, line.y, words, line.h};
    const Rect back{middle.x - c.px(8) - size, line.y, size, size};
    const Id note = view.cursor.note;
    const bool more = note == kNone || note + 1 < view.index.narration().size();
    if (draw_bracket(c, "step back", back, -1, note != kNone))
      step_narration(view.index, view.cursor, -1);
    if (draw_bracket(c, "step forth", forth, +1, more)) step_narration(view.index, view.cursor, +1);
    c.text({middle.x, middle.y, middle.w + 1, middle.h}, TextStyle::Small, Role::Dim, heading.step);
    return line.right() - back.x;
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
    const Rect track{r.x + c.px(12), r.bottom() - c.px(4), r.w - c.px(24), c.px(2)};
    c.fill({track.x, track.y, track.w * share, track.h}, c.theme().tint(Role::Accent, 0.7f), 1);
  }
};

}  // namespace

std::unique_ptr<Panel> make_narration_panel() {
  return std::make_unique<NarrationPanel>();
}

}  // namespace mailscope::viz
