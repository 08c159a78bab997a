// The checks that hold one or two events of a run to what a lesson says of them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "captures/languages/languages.hpp"
#include "captures/observe/masking.hpp"
#include "captures/tcp/decode.hpp"
#include "scenarios/playing/checks.hpp"
#include "scenarios/playing/find_event.hpp"

namespace mailscope::scenarios {
namespace {

using trace::Id;
using trace::kNever;
using trace::kNone;
using trace::Pdu;
using trace::PduKind;
using trace::Trace;

// A check of which one of its events does not happen, or is nothing that can be asked so.
CheckResult failed(const CheckSpec& spec, std::string text, std::string why) {
  return {false, std::move(text), std::move(why), spec.line};
}

std::string never(std::string_view event) {
  return fmt::format("\"{}\" does not happen", event);
}

const Pdu* pdu_of(const Trace& trace, const Happening& where) {
  return where.pdu == kNone ? nullptr : &trace.pdus[where.pdu];
}

// "12.3 ms", "4.20 s", "30.0 min"
std::string spell(trace::Time time) {
  const double s = static_cast<double>(time) / 1e9;
  if (s < 1) return fmt::format("{:.3g} ms", s * 1000);
  return s < 120 ? fmt::format("{:.3g} s", s) : fmt::format("{:.4g} min", s / 60);
}

// ---- order and time ----

bool earlier(const Happening& a, const Happening& b) {
  if (a.at != b.at) return a.at < b.at;
  return (a.pdu != kNone && b.pdu != kNone && a.pdu < b.pdu) ||
         (a.change != kNone && b.change != kNone && a.change < b.change);
}

CheckResult check_before(const CheckSpec& spec, const Happening& first, const Happening& second) {
  CheckResult one;
  one.line = spec.line;
  one.text = fmt::format("\"{}\" comes before \"{}\"", spec.event_text, spec.other_text);
  one.passed = earlier(first, second);
  if (!one.passed)
    one.found = fmt::format("at {:.6f} s and {:.6f} s", static_cast<double>(first.at) / 1e9,
                            static_cast<double>(second.at) / 1e9);
  return one;
}

CheckResult check_takes(const CheckSpec& spec, const Happening& from, const Happening& until) {
  const trace::Time taken = until.at - from.at;
  CheckResult one;
  one.line = spec.line;
  one.text = fmt::format("from \"{}\" until \"{}\" it takes {} to {}", spec.event_text,
                         spec.other_text, spell(spec.least), spell(spec.most));
  one.passed = taken >= spec.least && taken <= spec.most;
  if (!one.passed) one.found = taken < 0 ? "they come the other way round" : spell(taken);
  return one;
}

CheckResult check_state(const CheckSpec& spec, const Trace& trace, const Happening& when) {
  const std::string text = fmt::format("at \"{}\": {}", spec.other_text, spec.event_text);
  const auto variable =
      std::find_if(trace.variables.begin(), trace.variables.end(), [&](const trace::Variable& one) {
        return trace::what(one) == spec.event.word && trace.hosts[one.host].name == spec.event.host;
      });
  if (variable == trace.variables.end())
    return failed(spec, text, fmt::format("{} has no {}", spec.event.host, spec.event.word));
  const auto id = static_cast<Id>(variable - trace.variables.begin());
  const std::string value = trace::text(trace.value_at(id, when.at));
  CheckResult one{value == spec.event.value, text, "", spec.line};
  if (!one.passed) one.found = value.empty() ? "it has no value yet" : value;
  return one;
}

// ---- words and octets ----

// The lines of a DNS message, the octets of any other PDU, the line that tells an inside event.
std::string words_of(const Trace& trace, const Happening& where) {
  if (where.change != kNone) return trace.changes[where.change].text;
  const Pdu* pdu = pdu_of(trace, where);
  if (!pdu) return {};
  if (!languages::of(trace, *pdu).lines(trace, *pdu)) return trace.pdu_octets(*pdu);
  return fmt::format("{}", fmt::join(observe::display_lines(trace, *pdu), "\n"));
}

std::int64_t count_in(std::string_view text, std::string_view sought) {
  std::int64_t count = 0;
  for (auto at = text.find(sought); at != std::string_view::npos;
       at = text.find(sought, at + sought.size()))
    ++count;
  return count;
}

CheckResult check_says(const CheckSpec& spec, const Trace& trace, const Happening& where) {
  const std::int64_t found = count_in(words_of(trace, where), spec.subject);
  const std::string often =
      spec.at_least || spec.count == 1 ? "" : fmt::format("{} times ", spec.count);
  return result(spec, found,
                fmt::format("\"{}\" says {}\"{}\"", spec.event_text, often, spec.subject),
                fmt::format("{} times", found));
}

CheckResult check_octets(const CheckSpec& spec, const Trace& trace, const Pdu& pdu) {
  const trace::Connection& connection = trace.connections[pdu.connection];
  const std::uint64_t octets =
      pdu.kind == PduKind::Open ? connection.octets[0] + connection.octets[1] : pdu.end - pdu.begin;
  return result(spec, static_cast<std::int64_t>(octets),
                fmt::format("\"{}\" is of {} octets", spec.event_text, spec.count),
                fmt::format("{}", octets));
}

// ---- connection and packet ----

CheckResult check_port(const CheckSpec& spec, const Trace& trace, const Pdu& pdu) {
  const std::uint16_t port = trace.connections[pdu.connection].server.port;
  return result(spec, port, fmt::format("\"{}\" is at port {}", spec.event_text, spec.count),
                fmt::format("{}", port));
}

// How often the client's octets are followed by the server's. A handshake is one more round trip.
std::int64_t count_round_trips(const Trace& trace, Id first, Id last) {
  std::int64_t count = 0;
  bool asked = false;
  const std::size_t end = trace.place_in_time(last) + 1;
  for (std::size_t place = trace.place_in_time(first); place < end; ++place) {
    const Pdu& pdu = trace.pdus[trace.by_time[place]];
    if (pdu.connection != trace.pdus[first].connection) continue;
    const bool to_server = pdu.direction == Direction::ToServer;
    if (pdu.kind == PduKind::Open || (asked && !to_server)) ++count;
    asked = to_server;
  }
  return count;
}

// Packets of one connection that were sent from `from` on and before `until`.
std::int64_t count_frames(const Trace& trace, Id connection, trace::Time from, trace::Time until) {
  std::int64_t count = 0;
  for (Id id = 0; id < trace.frames.size(); ++id) {
    const trace::Frame& frame = trace.frames[id];
    if (frame.connection == connection && frame.origin == id &&
        frame.fate != trace::Fate::Duplicate && frame.sent >= from && frame.sent < until)
      ++count;
  }
  return count;
}

CheckResult check_stretch(const CheckSpec& spec, const Trace& trace, const Happening& from,
                          const Happening& until) {
  const bool frames = spec.kind == CheckKind::Frames;
  const Pdu& pdu = trace.pdus[from.pdu];
  const std::int64_t found = frames ? count_frames(trace, pdu.connection, from.at, until.at)
                                    : count_round_trips(trace, from.pdu, until.pdu);
  const std::string_view what = frames ? "frame" : "round trip";
  return result(
      spec, found,
      fmt::format("from \"{}\" until \"{}\" there {} {} {}{}", spec.event_text, spec.other_text,
                  spec.count == 1 ? "is" : "are", spec.count, what, spec.count == 1 ? "" : "s"),
      fmt::format("{}", found));
}

CheckResult check_ttl(const CheckSpec& spec, const Trace& trace, const Pdu& pdu) {
  const std::string text =
      fmt::format("\"{}\" has TTL {} on hop {}", spec.event_text, spec.count, spec.hop);
  std::size_t hop = 0;
  for (const trace::Frame& frame : trace.frames) {
    if (frame.origin != pdu.frame || frame.fate == trace::Fate::Duplicate || ++hop != spec.hop)
      continue;
    constexpr std::size_t kTtlAt = 8;  // RFC 791 §3.1
    const std::string_view octets = trace.octets(frame);
    const auto ip = tcp::decode(octets, frame.link_type, frame.wire_octets);
    if (ip.ip_version != 4) break;
    const auto ttl = static_cast<unsigned char>(octets[ip.ip_at + kTtlAt]);
    return result(spec, ttl, text, fmt::format("{}", ttl));
  }
  return failed(spec, text, "there is no such hop");
}

// ---- messages ----

// Header and body as the receiver stores them are the end of what it got, line by line; dots are
// doubled in the same way on each hop, so the stream's octets can be compared.
bool ends_with_message(const Trace& trace, const Pdu& later, const Pdu& earlier) {
  const std::string whole = trace.pdu_octets(later);
  return whole.ends_with(trace.pdu_octets(earlier));
}

const trace::Mail* mail_of(const Trace& trace, Id pdu) {
  const auto mail = std::find_if(trace.mails.begin(), trace.mails.end(),
                                 [&](const trace::Mail& one) { return one.data == pdu; });
  return mail == trace.mails.end() ? nullptr : &*mail;
}

bool same_parts(const trace::Mail& a, const trace::Mail& b) {
  return std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(),
                    [](const trace::MailPart& x, const trace::MailPart& y) {
                      return x.type == y.type && x.sha256 == y.sha256;
                    });
}

CheckResult check_same(const CheckSpec& spec, const Trace& trace, const Happening& later,
                       const Happening& earlier) {
  const bool parts = spec.kind == CheckKind::SameParts;
  const std::string text =
      parts ? fmt::format("\"{}\" has the same decoded parts as \"{}\"", spec.event_text,
                          spec.other_text)
            : fmt::format("\"{}\" ends with all of \"{}\"", spec.event_text, spec.other_text);
  const trace::Mail *a = mail_of(trace, later.pdu), *b = mail_of(trace, earlier.pdu);
  if (!a || !b) return failed(spec, text, "there are no such two messages");
  const bool passed = parts ? same_parts(*a, *b)
                            : ends_with_message(trace, trace.pdus[a->data], trace.pdus[b->data]);
  return {passed, text, passed ? "" : parts ? "they differ" : "it does not", spec.line};
}

bool wants_two(CheckKind kind) {
  return kind == CheckKind::Before || kind == CheckKind::Takes || kind == CheckKind::RoundTrips ||
         kind == CheckKind::Frames || kind == CheckKind::SameMessage ||
         kind == CheckKind::SameParts;
}

bool wants_pdu(CheckKind kind) {
  return kind == CheckKind::RoundTrips || kind == CheckKind::Frames || kind == CheckKind::Octets ||
         kind == CheckKind::Port || kind == CheckKind::Ttl;
}

}  // namespace

