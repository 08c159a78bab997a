#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "viz/layout/scrubber.hpp"
#include "viz/layout/words.hpp"
#include "viz/window/view_commands.hpp"

namespace mailscope::viz {
namespace {

enum class Icon { ToStart, Back, Play, Pause, Forth, ToEnd };

class TimelinePanel : public Panel {
 public:
  void draw(View& view, const Canvas& c, Rect r) override {
    c.panel(r);
    draw_transport(view, c, r);
    draw_speed(view, c, r);
    const Rect area{r.x + c.px(260), r.y + c.px(6), r.w - c.px(260 + 204), r.h - c.px(6)};
    const Scrubber scrubber = layout_scrubber(view.index, view.cursor, c.metrics(), area);
    draw_chapters(view, c, scrubber);
    for (const DensityBar& bar : scrubber.bars)
      c.fill({bar.x, bar.top, bar.w, bar.bottom - bar.top},
             c.theme().tint(bar.role, bar.to_come ? 0.38f : 1.f), 1);
    const Rect& track = scrubber.track;
    c.line({track.x, track.bottom() + c.px(2)}, {track.right(), track.bottom() + c.px(2)},
           c.color(Role::Line), 2);
    for (const FindingMark& mark : scrubber.findings) draw_finding(c, mark, track);
    draw_interventions(c, scrubber);
    draw_playhead(c, scrubber, area);
    seek(view, c, scrubber);
  }

 private:
  static void draw_icon(const Canvas& c, Icon icon, Rect r, Color color) {
    const Point m = r.center();
    const float s = c.px(6);
    const auto bracket = [&](float x, float d) {  // ‹ or ›
      c.line({x + d * s * 0.5f, m.y - s}, {x - d * s * 0.5f, m.y}, color, 2);
      c.line({x - d * s * 0.5f, m.y}, {x + d * s * 0.5f, m.y + s}, color, 2);
    };
    switch (icon) {
      case Icon::ToStart:
        c.line({m.x - s, m.y - s}, {m.x - s, m.y + s}, color, 2);
        bracket(m.x + c.px(2), 1);
        break;
      case Icon::ToEnd:
        c.line({m.x + s, m.y - s}, {m.x + s, m.y + s}, color, 2);
        bracket(m.x - c.px(2), -1);
        break;
      case Icon::Back:
        bracket(m.x, 1);
        break;
      case Icon::Forth:
        bracket(m.x, -1);
        break;
      case Icon::Play:
        c.triangle({m.x - s * 0.8f, m.y - s * 1.2f}, {m.x + s * 1.2f, m.y},
                   {m.x - s * 0.8f, m.y + s * 1.2f}, color);
        break;
      case Icon::Pause:
        c.fill({m.x - s, m.y - s, s * 0.7f, 2 * s}, color);
        c.fill({m.x + s * 0.3f, m.y - s, s * 0.7f, 2 * s}, color);
        break;
    }
  }

  static bool button(const Canvas& c, const char* id, Icon icon, Rect r, bool strong) {
    const Touch t = touch(id, r);
    c.fill(r,
           strong   ? c.color(Role::Accent)
           : t.held ? c.color(Role::Line)
                    : c.color(Role::Raised),
           8);
    if (!strong) c.outline(r, c.color(t.hovered ? Role::Faint : Role::Line), 8);
    draw_icon(c, icon, r, c.color(strong ? Role::OnAccent : Role::Text));
    return t.pressed;
  }

  static bool is_low(const Canvas& c, Rect r) { return r.h < c.px(100); }

  static void draw_transport(View& view, const Canvas& c, Rect r) {
    Cursor& cursor = view.cursor;
    const float size = c.px(38);
    float x = r.x + c.px(16);
    const float y = r.y + c.px(is_low(c, r) ? 9 : 18);
    const auto next = [&] {
      const Rect box{x, y, size, size};
      x += size + c.px(8);
      return box;
    };
    if (button(c, "start", Icon::ToStart, next(), false)) press_button(view, go_to_beginning);
    if (button(c, "back", Icon::Back, next(), false)) press_button(view, step_back);
    const Icon icon = cursor.playing ? Icon::Pause : Icon::Play;
    if (button(c, "play", icon, next(), cursor.playing)) press_button(view, toggle_playing);
    if (button(c, "forth", Icon::Forth, next(), false)) press_button(view, step_forth);
    if (button(c, "end", Icon::ToEnd, next(), false)) press_button(view, go_to_the_end);
    c.text({r.x + c.px(16), r.bottom() - c.px(is_low(c, r) ? 29 : 34), c.px(210), c.px(22)},
           TextStyle::Small, Role::Faint, transport_line(view));
  }

