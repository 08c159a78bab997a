// An event: at a time, a handler is called with a token that only it understands.
//
// 24 octets, held by value in the queue's blocks, so scheduling allocates nothing in the steady
// state. A handler must live until its last event was handled or the simulator is run no more.
#pragma once

#include <cstdint>

#include "sim/kernel/time.hpp"

namespace mailscope::sim {

struct Handler {
  virtual void on_event(std::uint64_t token) = 0;

 protected:
  ~Handler() = default;
};

struct Event {
  Time at = 0;
  Handler* who = nullptr;
  std::uint64_t token = 0;
};
static_assert(sizeof(Event) == 24);

}  // namespace mailscope::sim
