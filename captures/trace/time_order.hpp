// The order in time of an array that is in another order: Ids, ascending by time, and where times
// are equal by Id. It grows with the array; Ids in the array never change.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace mailscope::trace {

class TimeOrder {
 public:
  using Id = std::uint32_t;

  std::size_t size() const { return ids_.size(); }
  bool empty() const { return ids_.empty(); }
  Id operator[](std::size_t place) const { return ids_[place]; }
  auto begin() const { return ids_.begin(); }
  auto end() const { return ids_.end(); }
  std::span<const Id> ids() const { return ids_; }

  // Takes in the items [size(), items). `time_of(Id)` has to be what it was for those that are in.
  // Costs what is new and what it is put in front of. Returns the first place that is not as it
  // was.
  template <typename TimeOf>
  std::size_t grow(std::size_t items, TimeOf time_of) {
    const std::size_t known = ids_.size();
    const auto earlier = [&](Id a, Id b) { return time_of(a) < time_of(b); };
    ids_.reserve(items > ids_.capacity() ? std::max(items, 2 * known) : 0);
    for (std::size_t id = known; id < items; ++id) ids_.push_back(static_cast<Id>(id));
    const auto fresh = ids_.begin() + static_cast<std::ptrdiff_t>(known);
    if (fresh == ids_.end()) return known;
    if (!std::is_sorted(fresh, ids_.end(), earlier)) std::stable_sort(fresh, ids_.end(), earlier);
    const auto from = std::upper_bound(ids_.begin(), fresh, *fresh, earlier);
    if (from != fresh) std::inplace_merge(from, fresh, ids_.end(), earlier);
    return static_cast<std::size_t>(from - ids_.begin());
  }

 private:
  std::vector<Id> ids_;
};

}  // namespace mailscope::trace