  static void draw_speed(View& view, const Canvas& c, Rect r) {
    const float right = r.right() - c.px(16), y = r.y + c.px(is_low(c, r) ? 8 : 22);
    const float size = c.px(34);
    const auto small = [&](const char* id, float x, bool plus) {
      const Rect box{x, y, size, size};
      const Touch t = touch(id, box);
      c.fill(box, c.color(t.held ? Role::Line : Role::Raised), 8);
      c.outline(box, c.color(t.hovered ? Role::Faint : Role::Line), 8);
      const Point m = box.center();
      c.line({m.x - c.px(5), m.y}, {m.x + c.px(5), m.y}, c.color(Role::Text), 1.8f);
      if (plus) c.line({m.x, m.y - c.px(5)}, {m.x, m.y + c.px(5)}, c.color(Role::Text), 1.8f);
      return t.pressed;
    };
    const float w = c.px(176);
    if (small("faster", right - size, true)) press_button(view, play_faster);
    if (small("slower", right - w, false)) press_button(view, play_slower);
    const bool reading = view.cursor.mode == PlayMode::Reading;
    const std::string speed = reading ? "pace ×" + speed_text(view.cursor.pace)
                                      : "time ×" + speed_text(view.cursor.speed);
    c.text({right - w + size, y, w - 2 * size, size}, TextStyle::Mono, Role::Text, speed,
           Align::Center);
    draw_mode(view, c, {right - w, r.bottom() - c.px(is_low(c, r) ? 34 : 38), w, c.px(26)});
  }

  // Which of the two ways of playing is on; a click takes the other.
  static void draw_mode(View& view, const Canvas& c, Rect r) {
    const bool reading = view.cursor.mode == PlayMode::Reading;
    const Touch t = touch("play mode", r);
    c.fill(r, c.color(t.held ? Role::Line : Role::Raised), 6);
    c.outline(r, c.color(t.hovered ? Role::Faint : Role::Line), 6);
    const char* words = reading                     ? "plays by reading"
                        : view.index.fold().folds() ? "virtual time, folded"
                                                    : "virtual time";
    c.text({r.x + c.px(10), r.y, r.w - c.px(30), r.h}, TextStyle::Small,
           t.hovered ? Role::Text : Role::Dim, words);
    c.text({r.x, r.y, r.w - c.px(10), r.h}, TextStyle::Mono, Role::Faint,
           key_of_button(change_play_mode), Align::Right);
    if (t.pressed) press_button(view, change_play_mode);
  }

  static void draw_chapters(View& view, const Canvas& c, const Scrubber& scrubber) {
    for (const ChapterMark& mark : scrubber.chapters) {
      const Rect& track = scrubber.track;
      c.dashed({mark.x, track.y - c.px(18)}, {mark.x, track.bottom() + c.px(6)},
               c.color(Role::Faint), 1, 3);
      const float w = c.width(TextStyle::Small, mark.label);
      const Rect label{mark.label_x, track.y - c.px(22), w + c.px(6), c.px(20)};
      const Touch t = touch(("chapter" + std::to_string(mark.number)).c_str(), label);
      c.text(label, mark.current ? TextStyle::SmallStrong : TextStyle::Small,
             mark.current || t.hovered ? Role::Text : Role::Dim, mark.label);
      if (t.pressed) go_to_chapter(view.index, view.cursor, mark.number);
    }
  }

  // A shape for each severity: circle, triangle, square on its point.
  static void draw_finding(const Canvas& c, const FindingMark& mark, Rect track) {
    const Point p{mark.x, track.bottom() + c.px(9)};
    const float s = c.px(5);
    const Color color = c.color(role_of(mark.severity));
    switch (mark.severity) {
      case trace::Severity::Note:
        c.circle(p, 3, color);
        break;
      case trace::Severity::Warning:
        c.triangle({p.x - s, p.y + s}, {p.x, p.y - s}, {p.x + s, p.y + s}, color);
        break;
      case trace::Severity::Error:
        c.triangle({p.x - s, p.y}, {p.x, p.y - s}, {p.x + s, p.y}, color);
        c.triangle({p.x - s, p.y}, {p.x + s, p.y}, {p.x, p.y + s}, color);
        break;
    }
  }

