#include "viz/layout/call.hpp"

namespace mailscope::viz {
namespace {

constexpr trace::Time kFirstTimeout = 1'000'000'000;  // RFC 6298 §2: one second

}  // namespace

Call call(const trace::Trace& trace, const trace::Pdu& pdu) {
  const trace::Connection& connection = trace.connections[pdu.connection];
  if (pdu.kind != trace::PduKind::Open || connection.opening != trace::Opening::SynOnly)
    return Call::Answered;
  if (connection.closing == trace::Closing::Rst) return Call::TurnedAway;
  const bool grows = trace.source.kind == trace::SourceKind::Socket;
  const bool early = trace.source.duration - pdu.first < kFirstTimeout;
  return grows && early && connection.closing == trace::Closing::Open ? Call::Awaited
                                                                      : Call::Unanswered;
}

}  // namespace mailscope::viz
