// An alarm that can be set, moved and cancelled: RTO, delayed ACK, a mail queue's next try.
//
// Moving it later costs two stores: the queued event stays where it is and re-schedules itself when
// it comes too early. Moving it earlier schedules a second event and a new generation; the old
// event then finds that its generation is over. On expiry the owner's on_event(token) is called;
// the timer is then no longer armed. The Timer must outlive its queued events, so it belongs into
// something that stays (a host, a pooled connection block), not into an object of passing life.
#pragma once

#include <cstdint>

#include "sim/kernel/event.hpp"
#include "sim/kernel/simulator.hpp"

namespace mailscope::sim {

class Timer final : private Handler {
 public:
  Timer(Simulator& simulator, Handler& owner, std::uint64_t token)
      : simulator_(simulator), owner_(owner), token_(token) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void arm_at(Time at) { arm(at, false); }
  void arm_after(Time delay) { arm(simulator_.now() + delay, false); }
  // The same, but run() does not wait for it (TIME-WAIT, cache expiry).
  void arm_background_after(Time delay) { arm(simulator_.now() + delay, true); }
  void cancel();

  bool armed() const { return deadline_ != kNever; }
  Time deadline() const { return deadline_; }  // kNever when not armed

 private:
  void on_event(std::uint64_t generation) override;
  void arm(Time at, bool background);
  void set_dormant(bool dormant);
  void queue_at(Time at);

  Simulator& simulator_;
  Handler& owner_;
  std::uint64_t token_;
  std::uint64_t generation_ = 0;
  Time deadline_ = kNever;
  Time queued_at_ = kNever;  // when the event of this generation comes
  bool background_ = false;
  bool dormant_ = false;  // the queued event is counted as dormant
};

}  // namespace mailscope::sim
