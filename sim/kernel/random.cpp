#include "sim/kernel/random.hpp"

#include <bit>
#include <cassert>

namespace mailscope::sim {

std::uint64_t split_mix(std::uint64_t& state) {
  std::uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

std::uint64_t fnv1a(std::string_view octets) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : octets) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

RandomStream::RandomStream(std::uint64_t seed, std::string_view name) {
  std::uint64_t mix = seed;
  mix = split_mix(mix) ^ fnv1a(name);
  for (std::uint64_t& word : state_) word = split_mix(mix);
}

std::uint64_t RandomStream::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

// Numbers below 2^64 mod bound are refused, so that each residue is equally likely.
std::uint64_t RandomStream::below(std::uint64_t bound) {
  assert(bound > 0);
  const std::uint64_t refused = (0 - bound) % bound;
  std::uint64_t number = next();
  while (number < refused) number = next();
  return number % bound;
}

std::int64_t RandomStream::between(std::int64_t low, std::int64_t high) {
  assert(low <= high);
  const std::uint64_t span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
  const std::uint64_t offset = span == 0 ? next() : below(span);
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + offset);
}

// Von Neumann 1951: the chance that a run u1 >= u2 >= ... ends at an even place is exp(-u1). No
// logarithm, hence the same on every machine.
double RandomStream::exponential() {
  for (double whole = 0;; whole += 1) {
    const double first = unit();
    double last = first;
    bool even = true;
    for (double u = unit(); u <= last; u = unit()) {
      last = u;
      even = !even;
    }
    if (even) return whole + first;
  }
}

}  // namespace mailscope::sim
