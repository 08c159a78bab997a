#include "viz/layout/playing.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "viz/layout/carry.hpp"
#include "viz/layout/flight.hpp"
#include "viz/layout/letters.hpp"

namespace mailscope::viz {
namespace {

// 230 words a minute, and a moment to find the place.
constexpr double kWordSeconds = 60.0 / 230, kFindSeconds = 1.2;
// A PDU: its hops, up to a second and a quarter; one that came along with another is there already.
constexpr double kPduSeconds = 0.65, kHopSeconds = 0.15, kPduSecondsMax = 1.25;
constexpr double kCameAlongSeconds = 0.45;
constexpr double kEventSeconds = 0.6, kEventWordSeconds = 0.2, kEventSecondsMax = 2.5;
constexpr double kCarrySeconds = 1.3;  // a letter from one agent to another
constexpr double kLossSeconds = 1.2, kSilenceSeconds = 2, kTiedSeconds = 0.4;
constexpr double kFastestSeconds = 0.1;
constexpr int kAlikeMax = 3;         // that many of a kind at full length
constexpr double kGlideShare = 0.8;  // of a PDU's beat; then it rests where it arrived
constexpr double kLagMax = 30;       // seconds behind a trace that grows

int words(const std::string& text) {
  int n = 0;
  bool inside = false;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n';
    n += !space && !inside;
    inside = !space;
  }
  return n;
}

class Planner {
 public:
  explicit Planner(const TraceIndex& index)
      : index_(index), trace_(index.trace()), notes_(index.narration()) {}

  std::vector<Beat> plan() {
    gather();
    tie_notes();
    while (next_note_ < notes_.size() && index_.shown_at(notes_[next_note_]) <= 0 &&
           !tied_.count(next_note_))
      add_step();
    for (const Item& item : items_) {
      add_notes_before(item.at);
      add(item);
      const auto tied = ties_.find({item.kind, item.id});
      if (tied != ties_.end())
        while (next_note_ <= tied->second) add_step();
    }
    while (next_note_ < notes_.size()) add_step();
    return std::move(beats_);
  }

 private:
  struct Item {
    Time begin = 0, at = 0;  // begins to be seen, is there
    BeatKind kind{};
    Id id = kNone;
    std::size_t row = 0;
  };

  void gather() {
    const EventRows& rows = index_.rows();
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const Id id = rows[row].id;
      const Time begin = index_.time_of(row);
      if (rows[row].kind == RowKind::Pdu)
        items_.push_back({begin, arrival_of(index_, id), BeatKind::Pdu, id, row});
      else if (rows[row].kind == RowKind::Change)
        items_.push_back({begin, begin, BeatKind::Change, id, row});
      else if (rows[row].kind == RowKind::Lost)
        items_.push_back({begin, loss_of(index_, id), BeatKind::Loss, id, row});
    }
    // What arrives comes in front of what it brings about.
    std::ranges::stable_sort(items_, {}, [](const Item& item) {
      return std::pair(item.at, item.kind == BeatKind::Change);
    });
  }

  // Which notes follow which item; of several the last.
  void tie_notes() {
    for (std::size_t i = 0; i < notes_.size(); ++i) {
      const trace::Note& note = trace_.notes[notes_[i]];
      std::pair<BeatKind, Id> key{BeatKind::Step, kNone};
      if (note.pdu != kNone)
        key = {BeatKind::Pdu, note.pdu};
      else if (note.change != kNone)
        key = {BeatKind::Change, note.change};
      else if (const Id lost = index_.lost_frame_of(note); lost != kNone)
        key = {BeatKind::Loss, lost};
      if (!has_row(key.first, key.second)) continue;
      ties_[key] = i;
      tied_[i] = true;
    }
  }

