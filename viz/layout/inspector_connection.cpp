// A connection: the session machine, the exchange, the segments.
#include <fmt/format.h>

#include <algorithm>

#include "captures/languages/languages.hpp"
#include "viz/layout/announced.hpp"
#include "viz/layout/crash.hpp"
#include "viz/layout/inspector_parts.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {

using trace::Pdu;

void add_machine(const TraceIndex& index, Id id, Time at, Inspector& out) {
  const Pdu& pdu = index.trace().pdus[id];
  const trace::Connection& connection = index.trace().connections[pdu.connection];
  const languages::Language& language = languages::of(connection.protocol);
  std::vector<std::string> states;
  for (const std::uint8_t state : language.states()) states.push_back(language.state(state));
  if (states.empty() || connection.opening == trace::Opening::SynOnly) return;
  out.machine_title = "Session machine of " + index.endpoint_name(connection.server);
  const std::string now = language.state(pdu.state);
  std::vector<std::string> passed;
  const std::span<const Id> all = index.pdus_of(pdu.connection);
  const std::size_t place = index.place_in_connection(id);
  for (std::size_t i = place > 2000 ? place - 2000 : 0; i < place; ++i)
    passed.push_back(language.state(index.trace().pdus[all[i]].state));
  const Time crash = crash_under(index.trace(), pdu.connection);
  const bool gone = crash <= at;
  bool known = false;
  for (const std::string& name : states) {
    const bool was = std::find(passed.begin(), passed.end(), name) != passed.end();
    out.machine.push_back({name, !gone && name == now, was || (gone && name == now)});
    known = known || name == now;
  }
  if (!known && !now.empty()) out.machine.push_back({now, !gone, gone});
  if (gone) {
    out.next = "the session is gone: a crash ended it at " + clock_text(crash);
    return;
  }
  const std::vector<std::string> next = language.next(pdu.state);
  for (const std::string& command : next) {
    if (!is_announced(index, id, command)) continue;
    out.next += out.next.empty() ? "may come next: " : ", ";
    out.next += command;
  }
}

void add_exchange(const Trace& trace, Id id, Inspector& out) {
  const Pdu& pdu = trace.pdus[id];
  if (pdu.exchange >= trace.exchanges.size()) return;
  const trace::Exchange& exchange = trace.exchanges[pdu.exchange];
  std::vector<Id> members;
  if (exchange.command != kNone) members.push_back(exchange.command);
  if (exchange.data != kNone) members.push_back(exchange.data);
  for (Id reply = exchange.first_reply; reply != kNone && members.size() < kFactsMax;
       reply = trace.pdus[reply].next_reply)
    members.push_back(reply);
  if (members.size() < 2) return;
  std::sort(members.begin(), members.end());
  const Time took = trace.pdus[members.back()].first - trace.pdus[members.front()].first;
  Section section{"Exchange", span_text(took), {}, {}};
  for (const Id member : members) {
    const Pdu& said = trace.pdus[member];
    Fact fact;
    fact.label = said.direction == Direction::ToServer ? "client" : "server";
    fact.value = label(trace, said);
    fact.mono = true;
    fact.leads_to = {Selected::Pdu, member};
    if (member == id) fact.role = Role::Accent;
    section.facts.push_back(std::move(fact));
  }
  out.sections.push_back(std::move(section));
}

void add_segments(const Trace& trace, const Pdu& pdu, Inspector& out) {
  Section section{"Segments it travelled in", "", {}, {}};
  std::size_t count = 0;
  for (Id id = pdu.segment; id < trace.segments.size() && trace.segments[id].begin < pdu.end;
       id = trace.segments[id].next) {
    if (++count > 100'000) break;
    if (section.facts.size() >= 8) continue;
    const trace::Segment& segment = trace.segments[id];
    const std::uint64_t from = std::max(pdu.begin, segment.begin);
    const std::uint64_t to = std::min(pdu.end, segment.begin + segment.octets);
    Fact fact;
    fact.label = fmt::format("frame {}", segment.frame + 1);
    fact.value = octets_text(to > from ? to - from : 0);
    if (segment.frame < trace.frames.size())
      fact.value += fmt::format(" · {} s", time_text(trace.frames[segment.frame].sent));
    if (const auto again = trace.on_wire(segment).retransmissions; again > 0)
      fact.value += fmt::format(" · sent again {}×", again);
    fact.leads_to = {Selected::Frame, segment.frame};
    section.facts.push_back(std::move(fact));
  }
  if (count == 0) return;
  section.right = count == 1 ? "one" : std::to_string(count);
  if (count > section.facts.size()) section.text.push_back("…");
  out.sections.push_back(std::move(section));
}

void add_connections(const TraceIndex& index, Inspector& out) {
  const Trace& trace = index.trace();
  Section section{"Connections", "and how long they took", {}, {}};
  for (std::size_t i = 0; i < trace.connections.size() && section.facts.size() < kFactsMax; ++i) {
    const trace::Connection& connection = trace.connections[i];
    if (connection.opening == trace::Opening::Datagrams || connection.closed == kNever) continue;
    add_fact(section, std::to_string(i + 1),
             fmt::format("{} → {}: {}", index.endpoint_name(connection.client),
                         index.endpoint_name(connection.server),
                         span_text(connection.closed - connection.opened)));
  }
  if (!section.facts.empty()) out.sections.push_back(std::move(section));
}

}  // namespace mailscope::viz
