// What stands in large letters over the window: the narrated step, or what the learner has gone on
// to since.
//
// A step's words hold until the dialogue leaves what they speak of: an inside event that follows
// has words of its own, another connection says what it does, and a silence how long it was.
#pragma once

#include <string>

#include "viz/layout/cursor.hpp"

namespace mailscope::viz {

struct Heading {
  std::string headline, detail;
  std::string step;   // "step 5 of 24", "after step 5", "24 steps"
  std::string place;  // "chapter 2 · To her server"; may be empty
};

Heading heading_of(const TraceIndex& index, const Cursor& cursor);

}  // namespace mailscope::viz
