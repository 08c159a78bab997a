// What came of a SYN.
#pragma once

#include "captures/trace/trace.hpp"

namespace mailscope::viz {

// A call that opened nothing was turned away by a RST, or nobody answered. In a trace that still
// grows the answer may be on its way: until TCP itself would try again (RFC 6298 §2) it is awaited.
enum class Call : std::uint8_t { Answered, Awaited, Unanswered, TurnedAway };

// Of a PDU that opens a connection; of any other Answered. As the client knows it at an instant: it
// waits until a RST is there or TCP has given up.
Call call(const trace::Trace& trace, const trace::Pdu& pdu, trace::Time at = trace::kNever);
// Whether a PDU is the RST that a SYN was turned away with.
bool turns_away(const trace::Trace& trace, const trace::Pdu& pdu);

}  // namespace mailscope::viz
