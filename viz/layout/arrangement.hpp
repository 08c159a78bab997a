// How the window is divided among the panels, and how large its type is. Pure: what the tests
// measure is what the shell draws.
//
// A small window (a laptop's screen, a lecture's large type) gives up what repeats itself: first
// the list, then the inspector; both come back when they are asked for.
#pragma once

#include <optional>

#include "viz/layout/geometry.hpp"

namespace mailscope::viz {

struct Splits {              // shares of the window, dragged by the splitters
  float inspector = 0.725f;  // where the inspector begins
  // 0: not chosen yet.
  float list = 0;    // where the list begins, of the main area's height
  float ladder = 0;  // where the ladder begins, of the left part's width
};

// What there is to show, and what the person asked for.
struct Wishes {
  bool narrated = true;           // there is a narration
  float narration = 0;            // how high its words are, pixels; 0: not measured
  bool pdus = true;               // something to list
  bool lecture = false;           // never the list
  bool filtering = false;         // the list, whatever the room
  std::optional<bool> inspector;  // asked for or sent away; not set: where there is room
};

struct Arrangement {
  Rect header, narration, network, ladder, list, inspector, timeline;  // w = 0: not shown
  Rect main, left;  // between narration and time line; the same without the inspector
  bool listed = false, inspected = false;
  float list_share = 0, ladder_share = 0;
  float gap = 0;
};

Arrangement arrange(Rect window, const Metrics& metrics, const Splits& splits,
                    const Wishes& wishes);

float narration_width(Rect window, const Metrics& metrics);

// Where in their panels network and ladder are drawn.
Rect network_area(const Metrics& metrics, Rect panel);
bool network_has_foot(const Metrics& metrics, Rect panel);  // the stores in words
Rect ladder_area(const Metrics& metrics, Rect panel);

// Pixels a unit for a window of so many pixels on a monitor with so many pixels a unit. Type grows
// with the window, in a lecture more: it is looked at from the back row.
float type_scale(float monitor, float width, float height, bool lecture);

}  // namespace mailscope::viz
