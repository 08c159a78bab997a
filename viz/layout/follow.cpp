#include "viz/layout/follow.hpp"

namespace mailscope::viz {

bool at_end(const TraceIndex& index, const Cursor& cursor) {
  const trace::TimeOrder& pdus = index.trace().by_time;
  if (pdus.empty() || cursor.time >= index.duration()) return true;
  return cursor.pdu == pdus[pdus.size() - 1];
}

void follow_to_end(const TraceIndex& index, Cursor& cursor) {
  const Selection selection = cursor.selection;
  go_end(index, cursor);
  if (selection.kind == Selected::Host || selection.kind == Selected::Mail)
    cursor.selection = selection;
}

}  // namespace mailscope::viz
