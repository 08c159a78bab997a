#include "captures/export/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <sstream>
#include <vector>

#include "captures/export/json_text.hpp"
#include "captures/export/text.hpp"
#include "captures/languages/languages.hpp"
#include "captures/observe/masking.hpp"

namespace mailscope::export_ {
namespace {

using trace::Id;
using trace::kNever;
using trace::kNone;
using trace::Trace;

constexpr std::size_t kCommandOctetsMax = 4096;

std::string_view name_of(trace::Closing closing) {
  constexpr std::string_view kNames[] = {"open", "fin", "rst", "timeout"};
  return kNames[static_cast<int>(closing)];
}
std::string_view name_of(trace::Tls tls) {
  constexpr std::string_view kNames[] = {"none", "starttls", "implicit"};
  return kNames[static_cast<int>(tls)];
}
std::string_view name_of(Phase phase) {
  constexpr std::string_view kNames[] = {"", "set-up", "transfer", "termination"};
  return kNames[static_cast<int>(phase)];
}

// What says when a live record was full; null when it never was.
const trace::Finding* full_of(const Trace& trace) {
  const auto found = std::ranges::find(trace.findings, "record.full", &trace::Finding::code);
  return found == trace.findings.end() ? nullptr : &*found;
}

std::string source_json(const Trace& trace) {
  const trace::Source& source = trace.source;
  Object object;
  object.text("kind", trace::name(source.kind))
      .text("name", source.name)
      .number("seed", source.seed)
      .number("frames", source.frames)
      .number("octets", source.octets)
      .text("begin", utc_time(source.begin))
      .time("duration_s", source.duration);
  if (source.kind != trace::SourceKind::Socket) return object.str();
  const trace::Finding* full = full_of(trace);
  object.truth("record_full", full != nullptr);
  return object.time("recorded_until_s", full ? full->at : kNever).str();
}

// Of the reply that decided; null when none was seen.
std::string code_json(const trace::Mail& mail) {
  if (mail.fate == trace::MailFate::Unanswered) return "null";
  const languages::Language& language = languages::of(mail.protocol);
  return language.card().numeric_codes ? std::to_string(mail.code)
                                       : json_string(language.code(mail.code));
}

std::string endpoint_json(const Trace& trace, const trace::Endpoint& endpoint) {
  return Object()
      .text("host", endpoint.host == kNone ? "" : trace.hosts[endpoint.host].name)
      .text("address", endpoint.address.text())
      .number("port", endpoint.port)
      .str();
}

std::string connection_json(const Trace& trace, Id id) {
  const trace::Connection& connection = trace.connections[id];
  return Object()
      .id("id", id)
      .text("protocol", languages::name(connection.protocol))
      .raw("client", endpoint_json(trace, connection.client))
      .raw("server", endpoint_json(trace, connection.server))
      .time("opened_s", connection.opened)
      .time("closed_s", connection.closed)
      .text("closing", name_of(connection.closing))
      .truth("complete", connection.complete)
      .text("tls", name_of(connection.tls))
      .number("client_octets", connection.octets[0])
      .number("server_octets", connection.octets[1])
      .number("missing_octets", connection.missing[0] + connection.missing[1])
      .number("commands", connection.commands)
      .number("replies", connection.replies)
      .text("login", connection.login)
      .str();
}

std::string reply_json(const Trace& trace, const trace::Pdu& reply) {
  Object object;
  object.time("at_s", reply.first);
  const languages::Language& language = languages::of(trace, reply);
  if (language.card().numeric_codes)
    object.number("code", reply.word);
  else
    object.text("code", language.code(reply.word));
  std::string text;
  for (const std::string& line : reply_lines(trace, reply))
    text += (text.empty() ? "" : "\n") + line;
  return object.text("text", text).str();
}

std::string exchange_json(const Trace& trace, const trace::Exchange& exchange, bool show_secrets) {
  const bool greeting = exchange.command == kNone;
  const Id begin = greeting ? exchange.first_reply : exchange.command;
  Object object;
  object.id("connection", exchange.connection);
  object.time("at_s", begin == kNone ? 0 : trace.pdus[begin].first);
  object.text("phase", begin == kNone ? "" : name_of(trace.pdus[begin].phase));
  object.text("verb", greeting ? "" : verb_of(trace, trace.pdus[begin]));
  object.text("command", greeting ? ""
                                  : observe::display_text(trace, trace.pdus[begin], show_secrets,
                                                          kCommandOctetsMax));
  List replies;
  for (Id id = exchange.first_reply; id != kNone; id = trace.pdus[id].next_reply)
    replies.add(reply_json(trace, trace.pdus[id]));
  return object.raw("replies", replies.str()).str();
}

std::string part_json(const trace::MailPart& part) {
  return Object()
      .text("path", part.path)
      .text("type", part.type)
      .text("encoding", part.encoding)
      .text("charset", part.charset)
      .text("filename", part.filename)
      .number("octets", part.octets)
      .text("sha256", part.sha256)
      .str();
}

std::string envelope_json(const trace::Mail& mail) {
  List to;
  for (const std::string& recipient : mail.to) to.add(json_string(recipient));
  Object envelope;
  if (mail.has_envelope)
    envelope.text("from", mail.from);
  else
    envelope.raw("from", "null");
  return envelope.raw("to", to.str()).str();
}

std::string message_json(const Trace& trace, Id id) {
  const trace::Mail& mail = trace.mails[id];
  List parts;
  for (const trace::MailPart& part : mail.parts) parts.add(part_json(part));
  return Object()
      .id("id", id)
      .id("connection", mail.connection)
      .text("protocol", languages::name(mail.protocol))
      .raw("envelope", envelope_json(mail))
      .text("subject", mail.subject)
      .text("message_id", mail.message_id)
      .number("octets", mail.octets)
      .text("sha256", mail.sha256)
      .text("kind", trace::name(mail.kind))
      .text("fate", trace::name(mail.fate))
      .raw("code", code_json(mail))
      .truth("complete", mail.complete)
      .raw("parts", parts.str())
      .str();
}

std::string finding_json(const trace::Finding& finding) {
  return Object()
      .text("severity", trace::name(finding.severity))
      .text("code", finding.code)
      .time("at_s", finding.at)
      .id("connection", finding.connection)
      .text("text", finding.text)
      .text("rfc", finding.rfc)
      .str();
}

std::string state_json(const Trace& trace, const trace::StateChange& change) {
  const trace::Variable& variable = trace.variables[change.variable];
  return Object()
      .time("at_s", change.at)
      .text("host", variable.host == kNone ? "" : trace.hosts[variable.host].name)
      .text("agent", variable.agent == kNone ? "" : trace.agents[variable.agent].name)
      .text("what", trace::what(variable))
      .text("before", trace::text(change.before))
      .text("after", trace::text(change.after))
      .text("text", change.text)
      .str();
}

std::vector<Id> lost_frames(const Trace& trace) {
  std::vector<Id> lost;
  for (Id id = 0; id < trace.frames.size(); ++id)
    if (trace.frames[id].fate == trace::Fate::Lost) lost.push_back(id);
  return lost;
}

std::string loss_json(const Trace& trace, const trace::Frame& frame) {
  const auto host = [&](Id id) { return id == kNone ? "" : trace.hosts[id].name; };
  return Object()
      .time("at_s", frame.sent)
      .id("connection", frame.connection)
      .text("from", host(frame.from))
      .text("to", host(frame.to))
      .text("link", frame.link == kNone ? "" : trace.links[frame.link].name)
      .number("octets", frame.wire_octets)
      .text("why", trace::name(frame.loss))
      .str();
}

// An item a line.
template <typename MakeItem>
void write_list(std::ostream& out, std::string_view key, std::size_t items, MakeItem make_item) {
  out << ",\n  \"" << key << "\": [";
  for (std::size_t i = 0; i < items; ++i)
    out << (i == 0 ? "\n    " : ",\n    ") << make_item(static_cast<Id>(i));
  out << (items == 0 ? "]" : "\n  ]");
}

}  // namespace

void write_json(std::ostream& out, const Trace& trace, const JsonOptions& options) {
  out << "{\n  \"mailscope\": 1,\n  \"source\": " << source_json(trace);
  write_list(out, "connections", trace.connections.size(),
             [&](Id id) { return connection_json(trace, id); });
  if (options.exchanges)
    write_list(out, "exchanges", trace.exchanges.size(), [&](Id id) {
      return exchange_json(trace, trace.exchanges[id], options.show_secrets);
    });
  write_list(out, "messages", trace.mails.size(), [&](Id id) { return message_json(trace, id); });
  write_list(out, "findings", trace.findings.size(),
             [&](Id i) { return finding_json(trace.findings[trace.findings_by_time[i]]); });
  if (trace.source.kind == trace::SourceKind::Simulator)
    write_list(out, "interventions", trace.interventions.size(), [&](Id id) {
      const trace::Intervention& intervention = trace.interventions[id];
      return Object().time("at_s", intervention.at).text("text", intervention.text).str();
    });
  if (trace.source.kind == trace::SourceKind::Simulator) {
    write_list(out, "states", trace.changes.size(),
               [&](Id id) { return state_json(trace, trace.changes[id]); });
    const std::vector<Id> lost = lost_frames(trace);
    write_list(out, "losses", lost.size(),
               [&](Id i) { return loss_json(trace, trace.frames[lost[i]]); });
  }
  out << "\n}\n";
}

std::string report_json(const Trace& trace, const JsonOptions& options) {
  std::ostringstream out;
  write_json(out, trace, options);
  return out.str();
}

}  // namespace mailscope::export_
