#include "viz/layout/event_rows.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace mailscope::viz {
namespace {

// At one instant: what was done, what changed inside, then a frame that was lost, in front of the
// PDU that it was to carry.
int rank(RowKind kind) {
  constexpr RowKind kOrder[] = {RowKind::Intervention, RowKind::Change, RowKind::Lost};
  return static_cast<int>(std::ranges::find(kOrder, kind) - std::begin(kOrder));
}

// More of them and the shorter ones are left out: no more than 500 can be worth it.
constexpr std::size_t kWideMax = 2000;

}  // namespace

bool EventRows::earlier(const Row& a, const Row& b) const {
  const Time time_a = time_of_(a), time_b = time_of_(b);
  if (time_a != time_b) return time_a < time_b;
  if (a.kind != b.kind) return rank(a.kind) < rank(b.kind);
  if (a.kind != RowKind::Pdu) return a.id < b.id;
  return std::pair(first_of_(a), a.id) < std::pair(first_of_(b), b.id);
}

Time EventRows::gap_before(std::size_t place) const {
  return time_of_(plain_[place]) - time_of_(plain_[place - 1]);
}

std::vector<Time> EventRows::gaps_from(std::size_t place) const {
  std::vector<Time> gaps;
  for (std::size_t i = std::max<std::size_t>(place, 1); i < plain_.size(); ++i)
    gaps.push_back(gap_before(i));
  return gaps;
}

void EventRows::forget_from(std::size_t place) {
  gaps_.remove(gaps_from(place));
  for (std::vector<std::uint32_t>* list : {&long_, &wide_, &silences_})
    list->erase(std::lower_bound(list->begin(), list->end(), place), list->end());
}

void EventRows::learn_from(std::size_t place, Time duration) {
  gaps_.add(gaps_from(place));
  const Time worth = TimeFold::worth_folding(duration);
  for (std::size_t i = place; i < plain_.size(); ++i) {
    ++work_;
    if (plain_[i].kind == RowKind::Pdu) place_of_pdu_[plain_[i].id] = static_cast<std::uint32_t>(i);
    const Time gap = i == 0 ? time_of_(plain_[0]) : gap_before(i);
    if (i > 0 && gap >= kSilence) long_.push_back(static_cast<std::uint32_t>(i));
    if (gap > worth) wide_.push_back(static_cast<std::uint32_t>(i));
  }
}

std::size_t EventRows::place_of(const Row& row) const {
  if (row.kind == RowKind::Pdu) return place_of_pdu_[row.id];
  const auto place = std::lower_bound(plain_.begin(), plain_.end(), row,
                                      [this](const Row& a, const Row& b) { return earlier(a, b); });
  return static_cast<std::size_t>(place - plain_.begin());
}

void EventRows::take_out(const std::vector<Row>& rows) {
  if (rows.empty()) return;
  std::size_t from = plain_.size();
  for (const Row& row : rows) from = std::min(from, place_of(row));
  forget_from(from);
  const auto gone = std::remove_if(
      plain_.begin() + static_cast<std::ptrdiff_t>(from), plain_.end(),
      [&](const Row& row) { return std::find(rows.begin(), rows.end(), row) != rows.end(); });
  plain_.erase(gone, plain_.end());
  learn_from(from, duration_);
}

std::vector<Row> EventRows::merged(Fresh fresh) const {
  const auto order = [this](const Row& a, const Row& b) { return earlier(a, b); };
  std::vector<Row> all;
  all.reserve(fresh.pdus.size() + fresh.changes.size() + fresh.lost.size() +
              fresh.interventions.size());
  for (std::vector<Row>* rows : {&fresh.interventions, &fresh.changes, &fresh.lost, &fresh.pdus}) {
    if (!std::is_sorted(rows->begin(), rows->end(), order))
      std::sort(rows->begin(), rows->end(), order);
    const auto known = static_cast<std::ptrdiff_t>(all.size());
    all.insert(all.end(), rows->begin(), rows->end());
    std::inplace_merge(all.begin(), all.begin() + known, all.end(), order);
  }
  return all;
}

void EventRows::put_in(Fresh events, Time duration) {
  const auto order = [this](const Row& a, const Row& b) { return earlier(a, b); };
  const std::vector<Row> fresh = merged(std::move(events));
  duration_ = duration;
  for (const Row& row : fresh)
    if (row.kind == RowKind::Pdu && row.id >= place_of_pdu_.size())
      place_of_pdu_.resize(row.id + 1);
  std::size_t from = plain_.size();
  if (!fresh.empty()) {
    const auto at = std::upper_bound(plain_.begin(), plain_.end(), fresh.front(), order);
    from = static_cast<std::size_t>(at - plain_.begin());
    forget_from(from);
    const auto known = static_cast<std::ptrdiff_t>(plain_.size());
    plain_.insert(plain_.end(), fresh.begin(), fresh.end());
    std::inplace_merge(plain_.begin() + static_cast<std::ptrdiff_t>(from), plain_.begin() + known,
                       plain_.end(), order);
    learn_from(from, duration);
  }
  const Time worth = TimeFold::worth_folding(duration);
  if (wide_.size() > kWideMax)
    std::erase_if(wide_, [&](std::uint32_t place) {
      return (place == 0 ? time_of_(plain_[0]) : gap_before(place)) <= worth;
    });
  std::vector<TimeFold::Silence> silences;
  for (const std::uint32_t place : wide_)
    silences.push_back({place == 0 ? 0 : time_of_(plain_[place - 1]), time_of_(plain_[place])});
  const Time last = plain_.empty() ? 0 : time_of_(plain_.back());
  silences.push_back({last, std::max(last, duration)});
  fold_ = TimeFold(gaps_.longest_usual(), silences, duration);
  find_silences(from);
}

// From `from` on, or all where another length counts now.
void EventRows::find_silences(std::size_t from) {
  if (std::exchange(silence_min_, silence_min()) != silence_min_) {
    silences_.clear();
    from = 0;
  }
  for (auto at = std::lower_bound(long_.begin(), long_.end(), from); at != long_.end(); ++at)
    if (gap_before(*at) >= silence_min_) silences_.push_back(*at);
}

std::size_t EventRows::behind_silences(std::size_t place) const {
  const auto after = std::upper_bound(silences_.begin(), silences_.end(), place);
  return place + static_cast<std::size_t>(after - silences_.begin());
}

Row EventRows::operator[](std::size_t row) const {
  // The silence k stands in the row silences_[k] + k.
  std::size_t low = 0, high = silences_.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (silences_[middle] + middle < row) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low < silences_.size() && silences_[low] + low == row) return {kNone, RowKind::Gap};
  return plain_[row - low];
}

Time EventRows::time_of(std::size_t row) const {
  const Row found = (*this)[row];
  return time_of_(found.kind == RowKind::Gap ? (*this)[row - 1] : found);
}

std::size_t EventRows::row_of(Row sought, Time at) const {
  if (plain_.empty()) return 0;
  const auto first = std::partition_point(plain_.begin(), plain_.end(),
                                          [&](const Row& row) { return time_of_(row) < at; });
  for (auto place = first; place != plain_.end() && time_of_(*place) == at; ++place)
    if (*place == sought) return behind_silences(static_cast<std::size_t>(place - plain_.begin()));
  if (first == plain_.end()) return size() - 1;
  return behind_silences(static_cast<std::size_t>(first - plain_.begin()));
}

}  // namespace mailscope::viz
