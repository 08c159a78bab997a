// Random numbers that are the same on every machine: one named stream for each component.
//
// Generator: xoshiro256** (Blackman and Vigna 2018), its state filled by splitmix64 from the run's
// seed and the FNV-1a hash of the stream's name. So a component that draws more or fewer numbers
// does not disturb another one. The distributions are our own: those of the standard library
// differ between implementations, and so may its logarithm (exponential() uses comparisons only).
// Not for secrets.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/kernel/time.hpp"

namespace mailscope::sim {

class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view name);

  std::uint64_t next();
  // 0 <= result < bound; bound > 0. Without bias.
  std::uint64_t below(std::uint64_t bound);
  // low <= result <= high.
  std::int64_t between(std::int64_t low, std::int64_t high);
  // 0 <= result < 1, in steps of 2^-53.
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  // True with probability p. p <= 0 and p >= 1 draw nothing.
  bool chance(double p) { return p > 0 && (p >= 1 || unit() < p); }
  // Exponentially distributed with mean 1.
  double exponential();
  // The same as a duration with the given mean.
  Time exponential(Time mean) {
    return static_cast<Time>(exponential() * static_cast<double>(mean));
  }

 private:
  std::uint64_t state_[4];
};

// The two mixers, for whoever needs a hash that is the same everywhere.
std::uint64_t split_mix(std::uint64_t& state);
std::uint64_t fnv1a(std::string_view octets);

}  // namespace mailscope::sim
