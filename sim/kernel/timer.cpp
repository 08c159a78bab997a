#include "sim/kernel/timer.hpp"

namespace mailscope::sim {

void Timer::arm(Time at, bool background) {
  assert(at >= simulator_.now() && at != kNever);
  deadline_ = at;
  background_ = background;
  if (queued_at_ == kNever || queued_at_ > at) {
    if (queued_at_ != kNever) {
      set_dormant(true);  // it stays in the queue, and counts so until it comes
      dormant_ = false;
      ++generation_;
    }
    queue_at(at);
  }
  set_dormant(background);
}

void Timer::cancel() {
  deadline_ = kNever;
  if (queued_at_ != kNever) set_dormant(true);
}

void Timer::on_event(std::uint64_t generation) {
  if (generation != generation_) {
    --simulator_.dormant_;
    return;
  }
  set_dormant(false);
  queued_at_ = kNever;
  if (deadline_ == kNever) return;
  if (deadline_ > simulator_.now()) {
    queue_at(deadline_);
    set_dormant(background_);
    return;
  }
  deadline_ = kNever;
  owner_.on_event(token_);
}

void Timer::set_dormant(bool dormant) {
  if (dormant == dormant_) return;
  dormant_ = dormant;
  if (dormant)
    ++simulator_.dormant_;
  else
    --simulator_.dormant_;
}

void Timer::queue_at(Time at) {
  queued_at_ = at;
  simulator_.schedule_at(at, *this, generation_);
}

}  // namespace mailscope::sim
