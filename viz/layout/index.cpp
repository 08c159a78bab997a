#include "viz/layout/index.hpp"

#include <algorithm>

#include "viz/layout/event.hpp"
#include "viz/layout/flight.hpp"

namespace mailscope::viz {
namespace {

// Socket calls that merely move octets would double every row of the ladder.
bool makes_a_row(const Trace& trace, const trace::StateChange& change) {
  if (change.text.empty() || change.variable >= trace.variables.size()) return false;
  if (change.at == 0 && !has_value(change.before))
    return false;  // how things were at the beginning
  return !trace.variables[change.variable].is(trace::VariableKind::Socket);
}

}  // namespace

TraceIndex::TraceIndex(const Trace& trace)
    : trace_(&trace),
      rows_([this](const Row& row) { return begins(row); },
            [this](const Row& row) { return trace_->pdus[row.id].first; }) {
  grow();
}

void TraceIndex::grow() {
  std::vector<Id> repeated;
  duration_ = std::max(duration_, trace_->source.duration);
  if (!trace_->changes.empty()) duration_ = std::max(duration_, trace_->changes.back().at);
  grow_names();
  grow_frames();
  grow_pdus(repeated);
  grow_hosts();
  grow_participants();
  grow_rows(repeated);
  insert_inside_participants();
  grow_mails();
  grow_notes();
  buckets_.clear();
}

void TraceIndex::look_at_pdu(Id id) {
  const trace::Pdu& pdu = trace_->pdus[id];
  ++work_;
  const Time end = pdu.received == kNever ? pdu.last : std::max(pdu.received, pdu.last);
  duration_ = std::max(duration_, end);
  longest_pdu_ = std::max(longest_pdu_, end - pdu.first);
}

void TraceIndex::grow_pdus(std::vector<Id>& repeated) {
  const std::vector<trace::Pdu>& pdus = trace_->pdus;
  const auto is_repeated = [&](Id id) {
    return (pdus[id].flags & trace::Pdu::kRetransmitted) != 0;
  };
  const std::vector<Id>& revised = trace_->revisions().pdus;
  for (; revised_pdus_ < revised.size(); ++revised_pdus_) {
    const Id id = revised[revised_pdus_];
    if (id >= pdus_) continue;
    look_at_pdu(id);
    if (!lost_.empty()) doubt_frames_of(id);
    if (is_repeated(id) && !find_resent(id)) repeated.push_back(id);
  }
  const auto end = static_cast<Id>(pdus.size());
  const auto order = [&](Id a, Id b) { return trace_->is_before(a, b); };
  connection_pdus_.resize(trace_->connections.size());
  Id first = kNone;
  for (; pdus_ < end; ++pdus_) {
    look_at_pdu(pdus_);
    const trace::Pdu& pdu = pdus[pdus_];
    if (first == kNone || trace_->is_before(pdus_, first)) first = pdus_;
    if (is_repeated(pdus_)) repeated.push_back(pdus_);
    if (pdu.frame < frames_ && pdu_of_frame_[pdu.frame] == kNone) pdu_of_frame_[pdu.frame] = pdus_;
    if (!lost_.empty()) doubt_frames_of(pdus_);
    if (pdu.connection >= connection_pdus_.size()) continue;
    std::vector<Id>& own = connection_pdus_[pdu.connection];
    if (pdu.connection < connections_ && (touched_.empty() || touched_.back() != pdu.connection))
      touched_.push_back(pdu.connection);
    if (own.empty() || trace_->is_before(own.back(), pdus_))
      own.push_back(pdus_);
    else
      own.insert(std::upper_bound(own.begin(), own.end(), pdus_, order), pdus_);
  }
  for (const Id frame : doubtful_) name_repeated(frame);
  first_new_place_ = first == kNone ? trace_->by_time.size() : trace_->place_in_time(first);
  count_tallies();
}

std::span<const Id> TraceIndex::pdus_of(Id connection) const {
  if (connection >= connection_pdus_.size()) return {};
  return connection_pdus_[connection];
}

std::size_t TraceIndex::place_in_connection(Id pdu) const {
  const std::span<const Id> all = pdus_of(trace_->pdus[pdu].connection);
  const auto at = std::lower_bound(all.begin(), all.end(), pdu,
                                   [&](Id a, Id b) { return trace_->is_before(a, b); });
  return static_cast<std::size_t>(at - all.begin());
}

Time TraceIndex::begins(const Row& row) const {
  switch (row.kind) {
    case RowKind::Pdu:
      return departs(row.id);
    case RowKind::Change:
      return trace_->changes[row.id].at;
    case RowKind::Lost:
      return trace_->frames[row.id].sent;
    case RowKind::Intervention:
      return trace_->interventions[row.id].at;
    case RowKind::Gap:
      break;
  }
  return 0;
}

void TraceIndex::grow_rows(const std::vector<Id>& repeated) {
  const Id fresh_from = rows_pdus_;
  first_new_time_ = kNever;
  rows_pdus_ = pdus_;
  const std::vector<Id> moved = grow_resent(repeated, fresh_from);
  EventRows::Fresh fresh;
  fresh.pdus.reserve(pdus_ - fresh_from + moved.size());
  if (fresh_from == 0 && trace_->by_time.size() == pdus_)
    for (const Id id : trace_->by_time) fresh.pdus.push_back({id, RowKind::Pdu});
  else
    for (Id id = fresh_from; id < pdus_; ++id) fresh.pdus.push_back({id, RowKind::Pdu});
  for (const Id id : moved) fresh.pdus.push_back({id, RowKind::Pdu});
  for (const auto end = static_cast<Id>(trace_->changes.size()); changes_ < end;
       ++changes_, ++work_) {
    if (!makes_a_row(*trace_, trace_->changes[changes_])) continue;
    fresh.changes.push_back({changes_, RowKind::Change});
    const Id agent = trace_->variables[trace_->changes[changes_].variable].agent;
    if (agent < trace_->agents.size()) happening_.insert(agent);
  }
  fresh.lost = grow_frame_rows();
  for (const auto end = static_cast<Id>(trace_->interventions.size()); interventions_ < end;
       ++interventions_, ++work_) {
    deeds_.push_back(deed_of(*trace_, trace_->interventions[interventions_]));
    if (is_seen(*this, interventions_))
      fresh.interventions.push_back({interventions_, RowKind::Intervention});
  }
  for (const std::vector<Row>* rows :
       {&fresh.pdus, &fresh.changes, &fresh.lost, &fresh.interventions})
    for (const Row& row : *rows) first_new_time_ = std::min(first_new_time_, begins(row));
  rows_.put_in(std::move(fresh), duration_);
}

std::size_t TraceIndex::row_of_change(Id change) const {
  return rows_.row_of({change, RowKind::Change}, trace_->changes[change].at);
}

std::size_t TraceIndex::row_of_lost(Id frame) const {
  if (const Id pdu = pdu_of_frame(frame); pdu != kNone && lost_with(pdu) == frame)
    return row_of_pdu(pdu);
  return rows_.row_of({frame, RowKind::Lost}, trace_->frames[frame].sent);
}

std::size_t TraceIndex::row_of_intervention(Id intervention) const {
  return rows_.row_of({intervention, RowKind::Intervention},
                      trace_->interventions[intervention].at);
}

Time TraceIndex::gap_length(std::size_t row) const {
  return time_of(row + 1) - time_of(row - 1);
}

void TraceIndex::grow_mails() {
  for (const auto end = static_cast<Id>(trace_->mails.size()); mails_ < end; ++mails_, ++work_)
    mails_without_data_.push_back(mails_);
  std::erase_if(mails_without_data_, [&](Id id) {
    const Id data = trace_->mails[id].data;
    ++work_;
    const Id connection = trace_->mails[id].connection;
    if (data == kNone)
      return connection >= trace_->connections.size() ||
             trace_->connections[connection].closed != kNever;
    const std::pair<Id, Id> entry(data, id);
    mail_by_data_.insert(std::upper_bound(mail_by_data_.begin(), mail_by_data_.end(), entry),
                         entry);
    return true;
  });
}

Id TraceIndex::mail_of_pdu(Id pdu) const {
  const trace::Pdu& p = trace_->pdus[pdu];
  Id data = pdu;
  if (p.kind != trace::PduKind::Data) {
    if (p.exchange >= trace_->exchanges.size()) return kNone;
    data = trace_->exchanges[p.exchange].data;
  }
  const auto at =
      std::lower_bound(mail_by_data_.begin(), mail_by_data_.end(), std::pair<Id, Id>(data, 0));
  return at != mail_by_data_.end() && at->first == data ? at->second : kNone;
}

std::vector<Id> TraceIndex::journey(Id mail) const {
  const trace::Mail& first = trace_->mails[mail];
  if (first.message_id.empty()) return {mail};
  std::vector<Id> hops;
  for (Id id = 0; id < trace_->mails.size(); ++id)
    if (trace_->mails[id].message_id == first.message_id) hops.push_back(id);
  std::stable_sort(hops.begin(), hops.end(),
                   [&](Id a, Id b) { return trace_->mails[a].at < trace_->mails[b].at; });
  return hops;
}

// They are as many as a person has written, and each may change when the next is shown.
void TraceIndex::grow_notes() {
  if (trace_->notes.empty()) return;
  chapters_.clear();
  narration_.clear();
  shown_at_.clear();
  for (Id id = 0; id < trace_->notes.size(); ++id) {
    const trace::Note& note = trace_->notes[id];
    (note.kind == trace::NoteKind::Chapter ? chapters_ : narration_).push_back(id);
    const Id lost = lost_frame_of(note);
    shown_at_.push_back(note.pdu < trace_->pdus.size() ? arrival_of(*this, note.pdu)
                        : lost != kNone                ? loss_of(*this, lost)
                                                       : note.at);
  }
  // In the order in which it happened: what is under way when the next thing is told is shown under
  // way. (A host that crashes has sent its last reply before, though that arrives later.)
  Time next = kNever;
  for (auto note = narration_.rbegin(); note != narration_.rend(); ++note) {
    if (shown_at_[*note] > next) shown_at_[*note] = std::max(trace_->notes[*note].at, next - 1);
    next = shown_at_[*note];
  }
}

Id TraceIndex::lost_frame_of(const trace::Note& note) const {
  if (note.pdu != kNone || note.change != kNone) return kNone;
  const auto sent = [&](Id frame) { return trace_->frames[frame].sent; };
  const auto lost = std::ranges::lower_bound(lost_, note.at, {}, sent);
  return lost != lost_.end() && sent(*lost) == note.at ? *lost : kNone;
}

}  // namespace mailscope::viz
