#include "viz/layout/beats.hpp"

#include <algorithm>
#include <cmath>

#include "viz/layout/carry.hpp"
#include "viz/layout/event.hpp"
#include "viz/layout/flight.hpp"

namespace mailscope::viz {
namespace {

// 230 words a minute, and a moment to find the place.
constexpr double kWordSeconds = 60.0 / 230, kFindSeconds = 1.2;
// A PDU: its hops, up to a second and a quarter; one that came along with another is there already.
constexpr double kPduSeconds = 0.65, kHopSeconds = 0.15, kPduSecondsMax = 1.25;
constexpr double kCameAlongSeconds = 0.45;
constexpr double kEventSeconds = 0.6, kEventWordSeconds = 0.2, kEventSecondsMax = 2.5;
constexpr double kCarrySeconds = 1.3;  // a letter from one agent to another
constexpr double kFramesSeconds = 0.9;
constexpr double kLossSeconds = 1.2, kSilenceSeconds = 2, kTiedSeconds = 0.4;
constexpr double kFastestSeconds = 0.1;
constexpr int kAlikeMax = 3;  // that many of a kind at full length

// What arrives comes in front of what it brings about, and of what is done then.
int rank(BeatKind kind) {
  return kind == BeatKind::Change ? 2 : kind == BeatKind::Intervention;
}

int count_words(std::string_view text) {
  int words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n';
    words += !space && !inside;
    inside = !space;
  }
  return words;
}

}  // namespace

double reading_seconds(const trace::Note& note) {
  const int words = count_words(note.text) + count_words(note.detail);
  return std::min(kFindSeconds + kWordSeconds * words, kBeatSecondsMax);
}

BeatPlan::BeatPlan(const TraceIndex& index) : index_(&index), trace_(&index.trace()) {
  grow();
}

void BeatPlan::grow() {
  const Time from = first_new_time();
  const auto known =
      std::ranges::partition_point(items_, [&](const Item& item) { return item.at < from; });
  const auto item = static_cast<std::size_t>(known - items_.begin());
  take_back(item);
  gather(item, from);
  plan(item);
}

// ---- what is new ----

Time BeatPlan::first_new_time() {
  // What is not known to have arrived is there at the end at the latest: the old end.
  const Time end = std::exchange(duration_, index_->duration());
  return std::min({end, index_->first_new_time(), first_new_pdu(), first_new_frame(),
                   first_new_protocol(), first_new_note(), first_new_silence()});
}

Time BeatPlan::first_new_pdu() {
  Time first = kNever;
  const std::vector<Id>& revised = trace_->revisions().pdus;
  for (; revised_pdus_ < revised.size(); ++revised_pdus_, ++work_)
    if (const Id id = revised[revised_pdus_]; id < arrivals_.size())
      first = std::min({first, arrivals_[id], arrival_of(*index_, id)});
  const auto known = static_cast<Id>(arrivals_.size());
  arrivals_.resize(trace_->pdus.size());
  // What came in one segment arrives in turn: the earlier ones by so much earlier.
  for (Id id = known; id < arrivals_.size(); ++id, ++work_) {
    const trace::Pdu& pdu = trace_->pdus[id];
    for (Id before = pdu.previous_in_connection; before != kNone;
         before = trace_->pdus[before].previous_in_connection) {
      if (before >= known) break;  // new itself: it goes on from there
      const trace::Pdu& other = trace_->pdus[before];
      if (other.direction != pdu.direction || other.received != pdu.received) break;
      first = std::min(first, arrival_of(*index_, before));
      ++work_;
    }
  }
  return first;
}

// How many hops a PDU has is told from the frames that arrive meanwhile.
Time BeatPlan::first_new_frame() {
  Time first = kNever;
  const std::vector<Id>& revised = trace_->revisions().frames;
  for (; revised_frames_ < revised.size(); ++revised_frames_, ++work_)
    if (const Id id = revised[revised_frames_]; id < frames_)
      first = std::min(first, trace_->frames[id].sent);
  if (frames_ < trace_->frames.size()) first = std::min(first, trace_->frames[frames_].sent);
  frames_ = static_cast<Id>(trace_->frames.size());
  return first;
}

Time BeatPlan::first_new_protocol() {
  Time first = kNever;
  const std::vector<Id>& revised = trace_->revisions().connections;
  for (; revised_connections_ < revised.size(); ++revised_connections_) {
    const Id id = revised[revised_connections_];
    if (id >= protocols_.size() || protocols_[id] == trace_->connections[id].protocol) continue;
    protocols_[id] = trace_->connections[id].protocol;
    if (const std::span<const Id> pdus = index_->pdus_of(id); !pdus.empty())
      first = std::min(first, trace_->pdus[pdus.front()].first);
  }
  for (std::size_t id = protocols_.size(); id < trace_->connections.size(); ++id)
    protocols_.push_back(trace_->connections[id].protocol);
  return first;
}

