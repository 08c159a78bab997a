// Which lifelines the ladder has, where they stand, and their heads: the host's name over the names
// of its agents, both whole, in two lines where one is too wide. Used by ladder.cpp.
//
// Where there is no room for all agents, hosts out of sight become one line each; then all that do
// not act at the cursor; then those out of sight are left out, and at last all that do not act.
#pragma once

#include <string>
#include <vector>

#include "viz/layout/ladder.hpp"

namespace mailscope::viz {

struct LadderLines {
  std::vector<Lifeline> lines;
  std::vector<LadderHead> heads;
  float height = 0;  // of the heads
  int left_out = 0;  // hosts without a line
};

// `who`: those of one host together. `in_sight`: the hosts of the rows that are seen.
LadderLines place_lines(const TraceIndex& index, const Cursor& cursor, const Metrics& metrics,
                        Rect area, const std::vector<TraceIndex::Participant>& who,
                        const std::vector<Id>& in_sight);

// Where an inside event stands: on its agent's line; a spool's or mailbox's on the line of the
// agent that puts in or takes out. -1 when its host has none.
float x_of_change(const TraceIndex& index, const std::vector<Lifeline>& lines, Id change);

// A name in two lines of much the same width; one when it is one word.
std::vector<std::string> in_two(const Metrics& metrics, TextStyle style, std::string_view name);

}  // namespace mailscope::viz
