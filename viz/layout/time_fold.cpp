#include <algorithm>

#include "viz/layout/index.hpp"

namespace mailscope::viz {
namespace {

// Four times the gap that three quarters of the gaps don't exceed: what is longer is a silence and
// not the rhythm of the dialogue. A sample is enough.
Time longest_usual_gap(std::span<const Time> times) {
  std::vector<Time> gaps;
  const std::size_t step = std::max<std::size_t>(1, times.size() / 4096);
  for (std::size_t i = 1; i < times.size(); i += step)
    if (times[i] > times[i - 1]) gaps.push_back(times[i] - times[i - 1]);
  if (gaps.empty()) return 0;
  const auto at = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() * 3 / 4);
  std::nth_element(gaps.begin(), at, gaps.end());
  return *at * 4;
}

}  // namespace

TimeFold::TimeFold(std::span<const Time> times, Time duration) {
  gap_max_ = longest_usual_gap(times);
  // A silence that is a small share of the whole needs no folding, and keeps the list of gaps
  // short.
  const Time worth = std::max(gap_max_, duration / 500);
  Time saved = 0, before = 0;
  const auto consider = [&](Time begin, Time end) {
    if (gap_max_ == 0 || end - begin <= worth) return;
    gaps_.push_back({begin, end, begin - saved});
    saved += end - begin - gap_max_;
  };
  for (const Time at : times) {
    consider(before, at);
    before = std::max(before, at);
  }
  consider(before, duration);
  duration_ = duration - saved;
}

Time TimeFold::folded(Time at) const {
  auto gap = std::upper_bound(gaps_.begin(), gaps_.end(), at,
                              [](Time t, const Gap& g) { return t < g.begin; });
  if (gap == gaps_.begin()) return at;
  --gap;
  if (at >= gap->end) return gap->folded_begin + gap_max_ + (at - gap->end);
  const double share =
      static_cast<double>(at - gap->begin) / static_cast<double>(gap->end - gap->begin);
  return gap->folded_begin + static_cast<Time>(share * static_cast<double>(gap_max_));
}

Time TimeFold::unfolded(Time folded) const {
  auto gap = std::upper_bound(gaps_.begin(), gaps_.end(), folded,
                              [](Time t, const Gap& g) { return t < g.folded_begin; });
  if (gap == gaps_.begin()) return folded;
  --gap;
  const Time into = folded - gap->folded_begin;
  if (into >= gap_max_) return gap->end + (into - gap_max_);
  const double share = static_cast<double>(into) / static_cast<double>(gap_max_);
  return gap->begin + static_cast<Time>(share * static_cast<double>(gap->end - gap->begin));
}

}  // namespace mailscope::viz
