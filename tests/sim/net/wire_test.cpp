#include "sim/net/wire.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "sim/net/send_buffer.hpp"
#include "world.hpp"

using namespace mailscope::sim;

namespace {

// RFC 1071 as it is written: 16-bit words in network order.
std::uint16_t plain_checksum(const std::uint8_t* octets, std::size_t count) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += i % 2 ? octets[i] : octets[i] << 8;
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

}  // namespace

TEST_CASE("The checksum is that of RFC 1071 for every length and place") {
  const std::string octets = test::pattern(1600);
  const std::string ones(1600, '\xff');
  std::uint8_t copy[1600];
  for (const std::string* source : {&octets, &ones})
    for (std::size_t at = 0; at < 9; ++at)
      for (std::size_t count = 0; count < 1500; count += count < 80 ? 1 : 37) {
        const auto* from = reinterpret_cast<const std::uint8_t*>(source->data()) + at;
        std::uint8_t stored[2];
        wire::put_checksum(stored, wire::sum(from, count));
        REQUIRE(wire::get16(stored) == plain_checksum(from, count));
        REQUIRE(wire::copy_and_sum(copy, source->data() + at, count) == wire::sum(from, count));
        REQUIRE(std::memcmp(copy, from, count) == 0);
      }
}

TEST_CASE("The example of RFC 1071 sums to ddf2") {
  const std::uint8_t octets[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
  std::uint8_t stored[2];
  wire::put_checksum(stored, wire::sum(octets, sizeof octets));
  CHECK(wire::get16(stored) == 0xffff - 0xddf2);
}

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
      REQUIRE(wire::fold(sum) == wire::fold(wire::sum(copy, count)));
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