// They are as many as a person has written.
Time BeatPlan::first_new_note() {
  std::vector<Told> told;
  ties_.clear();
  for (const Id id : index_->narration()) {
    const Key tied = tie_of(trace_->notes[id]);
    if (tied.second != kNone) ties_[tied] = told.size();
    told.push_back({index_->shown_at(id), tied});
  }
  std::swap(told, told_);
  const auto [before, now] = std::ranges::mismatch(told, told_);
  Time first = kNever;
  if (before != told.end()) first = std::min({first, before->shown_at, time_of(before->tied)});
  if (now != told_.end()) first = std::min({first, now->shown_at, time_of(now->tied)});
  return first;
}

Time BeatPlan::first_new_silence() {
  const Time before = std::exchange(silence_min_, index_->silence_min());
  const auto [low, high] = std::minmax(before, silence_min_);
  if (low == high) return kNever;
  for (const Wait& wait : waits_)
    if (wait.length >= low && wait.length < high && wait.item < items_.size())
      return items_[wait.item].at;
  return kNever;
}

// What stands right in front of a note, where that has a row.
BeatPlan::Key BeatPlan::tie_of(const trace::Note& note) const {
  const EventRows& rows = index_->rows();
  const auto is = [&](std::size_t row, Row event) {
    return row < rows.size() && rows[row] == event;
  };
  if (note.pdu < trace_->pdus.size()) return {BeatKind::Pdu, note.pdu};
  if (note.pdu != kNone) return {BeatKind::Step, kNone};
  const Selection told = event_of(*index_, note);
  if (told.kind == Selected::Intervention) return {BeatKind::Intervention, told.id};
  if (note.change != kNone)
    return is(index_->row_of_change(note.change), {note.change, RowKind::Change})
               ? Key{BeatKind::Change, note.change}
               : Key{BeatKind::Step, kNone};
  if (told.kind == Selected::Pdu) return {BeatKind::Pdu, told.id};
  if (told.kind != Selected::Frame || !index_->has_row(told.id)) return {BeatKind::Step, kNone};
  return {BeatKind::Loss, told.id};
}

Time BeatPlan::time_of(Key item) const {
  if (item.first == BeatKind::Pdu) return arrival_of(*index_, item.second);
  if (item.first == BeatKind::Change) return trace_->changes[item.second].at;
  if (item.first == BeatKind::Intervention) return trace_->interventions[item.second].at;
  return item.first == BeatKind::Loss ? end_of_frame(*index_, item.second) : kNever;
}

// ---- the items ----

void BeatPlan::take_back(std::size_t item) {
  const std::size_t beats = item < items_.size() ? items_[item].beat : rest_;
  first_new_beat_ = beats;
  std::size_t owner = items_.size();  // each item has one beat that is its own
  for (; beats_.size() > beats; beats_.pop_back()) {
    const BeatKind kind = beats_.back().kind;
    if (kind == BeatKind::Step || kind == BeatKind::Silence) {
      stretches_.pop_back();
    } else if (kind != BeatKind::Leave && kind != BeatKind::Frames) {
      --stretches_.back()[likeness(items_[--owner])];
    }
  }
  while (!waits_.empty() && waits_.back().item >= item) waits_.pop_back();
  const Beat before = beats_.empty() ? Beat{} : beats_.back();
  now_ = before.to;
  note_ = before.note, last_ = before.last;
  // A step may stand on what is still under way.
  const auto other = std::find_if(beats_.rbegin(), beats_.rend(), [](const Beat& beat) {
    return beat.kind != BeatKind::Step && beat.kind != BeatKind::Leave;
  });
  pdu_ = other == beats_.rend() ? kNone : other->pdu;
}

// In place of those from `item` on: what began before and is still to arrive, and all rows since.
void BeatPlan::gather(std::size_t item, Time from) {
  std::vector<std::size_t> rows;
  for (std::size_t i = item; i < items_.size(); ++i) {
    if (items_[i].begin >= from) continue;
    const Id id = items_[i].id;
    rows.push_back(items_[i].kind == BeatKind::Pdu            ? index_->row_of_pdu(id)
                   : items_[i].kind == BeatKind::Change       ? index_->row_of_change(id)
                   : items_[i].kind == BeatKind::Intervention ? index_->row_of_intervention(id)
                                                              : index_->row_of_lost(id));
  }
  std::ranges::sort(rows);
  std::size_t low = 0, high = index_->rows().size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (index_->time_of(middle) < from) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  items_.resize(item);
  for (const std::size_t row : rows) items_.push_back(item_in(row));
  for (std::size_t row = low; row < index_->rows().size(); ++row)
    if (index_->rows()[row].kind != RowKind::Gap) items_.push_back(item_in(row));
  // What arrives comes in front of what it brings about.
  std::stable_sort(items_.begin() + static_cast<std::ptrdiff_t>(item), items_.end(),
                   [](const Item& a, const Item& b) {
                     return std::pair(a.at, rank(a.kind)) < std::pair(b.at, rank(b.kind));
                   });
}

