// What stands in large letters over the window: the narrated step, or what the learner has gone on
// to since.
//
// A step's words hold while what they speak of is what happens. Every later event has words of its
// own, a silence says how long it was, and the step is named as past: it does not come back.
#pragma once

#include <string>
#include <vector>

#include "viz/layout/cursor.hpp"
#include "viz/layout/geometry.hpp"

namespace mailscope::viz {

struct Heading {
  std::string headline, detail;
  std::string past;   // "Step 5: ...", where the headline has gone on; may be empty
  std::string step;   // "step 5 of 24", "after step 5", "24 steps"
  std::string place;  // "chapter 2 · To her server"; may be empty
};

Heading heading_of(const TraceIndex& index, const Cursor& cursor);

// Where the words of a whole trace are set, in a panel so wide that is as high in each step.
// Pixels.
struct HeadingShape {
  float height = 0;  // the panel's: what the longest step takes
  float words = 0;   // how wide the words may be; to their right stand step and place
  float step = 0;    // how wide "step 5 of 24" gets: the buttons beside it never move
  TextStyle headline = TextStyle::Headline, detail = TextStyle::Body;  // of the longest step
};
HeadingShape shape_headings(const TraceIndex& index, const Metrics& metrics, float width);

// "‹ step 5 of 24 ›" at the right end of a line.
struct StepPlace {
  Rect back, words, forth;
};
StepPlace place_step(const HeadingShape& shape, const Metrics& metrics, Rect line);

// One heading's lines, relative to the panel, in the largest type that has room there. What no step
// says (an inside event's own words) is cut with an ellipsis where the panel is too low for it;
// what is past is left out there.
enum class HeadingPart : std::uint8_t { Headline, Detail, Past };
struct HeadingLine {
  Rect rect;
  TextStyle style = TextStyle::Headline;
  std::string text;
  HeadingPart part = HeadingPart::Headline;
};
std::vector<HeadingLine> lay_heading(const Heading& heading, const HeadingShape& shape,
                                     const Metrics& metrics);

}  // namespace mailscope::viz
