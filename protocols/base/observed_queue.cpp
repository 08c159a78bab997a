#include "protocols/base/observed_queue.hpp"

#include <functional>

namespace mailscope {
namespace {

bool lies_in(std::string_view text, std::string_view octets) {
  const std::less_equal<const char*> not_behind;  // also for pointers into different buffers
  return not_behind(octets.data(), text.data()) &&
         not_behind(text.data() + text.size(), octets.data() + octets.size());
}

}  // namespace

void ObservedQueue::begin(std::string_view octets) {
  octets_ = octets;
  kept_.clear();
  events_.clear();
  next_ = 0;
}

ObservedHead& ObservedQueue::add(const ObservedHead& head) {
  Queued& queued = events_.emplace_back();
  static_cast<ObservedHead&>(queued.event) = head;
  return queued.event;
}

void ObservedQueue::set_text(std::string_view text) {
  Queued& queued = events_.back();
  queued.event.text = {};
  queued.kept_at = kNotKept;
  if (text.empty()) return;
  if (lies_in(text, octets_)) {
    queued.event.text = text;
    return;
  }
  queued.kept_at = kept_.size();
  kept_ += text;
  queued.event.text = std::string_view(kept_).substr(queued.kept_at);
}

void ObservedQueue::violate(const ObservedHead& where, const Breach& breach) {
  ObservedHead& event = add(where);
  event.kind = ObservedHead::Kind::Violation;
  event.severity = breach.severity;
  event.code = breach.code;
  event.rfc = breach.rfc;
  set_text(breach.text);
}

std::optional<Observed> ObservedQueue::next() {
  if (next_ == events_.size()) return std::nullopt;
  Queued& queued = events_[next_++];
  if (queued.kept_at != kNotKept)  // kept_ may have moved since
    queued.event.text = std::string_view(kept_).substr(queued.kept_at, queued.event.text.size());
  return queued.event;
}

}  // namespace mailscope
