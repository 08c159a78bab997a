// What a trace says at its top: how many TCP connections, and how many queries over UDP.
// Trace::connections holds both, the queries between the same two ends as one item.
#pragma once

#include <cstdint>
#include <map>

#include "captures/trace/trace.hpp"

namespace mailscope::trace {

struct Counts {
  std::uint64_t connections = 0;
  // By what they are in (DNS); one that was repeated counts each time.
  std::map<Protocol, std::uint64_t> queries;
};
Counts count_connections(const Trace& trace);

}  // namespace mailscope::trace
