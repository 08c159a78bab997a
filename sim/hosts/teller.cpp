#include "sim/hosts/teller.hpp"

#include <utility>

namespace mailscope::sim {

trace::Id Teller::add_agent(trace::AgentKind kind, std::string name, std::uint16_t port) {
  trace_.agents.push_back({host_, kind, std::move(name), port});
  return static_cast<trace::Id>(trace_.agents.size() - 1);
}

void Teller::tell(trace::Id agent, trace::What what, trace::Value after, std::string text,
                  trace::Id by) {
  if (stopped_) return;
  trace_.change(simulator_.now(), trace_.variable(host_, agent, what), std::move(after),
                std::move(text), by);
}

}  // namespace mailscope::sim
