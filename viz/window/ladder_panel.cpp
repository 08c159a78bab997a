#include "viz/layout/ladder.hpp"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "viz/window/view_commands.hpp"

namespace mailscope::viz {
namespace {

class LadderPanel : public Panel {
 public:
  void draw(View& view, const Canvas& c, Rect r) override {
    c.panel(r);
    const Rect area = ladder_area(c.metrics(), r);
    if (area.h < c.px(80)) return;
    ladder_ = layout_ladder(view.index, drawn_cursor(view), c.metrics(), area, view.ladder);
    draw_title(c, r, ladder_.one_connection ? "Ladder of one connection" : "Ladder", "");
    draw_mode(view, c, r);
    c.clip(r);
    draw_heads(c);
    c.clip(ladder_.body);
    draw_current(c);
    draw_lines(c);
    for (const Cluster& cluster : ladder_.clusters) draw_cluster(c, cluster);
    for (const StateStrip& strip : ladder_.strips) draw_strip(c, strip);
    for (const TimeGap& gap : ladder_.gaps) draw_gap(c, gap);
    for (const TimeTick& tick : ladder_.ticks) draw_tick(c, tick);
    for (const InsideMark& mark : ladder_.marks) draw_mark(c, mark);
    for (const Arrow& arrow : ladder_.arrows) draw_arrow(c, arrow);
    draw_now(c);
    c.unclip();
    draw_bands(c);
    c.unclip();
    handle_mouse(view);
  }

 private:
  static void draw_mode(View& view, const Canvas& c, Rect r) {
    const std::string mode = view.ladder.true_time ? "true time" : "even time";
    const float w = c.width(TextStyle::Small, mode) + c.px(34);
    const Rect box{r.right() - w - c.px(12), r.y + c.px(10), w, c.px(26)};
    const Touch t = touch("mode", box);
    if (t.hovered) c.fill(box, c.color(Role::Raised), 6);
    c.text({box.x + c.px(8), box.y, w, box.h}, TextStyle::Small, t.hovered ? Role::Text : Role::Dim,
           mode);
    c.text({box.x, box.y, w - c.px(8), box.h}, TextStyle::Mono, Role::Faint,
           key_of_button(change_ladder_time), Align::Right);
    if (t.pressed) press_button(view, change_ladder_time);
  }

  void draw_heads(const Canvas& c) const {
    for (const LadderHead& head : ladder_.heads) {
      const bool host = head.agent == kNone;
      const float line = head.rect.h / static_cast<float>(head.lines.size());
      const Role role = host          ? head.active ? Role::Text : Role::Dim
                        : head.active ? head.role
                                      : Role::Faint;
      for (std::size_t i = 0; i < head.lines.size(); ++i)
        c.text({head.rect.x, head.rect.y + static_cast<float>(i) * line, head.rect.w, line},
               host ? TextStyle::SmallStrong : TextStyle::Small, role, head.lines[i],
               Align::Center);
    }
  }

  void draw_current(const Canvas& c) const {
    if (ladder_.current.h <= 0) return;
    c.fill(ladder_.current, c.theme().tint(Role::Accent, 0.11f), 6);
    if (ladder_.current.h > c.px(16))
      c.outline(ladder_.current.inset(0.5f), c.theme().tint(Role::Accent, 0.75f), 6, 1.2f);
  }

  void draw_lines(const Canvas& c) const {
    for (const Lifeline& line : ladder_.lifelines)
      c.line({line.x, ladder_.body.y}, {line.x, ladder_.body.bottom()},
             c.color(line.active ? Role::Faint : Role::Line), line.active ? 1.4f : 1.4f);
  }

  static void draw_cluster(const Canvas& c, const Cluster& cluster) {
    c.fill({cluster.x1, cluster.top, cluster.x2 - cluster.x1, cluster.bottom - cluster.top - 0.5f},
           c.theme().tint(cluster.role, cluster.to_come ? 0.18f : 0.5f));
  }

