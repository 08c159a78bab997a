#include "viz/layout/time_fold.hpp"

#include <algorithm>
#include <bit>

namespace mailscope::viz {

// 64 to an octave: the upper 6 bits behind the first.
std::size_t GapLengths::bucket_of(Time length) {
  const auto value = static_cast<std::uint64_t>(length);
  const int octave = std::bit_width(value) - 1;
  const std::uint64_t part = octave >= 6 ? value >> (octave - 6) : value << (6 - octave);
  return static_cast<std::size_t>(octave) * 64 + (part & 63);
}

Time GapLengths::length_of(std::size_t bucket) {
  const auto octave = static_cast<int>(bucket / 64);
  const std::uint64_t part = 64 + bucket % 64;
  return static_cast<Time>(octave >= 6 ? part << (octave - 6) : part >> (6 - octave));
}

void GapLengths::add(std::span<const Time> lengths) {
  const auto known = static_cast<std::ptrdiff_t>(exact_.size());
  for (const Time length : lengths) {
    if (length <= 0) continue;
    ++count_;
    ++buckets_[bucket_of(length)];
    if (is_exact_) exact_.push_back(length);
  }
  is_exact_ = is_exact_ && count_ <= kExact;
  if (!is_exact_) {
    exact_ = {};
    return;
  }
  std::sort(exact_.begin() + known, exact_.end());
  std::inplace_merge(exact_.begin(), exact_.begin() + known, exact_.end());
}

void GapLengths::remove(std::span<const Time> lengths) {
  for (const Time length : lengths) {
    if (length <= 0) continue;
    --count_;
    --buckets_[bucket_of(length)];
    if (is_exact_) exact_.erase(std::lower_bound(exact_.begin(), exact_.end(), length));
  }
}

Time GapLengths::longest_usual() const {
  if (count_ == 0) return 0;
  const std::size_t at = count_ * 3 / 4;
  if (is_exact_) return exact_[at] * 4;
  std::size_t bucket = 0;
  for (std::size_t below = 0; below + buckets_[bucket] <= at; ++bucket) below += buckets_[bucket];
  return length_of(bucket) * 4;
}

TimeFold::TimeFold(Time longest_gap, std::span<const Silence> silences, Time duration)
    : gap_max_(longest_gap) {
  const Time worth = std::max(gap_max_, worth_folding(duration));
  Time saved = 0;
  for (const Silence& silence : silences) {
    if (gap_max_ == 0 || silence.end - silence.begin <= worth) continue;
    gaps_.push_back({silence.begin, silence.end, silence.begin - saved});
    saved += silence.end - silence.begin - gap_max_;
  }
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
