#include "viz/layout/ladder_strips.hpp"

#include <algorithm>

#include "captures/languages/languages.hpp"
#include "viz/layout/crash.hpp"
#include "viz/layout/ladder_sheet.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {
namespace {

constexpr std::size_t kStripsMax = 65;  // sessions at once: more are not told apart

std::uint8_t state_before(const LadderSheet& sheet, Id pdu, std::size_t place) {
  const std::span<const Id> all = sheet.index.pdus_of(sheet.trace.pdus[pdu].connection);
  return sheet.trace.pdus[all[place - 1]].state;
}

bool is_last(const LadderSheet& sheet, Id pdu) {
  const std::span<const Id> all = sheet.index.pdus_of(sheet.trace.pdus[pdu].connection);
  return !all.empty() && all.back() == pdu;
}

}  // namespace

void StateStrips::extend(LadderSheet& sheet, Id id, const RowPlace& place, bool later) {
  const trace::Pdu& pdu = sheet.trace.pdus[id];
  const auto open = std::ranges::find(open_, pdu.connection, &Open::connection);
  const Time crash = crash_under(sheet.trace, pdu.connection);
  if (crash <= sheet.index.departs(id)) {
    if (open == open_.end()) return end_unseen(sheet, id, crash);
    open->ended = true;
    return;
  }
  // A call that nobody took makes no session.
  if (sheet.trace.connections[pdu.connection].opening == trace::Opening::SynOnly) return;
  if (open == open_.end()) return begin(sheet, id, place, later);
  if (open->state != pdu.state) change(sheet, *open, pdu.state, (place.from + place.to) / 2, later);
  // What is to come looks different from what was, also within one state.
  if (later && !open->to_come) change(sheet, *open, pdu.state, place.top, true);
  open->bottom = place.bottom;
  open->ended = is_last(sheet, id);
}

void StateStrips::begin(LadderSheet& sheet, Id id, const RowPlace& place, bool later) {
  if (open_.size() >= kStripsMax) return;
  const trace::Pdu& pdu = sheet.trace.pdus[id];
  const float y = (place.from + place.to) / 2;
  const std::size_t in_connection = sheet.index.place_in_connection(id);
  const bool first = in_connection == 0;
  const std::uint8_t before = first ? pdu.state : state_before(sheet, id, in_connection);
  open_.push_back({pdu.connection, before, first ? y : sheet.out.body.y, place.bottom,
                   is_last(sheet, id), later && (first || place.top <= sheet.out.body.y)});
  if (!first && before != pdu.state) change(sheet, open_.back(), pdu.state, y, later);
}

void StateStrips::end_at(const LadderSheet& sheet, Id change, float y) {
  const trace::StateChange& power = sheet.trace.changes[change];
  if (!is(power.after, trace::State::Crashed)) return;
  crashes_.push_back({power.at, y});
  for (Open& open : open_)
    if (!open.ended && crash_under(sheet.trace, open.connection) == power.at)
      open.bottom = y, open.ended = true;
}

// Behind its session's crash a PDU has no state. One that came into sight after the crash's own row
// had a strip up to there.
void StateStrips::end_unseen(const LadderSheet& sheet, Id pdu, Time crash) {
  for (const CrashRow& row : crashes_) {
    if (row.at != crash) continue;
    const std::size_t place = sheet.index.place_in_connection(pdu);
    if (place == 0) return;
    open_.push_back({sheet.trace.pdus[pdu].connection, state_before(sheet, pdu, place),
                     sheet.out.body.y, row.y, true, false});
  }
}

void StateStrips::change(LadderSheet& sheet, Open& open, std::uint8_t state, float y, bool later) {
  open.bottom = y;
  close(sheet, open);
  open.state = state, open.top = y, open.to_come = later;
}

void StateStrips::close(LadderSheet& sheet, const Open& open) {
  const trace::Connection& connection = sheet.trace.connections[open.connection];
  StateStrip strip;
  strip.label = languages::of(connection.protocol).state(open.state);
  strip.x = sheet.x_of(connection.server);
  if (strip.label.empty() || strip.x < 0) return;
  strip.connection = open.connection;
  strip.label_left = sheet.x_of(connection.client) > strip.x;
  strip.top = open.top, strip.bottom = open.bottom;
  strip.to_come = open.to_come;
  strip.role = state_role(connection.protocol, open.state);
  sheet.out.strips.push_back(std::move(strip));
}

void StateStrips::finish(LadderSheet& sheet) {
  for (Open& open : open_) {
    if (!open.ended) open.bottom = sheet.out.body.bottom();
    close(sheet, open);
  }
  // One label a state is enough: two strips of one state, past and to come, are one to the reader.
  std::vector<StateStrip>& strips = sheet.out.strips;
  for (std::size_t i = 1; i < strips.size(); ++i) {
    StateStrip &a = strips[i - 1], &b = strips[i];
    if (a.connection != b.connection || a.label != b.label || a.to_come == b.to_come) continue;
    (a.bottom - a.top >= b.bottom - b.top ? b : a).label.clear();
  }
}

std::vector<float> StateStrips::beside(const LadderSheet& sheet, Id connection) const {
  std::vector<float> lines;
  for (const Open& open : open_) {
    if (open.connection == connection || open.ended) continue;
    const float x = sheet.x_of(sheet.trace.connections[open.connection].server);
    if (x >= 0) lines.push_back(x);
  }
  return lines;
}

bool StateStrips::only_session(Id connection) const {
  return std::ranges::all_of(
      open_, [&](const Open& open) { return open.ended || open.connection == connection; });
}

void PhaseBands::extend(const Trace& trace, const trace::Pdu& pdu, float top, float bottom) {
  if (pdu.phase == Phase::None) return;
  if (!bands_.empty() && bands_.back().first.connection == pdu.connection &&
      bands_.back().second == pdu.phase) {
    bands_.back().first.bottom = bottom;
    return;
  }
  PhaseBand band;
  band.connection = pdu.connection;
  band.top = top, band.bottom = bottom;
  const trace::Protocol protocol = trace.connections[pdu.connection].protocol;
  band.label = languages::of(protocol).phase(pdu.phase);
  band.role = role_of(protocol);
  band.odd = pdu.phase == Phase::Transfer;
  bands_.emplace_back(std::move(band), pdu.phase);
}

void PhaseBands::finish(Ladder& ladder) {
  for (auto& [band, phase] : bands_) {
    band.top = std::max(band.top, ladder.body.y);
    band.bottom = std::min(band.bottom, ladder.body.bottom());
    if (band.bottom - band.top >= kMarkMin) ladder.bands.push_back(std::move(band));
  }
}

}  // namespace mailscope::viz