  void draw_strip(const Canvas& c, const StateStrip& strip) const {
    const float top = std::max(strip.top, ladder_.body.y);
    const float bottom = std::min(strip.bottom, ladder_.body.bottom());
    if (bottom - top < 2) return;
    const Rect bar{strip.x - c.px(4), top + c.px(1), c.px(8), bottom - top - c.px(2)};
    c.fill(bar, c.theme().over(strip.role, Role::Panel, strip.to_come ? 0.25f : 0.9f), 3);
    if (c.width(TextStyle::Mono, strip.label) + c.px(4) > bar.h) return;
    const float text_x = strip.x + c.px(strip.label_left ? -15 : 15);
    const float half = c.width(TextStyle::Mono, strip.label) / 2;
    const Rect words{text_x - c.px(8), bar.center().y - half, c.px(16), 2 * half};
    for (const InsideMark& mark : ladder_.marks)
      if (mark.label_rect.w > 0 && mark.label_rect.intersects(words)) return;
    for (const Arrow& arrow : ladder_.arrows)
      if (arrow.label_rect.w > 0 && arrow.label_rect.intersects(words)) return;
    const Color color = strip.to_come ? c.color(Role::Faint) : c.color(strip.role);
    c.text_upright({text_x, bar.center().y}, TextStyle::Mono, color, strip.label);
  }

  void draw_tick(const Canvas& c, const TimeTick& tick) const {
    const float x =
        tick.label.empty() ? ladder_.body.x + c.px(34) : tick.label_rect.right() + c.px(6);
    c.dashed({x, tick.y}, {ladder_.body.right() - c.px(4), tick.y}, c.color(Role::Line), 1, 3);
    c.text(tick.label_rect, TextStyle::Small, Role::Faint, tick.label);
  }

  void draw_gap(const Canvas& c, const TimeGap& gap) const {
    const float w = c.width(TextStyle::Small, gap.label) + c.px(24);
    const Rect box{ladder_.body.x + c.px(30) + (ladder_.body.w - c.px(30) - w) / 2,
                   gap.y - c.px(11), w, c.px(22)};
    c.dashed({ladder_.body.x + c.px(34), gap.y}, {ladder_.body.right() - c.px(4), gap.y},
             c.color(Role::Line), 1.2f, 4);
    c.fill(box, c.color(Role::Panel), 11);
    c.outline(box, c.color(Role::Line), 11);
    c.text(box, TextStyle::Small, Role::Dim, gap.label, Align::Center);
  }

  void draw_mark(const Canvas& c, const InsideMark& mark) const {
    const Role role = mark.to_come ? Role::Faint : mark.role;
    const float s = c.px(mark.selected ? 7.f : 5.f);
    c.circle(mark.at, mark.selected ? 9 : 7, c.color(Role::Panel));
    const Point p = mark.at;
    c.triangle({p.x, p.y - s}, {p.x + s, p.y}, {p.x, p.y + s}, c.color(role));
    c.triangle({p.x, p.y - s}, {p.x - s, p.y}, {p.x, p.y + s}, c.color(role));
    const float y = mark.label_rect.center().y;
    const Rect& now = ladder_.current;
    const bool on_current = now.h > 0 && y >= now.y && y < now.bottom();
    c.fill(mark.label_rect,
           on_current ? c.theme().over(Role::Accent, Role::Panel, 0.11f) : c.color(Role::Panel));
    const Role words = mark.to_come                 ? Role::Faint
                       : mark.role == Role::Refused ? Role::Refused
                       : mark.selected              ? Role::Text
                                                    : Role::Dim;
    const float line =
        mark.label_rect.h / static_cast<float>(std::max<std::size_t>(1, mark.lines.size()));
    for (std::size_t i = 0; i < mark.lines.size(); ++i)
      c.text({mark.label_rect.x, mark.label_rect.y + static_cast<float>(i) * line,
              mark.label_rect.w + 1, line},
             TextStyle::Small, words, mark.lines[i]);
  }

  // Lifelines don't run through words.
  void label_ground(const Canvas& c, Rect label) const {
    if (label.w <= 0) return;
    const Rect ground{label.x - c.px(4), label.y, label.w + c.px(8), label.h};
    const Rect& now = ladder_.current;
    const bool on_current =
        now.h > 0 && ground.center().y >= now.y && ground.center().y < now.bottom();
    for (const Lifeline& line : ladder_.lifelines) {
      if (line.x < ground.x - 4 || line.x > ground.right() + 4) continue;
      c.fill({line.x - c.px(5), ground.y + 1, c.px(10), ground.h - 2},
             on_current ? c.theme().over(Role::Accent, Role::Panel, 0.11f) : c.color(Role::Panel));
    }
  }

