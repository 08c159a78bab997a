#include "scenarios/playing/find_event.hpp"

#include "captures/languages/languages.hpp"
#include "protocols/base/ascii.hpp"

namespace mailscope::scenarios {
namespace {

using Kind = EventPattern::Kind;
using trace::Id;

bool verb_fits(const languages::Language& language, std::uint16_t word, std::string_view wanted) {
  const std::string verb = language.verb(word);
  if (verb.empty()) return wanted == "?" || equal_no_case(wanted, "UNKNOWN");
  return equal_no_case(verb, wanted);
}

bool answers_fits(const languages::Language& language, std::uint16_t verb,
                  std::string_view wanted) {
  if (wanted.empty()) return true;
  return wanted == "the message" ? language.judges_message(verb)
                                 : verb_fits(language, verb, wanted);
}

bool kind_fits(Kind kind, trace::PduKind pdu) {
  switch (kind) {
    case Kind::Command:
      return pdu == trace::PduKind::Command;
    case Kind::Message:
      return pdu == trace::PduKind::Data;
    case Kind::Reply:
      return pdu == trace::PduKind::Reply;
    case Kind::Connect:
      return pdu == trace::PduKind::Open;
    case Kind::HangUp:
      return pdu == trace::PduKind::Close;
    case Kind::BreakOff:
      return pdu == trace::PduKind::Reset;
    case Kind::Question:
      return pdu == trace::PduKind::Command;
    case Kind::Answer:
      return pdu == trace::PduKind::Reply;
    default:
      return false;
  }
}

bool datagram_fits(const languages::Language& language, const trace::Pdu& pdu,
                   const EventPattern& pattern) {
  const bool question = pattern.kind == Kind::Question;
  if (!language.card().datagrams) return false;
  if (!equal_no_case(language.verb(question ? pdu.word : pdu.answers), pattern.word)) return false;
  return question || pattern.answers.empty() ||
         languages::code_fits(language, pdu.word, pattern.answers);
}

bool pdu_fits(const trace::Trace& trace, const trace::Pdu& pdu, const EventPattern& pattern) {
  if (!kind_fits(pattern.kind, pdu.kind)) return false;
  const trace::Connection& connection = trace.connections[pdu.connection];
  const bool to_server = pdu.direction == Direction::ToServer;
  const Id sender = to_server ? connection.client.host : connection.server.host;
  const Id receiver = to_server ? connection.server.host : connection.client.host;
  if (sender == trace::kNone || trace.hosts[sender].name != pattern.host) return false;
  if (!pattern.to.empty() && (receiver == trace::kNone || trace.hosts[receiver].name != pattern.to))
    return false;
  const languages::Language& language = languages::of(connection.protocol);
  if (pattern.kind == Kind::Question || pattern.kind == Kind::Answer)
    return datagram_fits(language, pdu, pattern);
  if (pattern.kind == Kind::Command) return verb_fits(language, pdu.word, pattern.word);
  if (pattern.kind != Kind::Reply) return true;
  return languages::code_fits(language, pdu.word, pattern.word) &&
         answers_fits(language, pdu.answers, pattern.answers);
}

Happening find_pdu(const trace::Trace& trace, const EventPattern& pattern) {
  int seen = 0;
  for (const Id id : trace.by_time)
    if (pdu_fits(trace, trace.pdus[id], pattern) && ++seen == pattern.nth)
      return {trace.pdus[id].first, id, trace::kNone};
  return {};
}

Happening find_loss(const trace::Trace& trace, const EventPattern& pattern) {
  int seen = 0;
  for (const trace::Frame& frame : trace.frames)
    if (frame.fate == trace::Fate::Lost && ++seen == pattern.nth)
      return {frame.sent, trace::kNone, trace::kNone};
  return {};
}

Happening find_intervention(const trace::Trace& trace, const EventPattern& pattern) {
  int seen = 0;
  for (const trace::Intervention& one : trace.interventions)
    if (one.text == pattern.word && ++seen == pattern.nth)
      return {one.at, trace::kNone, trace::kNone};
  return {};
}

Happening find_change(const trace::Trace& trace, const EventPattern& pattern) {
  int seen = 0;
  for (Id id = 0; id < trace.changes.size(); ++id) {
    const trace::StateChange& change = trace.changes[id];
    const trace::Variable& variable = trace.variables[change.variable];
    if (trace::what(variable) != pattern.word || trace.hosts[variable.host].name != pattern.host)
      continue;
    if (!pattern.any_value && !trace::says(change.after, pattern.value)) continue;
    if (++seen == pattern.nth) return {change.at, trace::kNone, id};
  }
  return {};
}

}  // namespace

Happening find_event(const trace::Trace& trace, const EventPattern& pattern) {
  if (pattern.kind == Kind::Start) return {0, trace::kNone, trace::kNone};
  if (pattern.kind == Kind::End) return {trace.source.duration, trace::kNone, trace::kNone};
  if (pattern.kind == Kind::Done) return find_intervention(trace, pattern);
  if (pattern.kind == Kind::Loss) return find_loss(trace, pattern);
  return pattern.kind == Kind::Change ? find_change(trace, pattern) : find_pdu(trace, pattern);
}

}  // namespace mailscope::scenarios
