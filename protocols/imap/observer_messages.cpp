#include "protocols/imap/observer_messages.hpp"

#include <algorithm>
#include <utility>

namespace mailscope::imap::reading {
namespace {

constexpr std::uint64_t kAnySize = UINT64_MAX;

constexpr auto kIsBefore = [](const auto& size, std::uint32_t message) {
  return size.message < message;
};

}  // namespace

Messages::Plan Messages::take(std::uint32_t message, const Stretch& stretch, std::uint64_t octets,
                              std::uint64_t asked) {
  if (message == 0) return {};
  if (stretch.kind == Kind::Whole)
    return stretch.partial ? take_partial(message, stretch.origin, octets, asked)
                           : take_whole(octets);
  if (stretch.kind == Kind::None || stretch.partial) return {};
  return take_half(message, stretch.kind, octets);
}

Messages::Plan Messages::take_whole(std::uint64_t octets) {
  if (octets == 0) return {};
  Plan plan;
  plan.way = Plan::Way::Pass;
  plan.breaks = std::exchange(begun_, std::nullopt).has_value();
  plan.begins = plan.ends = true;
  return plan;
}

Messages::Plan Messages::take_partial(std::uint32_t message, std::uint64_t origin,
                                      std::uint64_t octets, std::uint64_t asked) {
  const std::uint64_t size = size_of(message), end = origin + octets;
  const bool last = octets == 0 || octets < asked || (size != 0 && end >= size);
  Plan plan;
  plan.way = Plan::Way::Pass;
  plan.ends = last;
  if (begun_ && begun_->message == message && begun_->next == origin) {
    begun_->next = end;
    if (last) begun_.reset();
    return plan;
  }
  if (origin == 0) {
    if (octets == 0) return {};
    if (!last && octets <= kHeldOctetsMax) return begin_holding(message, Kind::Whole, octets);
  } else {
    auto front = take_held(message, Kind::Whole, origin);
    if (!front) return {};
    plan.before = std::move(*front);
  }
  plan.breaks = begun_.has_value();
  plan.begins = true;
  begun_.reset();
  if (!last) begun_ = Begun{message, end};
  return plan;
}

// The size that the server told must be theirs together.
Messages::Plan Messages::take_half(std::uint32_t message, Kind kind, std::uint64_t octets) {
  const Kind other_half = kind == Kind::Header ? Kind::Text : Kind::Header;
  auto half = take_held(message, other_half, kAnySize);
  if (!half) return begin_holding(message, kind, octets);
  const std::uint64_t size = size_of(message);
  if (size != 0 && half->size() + octets != size) return {};
  Plan plan;
  plan.way = Plan::Way::Pass;
  plan.breaks = std::exchange(begun_, std::nullopt).has_value();
  plan.begins = plan.ends = true;
  (kind == Kind::Header ? plan.after : plan.before) = std::move(*half);
  return plan;
}

Messages::Plan Messages::begin_holding(std::uint32_t message, Kind kind, std::uint64_t octets) {
  if (octets > kHeldOctetsMax) return {};
  take_held(message, kind, kAnySize);  // fetched once more
  while (!held_.empty() && held_octets_ + octets > kHeldOctetsMax) {
    held_octets_ -= held_.front().octets.size();
    held_.pop_front();
  }
  held_.push_back({message, kind, {}});
  held_.back().octets.reserve(octets);
  Plan plan;
  plan.way = Plan::Way::Hold;
  return plan;
}

void Messages::hold(std::string_view octets) {
  if (held_.empty()) return;
  held_.back().octets += octets;
  held_octets_ += octets.size();
}

void Messages::drop_held() {
  if (held_.empty()) return;
  held_octets_ -= held_.back().octets.size();
  held_.pop_back();
}

std::optional<std::string> Messages::take_held(std::uint32_t message, Kind kind,
                                               std::uint64_t octets) {
  const auto found = std::find_if(held_.begin(), held_.end(), [&](const Held& held) {
    return held.message == message && held.kind == kind;
  });
  if (found == held_.end()) return {};
  std::string taken = std::move(found->octets);
  held_octets_ -= taken.size();
  held_.erase(found);
  if (octets != kAnySize && taken.size() != octets) return {};
  return taken;
}

std::optional<std::string> Messages::held_whole(std::uint32_t message) {
  const std::uint64_t size = size_of(message);
  const bool held = std::any_of(held_.begin(), held_.end(), [&](const Held& stretch) {
    return stretch.message == message && stretch.kind == Kind::Whole &&
           stretch.octets.size() == size;
  });
  if (size == 0 || !held) return {};
  return take_held(message, Kind::Whole, size);
}

void Messages::note_size(std::uint32_t message, std::uint64_t octets) {
  const auto place = std::lower_bound(sizes_.begin(), sizes_.end(), message, kIsBefore);
  if (place != sizes_.end() && place->message == message)
    place->octets = octets;
  else
    sizes_.insert(place, {message, octets});
  if (sizes_.size() > kSizesMax) sizes_.pop_front();
}

std::uint64_t Messages::size_of(std::uint32_t message) const {
  const auto place = std::lower_bound(sizes_.begin(), sizes_.end(), message, kIsBefore);
  return place == sizes_.end() || place->message != message ? 0 : place->octets;
}

void Messages::expunged(std::uint32_t message) {
  const auto gone = [&](const auto& entry) { return entry.message == message; };
  const auto move_up = [&](auto& entry) { entry.message -= entry.message > message; };
  for (const Held& held : held_)
    if (gone(held)) held_octets_ -= held.octets.size();
  std::erase_if(held_, gone);
  std::erase_if(sizes_, gone);
  std::for_each(held_.begin(), held_.end(), move_up);
  std::for_each(sizes_.begin(), sizes_.end(), move_up);
  if (begun_ && gone(*begun_)) begun_->message = 0;  // it will not go on
  if (begun_) move_up(*begun_);
}

bool Messages::forget() {
  held_.clear();
  held_octets_ = 0;
  sizes_.clear();
  return std::exchange(begun_, std::nullopt).has_value();
}

}  // namespace mailscope::imap::reading
