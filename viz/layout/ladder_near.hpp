// Who has traffic or events in some rows of the ladder: where there is little room, the others'
// lifelines are left out.
#pragma once

#include <vector>

#include "viz/layout/ladder_rows.hpp"

namespace mailscope::viz {

// Those of `all` that rows [first, end) and the cursor's PDU have to do with, in their order; all
// of them where that would leave no pair.
std::vector<TraceIndex::Participant> busy_in(const TraceIndex& index, const Cursor& cursor,
                                             const LadderRows& rows, std::size_t first,
                                             std::size_t end);

}  // namespace mailscope::viz
