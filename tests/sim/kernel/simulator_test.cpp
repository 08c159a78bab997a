#include "sim/kernel/simulator.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <utility>
#include <vector>

#include "sim/kernel/timer.hpp"

using namespace mailscope::sim;

namespace {

struct Log final : Handler {
  explicit Log(Simulator& s) : simulator(s) {}
  void on_event(std::uint64_t token) override {
    seen.emplace_back(simulator.now(), token);
    if (then) then(token);
  }
  using Seen = std::vector<std::pair<Time, std::uint64_t>>;
  Simulator& simulator;
  Seen seen;
  std::function<void(std::uint64_t)> then;
};

}  // namespace

TEST_CASE("Events are handled by time, and ties in the order of scheduling") {
  Simulator simulator;
  Log log(simulator);
  log.then = [&](std::uint64_t token) {
    if (token == 1) simulator.schedule_after(0, log, 9);  // behind what is already there for now
  };
  simulator.schedule_at(20, log, 4);
  simulator.schedule_at(10, log, 1);
  simulator.schedule_at(10, log, 2);
  simulator.schedule_after(10, log, 3);
  CHECK(simulator.run() == 5);
  CHECK(log.seen == Log::Seen{{10, 1}, {10, 2}, {10, 3}, {10, 9}, {20, 4}});
  CHECK(simulator.now() == 20);
  CHECK_FALSE(simulator.step());
}

TEST_CASE("run_until handles what is due and moves the clock") {
  Simulator simulator;
  Log log(simulator);
  simulator.schedule_at(10, log, 1);
  simulator.schedule_at(11, log, 2);
  simulator.run_until(10);
  CHECK(log.seen == Log::Seen{{10, 1}});
  simulator.run_until(10);
  CHECK(simulator.next_time() == 11);
  simulator.run_until(kSecond);
  CHECK(simulator.now() == kSecond);
  simulator.schedule_after(1, log, 3);
  simulator.run();
  CHECK(log.seen.back() == std::pair<Time, std::uint64_t>{kSecond + 1, 3});
}

TEST_CASE("run stops at its limit of events") {
  Simulator simulator;
  Log log(simulator);
  log.then = [&](std::uint64_t) { simulator.schedule_after(1, log); };
  simulator.schedule_at(0, log);
  CHECK(simulator.run(1000) == 1000);
  CHECK(simulator.now() == 999);
}

TEST_CASE("A timer moved later expires once, at its last deadline") {
  Simulator simulator;
  Log log(simulator);
  Timer timer(simulator, log, 7);
  for (Time at = 10; at <= 100; at += 10) timer.arm_at(at);
  CHECK(simulator.pending() == 1);
  simulator.run();
  CHECK(log.seen == Log::Seen{{100, 7}});
  CHECK_FALSE(timer.armed());
}

TEST_CASE("A timer moved earlier expires once, at the earlier deadline") {
  Simulator simulator;
  Log log(simulator);
  Timer timer(simulator, log, 7);
  timer.arm_at(100);
  timer.arm_at(40);
  timer.arm_at(60);
  CHECK(timer.deadline() == 60);
  simulator.run();
  CHECK(log.seen == Log::Seen{{60, 7}});
  CHECK(simulator.now() == 60);
  timer.arm_at(70);
  simulator.run();
  CHECK(log.seen.back() == std::pair<Time, std::uint64_t>{70, 7});
  simulator.run_until(200);
  CHECK(log.seen.size() == 2);
  CHECK(simulator.pending() == 0);
  CHECK(simulator.idle());
}

TEST_CASE("A cancelled timer neither expires nor keeps the run going") {
  Simulator simulator;
  Log log(simulator);
  Timer timer(simulator, log, 7);
  timer.arm_after(kHour);
  simulator.schedule_at(5, log, 1);
  timer.cancel();
  CHECK(simulator.run() == 1);
  CHECK(simulator.now() == 5);
  SECTION("and may be armed again while its event is still queued") {
    timer.arm_after(2 * kHour);
    simulator.run();
    CHECK(log.seen.back() == std::pair<Time, std::uint64_t>{5 + 2 * kHour, 7});
  }
  SECTION("and is forgotten when its event comes") {
    simulator.run_until(2 * kHour);
    CHECK(log.seen.size() == 1);
    CHECK(simulator.pending() == 0);
    CHECK(simulator.idle());
  }
}

TEST_CASE("A background timer expires only while something else goes on") {
  Simulator simulator;
  Log log(simulator);
  Timer timer(simulator, log, 7);
  timer.arm_background_after(kMinute);
  CHECK(simulator.run() == 0);
  CHECK(timer.armed());
  simulator.schedule_at(kHour, log, 1);
  simulator.run();
  CHECK(log.seen == Log::Seen{{kMinute, 7}, {kHour, 1}});
  CHECK(simulator.idle());
  timer.arm_background_after(1);
  timer.arm_after(2);  // no longer in the background
  simulator.run();
  CHECK(log.seen.back() == std::pair<Time, std::uint64_t>{kHour + 2, 7});
}
