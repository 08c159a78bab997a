// The checks that hold one or two events of a run to what a lesson says of them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "captures/languages/languages.hpp"
#include "captures/observe/masking.hpp"
#include "scenarios/playing/check_kinds.hpp"

namespace mailscope::scenarios {
namespace {

using trace::Id;
using trace::kNone;
using trace::Pdu;
using trace::PduKind;
using trace::Trace;

std::string never(std::string_view event) {
  return fmt::format("\"{}\" does not happen", event);
}

// "12.3 ms", "4.20 s", "30.0 min"
std::string spell(trace::Time time) {
  const double s = static_cast<double>(time) / 1e9;
  if (s < 1) return fmt::format("{:.3g} ms", s * 1000);
  return s < 120 ? fmt::format("{:.3g} s", s) : fmt::format("{:.4g} min", s / 60);
}

bool is_earlier(const Happening& a, const Happening& b) {
  if (a.at != b.at) return a.at < b.at;
  return (a.pdu != kNone && b.pdu != kNone && a.pdu < b.pdu) ||
         (a.change != kNone && b.change != kNone && a.change < b.change);
}

// The lines of a DNS message, the octets of any other PDU, the line that tells an inside event.
std::string text_of(const Trace& trace, const Happening& where) {
  if (where.change != kNone) return trace.changes[where.change].text;
  if (where.pdu == kNone) return {};
  const Pdu& pdu = trace.pdus[where.pdu];
  if (!languages::of(trace, pdu).lines(trace, pdu)) return trace.pdu_octets(pdu);
  return fmt::format("{}", fmt::join(observe::display_lines(trace, pdu), "\n"));
}

std::int64_t count_in(std::string_view text, std::string_view sought) {
  std::int64_t count = 0;
  for (auto at = text.find(sought); at != std::string_view::npos;
       at = text.find(sought, at + sought.size()))
    ++count;
  return count;
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

// Both happen, and the first one crosses a wire.
template <typename Check>
tl::expected<Two, CheckResult> find_stretch(const Trace& trace, const Check& check) {
  auto both = find_two(trace, check.from, check.until);
  if (both && both->first.pdu == kNone)
    return tl::unexpected(crosses_no_wire(check.from, check.from));
  return both;
}

// `unit`: "frame".
template <typename Check>
CheckResult verdict_of_stretch(const Check& check, std::int64_t found, std::string_view unit) {
  return verdict(
      found == check.number,
      fmt::format("from \"{}\" until \"{}\" there {} {} {}{}", check.from.text, check.until.text,
                  check.number == 1 ? "is" : "are", check.number, unit, plural(check.number)),
      fmt::format("{}", found));
}

// `says "TEXT"`, `never says "TEXT"`, `says "TEXT" 2 times`.
std::string says(const check::Says& check) {
  if (!check.times) return fmt::format("says \"{}\"", check.text);
  if (*check.times == 0) return fmt::format("never says \"{}\"", check.text);
  return fmt::format("says \"{}\" {}", check.text, times(*check.times));
}

}  // namespace

tl::expected<Happening, CheckResult> find_needed(const Trace& trace, const EventPattern& event) {
  const Happening where = find_event(trace, event);
  if (!where.happens()) return tl::unexpected(failed(event.text, never(event.text)));
  return where;
}

CheckResult crosses_no_wire(const EventPattern& checked, const EventPattern& event) {
  return failed(checked.text, fmt::format("\"{}\" crosses no wire", event.text));
}

tl::expected<Id, CheckResult> find_pdu(const Trace& trace, const EventPattern& event) {
  const auto where = find_needed(trace, event);
  if (!where) return tl::unexpected(where.error());
  if (where->pdu == kNone) return tl::unexpected(crosses_no_wire(event, event));
  return where->pdu;
}

tl::expected<Two, CheckResult> find_two(const Trace& trace, const EventPattern& first,
                                        const EventPattern& second) {
  const auto where = find_needed(trace, first);
  if (!where) return tl::unexpected(where.error());
  const Happening where_second = find_event(trace, second);
  if (!where_second.happens()) return tl::unexpected(failed(first.text, never(second.text)));
  return Two{*where, where_second};
}

CheckResult make(const check::Event& check, const Ended& run) {
  const std::int64_t seen = count_events(run.trace, check.event);
  const std::string text =
      check.times == 0 ? fmt::format("\"{}\" never happened", check.event.text)
                       : fmt::format("\"{}\" happened {}", check.event.text, times(check.times));
  return verdict(seen == check.times, text, times(seen));
}

CheckResult make(const check::Before& check, const Ended& run) {
  const auto both = find_two(run.trace, check.earlier, check.later);
  if (!both) return both.error();
  return verdict(is_earlier(both->first, both->second),
                 fmt::format("\"{}\" comes before \"{}\"", check.earlier.text, check.later.text),
                 fmt::format("at {:.6f} s and {:.6f} s", static_cast<double>(both->first.at) / 1e9,
                             static_cast<double>(both->second.at) / 1e9));
}

CheckResult make(const check::Says& check, const Ended& run) {
  const auto where = find_needed(run.trace, check.event);
  if (!where) return where.error();
  const std::int64_t found = count_in(text_of(run.trace, *where), check.text);
  return verdict(check.times ? found == *check.times : found > 0,
                 fmt::format("\"{}\" {}", check.event.text, says(check)), times(found));
}

CheckResult make(const check::State& check, const Ended& run) {
  const Trace& trace = run.trace;
  const Happening when = find_event(trace, check.at);
  if (!when.happens()) return failed(check.text, never(check.at.text));
  const std::string text = fmt::format("at \"{}\": {}", check.at.text, check.text);
  const auto variable = std::find_if(
      trace.variables.begin(), trace.variables.end(),
      [&](const trace::Variable& candidate) { return is_variable(trace, candidate, check.state); });
  if (variable == trace.variables.end())
    return failed(text, fmt::format("{} has no {}", check.state.host,
                                    trace::what(check.state.variable, check.state.subject)));
  const auto id = static_cast<Id>(variable - trace.variables.begin());
  const trace::Value value = trace.value_at(id, when.at);
  return verdict(value == *check.state.value, text,
                 trace::has_value(value) ? trace::text(value) : "it has no value yet");
}

CheckResult make(const check::Takes& check, const Ended& run) {
  const auto both = find_two(run.trace, check.from, check.until);
  if (!both) return both.error();
  const trace::Time taken = both->second.at - both->first.at;
  return verdict(taken >= check.least && taken <= check.most,
                 fmt::format("from \"{}\" until \"{}\" it takes {} to {}", check.from.text,
                             check.until.text, spell(check.least), spell(check.most)),
                 taken < 0 ? "they come the other way round" : spell(taken));
}

CheckResult make(const check::RoundTrips& check, const Ended& run) {
  const auto both = find_stretch(run.trace, check);
  if (!both) return both.error();
  if (both->second.pdu == kNone) return crosses_no_wire(check.from, check.until);
  return verdict_of_stretch(check, count_round_trips(run.trace, both->first.pdu, both->second.pdu),
                            "round trip");
}

CheckResult make(const check::Frames& check, const Ended& run) {
  const auto both = find_stretch(run.trace, check);
  if (!both) return both.error();
  const Id connection = run.trace.pdus[both->first.pdu].connection;
  return verdict_of_stretch(
      check, count_frames(run.trace, connection, both->first.at, both->second.at), "frame");
}

}  // namespace mailscope::scenarios
