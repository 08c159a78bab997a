#include "viz/layout/carry.hpp"

namespace mailscope::viz {
namespace {

using trace::AgentKind;
using trace::Id;
using trace::kNone;
using trace::Trace;
using trace::VariableKind;

bool counts_letters(const trace::Variable& variable) {
  return variable.is(VariableKind::Spool) || variable.is(VariableKind::Mailbox) ||
         variable.is(VariableKind::Inbox);
}

// Where a user agent has its letters from: its user's mailbox on the same host, or the MAA client
// that fetched them.
Id source_of_inbox(const Trace& trace, Id taker, std::string_view user) {
  const Id host = trace.agents[taker].host;
  for (const trace::Variable& variable : trace.variables)
    if (variable.host == host && variable.is(VariableKind::Mailbox) && variable.subject == user)
      return variable.agent;
  Id client = kNone;
  for (Id id = 0; id < trace.agents.size(); ++id)
    if (trace.agents[id].host == host && trace.agents[id].kind == AgentKind::MaaClient) client = id;
  return client;
}

}  // namespace

std::optional<Carry> carry_of(const Trace& trace, Id id) {
  const trace::StateChange& change = trace.changes[id];
  const trace::Variable& variable = trace.variables[change.variable];
  if (variable.agent == kNone || !counts_letters(variable)) return std::nullopt;
  const auto before = trace::number(change.before), after = trace::number(change.after);
  if (!before || !after || *after <= *before) return std::nullopt;
  const Id from = variable.is(VariableKind::Inbox)
                      ? source_of_inbox(trace, variable.agent, variable.subject)
                      : change.by;
  if (from == kNone) return std::nullopt;
  return Carry{from, variable.agent, static_cast<int>(*before)};
}

std::string_view user_of(const Trace& trace, Id agent) {
  for (const trace::Variable& variable : trace.variables)
    if (variable.agent == agent &&
        (variable.is(VariableKind::Mailbox) || variable.is(VariableKind::Inbox)))
      return variable.subject;
  return {};
}

bool is_failure(const Trace& trace, Id id) {
  using trace::State;
  const trace::StateChange& change = trace.changes[id];
  const trace::Variable& variable = trace.variables[change.variable];
  constexpr State kFailures[] = {State::Refused,  State::Failed,      State::Crashed,
                                 State::TimedOut, State::Unreachable, State::Infected,
                                 State::Spam,     State::Full,        State::TooEarly};
  for (const State state : kFailures)
    if (is(change.after, state)) return true;
  if (variable.is(VariableKind::Greylist)) return is(change.after, State::New);
  // RFC 3464 §2.3.3; "none" where there is nobody to report a failure to.
  if (variable.is(VariableKind::Report))
    return trace::says(change.after, "failed") || trace::says(change.after, "none");
  return variable.is(VariableKind::Undeliverable) || variable.is(VariableKind::InDoubt) ||
         variable.is(VariableKind::Loop) || variable.is(VariableKind::Refused) ||
         variable.is(VariableKind::Fault) || variable.is(VariableKind::Idle);
}

}  // namespace mailscope::viz
