// A picture of the window, made without a display (EGL surfaceless, the same panels).
//
// Errors are one line for people: no EGL, an unknown panel, a file that cannot be written. The PNG
// is written beside its path and renamed, so a half-written file is never seen.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "captures/trace/trace.hpp"
#include "viz/window/window.hpp"

namespace mailscope::viz {

struct ShotOptions {
  trace::Time at = 0;
  int width = 1600, height = 1000;
  std::string panel;  // "" or "all"; "network", "ladder", "list", "inspector", "timeline"
  bool light = false;
  bool lecture = false;
  float scale = 1;               // pixels per unit
  trace::Id pdu = trace::kNone;  // the step to stand on; kNone: by time
  bool true_time = false;
  bool help = false;  // with the help overlay
  std::string filter;
};

tl::expected<void, std::string> shot(const trace::Trace& trace, const ShotOptions& options,
                                     const std::string& path);
// The gallery instead of a trace.
tl::expected<void, std::string> shot_gallery(const std::vector<GalleryItem>& items,
                                             const ShotOptions& options, const std::string& path);

}  // namespace mailscope::viz
