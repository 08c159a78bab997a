#include "captures/trace/counts.hpp"

namespace mailscope::trace {

Counts count_connections(const Trace& trace) {
  Counts counts;
  for (const Connection& connection : trace.connections) {
    if (connection.opening == Opening::Datagrams)
      counts.queries[connection.protocol] += connection.commands;
    else
      ++counts.connections;
  }
  return counts;
}

}  // namespace mailscope::trace
