// The time line along the bottom: how much happened when (by protocol), chapters, findings,
// interventions, and the playhead. Its axis is folded time. O(columns) from counts made when the
// trace was opened.
#pragma once

#include <string>
#include <vector>

#include "viz/layout/cursor.hpp"
#include "viz/layout/geometry.hpp"

namespace mailscope::viz {

inline constexpr float kMarkHeightMin = 3;  // pixels: one PDU is always seen
inline constexpr float kCapHeight = 5;      // and every refusal

struct DensityBar {
  float x = 0, w = 0, top = 0, bottom = 0;
  Role role = Role::Tcp;
  bool to_come = false;
  bool refused = false;  // refusals: a cap on the column, wider than it
};

struct ChapterMark {
  Id note = kNone;
  int number = 0;
  float x = 0;
  std::string label;  // fits in front of the next mark; may be only the number
  float label_x = 0;  // right of the mark; further right where the one before needs the room
  bool current = false;
};

struct FindingMark {
  Id finding = kNone;
  float x = 0;
  trace::Severity severity{};
  int count = 1;  // marks closer than 3 pixels are one
};

// What an intervention's sign says: switched on or off, crashed, cut, mended, anything else.
enum class Sign : std::uint8_t { On, Off, Crash, Cut, Mend, Other };

struct InterventionMark {
  float x = 0;
  Sign sign = Sign::Other;
  std::string text;  // "crash mail.beta.example"
};

struct Scrubber {
  std::vector<DensityBar> bars;
  std::vector<ChapterMark> chapters;
  std::vector<FindingMark> findings;
  std::vector<InterventionMark> interventions;
  float playhead = 0;
  std::string playhead_text;
  Rect track;  // where dragging seeks
};

Scrubber layout_scrubber(const TraceIndex& index, const Cursor& cursor, const Metrics& metrics,
                         Rect area);
// The instant under x.
Time time_at(const TraceIndex& index, const Scrubber& scrubber, float x);

}  // namespace mailscope::viz
