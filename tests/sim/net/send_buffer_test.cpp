#include "sim/net/send_buffer.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <string>

#include "protocols/inet/checksum.hpp"
#include "world.hpp"

using namespace mailscope;
using namespace mailscope::sim;

TEST_CASE("A send buffer gives back what was put in, at any offset") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    RandomStream random(seed, "buffer");
    SendBuffer buffer;
    std::string expected;
    for (int step = 0; step < 400; ++step) {
      if (random.chance(0.4)) {
        const std::string octets =
            test::pattern(random.below(random.chance(0.1) ? 20'000 : 300), random.next());
        expected += octets;
        buffer.append(octets);
      }
      if (random.chance(0.4)) {
        const std::uint64_t count = random.below(std::min<std::size_t>(expected.size(), 3000) + 1);
        buffer.consume(count);
        expected.erase(0, count);
      }
      REQUIRE(buffer.size() == expected.size());
      const std::uint64_t offset = random.below(expected.size() + 1);
      const auto count = static_cast<std::uint32_t>(
          random.below(std::min<std::size_t>(expected.size() - offset, 1460) + 1));
      std::uint8_t copy[1460];
      const std::uint64_t sum = buffer.copy(offset, count, copy);
      REQUIRE(std::memcmp(copy, expected.data() + offset, count) == 0);
      REQUIRE(inet::fold(sum) == inet::fold(inet::sum(copy, count)));
    }
  }
}

TEST_CASE("A send buffer knows where each send ended") {
  SendBuffer buffer;
  buffer.append("0123456789");
  buffer.append("abcde");
  CHECK(buffer.push_within(0, 10));
  CHECK_FALSE(buffer.push_within(0, 9));
  CHECK_FALSE(buffer.push_within(10, 4));
  CHECK(buffer.push_within(10, 5));
  buffer.consume(10);
  CHECK_FALSE(buffer.push_within(0, 4));
  CHECK(buffer.push_within(4, 1));
}
