// The simulator's clock and its queue of events: what happens next, in one total order.
//
// Order: time, and among events of the same time the order in which they were scheduled. An event
// may be scheduled for now (it comes after everything already scheduled for now), never for the
// past. One thread. Two runs that schedule the same events handle them in the same order.
//
// An event cannot be taken out of the queue. Whoever may change its mind uses a Timer (timer.hpp),
// which tells the simulator that its queued event is *dormant*: such an event still comes, and is
// ignored by the timer, but run() does not go on for its sake.
#pragma once

#include <cassert>
#include <cstdint>

#include "sim/kernel/event.hpp"
#include "sim/kernel/event_queue.hpp"
#include "sim/kernel/time.hpp"

namespace mailscope::sim {

class Simulator {
 public:
  Time now() const { return now_; }

  // at >= now().
  void schedule_at(Time at, Handler& who, std::uint64_t token = 0) {
    assert(at >= now_);
    queue_.push({at, &who, token});
  }
  // delay >= 0.
  void schedule_after(Time delay, Handler& who, std::uint64_t token = 0) {
    schedule_at(now_ + delay, who, token);
  }

  // Handles one event; false when there is none.
  bool step();
  // Handles every event with time <= t; then now() == t, also when nothing happened.
  void run_until(Time t);
  // Handles events until only dormant ones are left, or `events_max` were handled. Returns how many
  // were. now() is then the time of the last one.
  std::uint64_t run(std::uint64_t events_max = UINT64_MAX);

  // Time of the next event, dormant or not; kNever when there is none.
  Time next_time() const { return queue_.next_time(); }
  // True when run() would do nothing.
  bool idle() const { return queue_.size() == dormant_; }
  std::uint64_t pending() const { return queue_.size(); }
  std::uint64_t events_handled() const { return handled_; }

 private:
  friend class Timer;

  EventQueue queue_;
  Time now_ = 0;
  std::uint64_t handled_ = 0;
  std::uint64_t dormant_ = 0;  // events in the queue that do not keep run() going
};

}  // namespace mailscope::sim
