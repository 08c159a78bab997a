// What a trace says at its top: how many TCP connections, and how many DNS queries over UDP.
// Trace::connections holds both, the queries between the same two ends as one item.
#pragma once

#include <cstdint>

#include "captures/trace/trace.hpp"

namespace mailscope::trace {

struct Counts {
  std::uint64_t connections = 0;
  std::uint64_t queries = 0;  // one that was repeated counts each time
};
Counts count_connections(const Trace& trace);

}  // namespace mailscope::trace
