// How a trace is looked at: what a person has chosen. Where it is looked at is a Cursor.
#pragma once

namespace mailscope::viz {

// They hold from one trace to the next.
struct Settings {
  bool light = false;    // or dark
  bool lecture = false;  // larger type, fewer panels
  bool reduced_motion = false;
};

// Of one trace's ladder.
struct LadderSettings {
  bool true_time = false;  // or even: one row an event
  float zoom = 1;          // 1/64..64
  bool whole = true;       // all connections, or only that of the current PDU
};

}  // namespace mailscope::viz
