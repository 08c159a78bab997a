// A cursor in a trace that grows: where it stood in words that survive, and where that is now.
//
// When a record is read anew, what was there keeps its connection and its place in the stream, but
// PDUs may be numbered anew. Who stood at the end stays at the end and so follows what happens; who
// has gone back stays where he is.
#pragma once

#include "viz/layout/cursor.hpp"

namespace mailscope::viz {

struct Place {
  bool at_end = false;
  // Of the PDU; connection kNone when the cursor stood in front of the first.
  Id connection = kNone;
  Direction direction{};
  trace::PduKind kind{};
  std::uint64_t begin = 0;
};

// Nothing has come yet, or the cursor is at the newest PDU or the last instant.
bool at_end(const TraceIndex& index, const Cursor& cursor);

Place place_of(const TraceIndex& index, const Cursor& cursor);
// `index` is that of the grown trace.
void return_to(const TraceIndex& index, Cursor& cursor, const Place& place);

}  // namespace mailscope::viz
