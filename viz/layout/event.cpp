#include "viz/layout/event.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "viz/layout/flight.hpp"

namespace mailscope::viz {
namespace {

constexpr std::size_t kLookedAt = 64;  // events of the same moment that are told apart

Selection event_of(const Row& row) {
  switch (row.kind) {
    case RowKind::Pdu:
      return {Selected::Pdu, row.id};
    case RowKind::Change:
      return {Selected::Change, row.id};
    case RowKind::Lost:
      return {Selected::Frame, row.id};
    case RowKind::Intervention:
      return {Selected::Intervention, row.id};
    case RowKind::Gap:
      break;
  }
  return {};
}

// What arrives comes in front of what it brings about, and of what is done then.
auto order_of(const TraceIndex& index, Selection event) {
  const int rank = event.kind == Selected::Change ? 2 : event.kind == Selected::Intervention;
  return std::tuple(end_of(index, event), rank, event.id);
}

// How many rows begin until then. O(log n).
std::size_t rows_until(const TraceIndex& index, Time time) {
  std::size_t low = 0, high = index.rows().size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (index.time_of(middle) <= time)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

// Where no row is the frame's own: the PDU that it was to carry.
Selection of_lost(const TraceIndex& index, Id frame) {
  const Id pdu = index.pdu_of_frame(frame);
  const bool told = pdu != kNone && index.lost_with(pdu) == frame;
  return told ? Selection{Selected::Pdu, pdu} : Selection{Selected::Frame, frame};
}

// Words of an intervention as it is written: "cut HOST HOST".
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

Id host_named(const Trace& trace, std::string_view name) {
  const auto host = std::ranges::find(trace.hosts, name, &trace::Host::name);
  return host == trace.hosts.end() ? kNone : static_cast<Id>(host - trace.hosts.begin());
}

std::string short_name(const TraceIndex& index, std::string_view name) {
  const Id host = host_named(index.trace(), name);
  return host == kNone ? std::string(name) : index.host_name(host);
}

}  // namespace

Time begin_of(const TraceIndex& index, Selection event) {
  const Trace& trace = index.trace();
  switch (event.kind) {
    case Selected::Pdu:
      return index.departs(event.id);
    case Selected::Frame:
      return trace.frames[event.id].sent;
    default:
      return end_of(index, event);
  }
}

Time end_of(const TraceIndex& index, Selection event) {
  const Trace& trace = index.trace();
  switch (event.kind) {
    case Selected::Pdu:
      return arrival_of(index, event.id);
    case Selected::Frame:
      return end_of_frame(index, event.id);
    case Selected::Change:
      return trace.changes[event.id].at;
    case Selected::Intervention:
      return trace.interventions[event.id].at;
    default:
      return 0;
  }
}

bool is_in_front(const TraceIndex& index, Selection a, Selection b) {
  return order_of(index, a) < order_of(index, b);
}

Selection event_of(const TraceIndex& index, const trace::Note& note) {
  if (note.pdu != kNone) return {Selected::Pdu, note.pdu};
  if (note.change != kNone) return {Selected::Change, note.change};
  if (const Id lost = index.lost_frame_of(note); lost != kNone)
    return index.has_row(lost) ? Selection{Selected::Frame, lost} : of_lost(index, lost);
  const auto& all = index.trace().interventions;
  for (auto one = std::ranges::lower_bound(all, note.at, {}, &trace::Intervention::at);
       one != all.end() && one->at == note.at && note.at > 0; ++one)
    if (is_seen(*one)) return {Selected::Intervention, static_cast<Id>(one - all.begin())};
  return {};
}

Selection latest_event(const TraceIndex& index, Time time) {
  const std::size_t begun = rows_until(index, time);
  Selection latest;
  for (std::size_t row = begun; row-- > 0 && begun - row <= kLookedAt;) {
    const Selection event = event_of(index.rows()[row]);
    if (event.kind == Selected::Nothing) continue;
    if (latest.kind == Selected::Nothing || order_of(index, event) > order_of(index, latest))
      latest = event;
  }
  return latest;
}

Selection last_event(const TraceIndex& index) {
  return latest_event(index, index.duration());
}

Id latest_arrived(const TraceIndex& index, Time time) {
  const trace::TimeOrder& pdus = index.trace().by_time;
  const std::size_t begun = index.trace().pdus_until(time);
  Id last = kNone;
  for (std::size_t place = begun; place-- > 0 && begun - place <= kLookedAt;) {
    const Selection event{Selected::Pdu, pdus[place]};
    if (end_of(index, event) > time) continue;
    if (last == kNone || order_of(index, event) > order_of(index, {Selected::Pdu, last}))
      last = event.id;
  }
  return last;
}

Id last_to_arrive(const TraceIndex& index) {
  return latest_arrived(index, index.duration());
}

Id last_change_seen(const TraceIndex& index, const Cursor& cursor) {
  if (cursor.settled) return kNone;
  if (cursor.event.kind == Selected::Change) return cursor.event.id;
  const bool arrives =
      cursor.event.kind == Selected::Pdu && arrival_of(index, cursor.event.id) == cursor.time;
  if (!arrives) return kNone;
  const std::vector<trace::StateChange>& changes = index.trace().changes;
  const auto before = std::ranges::lower_bound(changes, cursor.time, {}, &trace::StateChange::at);
  return before == changes.begin() ? kNone : static_cast<Id>(before - changes.begin() - 1);
}

const trace::Value& value_seen(const TraceIndex& index, Id variable, const Cursor& cursor) {
  const Trace& trace = index.trace();
  const Id last = last_change_seen(index, cursor);
  if (last == kNone) return trace.value_at(variable, cursor.time);
  const std::vector<Id>& changes = trace.variables[variable].changes;
  const auto later = [&](Time at, Id id) { return at < trace.changes[id].at; };
  auto after = std::upper_bound(changes.begin(), changes.end(), cursor.time, later);
  while (after != changes.begin() && *(after - 1) > last &&
         trace.changes[*(after - 1)].at == cursor.time)
    --after;
  static const trace::Value kNothing;
  return after == changes.begin() ? kNothing : trace.changes[*(after - 1)].after;
}

bool is_seen(const trace::Intervention& intervention) {
  constexpr std::string_view kToldInside[] = {"off", "on", "crash", "restart", "fault", "drop"};
  const std::string_view text = intervention.text;
  const std::string_view verb = text.substr(0, text.find(' '));
  return std::ranges::find(kToldInside, verb) == std::end(kToldInside);
}

std::string text_of(const TraceIndex& index, const trace::Intervention& intervention) {
  const std::vector<std::string> words = words_of(intervention.text);
  if (words.size() < 2) return intervention.text;
  const std::string& verb = words[0];
  const std::string host = short_name(index, words[1]);
  const std::string third = words.size() > 2 ? words[2] : "";
  const std::string cable =
      fmt::format("the cable between {} and {}", host, short_name(index, third));
  const std::string& last = words.back();
  if (verb == "cut") return cable + " is cut";
  if (verb == "mend") return cable + " is mended";
  if (verb == "slow") return cable + " is slower now: " + last + " bit/s";
  if (verb == "lose") return cable + " loses frames now, a share of " + last;
  if (verb == "refuse") return host + " takes no connections for now: it greets with 421";
  if (verb == "accept") return host + " takes connections again";
  if (verb == "overload") return host + " is overloaded: its greeting takes " + last;
  if (verb == "relieve") return host + " is no longer overloaded";
  if (verb == "full") return "the disk of " + host + " is full";
  if (verb == "empty") return "there is room on the disk of " + host + " again";
  if (verb == "greylist") return host + " sends strangers away for the first " + last;
  if (verb == "forget") return host + " has no mailbox for " + third + " any more";
  if (verb == "remember") return host + " has a mailbox for " + third + " again";
  return intervention.text;
}

std::vector<Id> hosts_of(const Trace& trace, const trace::Intervention& intervention) {
  std::vector<Id> hosts;
  for (const std::string& word : words_of(intervention.text))
    if (const Id host = host_named(trace, word); host != kNone) hosts.push_back(host);
  return hosts;
}

}  // namespace mailscope::viz
