#include <fmt/format.h>
#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "viz/window/view.hpp"

namespace mailscope::viz {
namespace {

struct Column {
  const char* title;
  std::string ListRow::*text;
  TextStyle style;
  float width;  // units; the flexible ones share what is left
  float share;
};

constexpr Column kColumns[] = {
    {"#", &ListRow::number, TextStyle::Mono, 24, 0},
    {"time, s", &ListRow::time, TextStyle::Mono, 60, 0},
    {"Δ", &ListRow::delta, TextStyle::Mono, 60, 0},
    {"conn", &ListRow::connection, TextStyle::Mono, 32, 0},
    {"from → to", &ListRow::from_to, TextStyle::Small, 100, 0},
    {"phase", &ListRow::phase, TextStyle::Small, 60, 0},
    {"verb / code", &ListRow::head, TextStyle::MonoStrong, 60, 0},
    {"what it says", &ListRow::says, TextStyle::Mono, 190, 0.6f},
    {"meaning", &ListRow::meaning, TextStyle::Small, 150, 0.4f},
};

class ListPanel : public Panel {
 public:
  void draw(View& view, const Canvas& c, Rect r) override {
    c.panel(r);
    refresh(view);
    draw_filter(view, c, r);
    const float head = r.y + c.px(52);
    const Rect body{r.x + 1, head + c.px(28), r.w - 2, r.bottom() - head - c.px(36)};
    if (body.h < c.px(20)) return;
    scroll(view, c, body);
    place_columns(view, c, r.x + c.px(20), r.w - c.px(44));
    for (std::size_t i = 0; i < std::size(kColumns); ++i)
      if (widths_[i] > 0)
        c.text({x_[i], head, widths_[i], c.px(22)}, TextStyle::Small, Role::Faint,
               kColumns[i].title);
    c.line({r.x + c.px(12), head + c.px(25)}, {r.right() - c.px(12), head + c.px(25)},
           c.color(Role::Line));
    draw_rows(view, c, body);
  }

 private:
  void refresh(View& view) {
    if (view.filtered_for != view.filter) {
      view.filtered.set(view.index, view.filter);
      view.filtered_for = view.filter;
      followed_ = kNone;
      top_ = 0;
    }
    view.filtered.work(view.still ? SIZE_MAX : 20'000);
  }

  static void draw_filter(View& view, const Canvas& c, Rect r) {
    const Rect box{r.x + c.px(16), r.y + c.px(14), c.px(340), c.px(30)};
    c.fill(box, c.color(Role::Background), 7);
    c.outline(box, c.color(Role::Line), 7);
    c.text({box.x + c.px(12), box.y, c.px(50), box.h}, TextStyle::Small, Role::Faint, "filter");
    const float x = box.x + c.px(60);
    if (view.still) {
      const bool none = view.filter.empty();
      c.text({x, box.y, box.w - c.px(70), box.h}, TextStyle::Mono, none ? Role::Faint : Role::Text,
             none ? "smtp, 5xx, -noop" : view.filter);
    } else {
      draw_input(view, c, {x, box.y, box.w - c.px(66), box.h});
    }
    const std::size_t all = view.index.trace().pdus.size();
    std::string count = fmt::format("{} PDUs", all);
    if (!view.filter.empty())
      count = fmt::format("{}{} of {} PDUs", view.filtered.size(), view.filtered.done() ? "" : "…",
                          all);
    c.text({box.right() + c.px(16), box.y, c.px(260), box.h}, TextStyle::Small, Role::Dim, count);
  }

  static void draw_input(View& view, const Canvas& c, Rect box) {
    const float pad = (box.h - c.line_height(TextStyle::Mono)) / 2;
    ImGui::PushFont(c.font(TextStyle::Mono));
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(0, pad));
    ImGui::PushStyleColor(ImGuiCol_FrameBg, 0);
    ImGui::PushStyleColor(ImGuiCol_Text, c.color(Role::Text));
    ImGui::PushStyleColor(ImGuiCol_TextDisabled, c.color(Role::Faint));
    ImGui::PushStyleColor(ImGuiCol_TextSelectedBg, c.theme().tint(Role::Accent, 0.35f));
    ImGui::SetCursorScreenPos({box.x, box.y});
    ImGui::SetNextItemWidth(box.w);
    const bool asked = std::exchange(view.focus_filter, false);
    if (asked) ImGui::SetKeyboardFocusHere();
    const bool entered = ImGui::InputTextWithHint("##filter", "smtp, 5xx, -noop", &view.filter,
                                                  ImGuiInputTextFlags_EnterReturnsTrue);
    view.types_filter = (asked || ImGui::IsItemActive()) && !entered;
    if (entered) ImGui::SetWindowFocus(nullptr);
    ImGui::PopStyleColor(4);
    ImGui::PopStyleVar();
    ImGui::PopFont();
  }

