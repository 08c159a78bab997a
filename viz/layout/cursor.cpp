#include "viz/layout/cursor.hpp"

#include <algorithm>
#include <cmath>

#include "viz/layout/event.hpp"
#include "viz/layout/flight.hpp"

namespace mailscope::viz {
namespace {

// The narration that stands at the cursor. Of those that come in one instant, only what speaks of
// events up to the cursor's.
Id narration_at(const TraceIndex& index, const Cursor& cursor) {
  const std::span<const Id> notes = index.narration();
  const auto after = std::upper_bound(notes.begin(), notes.end(), cursor.time,
                                      [&](Time t, Id id) { return t < index.shown_at(id); });
  auto at = static_cast<std::size_t>(after - notes.begin());
  // What speaks of the event itself, in front of what is tied to the instant only.
  for (std::size_t i = at; i > 0 && index.shown_at(notes[i - 1]) == cursor.time; --i)
    if (cursor.event.kind != Selected::Nothing &&
        event_of(index, index.trace().notes[notes[i - 1]]) == cursor.event)
      return static_cast<Id>(i - 1);
  for (; at > 0; --at) {
    const trace::Note& note = index.trace().notes[notes[at - 1]];
    const bool now = index.shown_at(notes[at - 1]) == cursor.time;
    const Selection told = event_of(index, note);
    if (!now || told.kind == Selected::Nothing || !is_in_front(index, cursor.event, told)) break;
  }
  return at == 0 ? kNone : static_cast<Id>(at - 1);
}

Id latest_sent(const TraceIndex& index, Time time) {
  const Trace& trace = index.trace();
  std::size_t after = trace.pdus_until(time);
  while (after > 0 && index.departs(trace.by_time[after - 1]) > time)
    --after;  // the first was lost
  return after == 0 ? kNone : trace.by_time[after - 1];
}

void settle(const TraceIndex& index, Cursor& cursor) {
  cursor.note = narration_at(index, cursor);
  cursor.pan = 0;
  cursor.beat = kNone;
  cursor.silence = 0;
  cursor.lower_layers = false;
  cursor.under_way = 1;
  cursor.settled = false;
}

void select(Cursor& cursor, Selection selection) {
  const Selected kept = cursor.selection.kind;
  if (kept != Selected::Host && kept != Selected::Mail) cursor.selection = selection;
}

// An event that the cursor stands on because it was asked for.
void stand_on(const TraceIndex& index, Cursor& cursor, Selection event) {
  cursor.event = cursor.selection = event;
  settle(index, cursor);
}

// Members of an exchange in the order in which they were sent.
std::vector<Id> members(const Trace& trace, const trace::Exchange& exchange) {
  std::vector<Id> all;
  if (exchange.command != kNone) all.push_back(exchange.command);
  if (exchange.data != kNone) all.push_back(exchange.data);
  for (Id id = exchange.first_reply; id != kNone; id = trace.pdus[id].next_reply) all.push_back(id);
  std::sort(all.begin(), all.end(), [&](Id a, Id b) { return trace.is_before(a, b); });
  return all;
}

Id neighbour_in_exchange(const Trace& trace, Id pdu, int direction) {
  const Id exchange = trace.pdus[pdu].exchange;
  if (exchange >= trace.exchanges.size()) return kNone;
  const std::vector<Id> all = members(trace, trace.exchanges[exchange]);
  const auto at = std::find(all.begin(), all.end(), pdu);
  if (at == all.end()) return kNone;
  if (direction > 0) return at + 1 == all.end() ? kNone : *(at + 1);
  return at == all.begin() ? kNone : *(at - 1);
}

bool begins_exchange(const Trace& trace, Id pdu) {
  const trace::Pdu& p = trace.pdus[pdu];
  if (p.exchange >= trace.exchanges.size()) return false;
  const trace::Exchange& exchange = trace.exchanges[p.exchange];
  return exchange.command == pdu || (exchange.command == kNone && exchange.first_reply == pdu);
}

// The mail of the hop before or behind that of `mail`.
Id neighbour_hop(const TraceIndex& index, Id mail, int direction) {
  const std::vector<Id> hops = index.journey(mail);
  const auto at = std::find(hops.begin(), hops.end(), mail);
  if (direction > 0) return at == hops.end() || at + 1 == hops.end() ? kNone : *(at + 1);
  return at == hops.begin() ? kNone : *(at - 1);
}

Id next_hop_opening(const TraceIndex& index, Id pdu) {
  const Id mail = index.mail_of_pdu(pdu);
  if (mail == kNone) return kNone;
  const Id next = neighbour_hop(index, mail, +1);
  if (next == kNone) return kNone;
  const std::span<const Id> pdus = index.pdus_of(index.trace().mails[next].connection);
  return pdus.empty() || !index.trace().is_before(pdu, pdus.front()) ? kNone : pdus.front();
}

Id accepted_before(const TraceIndex& index, Id opening) {
  const Trace& trace = index.trace();
  const Id connection = trace.pdus[opening].connection;
  for (Id mail = 0; mail < trace.mails.size(); ++mail) {
    if (trace.mails[mail].connection != connection) continue;
    const Id before = neighbour_hop(index, mail, -1);
    if (before == kNone || trace.mails[before].data == kNone) return kNone;
    const Id exchange = trace.pdus[trace.mails[before].data].exchange;
    return exchange < trace.exchanges.size() ? trace.exchanges[exchange].last_reply : kNone;
  }
  return kNone;
}

}  // namespace

bool is_to_come(const TraceIndex& index, const Cursor& cursor, Id pdu) {
  const Time departs = index.departs(pdu);
  if (departs != cursor.time) return departs > cursor.time;
  return cursor.pdu == kNone || index.trace().is_before(cursor.pdu, pdu);
}

Cursor open_cursor(const TraceIndex& index) {
  Cursor cursor;
  const double seconds = static_cast<double>(index.fold().duration()) / 1e9;
  cursor.mode = PlayMode::Virtual;
  cursor.speed = seconds > 0 ? kSpeedMin : 1;
  while (cursor.speed < kSpeedMax && cursor.speed * 60 < seconds) change_speed(cursor, +1);
  cursor.mode = PlayMode::Reading;
  go_home(index, cursor);
  return cursor;
}

void go_to_time(const TraceIndex& index, Cursor& cursor, Time time) {
  cursor.time = std::clamp<Time>(time, 0, index.duration());
  cursor.pdu = latest_sent(index, cursor.time);
  cursor.event = latest_event(index, cursor.time);
  select(cursor, cursor.event);
  settle(index, cursor);
}

void go_to_pdu(const TraceIndex& index, Cursor& cursor, Id pdu) {
  if (pdu >= index.trace().pdus.size()) return;
  cursor.pdu = pdu;
  cursor.time = arrival_of(index, pdu);
  stand_on(index, cursor, {Selected::Pdu, pdu});
}

void go_to_change(const TraceIndex& index, Cursor& cursor, Id change) {
  if (change >= index.trace().changes.size()) return;
  cursor.selection = {};
  go_to_time(index, cursor, index.trace().changes[change].at);
  cursor.pdu = latest_arrived(index, cursor.time);
  stand_on(index, cursor, {Selected::Change, change});
}

void go_to_loss(const TraceIndex& index, Cursor& cursor, Id frame) {
  if (frame >= index.trace().frames.size()) return;
  const Id pdu = index.pdu_of_frame(frame);
  if (pdu != kNone && index.lost_with(pdu) == frame) return go_to_pdu(index, cursor, pdu);
  cursor.selection = {};
  go_to_time(index, cursor, end_of(index, {Selected::Frame, frame}));
  cursor.pdu = latest_arrived(index, cursor.time);
  stand_on(index, cursor, {Selected::Frame, frame});
}

void go_to_intervention(const TraceIndex& index, Cursor& cursor, Id intervention) {
  if (intervention >= index.trace().interventions.size()) return;
  cursor.selection = {};
  go_to_time(index, cursor, index.trace().interventions[intervention].at);
  cursor.pdu = latest_arrived(index, cursor.time);
  stand_on(index, cursor, {Selected::Intervention, intervention});
}

void go_home(const TraceIndex& index, Cursor& cursor) {
  cursor.playing = false;
  cursor.time = 0;
  cursor.pdu = kNone;
  stand_on(index, cursor, {});
}

void go_end(const TraceIndex& index, Cursor& cursor) {
  cursor.playing = false;
  cursor.time = index.duration();
  cursor.pdu = last_to_arrive(index);
  cursor.event = last_event(index);
  select(cursor, cursor.event);
  settle(index, cursor);
  if (!index.narration().empty()) cursor.note = static_cast<Id>(index.narration().size() - 1);
  cursor.settled = true;
}

namespace {

// How many PDUs stand in front of a step forth from the cursor.
std::size_t places_behind(const TraceIndex& index, const Cursor& cursor) {
  return cursor.pdu == kNone ? 0 : index.trace().place_in_time(cursor.pdu) + 1;
}

// Where nothing crossed a wire, a step is to the next or previous inside event.
void step_inside(const TraceIndex& index, Cursor& cursor, int direction) {
  const EventRows& rows = index.rows();
  std::int64_t row = -1;
  if (cursor.selection.kind == Selected::Change) {
    row = static_cast<std::int64_t>(index.row_of_change(cursor.selection.id));
  } else {
    while (row + 1 < static_cast<std::int64_t>(rows.size()) &&
           index.time_of(static_cast<std::size_t>(row + 1)) <= cursor.time)
      ++row;
  }
  do row += direction;
  while (row >= 0 && row < static_cast<std::int64_t>(rows.size()) &&
         rows[static_cast<std::size_t>(row)].kind != RowKind::Change);
  if (row < 0) return go_home(index, cursor);
  if (row >= static_cast<std::int64_t>(rows.size())) return go_end(index, cursor);
  go_to_change(index, cursor, rows[static_cast<std::size_t>(row)].id);
}

bool is_untied_end(const TraceIndex& index, const Cursor& cursor) {
  const trace::Note& note = index.trace().notes[index.narration()[cursor.note]];
  return event_of(index, note).kind == Selected::Nothing && note.at >= index.duration();
}

}  // namespace

bool is_end(const TraceIndex& index, const Cursor& cursor) {
  return cursor.settled && cursor.time >= index.duration();
}

namespace {

// Whether a step comes before the next PDU is there: it speaks of something else, or of that PDU
// while it is under way.
bool is_told_before(const TraceIndex& index, const Cursor& cursor, std::size_t step, Id next) {
  if (step >= index.narration().size()) return false;
  const Id note = index.narration()[step];
  const Time until = next == kNone ? index.duration() + 1 : arrival_of(index, next);
  if (index.shown_at(note) < cursor.time || index.shown_at(note) >= until) return false;
  const Selection told = event_of(index, index.trace().notes[note]);
  if (told.kind == Selected::Pdu) return told.id == next;
  return told.kind != Selected::Nothing;
}

}  // namespace

void step_pdu(const TraceIndex& index, Cursor& cursor, int direction) {
  cursor.playing = false;
  if (index.trace().pdus.empty()) return step_inside(index, cursor, direction);
  const trace::TimeOrder& pdus = index.trace().by_time;
  const std::size_t behind = places_behind(index, cursor);
  const Id stands_on = cursor.pdu;
  if (direction > 0) {
    const Id next = behind < pdus.size() ? pdus[behind] : kNone;
    if (is_told_before(index, cursor, cursor.note == kNone ? 0 : cursor.note + 1, next)) {
      step_narration(index, cursor, +1);
      if (cursor.event.kind != Selected::Pdu) cursor.pdu = stands_on;  // the next is still the next
    } else if (next != kNone) {
      go_to_pdu(index, cursor, next);
    }
  } else if (stands_on != kNone && cursor.event.kind != Selected::Pdu && !is_end(index, cursor) &&
             cursor.time > arrival_of(index, stands_on)) {
    go_to_pdu(index, cursor, stands_on);
  } else if (behind < 2) {
    go_home(index, cursor);
  } else {
    go_to_pdu(index, cursor, pdus[behind - 2]);
  }
}

void step_exchange(const TraceIndex& index, Cursor& cursor, int direction) {
  cursor.playing = false;
  const Trace& trace = index.trace();
  if (trace.pdus.empty()) return step_inside(index, cursor, direction);
  const std::size_t behind = places_behind(index, cursor);
  if (direction > 0) {
    for (std::size_t place = behind; place < trace.by_time.size(); ++place)
      if (const Id id = trace.by_time[place]; begins_exchange(trace, id))
        return go_to_pdu(index, cursor, id);
    return go_end(index, cursor);
  }
  for (std::size_t place = std::max<std::size_t>(behind, 1) - 1; place-- > 0;)
    if (const Id id = trace.by_time[place]; begins_exchange(trace, id))
      return go_to_pdu(index, cursor, id);
  go_home(index, cursor);
}

void step_narration(const TraceIndex& index, Cursor& cursor, int direction) {
  cursor.playing = false;
  const std::span<const Id> notes = index.narration();
  if (notes.empty()) return step_pdu(index, cursor, direction);
  // Back from the end is the last step, where that is not the end itself.
  const bool behind = direction < 0 && is_end(index, cursor) && !is_untied_end(index, cursor);
  const std::int64_t now = cursor.note == kNone ? -1 : std::int64_t{cursor.note};
  const std::int64_t to = behind ? now : now + direction;
  if (to < 0) return go_home(index, cursor);
  if (to >= static_cast<std::int64_t>(notes.size())) return go_end(index, cursor);
  const trace::Note& note = index.trace().notes[notes[static_cast<std::size_t>(to)]];
  if (const Selection told = event_of(index, note); told.kind == Selected::Pdu) {
    go_to_pdu(index, cursor, told.id);
  } else if (told.kind == Selected::Change) {
    go_to_change(index, cursor, told.id);
  } else if (told.kind == Selected::Frame) {
    go_to_loss(index, cursor, told.id);
  } else if (told.kind == Selected::Intervention) {
    go_to_intervention(index, cursor, told.id);
  } else {
    go_to_time(index, cursor, note.at);
    cursor.settled = true;
    const bool last = to + 1 == static_cast<std::int64_t>(notes.size());
    if (last && note.at >= index.duration()) return go_end(index, cursor);
  }
  cursor.time = std::min(cursor.time, index.shown_at(notes[static_cast<std::size_t>(to)]));
  cursor.note = static_cast<Id>(to);
}

void go_to_chapter(const TraceIndex& index, Cursor& cursor, int number) {
  const std::span<const Id> chapters = index.chapters();
  if (number < 1 || number > static_cast<int>(chapters.size())) return;
  cursor.playing = false;
  const trace::Note& note = index.trace().notes[chapters[static_cast<std::size_t>(number - 1)]];
  if (note.pdu != kNone) return go_to_pdu(index, cursor, note.pdu);
  cursor.selection = {};
  go_to_time(index, cursor, note.at);
}

Id effect_of(const TraceIndex& index, Id pdu) {
  const Trace& trace = index.trace();
  if (pdu >= trace.pdus.size()) return kNone;
  const Id within = neighbour_in_exchange(trace, pdu, +1);
  if (within != kNone) return within;
  const Id onward = next_hop_opening(index, pdu);
  if (onward != kNone) return onward;
  const std::span<const Id> all = index.pdus_of(trace.pdus[pdu].connection);
  const std::size_t place = index.place_in_connection(pdu);
  return place + 1 < all.size() ? all[place + 1] : kNone;
}

Id cause_of(const TraceIndex& index, Id pdu) {
  const Trace& trace = index.trace();
  if (pdu >= trace.pdus.size()) return kNone;
  const Id within = neighbour_in_exchange(trace, pdu, -1);
  if (within != kNone) return within;
  const std::span<const Id> all = index.pdus_of(trace.pdus[pdu].connection);
  const std::size_t place = index.place_in_connection(pdu);
  if (place > 0) return all[place - 1];
  return accepted_before(index, pdu);
}

void go_to_effect(const TraceIndex& index, Cursor& cursor) {
  cursor.playing = false;
  if (cursor.pdu == kNone) return step_pdu(index, cursor, +1);
  go_to_pdu(index, cursor, effect_of(index, cursor.pdu));
}

void go_to_cause(const TraceIndex& index, Cursor& cursor) {
  cursor.playing = false;
  if (cursor.pdu != kNone) go_to_pdu(index, cursor, cause_of(index, cursor.pdu));
}

void toggle_play(const TraceIndex& index, Cursor& cursor) {
  if (!cursor.playing && !cursor.live && cursor.time >= index.duration()) go_home(index, cursor);
  cursor.playing = !cursor.playing;
}

void run_on(const TraceIndex& index, Cursor& cursor, double seconds) {
  const double step = seconds * cursor.speed * 1e9;
  const Time folded = index.fold().folded(cursor.time) + std::max<Time>(1, std::llround(step));
  const Time time = index.fold().unfolded(folded);
  if (time >= index.duration() || folded >= index.fold().duration()) {
    go_end(index, cursor);
    return;
  }
  const Selection kept = cursor.selection;
  const float pan = cursor.pan;
  const Id before = cursor.pdu;
  go_to_time(index, cursor, std::max(time, cursor.time));
  if (cursor.pdu == before && kept.kind != Selected::Nothing) cursor.selection = kept;
  cursor.pan = pan;
}

void change_mode(Cursor& cursor) {
  cursor.mode = cursor.mode == PlayMode::Reading ? PlayMode::Virtual : PlayMode::Reading;
  cursor.beat = kNone;
  cursor.silence = 0;
  cursor.under_way = 1;
}

namespace {

constexpr double kPaces[] = {0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4};

void change_pace(Cursor& cursor, int direction) {
  const auto at = std::lower_bound(std::begin(kPaces), std::end(kPaces), cursor.pace - 1e-9);
  const auto last = static_cast<std::ptrdiff_t>(std::size(kPaces)) - 1;
  cursor.pace = kPaces[std::clamp<std::ptrdiff_t>(at - std::begin(kPaces) + direction, 0, last)];
}

}  // namespace

void change_speed(Cursor& cursor, int direction) {
  if (cursor.mode == PlayMode::Reading) return change_pace(cursor, direction);
  const double decade = std::pow(10.0, std::floor(std::log10(cursor.speed) + 1e-9));
  const double digit = cursor.speed / decade;
  double to = 0;
  if (direction > 0) {
    to = digit < 1.5 ? 2 * decade : digit < 3.5 ? 5 * decade : 10 * decade;
  } else {
    to = digit > 3.5 ? 2 * decade : digit > 1.5 ? decade : decade / 2;
  }
  cursor.speed = std::clamp(to, kSpeedMin, kSpeedMax);
}

std::string speed_text(double speed) {
  if (speed == 0.75) return "3/4";
  if (speed == 1.5) return "1.5";
  if (speed >= 0.999) return std::to_string(std::llround(speed));
  return "1/" + std::to_string(std::llround(1 / speed));
}

int chapter_at(const TraceIndex& index, const Cursor& cursor) {
  int found = -1;
  const std::span<const Id> chapters = index.chapters();
  for (std::size_t i = 0; i < chapters.size(); ++i) {
    const trace::Note& note = index.trace().notes[chapters[i]];
    const bool begun = note.pdu == kNone
                           ? note.at <= cursor.time
                           : cursor.pdu != kNone && !index.trace().is_before(cursor.pdu, note.pdu);
    if (begun) found = static_cast<int>(i);
  }
  return found;
}

}  // namespace mailscope::viz
