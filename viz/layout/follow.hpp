// A cursor in a trace that grows: who stood at the end stays at the end and so follows what
// happens; who has gone back stays where he is.
#pragma once

#include "viz/layout/cursor.hpp"

namespace mailscope::viz {

// Nothing has come yet, or the cursor is at the newest PDU or the last instant.
bool at_end(const TraceIndex& index, const Cursor& cursor);
// After the index has grown under a cursor that was at the end.
void follow_to_end(const TraceIndex& index, Cursor& cursor);

}  // namespace mailscope::viz