  // Columns are as wide as what they hold (they only grow, so nothing jitters); what is said and
  // what it means share the rest. Too narrow for all: the least telling ones go first.
  void place_columns(const View& view, const Canvas& c, float left, float width) {
    const float gap = c.px(16);
    if (c.px(1) != measured_at_) std::fill(std::begin(held_), std::end(held_), 0.f);
    measured_at_ = c.px(1);
    for (std::size_t i = 0; i < std::size(kColumns); ++i) {
      const Column& column = kColumns[i];
      float& held = held_[i];
      held = std::max(held, c.width(TextStyle::Small, column.title));
      if (column.share == 0)
        for (const ListRow& row : rows_)
          held = std::max(held, c.width(column.style, row.*column.text));
      widths_[i] = std::max(std::min(held, c.px(250)) + 1, c.px(column.width));
    }
    widths_[1] = std::max(widths_[1], c.width(TextStyle::Mono, last_time(view)));
    const auto used = [&] {
      float sum = -gap;
      for (const float w : widths_) sum += w > 0 ? w + gap : 0;
      return sum;
    };
    for (const std::size_t drop :
         {std::size_t{5}, std::size_t{2}, std::size_t{3}, std::size_t{8}, std::size_t{4}})
      if (used() > width) widths_[drop] = 0;
    float shares = 0;
    for (std::size_t i = 0; i < std::size(kColumns); ++i)
      if (widths_[i] > 0) shares += kColumns[i].share;
    const float spare = std::max(0.f, width - used());
    float x = left;
    for (std::size_t i = 0; i < std::size(kColumns); ++i) {
      if (widths_[i] <= 0) continue;
      if (shares > 0) widths_[i] += spare * kColumns[i].share / shares;
      x_[i] = x;
      x += widths_[i] + gap;
    }
  }

