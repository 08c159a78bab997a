#include <fmt/format.h>

#include "viz/layout/follow.hpp"
#include "viz/layout/words.hpp"
#include "viz/window/view_commands.hpp"

namespace mailscope::viz {
namespace {

class HeaderPanel : public Panel {
 public:
  void draw(View& view, const Canvas& c, Rect r) override {
    const trace::Source& source = view.index.trace().source;
    float right = draw_actions(view, c, r);
    float x = r.x + c.px(8);
    x +=
        c.text({x, r.y, c.px(140), r.h}, TextStyle::Headline, Role::Accent, "MailScope") + c.px(20);
    const std::vector<Chip> chips = chips_of(view);
    float chips_width = 0;
    for (const Chip& chip : chips) chips_width += c.chip_width(chip) + c.px(8);
    const std::string& title = source.title.empty() ? source.name : source.title;
    const float room = right - x - chips_width - c.px(32);
    x += c.text({x, r.y, room, r.h}, TextStyle::BodyStrong, Role::Text, title) + c.px(16);
    for (const Chip& chip : chips) {
      if (x + c.chip_width(chip) > right - c.px(16)) break;
      x += c.chip({x, r.y + (r.h - c.px(24)) / 2}, chip) + c.px(8);
    }
  }

 private:
  static std::vector<Chip> chips_of(const View& view) {
    const trace::Trace& trace = view.index.trace();
    std::vector<Chip> chips;
    if (view.live) {
      const bool follows = view.cursor.playing || at_end(view.index, view.cursor);
      chips.push_back(follows ? Chip{"live", Role::Good, true}
                              : Chip{"live: " + key_of_button(go_to_the_end) + " shows the newest",
                                     Role::Good, false});
    }
    if (trace.source.kind == trace::SourceKind::Simulator) {
      chips.push_back({fmt::format("seed {}", trace.source.seed), Role::Dim, false});
    } else {
      const std::size_t n = trace.connections.size();
      chips.push_back({fmt::format("{} connection{}", n, n == 1 ? "" : "s"), Role::Dim, false});
      const std::size_t m = trace.mails.size();
      chips.push_back({fmt::format("{} message{}", m, m == 1 ? "" : "s"), Role::Dim, false});
    }
    int errors = 0, warnings = 0;
    for (const trace::Finding& finding : trace.findings) {
      errors += finding.severity == trace::Severity::Error;
      warnings += finding.severity == trace::Severity::Warning;
    }
    if (errors > 0)
      chips.push_back({fmt::format("{} error{}", errors, errors == 1 ? "" : "s"), Role::Bad, true});
    if (warnings > 0)
      chips.push_back(
          {fmt::format("{} warning{}", warnings, warnings == 1 ? "" : "s"), Role::Warning, true});
    return chips;
  }

  // From the right; returns where they begin.
  static float draw_actions(View& view, const Canvas& c, Rect r) {
    float x = r.right() - c.px(4);
    const auto action = [&](const char* word, void (*run)(View&), bool on) {
      const std::string key = key_of_button(run);
      const float w = c.width(TextStyle::Small, word) + c.width(TextStyle::Mono, key) + c.px(30);
      x -= w;
      const Rect box{x, r.y + c.px(8), w, r.h - c.px(16)};
      const Touch t = touch(word, box);
      if (t.hovered || on) c.fill(box, c.color(Role::Raised), 7);
      const float end = c.text({box.x + c.px(10), box.y, box.w, box.h}, TextStyle::Small,
                               on          ? Role::Accent
                               : t.hovered ? Role::Text
                                           : Role::Dim,
                               word);
      c.text({box.x + c.px(18) + end, box.y, c.px(40), box.h}, TextStyle::Mono, Role::Faint, key);
      x -= c.px(4);
      if (t.pressed) press_button(view, run);
    };
    action("Help", show_keys, view.help);
    action(view.settings.light ? "Dark" : "Light", change_theme, false);
    action("Lecture", change_lecture, view.settings.lecture);
    if (view.has_gallery) action("Scenarios", show_gallery, false);
    return x;
  }
};

}  // namespace

std::unique_ptr<Panel> make_header_panel() {
  return std::make_unique<HeaderPanel>();
}

}  // namespace mailscope::viz
