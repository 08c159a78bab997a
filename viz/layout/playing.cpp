#include "viz/layout/playing.hpp"

#include <algorithm>
#include <cmath>

#include "viz/layout/event.hpp"
#include "viz/layout/flight.hpp"

namespace mailscope::viz {
namespace {

constexpr double kGlideShare = 0.8;  // of a PDU's beat; then it rests where it arrived
constexpr double kLagMax = 30;       // seconds behind a trace that grows

void select(Cursor& cursor, Selection selection) {
  const Selected kept = cursor.selection.kind;
  if (kept != Selected::Host && kept != Selected::Mail) cursor.selection = selection;
}

Selection item_of(const TraceIndex& index, const Beat& beat) {
  if (beat.kind == BeatKind::Pdu) return {Selected::Pdu, beat.id};
  if (beat.kind == BeatKind::Change) return {Selected::Change, beat.id};
  if (beat.kind == BeatKind::Loss) return {Selected::Frame, beat.id};
  if (beat.kind == BeatKind::Leave) return {Selected::Pdu, beat.id};
  if (beat.kind == BeatKind::Intervention) return {Selected::Intervention, beat.id};
  if (beat.kind == BeatKind::Silence) return beat.last;
  if (beat.kind == BeatKind::Frames)
    return beat.id == kNone ? beat.last : Selection{Selected::Frame, beat.id};
  return event_of(index, index.trace().notes[index.narration()[beat.id]]);
}

double eased(double share) {
  const double t = std::clamp(share, 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

void show(const TraceIndex& index, const Beat& beat, double share, Cursor& cursor,
          bool moves = true) {
  cursor.pdu = beat.pdu;
  cursor.note = beat.note;
  cursor.silence = beat.silence;
  cursor.lower_layers = beat.lower_layers;
  cursor.under_way = 1;
  cursor.time = beat.to;
  cursor.event = item_of(index, beat);
  // What speaks of nothing that happens stands behind what did.
  const bool untied = cursor.event.kind == Selected::Nothing;
  if (untied) cursor.event = beat.last;
  cursor.settled = untied || beat.kind == BeatKind::Silence || beat.kind == BeatKind::Frames;
  select(cursor, cursor.event);
  if (!moves || beat.kind == BeatKind::Step) return;
  const double gone = eased(share / kGlideShare);
  if (beat.kind == BeatKind::Pdu) {
    cursor.time = std::clamp(instant_of_way(index, beat.id, gone), beat.from, beat.to);
    if (index.departs(beat.id) == arrival_of(index, beat.id))
      cursor.under_way = static_cast<float>(gone);
  } else {
    const double span = static_cast<double>(beat.to - beat.from);
    cursor.time = beat.from + static_cast<Time>(span * gone);
    if (beat.kind == BeatKind::Change) cursor.under_way = static_cast<float>(gone);
  }
}

bool stands_on(const TraceIndex& index, const Beat& beat, const Cursor& cursor) {
  if (beat.kind == BeatKind::Step) return beat.id == cursor.note;
  if (beat.kind == BeatKind::Silence) return false;
  return item_of(index, beat) == cursor.event;
}

}  // namespace

std::size_t beat_after(const TraceIndex& index, const std::vector<Beat>& beats,
                       const Cursor& cursor) {
  if (cursor.time <= 0 && cursor.pdu == kNone) return 0;
  const auto after = std::ranges::upper_bound(beats, cursor.time, {}, &Beat::to);
  const auto end = static_cast<std::size_t>(after - beats.begin());
  for (std::size_t i = end; i > 0 && beats[i - 1].to == cursor.time; --i)
    if (stands_on(index, beats[i - 1], cursor)) return i;
  return end;
}

void resume(const BeatPlan& plan, Cursor& cursor, bool on_its_way) {
  if (cursor.beat < plan.first_new_beat()) return;
  cursor.beat = kNone;
  if (!on_its_way) return;
  for (std::size_t i = plan.first_new_beat(); i < plan.beats().size(); ++i)
    if (plan.beats()[i].kind == BeatKind::Pdu && plan.beats()[i].id == cursor.pdu)
      cursor.beat = static_cast<Id>(i);
}

void advance(const TraceIndex& index, const std::vector<Beat>& beats, Cursor& cursor,
             double seconds, const Settings& settings) {
  if (!cursor.playing) return;
  if (cursor.mode == PlayMode::Virtual) return run_on(index, cursor, seconds);
  if (cursor.beat == kNone) {
    cursor.beat = static_cast<Id>(beat_after(index, beats, cursor));
    cursor.into = 0;
  }
  cursor.into += std::max(0.0, seconds) * cursor.pace;
  while (cursor.beat < beats.size() && cursor.into >= beats[cursor.beat].seconds) {
    cursor.into -= beats[cursor.beat].seconds;
    ++cursor.beat;
  }
  if (cursor.beat < beats.size()) {
    const Beat& beat = beats[cursor.beat];
    return show(index, beat, cursor.into / beat.seconds, cursor, !settings.reduced_motion);
  }
  cursor.into = 0;
  if (!cursor.live) return go_end(index, cursor);
  if (!beats.empty()) show(index, beats.back(), 1, cursor);
  cursor.time = index.duration();
}

void catch_up(const TraceIndex& index, const std::vector<Beat>& beats, Cursor& cursor) {
  if (cursor.beat == kNone) cursor.beat = static_cast<Id>(beat_after(index, beats, cursor));
  double left = 0;
  for (std::size_t i = beats.size(); i-- > cursor.beat;) {
    left += beats[i].seconds;
    if (left <= kLagMax) continue;
    cursor.beat = static_cast<Id>(i + 1), cursor.into = 0;
    return;
  }
}

bool is_moving(const std::vector<Beat>& beats, const Cursor& cursor) {
  if (!cursor.playing) return false;
  const bool waits = cursor.live && cursor.mode == PlayMode::Reading && cursor.beat != kNone;
  return !waits || cursor.beat < beats.size();
}

bool is_reading(const std::vector<Beat>& beats, const Cursor& cursor) {
  return share_read(beats, cursor) >= 0;
}

float share_read(const std::vector<Beat>& beats, const Cursor& cursor) {
  if (cursor.beat >= beats.size() || beats[cursor.beat].kind != BeatKind::Step) return -1;
  return static_cast<float>(std::min(1.0, cursor.into / beats[cursor.beat].seconds));
}

double seconds_to_read(const std::vector<Beat>& beats, const Cursor& cursor) {
  if (!is_reading(beats, cursor)) return 0;
  return std::max(0.0, beats[cursor.beat].seconds - cursor.into) / cursor.pace;
}

}  // namespace mailscope::viz
