#include "viz/window/shell.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "viz/layout/flight.hpp"
#include "viz/window/view_commands.hpp"

namespace mailscope::viz {
namespace {

constexpr float kGap = 12;  // around a panel that is alone

Wishes wishes_of(const View& view) {
  Wishes wishes;
  wishes.narrated = !view.index.narration().empty();
  wishes.narration = view.headings.height;
  wishes.pdus = !view.index.trace().pdus.empty();
  wishes.lecture = view.settings.lecture;
  wishes.filtering = view.focus_filter || view.types_filter || !view.filter.empty();
  wishes.inspector = view.inspector;
  // Who clicks a host or a letter wants to read about it.
  const Selected kind = view.cursor.selection.kind;
  if (!view.inspector && (kind == Selected::Host || kind == Selected::Mail))
    wishes.inspector = true;
  return wishes;
}

// A bar between panels that can be dragged; returns how far, in pixels.
float splitter(const Canvas& c, const char* id, Rect r, bool upright) {
  const Touch t = touch(id, r);
  if (t.hovered || t.held) {
    ImGui::SetMouseCursor(upright ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_ResizeNS);
    const Point m = r.center();
    const float half = c.px(18);
    if (upright) {
      c.line({m.x, m.y - half}, {m.x, m.y + half}, c.color(Role::Faint), 3);
    } else {
      c.line({m.x - half, m.y}, {m.x + half, m.y}, c.color(Role::Faint), 3);
    }
  }
  if (!t.held) return 0;
  return upright ? ImGui::GetIO().MouseDelta.x : ImGui::GetIO().MouseDelta.y;
}

// Whoever pressed the key by mistake finds the way back; from the class it can't be read.
void draw_black(View& view, const Canvas& c, Rect window) {
  c.fill(window, 0xFF000000);
  c.text({window.x, window.bottom() - c.px(40), window.w, c.px(24)}, TextStyle::Small,
         Color{0xFF303030}, key_of_button(black_screen) + " brings the picture back",
         Align::Center);
  if (touch("black", window).pressed) press_button(view, black_screen);
}

}  // namespace

Cursor drawn_cursor(const View& view) {
  Cursor cursor = view.cursor;
  if (view.still || view.settings.reduced_motion || view.glide >= 1 || cursor.playing)
    return cursor;
  const double eased = view.glide * view.glide * (3 - 2 * view.glide);
  if (cursor.event.kind == Selected::Change) {
    cursor.under_way = static_cast<float>(eased);
    return cursor;
  }
  if (cursor.event.kind != Selected::Pdu) return cursor;
  cursor.time = std::min(cursor.time, instant_of_way(view.index, cursor.pdu, eased));
  cursor.under_way = static_cast<float>(eased);
  return cursor;
}

void draw_title(const Canvas& c, Rect panel, std::string_view title, std::string_view right) {
  const Rect r{panel.x + c.px(20), panel.y + c.px(12), panel.w - c.px(40), c.px(22)};
  c.text(r, TextStyle::SmallStrong, Role::Dim, title);
  if (right.empty()) return;
  const float taken = c.width(TextStyle::SmallStrong, title) + c.px(24);
  c.text({r.x + taken, r.y, r.w - taken, r.h}, TextStyle::Small, Role::Faint, right, Align::Right);
}

FullWindow::FullWindow(Rect window, const Theme& theme) {
  ImGui::SetNextWindowPos({window.x, window.y});
  ImGui::SetNextWindowSize({window.w, window.h});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
  ImGui::PushStyleColor(ImGuiCol_WindowBg, theme.color(Role::Background));
  ImGui::Begin("MailScope", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoNav |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus |
                   ImGuiWindowFlags_NoScrollWithMouse);
}

FullWindow::~FullWindow() {
  ImGui::End();
  ImGui::PopStyleColor();
  ImGui::PopStyleVar(3);
}

Shell::Shell()
    : header_(make_header_panel()),
      narration_(make_narration_panel()),
      network_(make_network_panel()),
      ladder_(make_ladder_panel()),
      list_(make_list_panel()),
      inspector_(make_inspector_panel()),
      timeline_(make_timeline_panel()) {}

bool Shell::has_panel(std::string_view name) {
  constexpr std::string_view kNames[] = {"",     "all",       "network", "ladder",
                                         "list", "inspector", "timeline"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

void Shell::draw(View& view, const Canvas& canvas, Rect window, std::string_view only) {
  const FullWindow frame(window, canvas.theme());
  view.settling = false;
  const Canvas c = canvas.onto(ImGui::GetWindowDrawList());
  Panel* alone = only == "network"     ? network_.get()
                 : only == "ladder"    ? ladder_.get()
                 : only == "list"      ? list_.get()
                 : only == "inspector" ? inspector_.get()
                 : only == "timeline"  ? timeline_.get()
                                       : nullptr;
  if (view.black) {
    draw_black(view, c, window);
  } else if (alone) {
    alone->draw(view, c, window.inset(c.px(kGap)));
  } else if (view.help) {
    draw_all(view, c, window);
    // Above the inspector's own window, and the mouse reaches nothing below.
    ImGui::SetCursorScreenPos({window.x, window.y});
    ImGui::PushStyleColor(ImGuiCol_ChildBg, 0);
    ImGui::BeginChild("help", {window.w, window.h}, false, ImGuiWindowFlags_NoScrollbar);
    draw_help(view, c.onto(ImGui::GetWindowDrawList()), window);
    ImGui::EndChild();
    ImGui::PopStyleColor();
  } else {
    draw_all(view, c, window);
  }
}

void Shell::shape(View& view, const Canvas& c, Rect window) {
  if (shaped_ == view.serial && shaped_width_ == window.w && shaped_scale_ == c.px(1)) return;
  view.headings = shape_headings(view.index, c.metrics(), narration_width(window, c.metrics()));
  shaped_ = view.serial, shaped_width_ = window.w, shaped_scale_ = c.px(1);
}

void Shell::draw_all(View& view, const Canvas& c, Rect window) {
  shape(view, c, window);
  const Arrangement a = arrange(window, c.metrics(), view.splits, wishes_of(view));
  view.inspected = a.inspected;
  header_->draw(view, c, a.header);
  if (a.narration.w > 0) narration_->draw(view, c, a.narration);
  timeline_->draw(view, c, a.timeline);
  if (a.network.w <= 0) return;
  network_->draw(view, c, a.network);
  ladder_->draw(view, c, a.ladder);
  if (a.listed) list_->draw(view, c, a.list);
  if (a.inspected) inspector_->draw(view, c, a.inspector);
  drag_splitters(view, c, a);
}

void Shell::drag_splitters(View& view, const Canvas& c, const Arrangement& a) {
  const auto drag = [](float& share, float now, float by, float whole) {
    if (by != 0) share = std::clamp(now + by / std::max(1.f, whole), 0.2f, 0.85f);
  };
  Splits& splits = view.splits;
  drag(splits.ladder, a.ladder_share,
       splitter(c, "split ladder", {a.network.right(), a.network.y, a.gap, a.network.h}, true),
       a.left.w);
  if (a.listed)
    drag(splits.list, a.list_share,
         splitter(c, "split list", {a.left.x, a.network.bottom(), a.left.w, a.gap}, false),
         a.left.h);
  if (a.inspected)
    drag(splits.inspector, splits.inspector,
         splitter(c, "split inspector", {a.left.right(), a.main.y, a.gap, a.main.h}, true),
         a.main.w);
}

}  // namespace mailscope::viz
