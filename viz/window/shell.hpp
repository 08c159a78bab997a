// The window's inside, whatever it is shown on: the panels in their places, the splitters between
// them, the overlays. One draw() between ImGui::NewFrame() and ImGui::Render().
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "viz/window/view.hpp"

namespace mailscope::viz {

class Shell {
 public:
  Shell();
  // `only` names the panel that is to fill the window; empty for all.
  void draw(View& view, const Canvas& canvas, Rect window, std::string_view only = {});
  static bool has_panel(std::string_view name);

 private:
  void shape(View& view, const Canvas& canvas, Rect window);
  void draw_all(View& view, const Canvas& canvas, Rect window);
  static void drag_splitters(View& view, const Canvas& canvas, const Arrangement& arrangement);
  std::unique_ptr<Panel> header_, narration_, network_, ladder_, list_, inspector_, timeline_;
  // What the view's headings were measured for.
  std::uint64_t shaped_ = 0;
  float shaped_width_ = 0, shaped_scale_ = 0;
};

// A full-window ImGui window without decoration around what is drawn: begin, end.
class FullWindow {
 public:
  FullWindow(Rect window, const Theme& theme);
  ~FullWindow();
  FullWindow(const FullWindow&) = delete;
  FullWindow& operator=(const FullWindow&) = delete;
};

}  // namespace mailscope::viz