  bool has_row(BeatKind kind, Id id) const {
    const auto is = [&](std::size_t row, RowKind wanted) {
      const EventRows& rows = index_.rows();
      return row < rows.size() && rows[row].kind == wanted && rows[row].id == id;
    };
    if (kind == BeatKind::Pdu) return id < trace_.pdus.size();
    if (kind == BeatKind::Change) return is(index_.row_of_change(id), RowKind::Change);
    return kind == BeatKind::Loss && is(index_.row_of_lost(id), RowKind::Lost);
  }

  void add_notes_before(Time at) {
    while (next_note_ < notes_.size() && index_.shown_at(notes_[next_note_]) < at) add_step();
  }

  void add_step() {
    const trace::Note& note = trace_.notes[notes_[next_note_]];
    const Time at = std::max(now_, index_.shown_at(notes_[next_note_]));
    add_silence(at, 0);
    note_ = static_cast<Id>(next_note_++);
    if (note.pdu != kNone && arrival_of(index_, note.pdu) <= at) pdu_ = note.pdu;
    push(BeatKind::Step, note_, at, at, reading_seconds(note));
    seen_.clear();
  }

  void add(const Item& item) {
    const EventRows& rows = index_.rows();
    const bool gap = item.row > 0 && rows[item.row - 1].kind == RowKind::Gap;
    add_silence(item.begin, gap ? index_.gap_length(item.row - 1) : 0);
    const Time from = std::max(now_, std::min(item.begin, item.at));
    if (item.kind == BeatKind::Pdu) pdu_ = item.id;
    const int alike = ++seen_[key(item)];
    const double faster = std::min(1.0, static_cast<double>(kAlikeMax) / alike);
    push(item.kind, item.id, from, std::max(from, item.at),
         std::max(kFastestSeconds, seconds(item) * faster));
  }

  double seconds(const Item& item) const {
    if (item.kind == BeatKind::Loss) return kLossSeconds;
    if (item.kind == BeatKind::Change) {
      if (ties_.count({item.kind, item.id}))
        return carry_of(trace_, item.id) ? kCarrySeconds : kTiedSeconds;
      return std::min(kEventSecondsMax,
                      kEventSeconds + kEventWordSeconds * words(trace_.changes[item.id].text));
    }
    const Time flight = item.at - item.begin;
    if (flight > 0 && item.at - now_ <= flight / 5) return kCameAlongSeconds;
    return std::min(kPduSecondsMax, kPduSeconds + kHopSeconds * hops_of_way(index_, item.id));
  }

  using Key = std::tuple<BeatKind, int, int, int, Id>;
  Key key(const Item& item) const {
    if (item.kind == BeatKind::Change)
      return {item.kind, 0, 0, 0, trace_.changes[item.id].variable};
    if (item.kind == BeatKind::Loss) return {item.kind, 0, 0, 0, 0};
    const trace::Pdu& pdu = trace_.pdus[item.id];
    return {item.kind, static_cast<int>(trace_.connections[pdu.connection].protocol),
            static_cast<int>(pdu.kind), pdu.word, pdu.answers};
  }

  void add_silence(Time until, Time told) {
    if (until - now_ < index_.silence_min()) return;
    Beat& beat = push(BeatKind::Silence, kNone, now_, until, kSilenceSeconds);
    beat.silence = told > 0 ? told : until - beat.from;
    seen_.clear();
  }

  Beat& push(BeatKind kind, Id id, Time from, Time to, double seconds) {
    if (kind == BeatKind::Pdu) last_ = {Selected::Pdu, id};
    if (kind == BeatKind::Change) last_ = {Selected::Change, id};
    if (kind == BeatKind::Loss) last_ = {Selected::Frame, id};
    beats_.push_back({kind, id, pdu_, note_, from, to, 0,
                      static_cast<float>(std::min(seconds, kBeatSecondsMax)), last_});
    now_ = to;
    return beats_.back();
  }

