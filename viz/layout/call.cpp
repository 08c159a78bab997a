#include "viz/layout/call.hpp"

#include <algorithm>

namespace mailscope::viz {
namespace {

constexpr trace::Time kFirstTimeout = 1'000'000'000;  // RFC 6298 §2: one second

bool gives_up(const trace::Value& socket) {
  using trace::State;
  return is(socket, State::TimedOut) || is(socket, State::Unreachable) ||
         is(socket, State::Refused);
}

// When the program that called was told, or turned elsewhere; at once where no host tells (a
// capture).
trace::Time given_up_at(const trace::Trace& trace, const trace::Pdu& pdu) {
  const trace::Endpoint& client = trace.connections[pdu.connection].client;
  trace::Time first = trace::kNever;
  for (const trace::Variable& variable : trace.variables) {
    if (variable.host != client.host || variable.agent != client.agent ||
        !variable.is(trace::VariableKind::Socket))
      continue;
    const auto at = [&](trace::Id id) { return trace.changes[id].at; };
    const auto& changes = variable.changes;
    for (auto id = std::ranges::lower_bound(changes, pdu.first, {}, at); id != changes.end();
         ++id) {
      if (!gives_up(trace.changes[*id].after)) continue;
      first = std::min(first, at(*id));
      break;
    }
  }
  if (first != trace::kNever) return first;
  if (!trace.source.simulated()) return 0;
  const trace::Time closed = trace.connections[pdu.connection].closed;
  return closed == trace::kNever ? trace.source.duration : closed;
}

trace::Time reset_at(const trace::Trace& trace, const trace::Pdu& pdu) {
  for (trace::Id id = pdu.next_in_connection; id != trace::kNone;
       id = trace.pdus[id].next_in_connection) {
    const trace::Pdu& reset = trace.pdus[id];
    if (reset.kind == trace::PduKind::Reset)
      return reset.received == trace::kNever ? reset.last : reset.received;
  }
  return 0;
}

}  // namespace

bool turns_away(const trace::Trace& trace, const trace::Pdu& pdu) {
  const trace::Connection& connection = trace.connections[pdu.connection];
  return pdu.kind == trace::PduKind::Reset && pdu.direction == Direction::ToClient &&
         connection.opening == trace::Opening::SynOnly;
}

Call call(const trace::Trace& trace, const trace::Pdu& pdu, trace::Time at) {
  const trace::Connection& connection = trace.connections[pdu.connection];
  if (pdu.kind != trace::PduKind::Open || connection.opening != trace::Opening::SynOnly)
    return Call::Answered;
  if (connection.closing == trace::Closing::Rst)
    return at < reset_at(trace, pdu) ? Call::Awaited : Call::TurnedAway;
  if (at != trace::kNever && at < given_up_at(trace, pdu)) return Call::Awaited;
  const bool grows = trace.source.kind == trace::SourceKind::Socket;
  const bool early = trace.source.duration - pdu.first < kFirstTimeout;
  return grows && early && connection.closing == trace::Closing::Open ? Call::Awaited
                                                                      : Call::Unanswered;
}

}  // namespace mailscope::viz
