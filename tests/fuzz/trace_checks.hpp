// What holds of every trace, whatever made it: Ids lead to something, ranges are ranges.
#pragma once

#include "captures/trace/trace.hpp"
#include "fuzz.hpp"

namespace mailscope::fuzz {

inline void check_trace(const trace::Trace& trace) {
  const auto leads = [](trace::Id id, std::size_t size) {
    check(id == trace::kNone || id < size, "an Id leads to something");
  };
  for (const trace::Pdu& pdu : trace.pdus) {
    check(pdu.begin <= pdu.end, "a PDU begins before it ends");
    check(pdu.connection < trace.connections.size(), "a PDU belongs to a connection");
    leads(pdu.segment, trace.segments.size());
    leads(pdu.frame, trace.frames.size());
    leads(pdu.exchange, trace.exchanges.size());
    leads(pdu.next_reply, trace.pdus.size());
    leads(pdu.next_in_connection, trace.pdus.size());
  }
  for (const trace::Exchange& exchange : trace.exchanges) {
    check(exchange.connection < trace.connections.size(), "an exchange belongs to a connection");
    leads(exchange.command, trace.pdus.size());
    leads(exchange.data, trace.pdus.size());
    leads(exchange.first_reply, trace.pdus.size());
    leads(exchange.last_reply, trace.pdus.size());
  }
  for (const trace::Mail& mail : trace.mails) {
    check(mail.connection < trace.connections.size(), "a mail belongs to a connection");
    leads(mail.data, trace.pdus.size());
  }
  for (const trace::Finding& finding : trace.findings) {
    leads(finding.connection, trace.connections.size());
    leads(finding.pdu, trace.pdus.size());
    leads(finding.frame, trace.frames.size());
  }
}

}  // namespace mailscope::fuzz
