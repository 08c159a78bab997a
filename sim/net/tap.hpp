// Who watches the links: every frame that is put on one, and what became of it.
//
// Calls come in the order of their times. Views are valid during the call only.
#pragma once

#include <cstdint>
#include <string_view>

#include "captures/trace/trace.hpp"
#include "sim/kernel/time.hpp"

namespace mailscope::sim {

using trace::Id;
using trace::kNone;
using trace::Loss;

struct SentFrame {
  Id link = kNone;
  Id from = kNone;
  Id to = kNone;            // kNone for a broadcast, or when nobody has the address
  Id origin = kNone;        // what on_sent returned for this packet's first hop; kNone there
  Id duplicate_of = kNone;  // the link made it: a copy of this frame
  Time at = 0;              // its first octet is put on the link
  std::string_view octets;
};

struct Tap {
  virtual ~Tap() = default;
  // Returns a number for the frame, by which the later calls name it.
  virtual Id on_sent(const SentFrame& frame) = 0;
  // Its last octet was taken off by `host` (for a broadcast once for each host).
  virtual void on_received(Id frame, Id host, Time at) = 0;
  virtual void on_lost(Id frame, Time at, Loss why) = 0;
};

}  // namespace mailscope::sim