BeatPlan::Item BeatPlan::item_in(std::size_t row) {
  const Row event = index_->rows()[row];
  Item item;
  item.begin = item.at = index_->time_of(row);
  item.id = event.id;
  item.row = static_cast<std::uint32_t>(row);
  ++work_;
  if (event.kind == RowKind::Change) {
    item.kind = BeatKind::Change;
  } else if (event.kind == RowKind::Intervention) {
    item.kind = BeatKind::Intervention;
  } else if (event.kind == RowKind::Lost) {
    item.kind = BeatKind::Loss;
    item.at = end_of_frame(*index_, event.id);
  } else {
    item.kind = BeatKind::Pdu;
    item.at = arrivals_[event.id] = arrival_of(*index_, event.id);
    item.protocol = trace_->connections[trace_->pdus[event.id].connection].protocol;
  }
  return item;
}

// ---- the beats ----

void BeatPlan::plan(std::size_t item) {
  for (planned_ = item; planned_ < items_.size(); ++planned_) {
    Item& next = items_[planned_];
    next.beat = static_cast<std::uint32_t>(beats_.size());
    // What is told in front of everything, unless it is about what is there at once.
    if (planned_ == 0)
      for (const trace::Note* note = next_note();
           note && told_[note_ + 1].shown_at <= 0 && told_[note_ + 1].tied.second == kNone;
           note = next_note())
        add_step();
    add_notes_before(next.at);
    add(next);
    const auto tied = ties_.find(next.key());
    while (tied != ties_.end() && note_ + 1 <= tied->second) add_step();
  }
  rest_ = beats_.size();
  while (next_note()) add_step();
}

// Null behind the last. kNone + 1 is 0.
const trace::Note* BeatPlan::next_note() const {
  const Id next = note_ + 1;
  return next < told_.size() ? &trace_->notes[index_->narration()[next]] : nullptr;
}

void BeatPlan::add_notes_before(Time at) {
  while (next_note() && told_[note_ + 1].shown_at < at) add_step();
}

void BeatPlan::add_step() {
  const trace::Note& note = *next_note();
  const Time at = std::max(now_, told_[note_ + 1].shown_at);
  const bool sets_out =
      note.pdu != kNone && index_->departs(note.pdu) < at && arrival_of(*index_, note.pdu) > at;
  add_silence(sets_out ? index_->departs(note.pdu) : at, 0);
  if (const Time from = std::max(now_, sets_out ? index_->departs(note.pdu) : at); from < at) {
    push(BeatKind::Leave, note.pdu, from, at, kPduSecondsMax);
    beats_.back().pdu = note.pdu;
  }
  ++note_;
  push(BeatKind::Step, note_, at, at, reading_seconds(note));
  if (note.pdu != kNone && index_->departs(note.pdu) <= at) beats_.back().pdu = note.pdu;
}

void BeatPlan::add(const Item& item) {
  const EventRows& rows = index_->rows();
  const bool gap = item.row > 0 && rows[item.row - 1].kind == RowKind::Gap;
  const Time told = gap ? index_->gap_length(item.row - 1) : 0;
  if (item.row > 0) note_wait(gap ? told : item.begin - index_->time_of(item.row - 1));
  add_silence(item.begin, told);
  const Time from = std::max(now_, std::min(item.begin, item.at));
  if (item.kind == BeatKind::Pdu) pdu_ = item.id;
  const int alike = ++stretches_.back()[likeness(item)];
  const double faster = std::min(1.0, static_cast<double>(kAlikeMax) / alike);
  push(item.kind, item.id, from, std::max(from, item.at),
       std::max(kFastestSeconds, seconds(item) * faster));
  if (told_by_next(item)) ++beats_.back().note;
}

// What happens in an instant and is what the next step speaks of has its words, and none before.
bool BeatPlan::told_by_next(const Item& item) const {
  if (item.kind != BeatKind::Change && item.kind != BeatKind::Intervention) return false;
  if (item.kind == BeatKind::Change && carry_of(*trace_, item.id)) return false;
  return next_note() && told_[note_ + 1].tied == item.key();
}

double BeatPlan::seconds(const Item& item) const {
  if (item.kind == BeatKind::Loss) return kLossSeconds;
  if (item.kind == BeatKind::Intervention)
    return ties_.contains(item.key()) ? kTiedSeconds : kEventSecondsMax;
  if (item.kind == BeatKind::Change) {
    if (ties_.contains(item.key()))
      return carry_of(*trace_, item.id) ? kCarrySeconds : kTiedSeconds;
    return std::min(kEventSecondsMax,
                    kEventSeconds + kEventWordSeconds * count_words(trace_->changes[item.id].text));
  }
  const Time flight = item.at - item.begin;
  if (flight > 0 && item.at - now_ <= flight / 5) return kCameAlongSeconds;
  return std::min(kPduSecondsMax, kPduSeconds + kHopSeconds * hops_of_way(*index_, item.id));
}

