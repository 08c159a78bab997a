// The scrubber's histogram: PDUs by time and protocol, made from tallies of every 64th place in
// time when it is asked for.
#include <algorithm>

#include "captures/languages/languages.hpp"
#include "viz/layout/index.hpp"
#include "viz/layout/words.hpp"

namespace mailscope::viz {

void TraceIndex::add_to(Tally& tally, std::size_t place) const {
  const trace::Pdu& pdu = trace_->pdus[trace_->by_time[place]];
  const std::size_t colour = languages::of(*trace_, pdu).card().colour;
  ++tally.pdus[colour < kProtocolColours ? colour : 0];
  const Refusal refused = refusal(*trace_, pdu);
  if (refused != Refusal::None) ++tally.refusals[refused == Refusal::ForGood];
}

// From the first place on that is not as it was.
void TraceIndex::count_tallies() {
  tallies_.resize(std::min(tallies_.size(), first_new_place_ / kTallied + 1));
}

TraceIndex::Tally TraceIndex::tally_until(std::size_t place) const {
  Tally tally = tallies_[place / kTallied];
  for (std::size_t at = place / kTallied * kTallied; at < place; ++at) add_to(tally, at);
  return tally;
}

TraceIndex::Tally TraceIndex::tally_between(std::size_t from, std::size_t to) const {
  Tally tally;
  if (to - from <= 2 * kTallied) {
    for (; from < to; ++from) add_to(tally, from);
    return tally;
  }
  tally = tally_until(to);
  const Tally before = tally_until(from);
  for (std::size_t i = 0; i < tally.pdus.size(); ++i) tally.pdus[i] -= before.pdus[i];
  for (std::size_t i = 0; i < tally.refusals.size(); ++i) tally.refusals[i] -= before.refusals[i];
  return tally;
}

void TraceIndex::make_buckets() const {
  const std::size_t pdus = trace_->by_time.size();
  if (tallies_.empty()) tallies_.emplace_back();
  while (tallies_.size() * kTallied <= pdus) {
    Tally next = tallies_.back();
    const std::size_t from = (tallies_.size() - 1) * kTallied;
    for (std::size_t place = from; place < from + kTallied; ++place) add_to(next, place);
    tallies_.push_back(next);
  }
  const double total = static_cast<double>(std::max<Time>(1, fold().duration()));
  const auto bucket_of = [&](std::size_t place) {
    const Time first = trace_->pdus[trace_->by_time[place]].first;
    const double share = static_cast<double>(fold().folded(first)) / total;
    return std::clamp(static_cast<int>(share * kBuckets), 0, kBuckets - 1);
  };
  buckets_.assign(kBuckets, {});
  for (std::size_t from = 0; from < pdus;) {
    const int bucket = bucket_of(from);
    std::size_t known = from, step = 1;
    while (known + step < pdus && bucket_of(known + step) == bucket) known += step, step *= 2;
    std::size_t low = known + 1, high = std::min(pdus, known + step);
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      if (bucket_of(middle) == bucket) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    buckets_[static_cast<std::size_t>(bucket)] = tally_between(from, low);
    from = low;
  }
}

const TraceIndex::Tally& TraceIndex::bucket_at(int i) const {
  if (buckets_.empty()) make_buckets();
  return buckets_[static_cast<std::size_t>(i)];
}

}  // namespace mailscope::viz
