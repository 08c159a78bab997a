#include <fmt/format.h>

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
    const std::span<const Id> notes = view.index.narration();
    const trace::Trace& trace = view.index.trace();
    std::string headline, detail, step;
    if (view.cursor.note != kNone) {
      const trace::Note& note = trace.notes[notes[view.cursor.note]];
      headline = note.text;
      detail = note.detail;
      step = fmt::format("step {} of {}", view.cursor.note + 1, notes.size());
    } else {
      headline = trace.source.title.empty() ? trace.source.name : trace.source.title;
      detail = trace.source.summary;
      step = fmt::format("{} steps", notes.size());
    }
    const int chapter = chapter_at(view.index, view.cursor);
    std::string place;
    if (chapter >= 0)
      place =
          fmt::format("chapter {} · {}", chapter + 1,
                      trace.notes[view.index.chapters()[static_cast<std::size_t>(chapter)]].text);
    const float side = std::max(c.width(TextStyle::Small, place), c.width(TextStyle::Small, step));
    // Each line has the room that its neighbour on the right leaves.
    const float x = r.x + c.px(22), room = r.w - c.px(22 + 20 + 28);
    const float w = room - (detail.empty() ? side : c.width(TextStyle::Small, step));
    const float w2 = room - c.width(TextStyle::Small, place);
    const TextStyle style = fitting(c, w, headline, TextStyle::Headline, TextStyle::BodyStrong);
    if (detail.empty()) {
      c.text({x, r.y, w, r.h}, style, Role::Text, headline);
    } else {
      c.text({x, r.y + c.px(8), w, c.px(28)}, style, Role::Text, headline);
      c.text({x, r.y + c.px(37), w2, c.px(22)},
             fitting(c, w2, detail, TextStyle::Body, TextStyle::Small), Role::Dim, detail);
    }
    const float right = r.right() - c.px(20) - side;
    c.text({right, r.y + c.px(8), side, c.px(28)}, TextStyle::Small, Role::Dim, step, Align::Right);
    c.text({right, r.y + c.px(37), side, c.px(22)}, TextStyle::Small, Role::Dim, place,
           Align::Right);
  }
};

}  // namespace

std::unique_ptr<Panel> make_narration_panel() {
  return std::make_unique<NarrationPanel>();
}

}  // namespace mailscope::viz
