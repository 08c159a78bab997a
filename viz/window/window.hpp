// The window: Dear ImGui panels that draw what viz/layout lays out.
//
// run_window() blocks until the window is closed and returns the program's exit code (0, or 2 when
// no window can be opened: the error is one line on standard error). It needs a display; shot()
// does not. Environment: MAILSCOPE_WINDOW_REPORT=FILE writes the last state of the cursor there as
// one JSON line when the window closes (for tests that press real keys).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "captures/trace/trace.hpp"

namespace mailscope::viz {

// A scenario's place in small: where its hosts stand (0..1, -1: anywhere) and which are joined.
struct GalleryPicture {
  struct Host {
    std::string name;
    bool router = false;
    float x = -1, y = -1;
    std::vector<std::string> inside = {};  // who is in it, where there is room to say so
  };
  std::vector<Host> hosts;
  std::vector<std::pair<std::size_t, std::size_t>> links;  // indices into hosts
};

struct GalleryItem {
  std::string name, title, summary;
  std::vector<std::string> topics;  // the curriculum's, in words
  GalleryPicture picture = {};
  std::string part = {};  // of the course; a heading stands where it changes
  std::string ids = {};   // the topics' short names: found when they are typed
  bool capture = false;   // recorded, and no lesson of the course
};

// Runs the named scenario, or reads the named capture; the error is one line for people.
using Loader = std::function<tl::expected<std::unique_ptr<trace::Trace>, std::string>(
    const std::string& name)>;

// A record that grows while the window is open.
struct GrowingTrace {
  virtual ~GrowingTrace() = default;
  virtual void serve_for(double seconds) = 0;  // does what waits; sleeps if nothing does
  virtual bool stopped() const = 0;            // the window is to close
  virtual std::uint64_t grown() const = 0;     // changes when there is more to be seen
  virtual void settle() = 0;                   // brings the trace up to date
  virtual const trace::Trace& trace() const = 0;
};

struct WindowOptions {
  int width = 1600, height = 1000;
  bool light = false;
  bool lecture = false;
  bool reduced_motion = false;
  std::vector<GalleryItem> gallery;       // empty: there is no way back to the gallery
  Loader load;                            // called when an item is chosen
  std::unique_ptr<trace::Trace> initial;  // null: open the gallery
  trace::Time at = 0;                     // where `initial` is opened
  GrowingTrace* growing = nullptr;        // is shown instead of `initial`
};

int run_window(WindowOptions options);

}  // namespace mailscope::viz
