#include "captures/trace/trace.hpp"

#include <algorithm>
#include <utility>

namespace mailscope::trace {

std::string_view Trace::octets(const Segment& segment) const {
  if (segment.derived) return store.view(derivations[segment.payload_at].at, segment.octets);
  const std::string_view frame = octets(frames[segment.frame]);
  if (segment.payload_at > frame.size()) return {};
  return frame.substr(segment.payload_at, segment.octets);
}

const Segment& Trace::on_wire(const Segment& segment) const {
  const Segment* found = &segment;
  while (found->derived) found = &segments[derivations[found->payload_at].carrier];
  return *found;
}

Id Trace::stream_of(const Pdu& pdu) const {
  Id stream = connections[pdu.connection].stream;
  for (int layer = 0; layer < pdu.layer && stream != kNone; ++layer)
    stream = streams[stream].carried;
  return stream;
}

std::string Trace::stream_octets(Id segment, std::uint64_t begin, std::uint64_t end,
                                 std::size_t octets_max) const {
  std::string out;
  for (Id id = segment; id != kNone && out.size() < octets_max; id = segments[id].next) {
    const Segment& piece = segments[id];
    if (piece.begin >= end) break;
    const std::uint64_t from = std::max(begin, piece.begin);
    const std::uint64_t to = std::min(end, piece.begin + piece.octets);
    if (from >= to) continue;
    const std::string_view there = octets(piece);
    if (from - piece.begin > there.size()) continue;
    out.append(there.substr(from - piece.begin,
                            std::min<std::uint64_t>(to - from, octets_max - out.size())));
  }
  return out;
}

std::string Trace::pdu_octets(const Pdu& pdu, std::size_t octets_max) const {
  return stream_octets(pdu.segment, pdu.begin, pdu.end, octets_max);
}

Id Trace::variable(Id host, Id agent, What what) {
  auto& theirs = variable_ids_[{host, agent}];
  const auto next = static_cast<Id>(variables.size());
  const auto [place, added] = theirs.try_emplace({what.kind, std::string(what.subject)}, next);
  if (added) variables.push_back({host, agent, what.kind, std::string(what.subject), {}});
  return place->second;
}

Id Trace::change(Time at, Id variable, Value after, std::string text, Id by) {
  const Id id = static_cast<Id>(changes.size());
  std::vector<Id>& history = variables[variable].changes;
  Value before = history.empty() ? Value{} : changes[history.back()].after;
  history.push_back(id);
  changes.push_back({at, variable, by, std::move(before), std::move(after), std::move(text)});
  return id;
}

const Value& Trace::value_at(Id variable, Time at) const {
  static const Value kNothing;
  const std::vector<Id>& history = variables[variable].changes;
  const auto after = std::upper_bound(history.begin(), history.end(), at,
                                      [&](Time t, Id id) { return t < changes[id].at; });
  return after == history.begin() ? kNothing : changes[*(after - 1)].after;
}

void Trace::settle() {
  by_time.grow(pdus.size(), [&](Id id) { return pdus[id].first; });
  findings_by_time.grow(findings.size(), [&](Id id) { return findings[id].at; });
  // So that what is revised next is noted, also where the same was revised last.
  for (std::vector<Id>* list : {&revisions_.pdus, &revisions_.frames, &revisions_.connections})
    if (!list->empty() && list->back() != kNone) list->push_back(kNone);
  seen_pdus_ = static_cast<Id>(pdus.size());
  seen_frames_ = static_cast<Id>(frames.size());
  seen_connections_ = static_cast<Id>(connections.size());
}

std::size_t Trace::place_in_time(Id pdu) const {
  const auto at = std::lower_bound(by_time.begin(), by_time.end(), pdu,
                                   [&](Id a, Id b) { return is_before(a, b); });
  return static_cast<std::size_t>(at - by_time.begin());
}

std::size_t Trace::pdus_until(Time at) const {
  const auto after = std::upper_bound(by_time.begin(), by_time.end(), at,
                                      [&](Time t, Id id) { return t < pdus[id].first; });
  return static_cast<std::size_t>(after - by_time.begin());
}

std::string_view name(SourceKind kind) {
  constexpr std::string_view kNames[] = {"scenario", "capture", "live", "live"};
  return kNames[static_cast<int>(kind)];
}

std::string_view name(Loss loss) {
  constexpr std::string_view kNames[] = {"",           "noise",   "queue full", "host off",
                                         "no station", "dropped", "link cut"};
  return kNames[static_cast<int>(loss)];
}

std::string_view name(AgentKind kind) {
  constexpr std::string_view kNames[] = {"user agent", "MTA client", "MTA server", "MDA",
                                         "MAA client", "MAA server", "spool",      "mailbox",
                                         "DNS server", "resolver",   "terminal",   "process"};
  return kNames[static_cast<int>(kind)];
}

std::string_view name(Severity severity) {
  constexpr std::string_view kNames[] = {"note", "warning", "error"};
  return kNames[static_cast<int>(severity)];
}

std::string_view name(MailKind kind) {
  constexpr std::string_view kNames[] = {"data", "bdat", "retr", "top", "fetch", "append"};
  return kNames[static_cast<int>(kind)];
}

std::string_view name(MailFate fate) {
  constexpr std::string_view kNames[] = {"unanswered", "accepted", "refused", "served"};
  return kNames[static_cast<int>(fate)];
}

}  // namespace mailscope::trace
