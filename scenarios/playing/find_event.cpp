#include "scenarios/playing/find_event.hpp"

#include "captures/languages/languages.hpp"
#include "protocols/base/ascii.hpp"

namespace mailscope::scenarios {
namespace {

using languages::Language;
using trace::Id;
using trace::kNone;
using trace::Pdu;
using trace::PduKind;
using trace::Trace;

bool is_verb(const Language& language, std::uint16_t word, std::string_view wanted) {
  const std::string verb = language.verb(word);
  if (verb.empty()) return wanted == "?" || equal_no_case(wanted, "UNKNOWN");
  return equal_no_case(verb, wanted);
}

// ---- whether a PDU is what the event says, whoever sends it ----

bool fits(const event::Command& command, const Pdu& pdu, const Language& language) {
  return pdu.kind == PduKind::Command && is_verb(language, pdu.word, command.verb);
}

bool fits(const event::Message&, const Pdu& pdu, const Language&) {
  return pdu.kind == PduKind::Data;
}

bool fits(const event::Reply& reply, const Pdu& pdu, const Language& language) {
  if (pdu.kind != PduKind::Reply || !languages::code_fits(language, pdu.word, reply.code))
    return false;
  if (reply.to_message) return language.judges_message(pdu.answers);
  return reply.verb.empty() || is_verb(language, pdu.answers, reply.verb);
}

bool fits(const event::Connect&, const Pdu& pdu, const Language&) {
  return pdu.kind == PduKind::Open;
}

bool fits(const event::HangUp&, const Pdu& pdu, const Language&) {
  return pdu.kind == PduKind::Close;
}

bool fits(const event::BreakOff&, const Pdu& pdu, const Language&) {
  return pdu.kind == PduKind::Reset;
}

bool fits(const event::Question& question, const Pdu& pdu, const Language& language) {
  return pdu.kind == PduKind::Command && language.card().datagrams &&
         equal_no_case(language.verb(pdu.word), question.type);
}

bool fits(const event::Answer& answer, const Pdu& pdu, const Language& language) {
  return pdu.kind == PduKind::Reply && language.card().datagrams &&
         equal_no_case(language.verb(pdu.answers), answer.type) &&
         (answer.rcode.empty() || languages::code_fits(language, pdu.word, answer.rcode));
}

// Looks for the nth happening of an event, whatever kind it is.
class Finder {
 public:
  Finder(const Trace& trace, int nth) : trace_(trace), left_(nth) {}

  Happening operator()(const event::Start&) { return once(0); }

  Happening operator()(const event::End&) { return once(trace_.source.duration); }

  Happening operator()(const event::Loss&) {
    for (const trace::Frame& frame : trace_.frames)
      if (frame.fate == trace::Fate::Lost && --left_ == 0) return {frame.sent, kNone, kNone};
    return {};
  }

  Happening operator()(const event::Done& done) {
    for (const trace::Intervention& intervention : trace_.interventions)
      if (intervention.text == done.intervention && --left_ == 0)
        return {intervention.at, kNone, kNone};
    return {};
  }

  Happening operator()(const event::Change& change) {
    for (Id id = 0; id < trace_.changes.size(); ++id)
      if (is_change(trace_, trace_.changes[id], change) && --left_ == 0)
        return {trace_.changes[id].at, kNone, id};
    return {};
  }

  // Events on the wire.
  template <typename Event>
  Happening operator()(const Event& event) {
    for (const Id id : trace_.by_time) {
      const Pdu& pdu = trace_.pdus[id];
      const Language& language = languages::of(trace_.connections[pdu.connection].protocol);
      if (fits(event, pdu, language) && is_between(event, pdu) && --left_ == 0)
        return {pdu.first, id, kNone};
    }
    return {};
  }

 private:
  // A run has one start and one end.
  Happening once(trace::Time at) const {
    return left_ == 1 ? Happening{at, kNone, kNone} : Happening{};
  }

  bool is_host(Id host, std::string_view name) const {
    return host != kNone && trace_.hosts[host].name == name;
  }

  // Sent by the event's host, and to the other one where it names one.
  template <typename Event>
  bool is_between(const Event& event, const Pdu& pdu) const {
    const trace::Connection& connection = trace_.connections[pdu.connection];
    const bool to_server = pdu.direction == Direction::ToServer;
    if (!is_host((to_server ? connection.client : connection.server).host, event.host))
      return false;
    if constexpr (requires { event.to; })
      return event.to.empty() ||
             is_host((to_server ? connection.server : connection.client).host, event.to);
    return true;
  }

  const Trace& trace_;
  int left_;
};

}  // namespace

bool is_variable(const Trace& trace, const trace::Variable& variable,
                 const event::Change& pattern) {
  return variable.kind == pattern.variable && variable.subject == pattern.subject &&
         trace.hosts[variable.host].name == pattern.host;
}

bool is_change(const Trace& trace, const trace::StateChange& change, const event::Change& pattern) {
  return is_variable(trace, trace.variables[change.variable], pattern) &&
         (!pattern.value || change.after == *pattern.value);
}

Happening find_event(const Trace& trace, const EventPattern& pattern) {
  return std::visit(Finder(trace, pattern.nth), pattern.event);
}

Happening find_event(const Trace& trace, const InsideEvent& pattern) {
  return Finder(trace, pattern.nth)(pattern.change);
}

}  // namespace mailscope::scenarios