  static std::string last_time(const View& view) {
    std::string digits = std::to_string(view.index.duration() / 1'000'000'000);
    return std::string(digits.size(), '0') + ".000 000";
  }

  static float row_height(const Canvas& c) { return c.px(26); }

  // Wheel, bar, click; then the rows that are in sight.
  void scroll(View& view, const Canvas& c, Rect body) {
    const float visible = body.h / row_height(c);
    const auto size = static_cast<double>(view.filtered.size());
    follow(view, visible);
    const Touch t = touch("rows", body);
    if (t.hovered && ImGui::GetIO().MouseWheel != 0)
      top_ -= 3.0 * static_cast<double>(ImGui::GetIO().MouseWheel);
    drag_bar(view, c, body, visible);
    const double most = std::max(0.0, size - std::floor(static_cast<double>(visible)));
    top_ = std::clamp(std::round(top_), 0.0, most);
    const auto first = static_cast<std::size_t>(top_);
    if (t.pressed) click(view, first, (ImGui::GetMousePos().y - body.y) / row_height(c));
    rows_ = layout_list(view.index, view.cursor, view.filtered, first,
                        static_cast<std::size_t>(visible));
  }

  void click(View& view, std::size_t first, float at) {
    const std::size_t row = first + static_cast<std::size_t>(std::max(0.f, at));
    if (row >= view.filtered.size()) return;
    view.cursor.playing = false;
    followed_ = view.filtered.at(row);
    go_to_pdu(view.index, view.cursor, followed_);
  }

  void draw_rows(View& view, const Canvas& c, Rect body) {
    c.clip(body);
    float y = body.y;
    for (const ListRow& row : rows_) {
      draw_row(view, c, row, {body.x, y, body.w, row_height(c)});
      y += row_height(c);
    }
    if (view.filtered.size() == 0)
      c.text(
          {body.x + c.px(20), body.y + c.px(4), body.w - c.px(40), c.px(26)}, TextStyle::Small,
          Role::Dim,
          view.filter.empty()
              ? "Nothing crossed a wire here. What happened inside the host stands in the ladder."
              : "Nothing meets this filter. Protocols, codes (5xx), conn:2, host:alpha, words; "
                "a minus takes out.");
    c.unclip();
  }

  // The current PDU stays in sight as it moves; scrolling by hand is left alone until then.
  void follow(const View& view, float visible) {
    const Id pdu = view.cursor.pdu;
    if (pdu == followed_ && visible == followed_visible_) return;
    followed_ = pdu;
    followed_visible_ = visible;
    const double row = pdu == kNone ? 0 : static_cast<double>(view.filtered.row_of(pdu));
    const double height = std::floor(static_cast<double>(visible));
    // Two rows of what comes before and after, where there is room for them.
    const double around = std::clamp(std::floor((height - 1) / 2), 0.0, 2.0);
    if (row < top_ + 1) top_ = row - around;
    if (row > top_ + height - 1 - around) top_ = row - height + 1 + around;
  }

  void drag_bar(const View& view, const Canvas& c, Rect body, float visible) {
    const auto size = static_cast<float>(view.filtered.size());
    if (size <= visible) return;
    const float h = std::max(c.px(24), body.h * visible / size);
    const float travel = body.h - h, most = size - visible;
    const Rect bar{body.right() - c.px(9), body.y + travel * static_cast<float>(top_) / most,
                   c.px(5), h};
    const Rect track{body.right() - c.px(14), body.y, c.px(14), body.h};
    if (track.contains(Point{ImGui::GetMousePos().x, ImGui::GetMousePos().y}) &&
        ImGui::IsMouseDown(0))
      top_ = static_cast<double>((ImGui::GetMousePos().y - body.y - h / 2) / travel * most);
    c.fill(bar, c.color(Role::Line), 3);
  }

  void draw_row(const View& view, const Canvas& c, const ListRow& row, Rect r) const {
    const bool selected = view.cursor.selection == Selection{Selected::Pdu, row.pdu};
    if (row.current || selected)
      c.fill({r.x + c.px(8), r.y, r.w - c.px(22), r.h},
             c.theme().tint(Role::Accent, row.current ? 0.15f : 0.08f), 5);
    for (std::size_t i = 0; i < std::size(kColumns); ++i) {
      if (widths_[i] <= 0) continue;
      const Column& column = kColumns[i];
      Role role = Role::Dim;
      if (column.text == &ListRow::head) role = row.role;
      if (column.text == &ListRow::says) role = Role::Text;
      if (row.to_come) role = Role::Faint;
      std::string text = row.*column.text;
      if (column.text == &ListRow::meaning && !row.flags.empty())
        text = row.flags + (text.empty() ? "" : " · " + text);
      c.text({x_[i], r.y, widths_[i], r.h}, column.style, role, text);
    }
  }

  float widths_[std::size(kColumns)] = {};
  float held_[std::size(kColumns)] = {};
  float measured_at_ = 0;
  std::vector<ListRow> rows_;  // those in sight
  float x_[std::size(kColumns)] = {};
  double top_ = 0;
  Id followed_ = kNone;
  float followed_visible_ = 0;  // rows that there was room for
};

}  // namespace

std::unique_ptr<Panel> make_list_panel() {
  return std::make_unique<ListPanel>();
}

}  // namespace mailscope::viz
