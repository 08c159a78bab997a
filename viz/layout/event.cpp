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

// "a message", "DATA"; "the third DATA" where it is told which.
std::string command_named(std::string_view verb) {
  const std::size_t colon = verb.find(':');
  const std::string_view word = verb.substr(0, colon);
  const std::string name = word == "END-OF-DATA" ? "message"
                           : word == "CONNECT"   ? "connection"
                           : word == "BDAT-LAST" ? "last chunk"
                                                 : std::string(word);
  if (colon == std::string_view::npos || verb.substr(colon + 1) == "1") return "the next " + name;
  return fmt::format("{} number {} from now", name, verb.substr(colon + 1));
}

// "RCPT 450 4.2.1 Mailbox is busy": what the server will do at which command.
std::string fault_text(const std::string& host, std::string_view rest) {
  const auto take = [&] {
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    return word;
  };
  const std::string at = command_named(take());
  const std::string_view kind = take();
  if (kind == "cut") return fmt::format("{} will break the connection off at {}", host, at);
  if (kind == "crash") return fmt::format("{} will crash at {}, before it answers", host, at);
  if (kind == "crash-after-write")
    return fmt::format("{} will crash at {}, between writing it and saying 250", host, at);
  if (kind == "delay") return fmt::format("{} will answer {} only after {}", host, at, rest);
  return fmt::format("{} will answer {} with {}{}{}", host, at, kind, rest.empty() ? "" : " ",
                     rest);
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
  const auto first = std::ranges::lower_bound(all, note.at, {}, &trace::Intervention::at);
  for (auto done = first; done != all.end() && done->at == note.at && note.at > 0; ++done)
    if (const auto id = static_cast<Id>(done - all.begin()); is_seen(index, id))
      return {Selected::Intervention, id};
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

bool is_seen(const TraceIndex& index, Id intervention) {
  constexpr DeedKind kToldInside[] = {DeedKind::Off, DeedKind::On, DeedKind::Crash,
                                      DeedKind::Restart, DeedKind::Drop};
  return std::ranges::find(kToldInside, index.deed(intervention).kind) == std::end(kToldInside);
}

std::string text_of(const TraceIndex& index, Id intervention) {
  const std::string& written = index.trace().interventions[intervention].text;
  const Deed& deed = index.deed(intervention);
  if (deed.host == kNone) return written;
  const std::string& host = index.host_name(deed.host);
  const std::string cable = deed.other == kNone ? ""
                                                : fmt::format("the cable between {} and {}", host,
                                                              index.host_name(deed.other));
  switch (deed.kind) {
    case DeedKind::Cut:
      return cable + " is cut";
    case DeedKind::Mend:
      return cable + " is mended";
    case DeedKind::Slow:
      return cable + " is slower now: " + deed.rest + " bit/s";
    case DeedKind::Lose:
      return cable + " loses frames now, a share of " + deed.rest;
    case DeedKind::Refuse:
      return host + " takes no connections for now: it greets with 421";
    case DeedKind::Accept:
      return host + " takes connections again";
    case DeedKind::Overload:
      return host + " is overloaded: its greeting takes " + deed.rest;
    case DeedKind::Relieve:
      return host + " is no longer overloaded";
    case DeedKind::Full:
      return "the disk of " + host + " is full";
    case DeedKind::Empty:
      return "there is room on the disk of " + host + " again";
    case DeedKind::Greylist:
      return host + " sends strangers away for the first " + deed.rest;
    case DeedKind::Forget:
      return host + " has no mailbox for " + deed.rest + " any more";
    case DeedKind::Remember:
      return host + " has a mailbox for " + deed.rest + " again";
    case DeedKind::Fault:
      return fault_text(host, deed.rest);
    default:
      return written;
  }
}

std::vector<Id> hosts_of(const TraceIndex& index, Id intervention) {
  std::vector<Id> hosts;
  for (const Id host : {index.deed(intervention).host, index.deed(intervention).other})
    if (host != kNone) hosts.push_back(host);
  return hosts;
}

}  // namespace mailscope::viz
