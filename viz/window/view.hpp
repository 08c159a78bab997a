// What the panels share: the open trace, where the learner is in it, and how the window is divided.
// A Panel draws into its rectangle and moves the cursor; it knows no other panel.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "viz/layout/arrangement.hpp"
#include "viz/layout/cursor.hpp"
#include "viz/layout/heading.hpp"
#include "viz/layout/inspector.hpp"
#include "viz/layout/list.hpp"
#include "viz/layout/playing.hpp"
#include "viz/layout/settings.hpp"
#include "viz/window/canvas.hpp"
#include "viz/window/window.hpp"

namespace mailscope::viz {

struct View {
  explicit View(const trace::Trace& trace) : index(trace), cursor(open_cursor(index)) {
    filtered.set(index, "");
  }
  // Made when it is played for the first time.
  const BeatPlan& plan() {
    if (!plan_) plan_.emplace(index);
    return *plan_;
  }
  const std::vector<Beat>& beats() { return plan().beats(); }

  // The trace was settled again, and there is more of it.
  void grow() {
    index.grow();
    filtered.grow();
    if (plan_) plan_->grow();
    serial = next_serial();
  }

  // Of no other view: what was made for one is to be made anew for the next, also when a trace has
  // grown.
  std::uint64_t serial = next_serial();
  TraceIndex index;
  Cursor cursor;
  Settings settings;
  LadderSettings ladder;
  std::string filter;  // of the list
  FilteredPdus filtered;
  std::string filtered_for;  // the filter that `filtered` was made for
  Splits splits;
  HeadingShape headings;  // for the window as it is now
  bool help = false;
  bool black = false;  // nothing is shown: the class looks at the speaker
  bool focus_filter = false;
  bool types_filter = false;  // the list's filter has the keys
  bool inspected = true;          // the inspector is shown now
  std::optional<bool> inspector;  // asked for, sent away; not set: where there is room
  bool has_gallery = false;
  // Asked for by a command; the window does it.
  bool to_gallery = false, to_palette = false, to_close = false;
  bool live = false;   // the trace grows
  bool still = false;  // a picture: nothing moves, nothing blinks
  // A step shows its packet travelling before it stands at the other end.
  double glide = 1;       // 0..1
  Id glided = kNone;      // the PDU that glides, or glided last
  Selection handed;       // the inside event that glides, or glided last
  bool settling = false;  // a panel is on its way from one picture to the next: draw again

 private:
  static std::uint64_t next_serial() {
    static std::uint64_t last = 0;
    return ++last;
  }
  std::optional<BeatPlan> plan_;
};

// The cursor at the instant that is drawn: on its way to where it stands while a step glides.
Cursor drawn_cursor(const View& view);

class Panel {
 public:
  virtual ~Panel() = default;
  virtual void draw(View& view, const Canvas& canvas, Rect rect) = 0;
};

std::unique_ptr<Panel> make_header_panel();
std::unique_ptr<Panel> make_narration_panel();
std::unique_ptr<Panel> make_network_panel();
std::unique_ptr<Panel> make_ladder_panel();
std::unique_ptr<Panel> make_list_panel();
std::unique_ptr<Panel> make_inspector_panel();
std::unique_ptr<Panel> make_timeline_panel();

// Panel titles stand alike in every panel.
void draw_title(const Canvas& canvas, Rect panel, std::string_view title, std::string_view right);

// Below the buttons that play: the keys, or for how long a step is still to be read.
std::string transport_line(View& view);

void draw_help(View& view, const Canvas& canvas, Rect window);

}  // namespace mailscope::viz
