// Long silences made short: a monotone map between virtual time and folded time, so that
// milliseconds and a half-hour retry fit one axis. What is longer than the longest gap kept takes
// just that long.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "captures/trace/trace.hpp"

namespace mailscope::viz {

using trace::Time;

// The lengths of the times between events, as many as there are, and what is usual among them.
// Exact for up to kExact gaps; of more it is told to within 2 %, by a histogram of their
// magnitudes. Only lengths above 0 count.
class GapLengths {
 public:
  static constexpr std::size_t kExact = 8192;
  void add(std::span<const Time> lengths);
  void remove(std::span<const Time> lengths);
  // Four times the gap that three quarters of the gaps don't exceed: what is longer is a silence
  // and not the rhythm of the dialogue. 0 where there is none.
  Time longest_usual() const;

 private:
  static std::size_t bucket_of(Time length);
  static Time length_of(std::size_t bucket);

  std::size_t count_ = 0;
  std::vector<Time> exact_;  // ascending; empty once there were more than kExact
  bool is_exact_ = true;
  std::array<std::uint32_t, 64 * 64> buckets_{};  // by magnitude, 64 to an octave
};

class TimeFold {
 public:
  // What is longer than what is usual, and worth the folding.
  struct Silence {
    Time begin, end;
  };
  TimeFold() = default;
  // `silences` ascending; everything in [0, duration].
  TimeFold(Time longest_gap, std::span<const Silence> silences, Time duration);
  // A silence that is a small share of the whole needs no folding, and keeps the list of gaps
  // short.
  static Time worth_folding(Time duration) { return duration / 500; }

  Time folded(Time at) const;
  Time unfolded(Time folded) const;
  Time duration() const { return duration_; }  // folded
  bool folds() const { return !gaps_.empty(); }
  Time longest_gap() const { return gap_max_; }

 private:
  struct Gap {
    Time begin, end;  // virtual
    Time folded_begin;
  };
  std::vector<Gap> gaps_;
  Time gap_max_ = 0;
  Time duration_ = 0;
};

}  // namespace mailscope::viz
