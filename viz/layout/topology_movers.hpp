// Of the network: what is on its way at the cursor, and what rests where it arrived or was lost.
#pragma once

#include "viz/layout/topology.hpp"

namespace mailscope::viz {

// Into a topology with its hosts and pipes.
void add_movers(const TraceIndex& index, const Cursor& cursor, const Metrics& metrics,
                Topology& topology);

// Whether it is long ago that the cursor's PDU arrived: then nothing is under way.
bool is_over(const TraceIndex& index, const Cursor& cursor);

}  // namespace mailscope::viz