  void draw_arrow(const Canvas& c, const Arrow& arrow) const {
    const Role role = arrow.lost && !arrow.to_come ? Role::Bad : arrow.role;
    const Color color = arrow.to_come ? c.color(Role::Faint) : c.color(role);
    const float width = arrow.current ? 2.6f : arrow.to_come ? 1.2f : 1.7f;
    const float length = std::hypot(arrow.to.x - arrow.from.x, arrow.to.y - arrow.from.y);
    if (length < 1) return;
    const Point heading{(arrow.to.x - arrow.from.x) / length, (arrow.to.y - arrow.from.y) / length};
    const float head = arrow.lost ? 0 : c.px(7);
    const float reach = std::max(0.f, length * arrow.grown - head);
    const Point tip{arrow.from.x + heading.x * length * arrow.grown,
                    arrow.from.y + heading.y * length * arrow.grown};
    const Point end{arrow.from.x + heading.x * reach, arrow.from.y + heading.y * reach};
    if (arrow.style == ArrowStyle::Dashed || arrow.to_come) {
      c.dashed(arrow.from, end, color, width, arrow.to_come ? 4 : 6);
    } else {
      c.line(arrow.from, end, color, width);
    }
    if (arrow.lost && arrow.grown >= 1) {
      c.cross(arrow.to, color, 5);
    } else if (!arrow.lost && reach > 0) {
      c.arrow_head(tip, heading, color, 9);
    }
    if (arrow.refused && reach > c.px(8)) {  // a closed door, right before the head
      const Point at{tip.x - heading.x * c.px(13), tip.y - heading.y * c.px(13)};
      const Point d{-heading.y * c.px(6), heading.x * c.px(6)};
      c.line({at.x - d.x, at.y - d.y}, {at.x + d.x, at.y + d.y}, color, 2.4f);
    }
    if (arrow.label.empty()) return;
    label_ground(c, arrow.label_rect);
    c.text({arrow.label_rect.x, arrow.label_rect.y, arrow.label_rect.w + 1, arrow.label_rect.h},
           arrow.current ? TextStyle::MonoStrong : TextStyle::Mono,
           arrow.to_come   ? Role::Faint
           : arrow.refused ? arrow.role
           : arrow.current ? Role::Text
           : arrow.lost    ? Role::Bad
                           : Role::Dim,
           arrow.label);
  }

  void draw_now(const Canvas& c) const {
    if (ladder_.to_come.w <= 0) return;
    label_ground(c, ladder_.to_come);
    c.text({ladder_.to_come.x, ladder_.to_come.y, ladder_.to_come.w + 1, ladder_.to_come.h},
           TextStyle::Small, Role::Faint, "to come");
  }

  void draw_bands(const Canvas& c) const {
    for (const PhaseBand& band : ladder_.bands) {
      const Rect r{ladder_.body.x, band.top + c.px(1), c.px(22), band.bottom - band.top - c.px(2)};
      c.fill(r, c.theme().over(band.role, Role::Panel, band.odd ? 0.24f : 0.14f), 5);
      if (c.width(TextStyle::Small, band.label) + c.px(6) < r.h)
        c.text_upright(r.center(), TextStyle::Small, c.color(Role::Dim), band.label);
    }
  }

  void handle_mouse(View& view) const {
    const Touch t = touch("ladder", ladder_.body);
    if (!t.hovered) return;
    const ImVec2 mouse = ImGui::GetMousePos();
    const float wheel = ImGui::GetIO().MouseWheel;
    if (wheel != 0) {
      if (ImGui::GetIO().KeyCtrl) {
        press_button(view, wheel > 0 ? zoom_in : zoom_out);
      } else {
        pan_ladder(view.index, view.ladder, view.cursor, -wheel * 2);
      }
    }
    if (!t.pressed) return;
    const Arrow* nearest = nullptr;
    float least = 24;
    for (const Arrow& arrow : ladder_.arrows) {
      const float y = (arrow.from.y + arrow.to.y) / 2;
      const float d = std::abs(y - 4 - mouse.y);
      if (d < least) least = d, nearest = &arrow;
    }
    const InsideMark* mark = nullptr;
    for (const InsideMark& near : ladder_.marks)
      if (std::abs(near.at.y - mouse.y) < least)
        least = std::abs(near.at.y - mouse.y), mark = &near;
    if (!mark && !nearest) return;
    view.cursor.playing = false;
    if (mark && mark->intervention != kNone) {
      go_to_intervention(view.index, view.cursor, mark->intervention);
    } else if (mark) {
      go_to_change(view.index, view.cursor, mark->change);
    } else if (nearest && nearest->pdu != kNone) {
      go_to_pdu(view.index, view.cursor, nearest->pdu);
    } else if (nearest) {
      go_to_loss(view.index, view.cursor, nearest->frame);
    }
  }

  Ladder ladder_;
};

}  // namespace

std::unique_ptr<Panel> make_ladder_panel() {
  return std::make_unique<LadderPanel>();
}

}  // namespace mailscope::viz
