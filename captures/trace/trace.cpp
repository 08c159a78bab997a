#include "captures/trace/trace.hpp"

#include <algorithm>
#include <utility>

namespace mailscope::trace {

std::string Trace::stream_octets(Id segment, std::uint64_t begin, std::uint64_t end,
                                 std::size_t octets_max) const {
  std::string out;
  for (Id id = segment; id != kNone && out.size() < octets_max; id = segments[id].next) {
    const Segment& piece = segments[id];
    if (piece.begin >= end) break;
    const std::uint64_t from = std::max(begin, piece.begin);
    const std::uint64_t to = std::min(end, piece.begin + piece.octets);
    if (from >= to) continue;
    const std::string_view frame = octets(frames[piece.frame]);
    const std::uint64_t at = piece.payload_at + (from - piece.begin);
    if (at > frame.size()) continue;
    out.append(frame.substr(at, std::min<std::uint64_t>(to - from, octets_max - out.size())));
  }
  return out;
}

std::string Trace::pdu_octets(const Pdu& pdu, std::size_t octets_max) const {
  return stream_octets(pdu.segment, pdu.begin, pdu.end, octets_max);
}

Id Trace::variable(Id host, Id agent, std::string_view what) {
  auto& theirs = variable_ids_[{host, agent}];
  if (const auto known = theirs.find(what); known != theirs.end()) return known->second;
  const Id id = static_cast<Id>(variables.size());
  theirs.emplace(what, id);
  variables.push_back({host, agent, std::string(what), {}});
  return id;
}

Id Trace::change(Time at, Id variable, std::string after, std::string text) {
  const Id id = static_cast<Id>(changes.size());
  std::vector<Id>& history = variables[variable].changes;
  std::string before = history.empty() ? "" : changes[history.back()].after;
  history.push_back(id);
  changes.push_back({at, variable, std::move(before), std::move(after), std::move(text)});
  return id;
}

std::string_view Trace::value_at(Id variable, Time at) const {
  const std::vector<Id>& history = variables[variable].changes;
  const auto after = std::upper_bound(history.begin(), history.end(), at,
                                      [&](Time t, Id id) { return t < changes[id].at; });
  return after == history.begin() ? std::string_view{} : changes[*(after - 1)].after;
}

Id Trace::pdus_until(Time at) const {
  const auto after = std::upper_bound(pdus.begin(), pdus.end(), at,
                                      [](Time t, const Pdu& pdu) { return t < pdu.first; });
  return static_cast<Id>(after - pdus.begin());
}

std::string_view name(Protocol protocol) {
  constexpr std::string_view kNames[] = {"unknown", "smtp", "pop3", "imap", "dns", "http", "tls"};
  return kNames[static_cast<int>(protocol)];
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

Speakers speakers(Protocol protocol) {
  switch (protocol) {
    case Protocol::Pop3:
    case Protocol::Imap:
      return {AgentKind::MaaClient, AgentKind::MaaServer};
    case Protocol::Dns:
      return {AgentKind::Resolver, AgentKind::DnsServer};
    default:
      return {AgentKind::MtaClient, AgentKind::MtaServer};
  }
}

}  // namespace mailscope::trace
