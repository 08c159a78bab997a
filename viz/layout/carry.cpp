#include "viz/layout/carry.hpp"

namespace mailscope::viz {
namespace {

using trace::AgentKind;
using trace::Id;
using trace::kNone;
using trace::Trace;

bool counts_letters(const trace::Variable& variable) {
  using trace::VariableKind;
  return variable.is(VariableKind::Spool) || variable.is(VariableKind::Mailbox) ||
         variable.is(VariableKind::Inbox);
}

// Of the host's other agents the one with the longest name in the text.
Id named_in(const Trace& trace, Id taker, std::string_view text) {
  Id best = kNone;
  for (Id id = 0; id < trace.agents.size(); ++id) {
    const trace::Agent& agent = trace.agents[id];
    if (id == taker || agent.host != trace.agents[taker].host || agent.name.empty()) continue;
    if (text.find(agent.name) == text.npos) continue;
    if (best == kNone || agent.name.size() > trace.agents[best].name.size()) best = id;
  }
  return best;
}

// Where a user agent has its letters from: its own mailbox, or the MAA client that fetched them.
Id source_of_inbox(const Trace& trace, Id taker, std::string_view owner) {
  Id client = kNone;
  for (Id id = 0; id < trace.agents.size(); ++id) {
    const trace::Agent& agent = trace.agents[id];
    if (agent.host != trace.agents[taker].host) continue;
    if (agent.kind == AgentKind::Mailbox && agent.name.starts_with(owner)) return id;
    if (agent.kind == AgentKind::MaaClient) client = id;
  }
  return client;
}

}  // namespace

std::optional<Carry> carry_of(const Trace& trace, Id change) {
  const trace::StateChange& one = trace.changes[change];
  const trace::Variable& variable = trace.variables[one.variable];
  if (variable.agent == kNone || !counts_letters(variable)) return std::nullopt;
  const auto before = trace::number(one.before), after = trace::number(one.after);
  if (!before || !after || *after <= *before) return std::nullopt;
  const Id from = variable.is(trace::VariableKind::Inbox)
                      ? source_of_inbox(trace, variable.agent, variable.subject)
                      : named_in(trace, variable.agent, one.text);
  if (from == kNone) return std::nullopt;
  return Carry{from, variable.agent, static_cast<int>(*before)};
}

bool is_refusal(const trace::StateChange& change) {
  return is(change.after, trace::State::Refused);
}

}  // namespace mailscope::viz
