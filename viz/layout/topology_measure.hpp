// How large a host's box is, with its agents in rows and columns inside.
#pragma once

#include "viz/layout/focus.hpp"
#include "viz/layout/topology.hpp"

namespace mailscope::viz {

// From the most roomy to a name only.
enum class Detail { Large, Tall, Full, Slim, Compact, Tight, Dense, Small };

// How a host is drawn: its size, how many agents stand in one column, and whether all of them.
struct Look {
  Detail detail = Detail::Full;
  std::size_t rows = 99;
  bool essential = false;  // only those of the focus
  float stretch = 1;       // of the agents' height, where there is room
};

// The least that others stand away, units.
float margin_of(Detail detail);

// The box in its own size at (0, 0).
HostBox measure_host(const TraceIndex& index, Id host, const Look& look, const Focus& focus,
                     const Metrics& metrics);

}  // namespace mailscope::viz