  // On: a full disc, off: a ring, crash: a red cross, cut: a line with a gap and a stroke through
  // it, mended: an unbroken line with a dot, anything else: a square on its point.
  static void draw_sign(const Canvas& c, Sign sign, Point p) {
    const float s = c.px(4);
    const Color text = c.color(Role::Text), bad = c.color(Role::Bad), good = c.color(Role::Good);
    c.circle(p, 7, c.color(Role::Panel));
    switch (sign) {
      case Sign::On:
        return c.circle(p, 4.5f, good);
      case Sign::Off:
        return c.circle(p, 4.5f, text, false);
      case Sign::Crash:
        c.line({p.x - s, p.y - s}, {p.x + s, p.y + s}, bad, 2.4f);
        return c.line({p.x - s, p.y + s}, {p.x + s, p.y - s}, bad, 2.4f);
      case Sign::Cut:
        c.line({p.x - 2 * s, p.y}, {p.x - s / 2, p.y}, text, 2);
        c.line({p.x + s / 2, p.y}, {p.x + 2 * s, p.y}, text, 2);
        return c.line({p.x - s / 2, p.y + 1.3f * s}, {p.x + s / 2, p.y - 1.3f * s}, bad, 2);
      case Sign::Mend:
        c.line({p.x - 2 * s, p.y}, {p.x + 2 * s, p.y}, text, 2);
        return c.circle(p, 3.5f, good);
      case Sign::Other:
        break;
    }
    c.triangle({p.x - s, p.y}, {p.x, p.y - s}, {p.x + s, p.y}, text);
    c.triangle({p.x - s, p.y}, {p.x + s, p.y}, {p.x, p.y + s}, text);
  }

  // A sign on the track's upper edge; what was done is told while the mouse is over it.
  static void draw_interventions(const Canvas& c, const Scrubber& scrubber) {
    const Rect& track = scrubber.track;
    int number = 0;
    for (const InterventionMark& mark : scrubber.interventions) {
      const Point p{mark.x, track.y + c.px(4)};
      const float s = c.px(4);
      draw_sign(c, mark.sign, p);
      const Rect box{p.x - 2 * s, p.y - 2 * s, 4 * s, 4 * s};
      if (!touch(("intervention" + std::to_string(number++)).c_str(), box).hovered) continue;
      const float w = c.width(TextStyle::Small, mark.text) + c.px(16);
      const float left = std::clamp(p.x, track.x, std::max(track.x, track.right() - w));
      const Rect label{left, p.y + c.px(8), w, c.px(22)};
      c.fill(label, c.color(Role::Raised), 6);
      c.text(label, TextStyle::Small, Role::Text, mark.text, Align::Center);
    }
  }

  static void draw_playhead(const Canvas& c, const Scrubber& scrubber, Rect area) {
    const Rect& track = scrubber.track;
    const float x = std::round(scrubber.playhead);
    c.line({x, track.y - c.px(2)}, {x, track.bottom() + c.px(8)}, c.color(Role::Accent), 2.4f);
    const float w = c.width(TextStyle::MonoStrong, scrubber.playhead_text) + c.px(18);
    const float left = std::clamp(x - w / 2, area.x, std::max(area.x, area.right() - w));
    const Rect box{left, track.bottom() + c.px(6), w, c.px(22)};
    c.fill(box, c.color(Role::Accent), 6);
    c.text(box, TextStyle::MonoStrong, Role::OnAccent, scrubber.playhead_text, Align::Center);
  }

  static void seek(View& view, const Canvas& c, const Scrubber& scrubber) {
    const Rect& track = scrubber.track;
    const Touch t =
        touch("track", {track.x - c.px(4), track.y, track.w + c.px(8), track.h + c.px(30)});
    if (!t.held) return;
    view.cursor.playing = false;
    go_to_time(view.index, view.cursor, time_at(view.index, scrubber, ImGui::GetMousePos().x));
  }
};

}  // namespace

// While a step is being read nothing moves: until when, and how to stop it.
std::string transport_line(View& view) {
  const std::string key = key_of_button(toggle_playing);
  if (!view.cursor.playing)
    return key_of_button(step_back) + " " + key_of_button(step_forth) + " step · " + key + " plays";
  const bool reading = view.cursor.mode == PlayMode::Reading;
  const double left = reading ? seconds_to_read(view.beats(), view.cursor) : 0;
  if (left <= 0) return "playing · " + key + " pauses";
  return "reading, goes on in " + std::to_string(static_cast<int>(std::ceil(left))) + " s";
}

std::unique_ptr<Panel> make_timeline_panel() {
  return std::make_unique<TimelinePanel>();
}

}  // namespace mailscope::viz
