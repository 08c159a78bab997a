// What the window says of itself when it closes (MAILSCOPE_WINDOW_REPORT), for tests that press
// real keys: one JSON object on one line.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "viz/window/gallery.hpp"
#include "viz/window/palette.hpp"
#include "viz/window/view.hpp"

namespace mailscope::viz {

struct WindowState {
  const View* view;  // null while the gallery is shown
  const Gallery& gallery;
  const Palette& palette;
  std::span<const std::string_view> performed;  // the commands that keys have given
  std::uint64_t frames;                         // drawn
};

std::string report_window(const WindowState& state);

}  // namespace mailscope::viz
