// What words.hpp and the inspector say about a PDU of a DNS connection: the question and its
// answers in plain words, and each record as a fact.
#pragma once

#include <string>

#include "captures/trace/trace.hpp"
#include "protocols/base/reference.hpp"
#include "viz/layout/inspector.hpp"

namespace mailscope::viz {

std::string dns_head(const trace::Pdu& pdu);                             // "MX", "NXDOMAIN"
std::string dns_says(const trace::Trace& trace, const trace::Pdu& pdu);  // all answers on a line
// "who takes mail for beta.example?", "mail.beta.example, preference 10"; "" for anything else than
// a message.
std::string dns_gist(const trace::Trace& trace, const trace::Pdu& pdu);
const ReferenceEntry* dns_reference(const trace::Trace& trace, const trace::Pdu& pdu);

// What it asks or says as the first paragraph, and its records as a section.
void add_dns(const trace::Trace& trace, const trace::Pdu& pdu, Inspector& out);

}  // namespace mailscope::viz
