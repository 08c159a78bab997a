#include "sim/kernel/event_queue.hpp"

#include <catch2/catch.hpp>
#include <queue>

#include "sim/kernel/random.hpp"

using namespace mailscope::sim;

namespace {

struct Item {
  Time at;
  std::uint64_t sequence;
};
struct Later {
  bool operator()(const Item& a, const Item& b) const {
    return a.at != b.at ? a.at > b.at : a.sequence > b.sequence;
  }
};

// The queue beside one that is plainly right; the token is the sequence number.
class Pair {
 public:
  void push(Time at) {
    ours_.push({at, nullptr, sequence_});
    plain_.push({at, sequence_++});
  }
  Time pop() {
    const Item expected = plain_.top();
    plain_.pop();
    REQUIRE(ours_.next_time() == expected.at);
    const Event event = ours_.pop();
    REQUIRE(event.at == expected.at);
    REQUIRE(event.token == expected.sequence);
    return event.at;
  }
  bool empty() const {
    REQUIRE(ours_.size() == plain_.size());
    return plain_.empty();
  }

 private:
  EventQueue ours_;
  std::priority_queue<Item, std::vector<Item>, Later> plain_;
  std::uint64_t sequence_ = 0;
};

}  // namespace

TEST_CASE("Events of one time come in the order in which they were pushed") {
  EventQueue queue;
  for (std::uint64_t i = 0; i < 1000; ++i) queue.push({i % 2 ? 70'000 : 5, nullptr, i});
  for (std::uint64_t i = 0; i < 500; ++i) REQUIRE(queue.pop().token == 2 * i);
  // A later push of the same time goes behind, also when its bucket was dealt out in between.
  queue.push({70'000, nullptr, 1000});
  for (std::uint64_t i = 0; i < 500; ++i) REQUIRE(queue.pop().token == 2 * i + 1);
  REQUIRE(queue.pop().token == 1000);
  REQUIRE(queue.empty());
  REQUIRE(queue.next_time() == kNever);
}

TEST_CASE("Looking at the next time does not stop earlier events from being pushed") {
  EventQueue queue;
  queue.push({kHour, nullptr, 1});
  REQUIRE(queue.next_time() == kHour);
  queue.push({3, nullptr, 2});
  REQUIRE(queue.next_time() == 3);
  REQUIRE(queue.pop().token == 2);
  queue.push({4, nullptr, 3});
  REQUIRE(queue.pop().token == 3);
  REQUIRE(queue.pop().token == 1);
}

TEST_CASE("Times up to the largest are kept in order") {
  Pair pair;
  for (const Time at :
       {Time{0}, kNever, kNever - 1, Time{1} << 62, Time{63}, Time{64}, Time{65}, kNever, Time{0}})
    pair.push(at);
  while (!pair.empty()) pair.pop();
}

TEST_CASE("The order of random events is that of a plain priority queue") {
  const int shape = GENERATE(0, 1, 2, 3, 4, 5);
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    RandomStream random(seed, "events");
    Pair pair;
    Time now = 0;
    const auto delay = [&]() -> Time {
      switch (shape) {
        case 0:
          return random.between(0, 3);  // ties everywhere
        case 1:
          return random.between(0, 1) * kMillisecond;  // two values
        case 2:
          return random.exponential(kMillisecond);
        case 3:
          return random.chance(0.1) ? kHour : random.between(0, 1000);
        case 4:
          return Time{1} << random.between(0, 50);  // every level
        default:
          return random.between(0, 63) << (6 * random.between(0, 6));
      }
    };
    for (int i = 0; i < 4000; ++i) {
      // In waves, so that blocks fill, empty and are reused.
      const bool growing = i / 500 % 2 == 0;
      if (pair.empty() || random.chance(growing ? 0.7 : 0.3))
        pair.push(now + delay());
      else
        now = pair.pop();
    }
    while (!pair.empty()) pair.pop();
  }
}
