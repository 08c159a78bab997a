// What the rooms of the inspector share. inspector.cpp says of what it is, inspector_pdu.cpp,
// inspector_frame.cpp, inspector_connection.cpp, inspector_host.cpp and inspector_mail.cpp say what
// there is to be said of each; `out` is what is being made.
#pragma once

#include "viz/layout/inspector.hpp"

namespace mailscope::viz {

inline constexpr std::size_t kFactsMax = 24;

// Nothing for an empty value.
void add_fact(Section& section, std::string label, std::string value, bool mono = false);
// Nothing for an empty section.
void add_section(Inspector& out, Section section);

Inspector inspect_pdu(const TraceIndex& index, Id pdu, Time at);
Inspector inspect_frame(const TraceIndex& index, Id frame, Time at);
Inspector inspect_host(const TraceIndex& index, const Cursor& cursor, Id host);
Inspector inspect_change(const TraceIndex& index, const Cursor& cursor, Id change);
Inspector inspect_intervention(const TraceIndex& index, Id intervention);
Inspector inspect_mail(const TraceIndex& index, Id mail);

// A frame's octets, masked, and its layers.
void add_layers(const Trace& trace, Id frame, Inspector& out);
// The frames in which a packet crossed one link after the other; a click opens one.
// As far as the packet has come at an instant.
void add_hops(const TraceIndex& index, Id first, Time at, std::string title, Inspector& out);

// The session machine of the PDU's server as of the cursor's instant: a session that a crash has
// ended is in no state.
void add_machine(const TraceIndex& index, Id pdu, Time at, Inspector& out);
void add_exchange(const Trace& trace, Id pdu, Inspector& out);
// The segments that the PDU travelled in.
void add_segments(const Trace& trace, const trace::Pdu& pdu, Inspector& out);
// Of all connections how long they took.
void add_connections(const TraceIndex& index, Inspector& out);

// Envelope, header, body, and the way of a mail.
void add_mail(const TraceIndex& index, Id mail, Inspector& out);
// All mails; a click opens one.
void add_letters(const TraceIndex& index, Inspector& out);

}  // namespace mailscope::viz
