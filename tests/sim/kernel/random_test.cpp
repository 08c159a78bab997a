#include "sim/kernel/random.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <vector>

using namespace mailscope::sim;

TEST_CASE("A stream gives the same numbers on every machine") {
  RandomStream random(42, "host alice-pc");
  std::vector<std::uint64_t> drawn;
  for (int i = 0; i < 4; ++i) drawn.push_back(random.next());
  CHECK(drawn == std::vector<std::uint64_t>{0x296bb9fc2ea3239u, 0xb4a0da6c55593c41u,
                                            0x3183ffc2a7ea5be1u, 0x9df486f3eaef3e22u});
  drawn.clear();
  for (int i = 0; i < 6; ++i) drawn.push_back(random.below(1000));
  CHECK(drawn == std::vector<std::uint64_t>{138, 895, 28, 328, 893, 728});
  CHECK(random.unit() == 0x1.1e52c4f994beap-1);
  CHECK(random.exponential() == 0x1.4ad7a4cf8619ep0);
  CHECK(random.exponential(kSecond) == 1381057305);
}

TEST_CASE("splitmix64 and FNV-1a give their published values") {
  std::uint64_t state = 1234567;
  CHECK(split_mix(state) == 6457827717110365317u);
  CHECK(split_mix(state) == 3203168211198807973u);
  CHECK(fnv1a("") == 0xcbf29ce484222325u);
  CHECK(fnv1a("a") == 0xaf63dc4c8601ec8cu);
  CHECK(fnv1a("foobar") == 0x85944171f73967e8u);
}

TEST_CASE("Streams with different names or seeds are different") {
  std::set<std::uint64_t> first;
  for (const char* name : {"a", "b", "link lan", "link wan"})
    for (std::uint64_t seed : {0u, 1u, 2u}) first.insert(RandomStream(seed, name).next());
  CHECK(first.size() == 12);
}

TEST_CASE("Numbers stay in their range and are evenly spread") {
  RandomStream random(7, "spread");
  int count[6] = {};
  for (int i = 0; i < 60'000; ++i) ++count[random.below(6)];
  for (const int n : count) CHECK(std::abs(n - 10'000) < 500);
  for (int i = 0; i < 1000; ++i) {
    const std::int64_t n = random.between(-2, 2);
    REQUIRE((n >= -2 && n <= 2));
    const double u = random.unit();
    REQUIRE((u >= 0 && u < 1));
  }
  CHECK(random.between(5, 5) == 5);
  (void)random.between(INT64_MIN, INT64_MAX);
}

TEST_CASE("A chance of 0 or 1 draws nothing") {
  RandomStream random(7, "chance"), untouched(7, "chance");
  CHECK_FALSE(random.chance(0));
  CHECK(random.chance(1));
  CHECK(random.next() == untouched.next());
  int yes = 0;
  for (int i = 0; i < 100'000; ++i) yes += random.chance(0.25);
  CHECK(std::abs(yes - 25'000) < 700);
}

TEST_CASE("The exponential distribution has its mean, variance and median") {
  RandomStream random(7, "exponential");
  constexpr int kDraws = 200'000;
  double sum = 0, squares = 0;
  int below_median = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = random.exponential();
    REQUIRE(x >= 0);
    sum += x;
    squares += x * x;
    below_median += x < std::log(2.0);
  }
  CHECK(sum / kDraws == Approx(1).margin(0.01));
  CHECK(squares / kDraws == Approx(2).margin(0.05));
  CHECK(below_median / double{kDraws} == Approx(0.5).margin(0.005));
}
