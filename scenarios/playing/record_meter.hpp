// How much memory a trace takes while it grows: its arrays, the octets, and the texts that hang on
// them. An estimate from above that follows the allocator closely enough to be a bound.
//
// A call costs what is new since the last one, and what is open: connections whose mails may still
// change.
#pragma once

#include <cstdint>
#include <vector>

#include "captures/trace/trace.hpp"

namespace mailscope::scenarios {

class RecordMeter {
 public:
  // The trace outlives the meter.
  explicit RecordMeter(const trace::Trace& trace) : trace_(trace) {}

  std::uint64_t octets();

 private:
  void count_texts();
  std::uint64_t count_mails();

  const trace::Trace& trace_;
  std::uint64_t texts_ = 0;                             // of what can't change any more
  std::size_t changes_ = 0, findings_ = 0, mails_ = 0;  // of Trace's, looked at
  std::vector<trace::Id> open_mails_;
};

}  // namespace mailscope::scenarios
