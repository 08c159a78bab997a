#include "sim/kernel/simulator.hpp"

namespace mailscope::sim {

bool Simulator::step() {
  if (queue_.empty()) return false;
  const Event event = queue_.pop();
  now_ = event.at;
  ++handled_;
  event.who->on_event(event.token);
  return true;
}

void Simulator::run_until(Time t) {
  assert(t >= now_);
  while (queue_.next_time() <= t && step()) {
  }
  now_ = t;
}

std::uint64_t Simulator::run(std::uint64_t events_max) {
  const std::uint64_t before = handled_;
  while (!idle() && handled_ - before < events_max) step();
  return handled_ - before;
}

}  // namespace mailscope::sim
