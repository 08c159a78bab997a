// What is done to a trace when everything was read: PDUs in order of time, every Id following;
// segments marked that were sent again; when each PDU was at the other end.
#pragma once

#include <functional>
#include <vector>

#include "captures/observe/context.hpp"
#include "captures/trace/trace.hpp"

namespace mailscope::observe {

// Stable; changes every Id of a PDU in exchanges, mails, findings, notes and connections, and
// chains each connection's PDUs anew. Findings are put in order of time too.
void order_by_time(trace::Trace& trace);

// Counts Segment::retransmissions, marks PDUs with kRetransmitted.
void mark_retransmissions(trace::Trace& trace, std::vector<Repeat>& repeats);

// Segment::delivered by frame; for what was lost, by the first of `repeats` that arrived.
// mark_retransmissions() came before.
void set_deliveries(trace::Trace& trace, const std::vector<Repeat>& repeats,
                    const std::function<trace::Time(trace::Id frame)>& received_at);

// Pdu::received of an Open, by the frame that completed the handshake. After set_received().
void set_opened(trace::Trace& trace, const std::vector<Handshake>& handshakes,
                const std::function<trace::Time(trace::Id frame)>& received_at);

// Pdu::received from its segments; of a PDU without octets from its frame.
void set_received(trace::Trace& trace,
                  const std::function<trace::Time(trace::Id frame)>& received_at = {});

}  // namespace mailscope::observe