CheckResult check_events(const CheckSpec& spec, const Trace& trace) {
  const std::string& text = spec.event_text;
  const Happening other = wants_two(spec.kind) || spec.kind == CheckKind::State
                              ? find_event(trace, spec.other)
                              : Happening{};
  if (spec.kind == CheckKind::State)
    return other.at == kNever ? failed(spec, text, never(spec.other_text))
                              : check_state(spec, trace, other);
  const Happening event = find_event(trace, spec.event);
  if (event.at == kNever) return failed(spec, text, never(text));
  if (wants_two(spec.kind) && other.at == kNever) return failed(spec, text, never(spec.other_text));
  const Pdu* pdu = pdu_of(trace, event);
  if (wants_pdu(spec.kind) && !pdu)
    return failed(spec, text, fmt::format("\"{}\" crosses no wire", text));
  if (spec.kind == CheckKind::RoundTrips && other.pdu == kNone)
    return failed(spec, text, fmt::format("\"{}\" crosses no wire", spec.other_text));
  switch (spec.kind) {
    case CheckKind::Before:
      return check_before(spec, event, other);
    case CheckKind::Says:
      return check_says(spec, trace, event);
    case CheckKind::Takes:
      return check_takes(spec, event, other);
    case CheckKind::RoundTrips:
    case CheckKind::Frames:
      return check_stretch(spec, trace, event, other);
    case CheckKind::Octets:
      return check_octets(spec, trace, *pdu);
    case CheckKind::Port:
      return check_port(spec, trace, *pdu);
    case CheckKind::Ttl:
      return check_ttl(spec, trace, *pdu);
    default:
      return check_same(spec, trace, event, other);
  }
}

}  // namespace mailscope::scenarios
