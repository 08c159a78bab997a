#include "viz/window/shell.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>

namespace mailscope::viz {
namespace {

constexpr float kGap = 12;

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

}  // namespace

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
  const Canvas c = canvas.onto(ImGui::GetWindowDrawList());
  Panel* one = only == "network"     ? network_.get()
               : only == "ladder"    ? ladder_.get()
               : only == "list"      ? list_.get()
               : only == "inspector" ? inspector_.get()
               : only == "timeline"  ? timeline_.get()
                                     : nullptr;
  if (one) {
    one->draw(view, c, window.inset(c.px(kGap)));
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

void Shell::draw_all(View& view, const Canvas& c, Rect window) {
  const float gap = c.px(kGap);
  const Rect in = window.inset(gap);
  Splits& splits = view.splits;
  const Rect header{in.x, window.y, in.w, c.px(52)};
  header_->draw(view, c, header);
  float y = header.bottom();
  if (!view.index.narration().empty()) {
    const Rect narration{in.x, y, in.w, c.px(68)};
    narration_->draw(view, c, narration);
    y = narration.bottom() + gap;
  }
  const Rect timeline{in.x, in.bottom() - c.px(108), in.w, c.px(108)};
  timeline_->draw(view, c, timeline);
  const Rect main{in.x, y, in.w, timeline.y - gap - y};
  if (main.h < c.px(160)) return;

  const float wanted = main.w * (1 - splits.inspector);
  const float inspector_w = std::clamp(wanted, c.px(260), std::max(c.px(260), main.w * 0.5f));
  const Rect left{main.x, main.y, main.w - inspector_w - gap, main.h};
  const Rect inspector{left.right() + gap, main.y, inspector_w, main.h};
  // Where nothing crossed a wire there is nothing to list; a lecture needs the room for the back
  // row.
  const bool listed = !view.index.trace().pdus.empty() && !view.cursor.lecture;
  // In a small window the network keeps the room that its agents need, at the others' cost.
  const float list_share = splits.list > 0 ? splits.list : left.h < c.px(600) ? 0.66f : 0.61f;
  const float ladder_share = splits.ladder > 0     ? splits.ladder
                             : view.cursor.lecture ? 0.565f
                             : left.w < c.px(1100) ? 0.51f
                                                   : 0.465f;
  const float upper =
      listed ? std::clamp(std::round(left.h * list_share), c.px(120), left.h - c.px(110))
             : left.h + gap / 2;
  const float middle = std::clamp(std::round(left.w * ladder_share), c.px(160), left.w - c.px(200));
  const Rect network{left.x, left.y, middle - gap / 2, upper - gap / 2};
  const Rect ladder{left.x + middle + gap / 2, left.y, left.w - middle - gap / 2, upper - gap / 2};
  const Rect list{left.x, left.y + upper + gap / 2, left.w, left.h - upper - gap / 2};
  network_->draw(view, c, network);
  ladder_->draw(view, c, ladder);
  if (listed) list_->draw(view, c, list);
  inspector_->draw(view, c, inspector);

  const auto drag = [](float& share, float now, float by, float whole) {
    if (by != 0) share = std::clamp(now + by / std::max(1.f, whole), 0.2f, 0.85f);
  };
  drag(splits.ladder, ladder_share,
       splitter(c, "split ladder", {network.right(), network.y, gap, network.h}, true), left.w);
  if (listed)
    drag(splits.list, list_share,
         splitter(c, "split list", {left.x, network.bottom(), left.w, gap}, false), left.h);
  drag(splits.inspector, splits.inspector,
       splitter(c, "split inspector", {left.right(), main.y, gap, main.h}, true), main.w);
}

}  // namespace mailscope::viz
