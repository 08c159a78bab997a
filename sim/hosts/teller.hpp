// What no wire shows, told into the trace: a host's agents, and the inside events of its programs,
// its spool, its mailboxes and its power.
#pragma once

#include <cstdint>
#include <string>

#include "captures/trace/trace.hpp"
#include "sim/kernel/simulator.hpp"

namespace mailscope::sim {

class Teller {
 public:
  // All outlive it. `host` is the host's Id in the trace.
  Teller(trace::Trace& trace, trace::Id host, const Simulator& simulator)
      : trace_(trace), host_(host), simulator_(simulator) {}

  trace::Id add_agent(trace::AgentKind kind, std::string name, std::uint16_t port = 0);
  // An inside event, now. `agent` kNone: of the host itself. `by`: the agent that did it, where it
  // is another's variable.
  void tell(trace::Id agent, trace::What what, trace::Value after, std::string text,
            trace::Id by = trace::kNone);
  Time now() const { return simulator_.now(); }
  // The record is full: from now on nothing is told.
  void stop() { stopped_ = true; }

 private:
  trace::Trace& trace_;
  trace::Id host_;
  const Simulator& simulator_;
  bool stopped_ = false;
};

}  // namespace mailscope::sim
