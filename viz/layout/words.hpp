// A trace's items in words: what a PDU is called, what it says, what it means, who sent it, when.
// What depends on the protocol its language says.
//
// Everything returned is printable; secrets are masked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "captures/languages/language.hpp"
#include "protocols/base/reference.hpp"
#include "viz/layout/geometry.hpp"
#include "viz/layout/index.hpp"

namespace mailscope::viz {

std::string time_text(Time at);    // "1.284 310": seconds, to the microsecond
std::string clock_text(Time at);   // "1.284 s", "2 min 3.1 s": for the playhead
std::string span_text(Time span);  // "20.4 ms", "0.5 ms", "12 µs", "29 min 58 s"
std::string rate_text(std::uint64_t bits_per_second);  // "16 Mb/s"
std::string octets_text(std::uint64_t octets);         // "1 octet", "12 345 octets"

// Of a call (SYN) what was known of its answer at an instant: `at`; without it what is known now.

// "RCPT", "250", "+OK", "message", "TCP open": what the list shows as verb or code.
std::string head(const Trace& trace, const trace::Pdu& pdu, Time at = kNever);
// Its first line.
std::string says(const Trace& trace, const trace::Pdu& pdu, Time at = kNever);
// head() and says() joined as they were sent: "RCPT TO:<bob@beta.example>", "250 OK".
std::string label(const Trace& trace, const trace::Pdu& pdu, Time at = kNever);
// " +6 lines" where it has more than the first; empty for others.
std::string more_lines(const Trace& trace, const trace::Pdu& pdu);
// One phrase for the list: "Bob accepted". May be empty.
std::string gist(const Trace& trace, const trace::Pdu& pdu, Time at = kNever);
// Whether a PDU turns the other side away: for now (4yz), or for good (5yz, -ERR, a DNS error, a
// RST to a SYN). It never looks like a success: it has a role of its own, and a cross in front of
// its words.
enum class Refusal : std::uint8_t { None, NotNow, ForGood };
Refusal refusal(const Trace& trace, const trace::Pdu& pdu);
inline constexpr std::string_view kRefusalSign = "✗ ";
std::string signed_as(Refusal refusal, std::string text);
Role role_of(const Trace& trace, const trace::Pdu& pdu, Time at = kNever);
// "SMTP reply", "POP3 command", "DNS question", "TCP open", ...
std::string kind_text(const Trace& trace, const trace::Pdu& pdu);
// What one frame of it is called: "SYN", "FIN", "250".
std::string sent_name(const Trace& trace, const trace::Pdu& pdu, Time at = kNever);
// Why a frame was lost: "lost: queue full", or "lost" where that is not known; and a sentence on
// it, empty where it is not known.
std::string loss_text(trace::Loss loss);
// "250 lost: queue full"; `pdu`: whose octets the frame carries, or kNone.
std::string loss_text(const Trace& trace, Id pdu, const trace::Frame& frame);
std::string_view loss_meaning(trace::Loss loss);
// What it means in general; null when the reference has nothing.
const ReferenceEntry* reference(const Trace& trace, const trace::Pdu& pdu);
// For PDUs that no reference table lists (TCP open, close, message content, TLS).
languages::Meaning plain_meaning(const Trace& trace, const trace::Pdu& pdu, Time at = kNever);

// The colour of a session state's strip.
Role state_role(trace::Protocol protocol, std::uint8_t state);

}  // namespace mailscope::viz
