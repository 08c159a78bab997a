// The checks of what crosses the wire at an event: octets, ports, hops, messages.
#include <fmt/format.h>

#include <algorithm>

#include "captures/tcp/decode.hpp"
#include "scenarios/playing/check_kinds.hpp"

namespace mailscope::scenarios {
namespace {

using trace::Id;
using trace::Pdu;
using trace::PduKind;
using trace::Trace;

const trace::Mail* mail_of(const Trace& trace, Id pdu) {
  const auto mail = std::find_if(trace.mails.begin(), trace.mails.end(),
                                 [&](const trace::Mail& sent) { return sent.data == pdu; });
  return mail == trace.mails.end() ? nullptr : &*mail;
}

// Header and body as the receiver stores them are the end of what it got, line by line; dots are
// doubled in the same way on each hop, so the stream's octets can be compared.
bool ends_with_message(const Trace& trace, const trace::Mail& later, const trace::Mail& earlier) {
  const std::string whole = trace.pdu_octets(trace.pdus[later.data]);
  return whole.ends_with(trace.pdu_octets(trace.pdus[earlier.data]));
}

bool same_parts(const trace::Mail& a, const trace::Mail& b) {
  return std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(),
                    [](const trace::MailPart& x, const trace::MailPart& y) {
                      return x.type == y.type && x.sha256 == y.sha256;
                    });
}

// `compare` is asked for the mails of the two events; `otherwise` is what a failed check found.
template <typename Check, typename Compare>
CheckResult compare_mails(const Check& check, const Trace& trace, std::string text,
                          std::string otherwise, Compare compare) {
  const auto both = find_two(trace, check.later, check.earlier);
  if (!both) return both.error();
  const trace::Mail* later = mail_of(trace, both->first.pdu);
  const trace::Mail* earlier = mail_of(trace, both->second.pdu);
  if (!later || !earlier) return failed(std::move(text), "there are no such two messages");
  return verdict(compare(*later, *earlier), std::move(text), std::move(otherwise));
}

// What hops are counted down in: Time to Live (RFC 791 §3.1), or IPv6's Hop Limit (RFC 8200 §3).
int ttl_of(const Trace& trace, const trace::Frame& frame) {
  constexpr std::size_t kTtlAt = 8, kHopLimitAt = 7;
  const std::string_view octets = trace.octets(frame);
  const auto ip = tcp::decode(octets, frame.link_type, frame.wire_octets);
  const std::size_t at = ip.ip_at + (ip.ip_version == 6 ? kHopLimitAt : kTtlAt);
  return static_cast<unsigned char>(octets[at]);
}

}  // namespace

CheckResult make(const check::Octets& check, const Ended& run) {
  const auto id = find_pdu(run.trace, check.of);
  if (!id) return id.error();
  const Pdu& pdu = run.trace.pdus[*id];
  const trace::Connection& connection = run.trace.connections[pdu.connection];
  const auto octets = static_cast<std::int64_t>(pdu.kind == PduKind::Open
                                                    ? connection.octets[0] + connection.octets[1]
                                                    : pdu.end - pdu.begin);
  return verdict(octets == check.octets,
                 fmt::format("\"{}\" is of {} octets", check.of.text, check.octets),
                 fmt::format("{}", octets));
}

CheckResult make(const check::Port& check, const Ended& run) {
  const auto id = find_pdu(run.trace, check.of);
  if (!id) return id.error();
  const std::uint16_t port = run.trace.connections[run.trace.pdus[*id].connection].server.port;
  return verdict(port == check.port, fmt::format("\"{}\" is at port {}", check.of.text, check.port),
                 fmt::format("{}", port));
}

CheckResult make(const check::Ttl& check, const Ended& run) {
  const Trace& trace = run.trace;
  const auto id = find_pdu(trace, check.of);
  if (!id) return id.error();
  const std::string text =
      fmt::format("\"{}\" has TTL {} on hop {}", check.of.text, check.ttl, check.hop);
  std::size_t hop = 0;
  for (const trace::Frame& frame : trace.frames) {
    if (frame.origin != trace.pdus[*id].frame || frame.fate == trace::Fate::Duplicate ||
        ++hop != check.hop)
      continue;
    const int ttl = ttl_of(trace, frame);
    return verdict(ttl == check.ttl, text, fmt::format("{}", ttl));
  }
  return failed(text, "there is no such hop");
}

CheckResult make(const check::SameMessage& check, const Ended& run) {
  return compare_mails(
      check, run.trace,
      fmt::format("\"{}\" ends with all of \"{}\"", check.later.text, check.earlier.text),
      "it does not", [&](const trace::Mail& later, const trace::Mail& earlier) {
        return ends_with_message(run.trace, later, earlier);
      });
}

CheckResult make(const check::SameParts& check, const Ended& run) {
  return compare_mails(check, run.trace,
                       fmt::format("\"{}\" has the same decoded parts as \"{}\"", check.later.text,
                                   check.earlier.text),
                       "they differ", same_parts);
}

}  // namespace mailscope::scenarios
