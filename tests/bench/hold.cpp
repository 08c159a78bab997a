// The HOLD model: take the earliest event, schedule one a random while later, with a constant
// number pending. The radix heap beside std::priority_queue of 24-octet items {time, sequence,
// token}, in alternate stretches of one run, so that the ratio holds on a noisy machine. Both must
// give the same order of events (a hash over time and token); the benchmark fails otherwise.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <queue>
#include <vector>

#include "sim/kernel/event_queue.hpp"
#include "sim/kernel/random.hpp"

namespace mailscope::sim {
namespace {

struct Item {
  Time at;
  std::uint64_t sequence;
  std::uint64_t token;
};
struct Later {
  bool operator()(const Item& a, const Item& b) const {
    return a.at != b.at ? a.at > b.at : a.sequence > b.sequence;
  }
};

class BinaryHeap {
 public:
  void push(Time at, std::uint64_t token) { queue_.push({at, sequence_++, token}); }
  std::pair<Time, std::uint64_t> pop() {
    const Item item = queue_.top();
    queue_.pop();
    return {item.at, item.token};
  }

 private:
  std::priority_queue<Item, std::vector<Item>, Later> queue_;
  std::uint64_t sequence_ = 0;
};

class RadixHeap {
 public:
  void push(Time at, std::uint64_t token) { queue_.push({at, nullptr, token}); }
  std::pair<Time, std::uint64_t> pop() {
    const Event event = queue_.pop();
    return {event.at, event.token};
  }

 private:
  EventQueue queue_;
};

constexpr std::size_t kDelays = 4096;  // little, so that the cache is the queue's

// Delays around one millisecond; every 16th is a whole multiple of it, so that there are ties.
const std::vector<Time>& delays() {
  static const std::vector<Time> table = [] {
    RandomStream random(1, "hold");
    std::vector<Time> made(kDelays);
    for (Time& delay : made)
      delay = random.chance(1.0 / 16) ? kMillisecond : random.exponential(kMillisecond);
    return made;
  }();
  return table;
}

template <class Queue>
class Hold {
 public:
  explicit Hold(std::size_t pending) {
    for (std::size_t i = 0; i < pending; ++i) queue_.push(delays()[i % kDelays], token_++);
  }
  // Seconds taken for `events` of them.
  double run(std::size_t events) {
    const Time* table = delays().data();
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < events; ++i) {
      const auto [at, token] = queue_.pop();
      hash_ = hash_ * 31 + (static_cast<std::uint64_t>(at) ^ token << 20);
      queue_.push(at + table[token_ % kDelays], token_);
      ++token_;
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
  std::uint64_t hash() const { return hash_; }

 private:
  Queue queue_;
  std::uint64_t token_ = 0;
  std::uint64_t hash_ = 0;
};

void hold(benchmark::State& state) {
  const auto pending = static_cast<std::size_t>(state.range(0));
  const std::size_t stretch = std::max<std::size_t>(pending / 2, 100'000);
  Hold<RadixHeap> ours(pending);
  Hold<BinaryHeap> peer(pending);
  ours.run(stretch);
  peer.run(stretch);
  double ours_s = 0, peer_s = 0, events = 0;
  for (auto _ : state) {
    ours_s += ours.run(stretch);
    peer_s += peer.run(stretch);
    events += static_cast<double>(stretch);
  }
  if (ours.hash() != peer.hash()) state.SkipWithError("the two queues differ in their order");
  state.counters["radix_M/s"] = events / ours_s / 1e6;
  state.counters["priority_queue_M/s"] = events / peer_s / 1e6;
  state.counters["ratio"] = peer_s / ours_s;
}
BENCHMARK(hold)->RangeMultiplier(10)->Range(10, 1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mailscope::sim
