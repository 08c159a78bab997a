#include "viz/layout/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "captures/observe/masking.hpp"
#include "protocols/pop3/reference.hpp"
#include "protocols/pop3/session.hpp"
#include "protocols/smtp/reference.hpp"
#include "protocols/smtp/session.hpp"
#include "viz/layout/call.hpp"
#include "viz/layout/dns_words.hpp"

namespace mailscope::viz {
namespace {

using trace::Pdu;
using trace::PduKind;
using trace::Protocol;

// The same of each of them.
std::string by_call(const Trace& trace, const Pdu& pdu, const char* answered,
                    const char* unanswered, const char* turned_away) {
  const Call how = call(trace, pdu);
  if (how == Call::Awaited) return "SYN";
  return how == Call::Answered ? answered : how == Call::Unanswered ? unanswered : turned_away;
}

Protocol protocol_of(const Trace& trace, const Pdu& pdu) {
  if (pdu.connection >= trace.connections.size()) return Protocol::Unknown;
  return trace.connections[pdu.connection].protocol;
}

bool is_line(const Pdu& pdu) {
  return pdu.kind == PduKind::Command || pdu.kind == PduKind::Reply ||
         pdu.kind == PduKind::Continuation;
}

std::string_view first_word(std::string_view line) {
  return line.substr(0, line.find(' '));
}

std::string_view verb_name(Protocol protocol, std::uint16_t verb) {
  if (protocol == Protocol::Smtp && verb < smtp::kVerbs)
    return smtp::name(static_cast<smtp::Verb>(verb));
  if (protocol == Protocol::Pop3 && verb < pop3::kVerbs)
    return pop3::name(static_cast<pop3::Verb>(verb));
  return {};
}

std::string_view pop3_status(std::uint16_t word) {
  return word == 1 ? "+OK" : word == 0 ? "-ERR" : "+";
}

bool from_server(const Pdu& pdu) {
  return pdu.direction == Direction::ToClient;
}

}  // namespace

// ---- numbers
// -------------------------------------------------------------------------------------

std::string time_text(Time at) {
  const Time micros = at / 1000;
  return fmt::format("{}.{:03} {:03}", micros / 1'000'000, micros / 1000 % 1000, micros % 1000);
}

std::string span_text(Time span) {
  const double ns = static_cast<double>(span);
  if (span < 0) return "-" + span_text(-span);
  if (span < 1000) return fmt::format("{} ns", span);
  if (span < 100'000) return fmt::format("{:.0f} µs", ns / 1e3);
  if (span < 1'000'000'000) return fmt::format("{:.1f} ms", ns / 1e6);
  if (span < 60'000'000'000) return fmt::format("{:.2f} s", ns / 1e9);
  const std::int64_t seconds = span / 1'000'000'000;
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  if (seconds < 86400) return fmt::format("{} h {} min", seconds / 3600, seconds / 60 % 60);
  return fmt::format("{} d {} h", seconds / 86400, seconds / 3600 % 24);
}

std::string clock_text(Time at) {
  if (at < 60'000'000'000) return fmt::format("{:.3f} s", static_cast<double>(at) / 1e9);
  const std::int64_t ms = at / 1'000'000;
  if (ms < 3'600'000) return fmt::format("{}:{:02}.{:03}", ms / 60000, ms / 1000 % 60, ms % 1000);
  return fmt::format("{}:{:02}:{:02}.{:01}", ms / 3'600'000, ms / 60000 % 60, ms / 1000 % 60,
                     ms / 100 % 10);
}

std::string rate_text(std::uint64_t bits_per_second) {
  const double rate = static_cast<double>(bits_per_second);
  if (rate >= 1e9) return fmt::format("{:g} Gb/s", rate / 1e9);
  if (rate >= 1e6) return fmt::format("{:g} Mb/s", rate / 1e6);
  if (rate >= 1e3) return fmt::format("{:g} kb/s", rate / 1e3);
  return fmt::format("{} b/s", bits_per_second);
}

std::string octets_text(std::uint64_t octets) {
  if (octets == 1) return "1 octet";
  std::string digits = std::to_string(octets);
  for (std::size_t at = digits.size(); at > 3 && digits.size() > 4;) digits.insert(at -= 3, " ");
  return digits + " octets";
}

// ---- what a PDU is
// ---------------------------------------------------------------------------------

std::string head(const Trace& trace, const Pdu& pdu) {
  const Protocol protocol = protocol_of(trace, pdu);
  switch (pdu.kind) {
    case PduKind::Open:
      return by_call(trace, pdu, "open", "SYN, no answer", "SYN, refused");
    case PduKind::Close:
      return "close";
    case PduKind::Reset:
      return "reset";
    case PduKind::Data:
      return "message";
    case PduKind::Tls:
      return "TLS";
    case PduKind::Opaque:
      return "octets";
    case PduKind::Continuation:
      return pdu.flags & Pdu::kSecret ? "log-in" : "more";
    case PduKind::Reply:
      if (protocol == Protocol::Smtp) return std::to_string(pdu.word);
      if (protocol == Protocol::Pop3) return std::string(pop3_status(pdu.word));
      if (protocol == Protocol::Dns) return dns_head(pdu);
      break;
    case PduKind::Command:
      if (protocol == Protocol::Dns) return dns_head(pdu);
      if (!(pdu.flags & Pdu::kUnknown)) {
        const std::string_view verb = verb_name(protocol, pdu.word);
        if (!verb.empty()) return std::string(verb);
      }
      break;
  }
  return std::string(first_word(observe::display_text(trace, pdu, false, 24)));
}

std::string says(const Trace& trace, const Pdu& pdu) {
  switch (pdu.kind) {
    case PduKind::Open:
      return by_call(trace, pdu, "SYN, SYN ACK, ACK", "SYN, no answer", "SYN, refused");
    case PduKind::Close:
      return "FIN";
    case PduKind::Reset:
      return "RST";
    case PduKind::Tls:
      return "TLS records, " + octets_text(pdu.end - pdu.begin);
    case PduKind::Opaque:
      return octets_text(pdu.end - pdu.begin);
    default:
      if (protocol_of(trace, pdu) == Protocol::Dns) return dns_says(trace, pdu);
      return observe::display_text(trace, pdu);
  }
}

std::string label(const Trace& trace, const Pdu& pdu) {
  switch (pdu.kind) {
    case PduKind::Open:
      return by_call(trace, pdu, "SYN · SYN ACK · ACK", "SYN, no answer", "SYN, refused");
    case PduKind::Data:
      return "message · " + octets_text(pdu.end - pdu.begin);
    default:
      return says(trace, pdu);
  }
}

namespace {

// 550 alone has two meanings; the enhanced code behind it tells which (RFC 3463 §3.8).
std::string smtp_reply_gist(const Trace& trace, const Pdu& pdu) {
  if (pdu.word == 550) {
    const std::string text = observe::display_text(trace, pdu, false, 24);
    if (text.find(" 5.7.") == 3) return "not allowed here";
  }
  return std::string(smtp::gist(pdu.word, static_cast<smtp::Verb>(pdu.answers)));
}

std::string content_gist(const Trace& trace, const Pdu& pdu) {
  if (pdu.exchange != trace::kNone && protocol_of(trace, pdu) == Protocol::Smtp) {
    const trace::Id command = trace.exchanges[pdu.exchange].command;
    if (command != trace::kNone &&
        trace.pdus[command].word == static_cast<std::uint16_t>(smtp::Verb::Bdat))
      return "a counted chunk of the letter";
  }
  return "the letter, then a lone dot";
}

}  // namespace

std::string gist(const Trace& trace, const Pdu& pdu) {
  const Protocol protocol = protocol_of(trace, pdu);
  switch (pdu.kind) {
    case PduKind::Open:
      return by_call(trace, pdu, "TCP connects the two", "the client asks, nobody answers",
                     "nobody listens at that port");
    case PduKind::Close:
      return from_server(pdu) ? "the server is done" : "the client is done";
    case PduKind::Reset:
      return "the connection is torn down";
    case PduKind::Data:
      return content_gist(trace, pdu);
    case PduKind::Tls:
      return "encrypted from here on";
    case PduKind::Opaque:
      return "not read";
    case PduKind::Continuation:
      return "part of the log-in";
    case PduKind::Command:
      if (protocol == Protocol::Smtp)
        return std::string(smtp::gist(static_cast<smtp::Verb>(pdu.word)));
      if (protocol == Protocol::Pop3)
        return std::string(pop3::gist(static_cast<pop3::Verb>(pdu.word)));
      if (protocol == Protocol::Dns) return dns_gist(trace, pdu);
      break;
    case PduKind::Reply:
      if (protocol == Protocol::Smtp) return smtp_reply_gist(trace, pdu);
      if (protocol == Protocol::Pop3 && pdu.word != 2)
        return std::string(pop3::gist(pdu.word == 1, static_cast<pop3::Verb>(pdu.answers)));
      if (protocol == Protocol::Dns) return dns_gist(trace, pdu);
      break;
  }
  return {};
}

Refusal refusal(const Trace& trace, const Pdu& pdu) {
  if (pdu.kind != PduKind::Reply) return Refusal::None;
  switch (protocol_of(trace, pdu)) {
    case Protocol::Smtp:
      if (pdu.word < 400) return Refusal::None;
      return pdu.word < 500 ? Refusal::NotNow : Refusal::ForGood;
    case Protocol::Pop3:
      return pdu.word == 0 ? Refusal::ForGood : Refusal::None;
    case Protocol::Dns:
      return pdu.word != 0 ? Refusal::ForGood : Refusal::None;
    default:
      return Refusal::None;
  }
}

std::string signed_as(Refusal refusal, std::string text) {
  return refusal == Refusal::None ? text : std::string(kRefusalSign) + text;
}

Role role_of(const Trace& trace, const Pdu& pdu) {
  const Call how = call(trace, pdu);
  if (how == Call::Unanswered || how == Call::TurnedAway) return Role::Bad;
  if (pdu.kind == PduKind::Open || pdu.kind == PduKind::Close || pdu.kind == PduKind::Reset)
    return Role::Tcp;
  const Refusal refused = refusal(trace, pdu);
  if (refused != Refusal::None) return refused == Refusal::NotNow ? Role::NotNow : Role::Refused;
  return role_of(protocol_of(trace, pdu));
}

std::string kind_text(const Trace& trace, const Pdu& pdu) {
  const std::string protocol(protocol_text(protocol_of(trace, pdu)));
  switch (pdu.kind) {
    case PduKind::Open:
      return "TCP opening";
    case PduKind::Close:
      return "TCP closing";
    case PduKind::Reset:
      return "TCP reset";
    case PduKind::Tls:
      return "TLS";
    case PduKind::Command:
      return protocol + (protocol == "DNS" ? " question" : " command");
    case PduKind::Reply:
      return protocol + (protocol == "DNS" ? " answer" : " reply");
    case PduKind::Continuation:
      return protocol + " continuation";
    case PduKind::Data:
      return protocol + " content";
    case PduKind::Opaque:
      return protocol + " octets";
  }
  return protocol;
}

const ReferenceEntry* reference(const Trace& trace, const Pdu& pdu) {
  if (!is_line(pdu) || pdu.kind == PduKind::Continuation) return nullptr;
  const Protocol protocol = protocol_of(trace, pdu);
  if (protocol == Protocol::Smtp) {
    if (pdu.kind == PduKind::Reply)
      return smtp::explain_reply(pdu.word, static_cast<smtp::Verb>(pdu.answers));
    return smtp::explain_verb(static_cast<smtp::Verb>(pdu.word));
  }
  if (protocol == Protocol::Pop3) {
    const auto table = pop3::reference();
    if (pdu.kind == PduKind::Reply)
      return find_entry(table, pop3_status(pdu.word), verb_name(protocol, pdu.answers));
    return find_entry(table, verb_name(protocol, pdu.word));
  }
  if (protocol == Protocol::Dns) return dns_reference(trace, pdu);
  return nullptr;
}

PlainMeaning plain_meaning(const Trace& trace, const Pdu& pdu) {
  const Protocol protocol = protocol_of(trace, pdu);
  switch (pdu.kind) {
    case PduKind::Open:
      if (call(trace, pdu) == Call::Unanswered)
        return {
            "The client asks for a connection (SYN), again and again with longer waits, and nobody "
            "answers. No connection comes about; in the end TCP gives up and tells the program.",
            "RFC 9293 §3.8.3"};
      return {
          "Before anyone says a word, TCP connects the two: the client asks (SYN), the server "
          "agrees and asks back (SYN ACK), the client agrees (ACK). From now on each can send "
          "octets that arrive complete and in order.",
          "RFC 9293 §3.5"};
    case PduKind::Close:
      return {
          "This side has sent its last octet and says so with FIN. The other side may still "
          "send; the connection is over when both have said it.",
          "RFC 9293 §3.6"};
    case PduKind::Reset:
      return {
          "The connection is thrown away at once, whatever was under way. Neither side can know "
          "what the other still received.",
          "RFC 9293 §3.5.3"};
    case PduKind::Tls:
      return {
          "From here on the octets are TLS records: who listens on the line sees how many there "
          "are and when, and no longer what they say.",
          "RFC 8446 §5"};
    case PduKind::Data:
      if (protocol == Protocol::Pop3)
        return {
            "The message itself, header and body, as the mailbox holds it. A line that begins "
            "with a dot got one dot more; a line with a lone dot ends it.",
            "RFC 1939 §3"};
      return {
          "The letter itself: header lines, an empty line, the body. Nothing in it decides where "
          "it goes; the envelope has done that. A line that begins with a dot gets one dot more, "
          "and a line with a lone dot ends it.",
          "RFC 5321 §4.5.2"};
    case PduKind::Continuation:
      return {
          "Part of the log-in that the command before began. It carries a secret or the proof of "
          "one, so it is not shown.",
          "RFC 4954 §4"};
    default:
      return {"MailScope does not read this protocol; its octets are below.", ""};
  }
}

std::string_view phase_text(Phase phase) {
  constexpr std::string_view kNames[] = {"", "set-up", "transfer", "termination"};
  return kNames[static_cast<int>(phase)];
}

std::string_view phase_text(Protocol protocol, Phase phase) {
  constexpr std::string_view kPop3[] = {"", "authorization", "transaction", "update"};
  return protocol == Protocol::Pop3 ? kPop3[static_cast<int>(phase)] : phase_text(phase);
}

std::string_view protocol_text(Protocol protocol) {
  constexpr std::string_view kNames[] = {"TCP", "SMTP", "POP3", "IMAP", "DNS", "HTTP", "TLS"};
  return kNames[static_cast<int>(protocol)];
}

// ---- the session machine
// -----------------------------------------------------------------------------

std::vector<std::string> session_states(Protocol protocol) {
  std::vector<std::string> names;
  if (protocol == Protocol::Smtp) {
    using smtp::State;
    for (const State s : {State::Opening, State::Connected, State::Greeted, State::Mail,
                          State::Rcpt, State::Data, State::Quit, State::Closed})
      names.emplace_back(smtp::name(s));
  } else if (protocol == Protocol::Pop3) {
    for (std::size_t s = 0; s < pop3::kStates; ++s)
      names.emplace_back(pop3::name(static_cast<pop3::State>(s)));
  }
  return names;
}

std::string state_text(Protocol protocol, std::uint8_t state) {
  if (protocol == Protocol::Smtp && state < smtp::kStates)
    return std::string(smtp::name(static_cast<smtp::State>(state)));
  if (protocol == Protocol::Pop3 && state < pop3::kStates)
    return std::string(pop3::name(static_cast<pop3::State>(state)));
  return {};
}

std::vector<std::string> next_commands(Protocol protocol, std::uint8_t state) {
  std::vector<std::string> names;
  const auto add = [&](std::string_view name) {
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
      names.emplace_back(name);
  };
  // What learners meet in dialogues first; the historic verbs would only crowd it.
  constexpr smtp::Verb kUsual[] = {smtp::Verb::Ehlo, smtp::Verb::Helo, smtp::Verb::Starttls,
                                   smtp::Verb::Auth, smtp::Verb::Mail, smtp::Verb::Rcpt,
                                   smtp::Verb::Data, smtp::Verb::Bdat, smtp::Verb::Vrfy,
                                   smtp::Verb::Rset, smtp::Verb::Noop, smtp::Verb::Quit};
  if (protocol == Protocol::Smtp && state < smtp::kStates) {
    const auto s = static_cast<smtp::State>(state);
    if (s == smtp::State::Closed || s == smtp::State::Quit) return names;
    for (const smtp::Verb verb : kUsual)
      if (smtp::find_rule(verb, s)) add(smtp::name(verb));
  } else if (protocol == Protocol::Pop3 && state < pop3::kStates) {
    for (const pop3::Rule& rule : pop3::rules())
      if (rule.from == static_cast<pop3::State>(state) && rule.verb != pop3::Verb::Connect)
        add(pop3::name(rule.verb));
  }
  return names;
}

}  // namespace mailscope::viz
