#include "viz/layout/crash.hpp"

#include <algorithm>

namespace mailscope::viz {

Time crash_under(const Trace& trace, Id id) {
  const trace::Connection& connection = trace.connections[id];
  Time first = trace::kNever;
  for (const trace::Variable& variable : trace.variables) {
    const bool its_host =
        variable.host == connection.client.host || variable.host == connection.server.host;
    if (!its_host || variable.agent != kNone || !variable.is(trace::VariableKind::Power)) continue;
    for (const Id change : variable.changes) {
      const trace::StateChange& power = trace.changes[change];
      if (is(power.after, trace::State::Crashed) && power.at >= connection.opened &&
          power.at < connection.closed)
        first = std::min(first, power.at);
    }
  }
  return first;
}

}  // namespace mailscope::viz