BeatPlan::Likeness BeatPlan::likeness(const Item& item) const {
  if (item.kind == BeatKind::Change)
    return {item.kind, {}, {}, 0, 0, trace_->changes[item.id].variable};
  if (item.kind == BeatKind::Loss) return {item.kind, {}, {}, 0, 0, 0};
  if (item.kind == BeatKind::Intervention) return {item.kind, {}, {}, 0, 0, item.id};
  const trace::Pdu& pdu = trace_->pdus[item.id];
  return {item.kind, item.protocol, pdu.kind, pdu.word, pdu.answers, 0};
}

void BeatPlan::note_wait(Time length) {
  if (length >= EventRows::kSilence) waits_.push_back({planned_, length});
}

void BeatPlan::add_silence(Time until, Time told) {
  const Time length = until - now_;
  note_wait(length);
  if (length < index_->silence_min()) return;
  int alike = 0;
  for (const Stir& stir : stirs_between(now_, until)) {
    const bool behind_event = stir.from <= now_;
    if (!behind_event) push_silence(stir.from, 0, ++alike);
    const double faster = std::min(1.0, 2.0 / std::max(1, alike));
    push(BeatKind::Frames, behind_event ? kNone : stir.frame, std::max(now_, stir.from), stir.to,
         behind_event ? kCameAlongSeconds : kFramesSeconds * faster);
  }
  push_silence(until, told, ++alike);
}

// It is over where something begins to move. `told`: how long the row in front of it was.
void BeatPlan::push_silence(Time until, Time told, int alike) {
  const Time length = until - now_;
  if (length < index_->silence_min()) return;
  const bool whole = told >= length && told - length < EventRows::kSilence;
  const bool lower = sends_between(now_, until);
  push(BeatKind::Silence, kNone, now_, until - 1, kSilenceSeconds * std::min(1.0, 2.0 / alike));
  beats_.back().silence = whole ? told : length;
  beats_.back().lower_layers = lower;
}

bool BeatPlan::sends_between(Time from, Time until) const {
  const auto sent = std::ranges::upper_bound(trace_->frames, from, {}, &trace::Frame::sent);
  return sent != trace_->frames.end() && sent->sent < until;
}

// In order of time. Of a capture it is not known how long its frames were on their way.
std::vector<BeatPlan::Stir> BeatPlan::stirs_between(Time from, Time until) const {
  std::vector<Stir> stirs;
  const auto& frames = trace_->frames;
  const auto sent = [](const trace::Frame& frame) { return frame.sent; };
  const auto first = std::ranges::lower_bound(frames, from - index_->longest_flight(), {}, sent);
  for (auto frame = first; frame != frames.end() && frame->sent < until; ++frame) {
    if (frame->connection >= trace_->connections.size()) continue;  // ARP and its like
    const auto id = static_cast<Id>(frame - frames.begin());
    const bool lost = frame->fate == trace::Fate::Lost;
    if (!lost && frame->received == kNever) continue;
    const Time end = std::min(lost ? loss_of(*index_, id) : frame->received, until - 1);
    if (end <= from || end <= frame->sent) continue;
    const Time begin = std::max(from, frame->sent);
    if (stirs.empty() || begin - stirs.back().to >= index_->silence_min())
      stirs.push_back({begin, end, id});
    Stir& stir = stirs.back();
    stir.to = std::max(stir.to, end);
    const bool says = index_->pdu_of_frame(stir.frame) == kNone;
    if (says && index_->pdu_of_frame(id) != kNone) stir.frame = id;
  }
  return stirs;
}

void BeatPlan::push(BeatKind kind, Id id, Time from, Time to, double seconds) {
  if (kind == BeatKind::Pdu) last_ = {Selected::Pdu, id};
  if (kind == BeatKind::Change) last_ = {Selected::Change, id};
  if (kind == BeatKind::Loss) last_ = {Selected::Frame, id};
  if (kind == BeatKind::Intervention) last_ = {Selected::Intervention, id};
  beats_.push_back({.kind = kind,
                    .id = id,
                    .pdu = pdu_,
                    .note = note_,
                    .from = from,
                    .to = to,
                    .seconds = static_cast<float>(std::min(seconds, kBeatSecondsMax)),
                    .last = last_});
  now_ = to;
  if (kind == BeatKind::Step || kind == BeatKind::Silence) stretches_.emplace_back();
}

}  // namespace mailscope::viz
