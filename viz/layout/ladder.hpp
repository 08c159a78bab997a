// The ladder: a lifeline for each agent, an arrow for each PDU, state strips, phases as bands.
//
// Even time: each event takes one row, silences are labelled. True time: y is proportional to time.
// What is under way at the cursor's instant has an arrow that ends where it has come to.
// Only what is visible is laid out, found by binary search; where marks would be closer than 3
// pixels they become one with a count. So the work is O(pixels · log n), whatever the trace holds.
#pragma once

#include <string>
#include <vector>

#include "viz/layout/cursor.hpp"
#include "viz/layout/geometry.hpp"
#include "viz/layout/settings.hpp"

namespace mailscope::viz {

inline constexpr float kMarkMin = 3;  // pixels
inline constexpr int kLifelineHostsMax = 8;

struct Lifeline {
  Id host = kNone, agent = kNone;
  float x = 0;
  std::string host_name, name;
  Role role = Role::Dim;
  bool active = false;
  bool folded = false;  // stands for all agents of its host
};

struct LadderHead {
  Id host = kNone, agent = kNone;  // no agent: the host's name
  Rect rect;
  std::vector<std::string> lines;
  Role role = Role::Dim;
  bool active = false;
};

enum class ArrowStyle : std::uint8_t { Solid, Dashed };
struct Arrow {
  Id pdu = kNone, frame = kNone;
  Point from, to;
  std::string label;
  Rect label_rect;
  Role role = Role::Tcp;
  ArrowStyle style = ArrowStyle::Solid;
  bool lost = false;  // ends in a cross at `to`
  bool to_come = false;
  float grown = 1;  // how much of it is to be drawn: it is under way up to there
  bool current = false;
  bool open_close = false;  // TCP itself
  bool refused = false;     // a refusal: a bar stands before its head
};

struct InsideMark {  // a state change on a lifeline
  Id change = kNone;
  Id intervention = kNone;  // or one of these: between the lines of its two hosts, or on its host's
  Point at;
  std::vector<std::string> lines;  // one, or two where one is too short for the words
  Rect label_rect;
  Role role = Role::Accent;  // what was refused is not like what was done
  bool to_come = false;
  bool selected = false;
};

struct StateStrip {
  Id connection = kNone;
  float x = 0, top = 0, bottom = 0;
  std::string label;
  bool label_left = false;  // beside the strip on the side that the arrows leave free
  Role role = Role::Tcp;
  bool to_come = false;
};

struct PhaseBand {
  Id connection = kNone;
  float top = 0, bottom = 0;
  std::string label;
  Role role = Role::Tcp;
  bool odd = false;
};

struct TimeGap {
  float y = 0;
  std::string label;  // "29 min 58 s later"
};

struct TimeTick {  // true time: the axis at the left
  float y = 0;
  std::string label;  // "0.250 s"; empty where something else stands
  Rect label_rect;
};

struct Cluster {  // more PDUs than can be told apart
  float top = 0, bottom = 0;
  float x1 = 0, x2 = 0;
  std::uint32_t pdus = 0;
  Role role = Role::Tcp;
  bool to_come = false;
};

struct Ladder {
  std::vector<Lifeline> lifelines;
  std::vector<LadderHead> heads;
  std::vector<Arrow> arrows;
  std::vector<InsideMark> marks;
  std::vector<StateStrip> strips;
  std::vector<PhaseBand> bands;
  std::vector<TimeGap> gaps;
  std::vector<TimeTick> ticks;
  std::vector<Cluster> clusters;
  Rect head, body;   // names, and what scrolls
  Rect current;      // the current row's highlight; empty when not visible
  float now_y = -1;  // where the past ends
  Rect to_come;      // where "to come" stands; empty where everything else leaves no room
  int lifelines_left_out = 0;
  bool one_connection = false;
};

Ladder layout_ladder(const TraceIndex& index, const Cursor& cursor, const Metrics& metrics,
                     Rect area, const LadderSettings& settings = {});

// The cursor's row keeps its place.
void zoom_ladder(LadderSettings& settings, float factor);
// So many rows earlier (-) or later (+), or the time that as many take at zoom 1.
void pan_ladder(const TraceIndex& index, const LadderSettings& settings, Cursor& cursor,
                float rows);
// Back to the cursor, at its own size.
void fit_ladder(LadderSettings& settings, Cursor& cursor);
// From even time to true time, or back.
void change_time(LadderSettings& settings, Cursor& cursor);
// From all connections to the current PDU's, or back.
void change_whole(LadderSettings& settings, Cursor& cursor);

}  // namespace mailscope::viz
