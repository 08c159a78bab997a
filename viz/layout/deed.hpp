// An intervention read from its words, as they are written for `run --do`: what is done, and where.
// Only here is that text read.
#pragma once

#include <string>

#include "captures/trace/trace.hpp"

namespace mailscope::viz {

enum class DeedKind : std::uint8_t {
  Drop,
  Cut,
  Mend,
  Slow,
  Lose,
  Off,
  On,
  Crash,
  Restart,
  Refuse,
  Accept,
  Overload,
  Relieve,
  Full,
  Empty,
  Greylist,
  Forget,
  Remember,
  Fault,
  Other
};

struct Deed {
  DeedKind kind = DeedKind::Other;
  trace::Id host = trace::kNone, other = trace::kNone;  // the second of a cable
  std::string rest;                                     // behind the hosts
};

Deed deed_of(const trace::Trace& trace, const trace::Intervention& intervention);

}  // namespace mailscope::viz