  const TraceIndex& index_;
  const Trace& trace_;
  std::span<const Id> notes_;
  std::vector<Item> items_;
  std::map<std::pair<BeatKind, Id>, std::size_t> ties_;
  std::map<std::size_t, bool> tied_;
  std::map<Key, int> seen_;  // since the last step or silence
  std::vector<Beat> beats_;
  std::size_t next_note_ = 0;
  Id pdu_ = kNone, note_ = kNone;
  Selection last_;
  Time now_ = 0;
};

void select(Cursor& cursor, Selection selection) {
  const Selected kept = cursor.selection.kind;
  if (kept != Selected::Host && kept != Selected::Mail) cursor.selection = selection;
}

Selection item_of(const TraceIndex& index, const Beat& beat) {
  if (beat.kind == BeatKind::Pdu) return {Selected::Pdu, beat.id};
  if (beat.kind == BeatKind::Change) return {Selected::Change, beat.id};
  if (beat.kind == BeatKind::Loss) return {Selected::Frame, beat.id};
  if (beat.kind == BeatKind::Silence) return beat.last;
  const trace::Note& note = index.trace().notes[index.narration()[beat.id]];
  if (note.pdu != kNone) return {Selected::Pdu, note.pdu};
  if (note.change != kNone) return {Selected::Change, note.change};
  if (const Id lost = index.lost_frame_of(note); lost != kNone) return {Selected::Frame, lost};
  return {};
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
  cursor.under_way = 1;
  cursor.time = beat.to;
  Selection selection = item_of(index, beat);
  if (selection.kind == Selected::Nothing) selection = beat.last;
  select(cursor, selection);
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

// Everything is drawn, and the last step is what is shown.
void finish(const TraceIndex& index, const std::vector<Beat>& beats, Cursor& cursor) {
  const auto last = std::find_if(beats.rbegin(), beats.rend(),
                                 [](const Beat& beat) { return beat.kind == BeatKind::Step; });
  if (!beats.empty()) show(index, last == beats.rend() ? beats.back() : *last, 1, cursor);
  // What speaks of no single thing speaks of the whole, and of the letter that was read.
  if (last != beats.rend() && item_of(index, *last) == Selection{})
    select(cursor, last_reading(index));
  cursor.time = index.duration();
  cursor.silence = 0;
  cursor.playing = false;
  cursor.beat = kNone;
}

bool stands_on(const TraceIndex& index, const Beat& beat, const Cursor& cursor) {
  if (beat.kind == BeatKind::Step) return beat.id == cursor.note;
  if (beat.kind == BeatKind::Silence) return false;
  return item_of(index, beat) == cursor.selection ||
         (beat.kind == BeatKind::Pdu && beat.id == cursor.pdu);
}

}  // namespace

double reading_seconds(const trace::Note& note) {
  const double seconds = kFindSeconds + kWordSeconds * (words(note.text) + words(note.detail));
  return std::min(seconds, kBeatSecondsMax);
}

std::vector<Beat> plan_beats(const TraceIndex& index) {
  return Planner(index).plan();
}

std::size_t beat_after(const TraceIndex& index, const std::vector<Beat>& beats,
                       const Cursor& cursor) {
  if (cursor.time <= 0 && cursor.pdu == kNone) return 0;
  const auto after = std::ranges::upper_bound(beats, cursor.time, {}, &Beat::to);
  const auto end = static_cast<std::size_t>(after - beats.begin());
  for (std::size_t i = end; i > 0 && beats[i - 1].to == cursor.time; --i)
    if (stands_on(index, beats[i - 1], cursor)) return i;
  return end;
}

void resume_beat(const std::vector<Beat>& beats, Cursor& cursor, double into) {
  const auto beat = std::ranges::find_if(
      beats, [&](const Beat& one) { return one.kind == BeatKind::Pdu && one.id == cursor.pdu; });
  if (beat == beats.end()) return;
  cursor.beat = static_cast<Id>(beat - beats.begin());
  cursor.into = into;
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
  if (!cursor.live) return finish(index, beats, cursor);
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
