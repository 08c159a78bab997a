#include "protocols/inet/checksum.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <string>

#include "protocols/inet/octets.hpp"

using namespace mailscope;
using namespace mailscope::inet;

namespace {

// RFC 1071 as it is written: 16-bit words in network order.
std::uint16_t plain_checksum(const std::uint8_t* octets, std::size_t count) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += i % 2 ? octets[i] : octets[i] << 8;
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

std::string pattern(std::size_t count) {
  std::string octets(count, '\0');
  std::uint32_t state = 1;
  for (char& octet : octets) {
    state = state * 1'664'525 + 1'013'904'223;
    octet = static_cast<char>(state >> 24);
  }
  return octets;
}

}  // namespace

TEST_CASE("The checksum is that of RFC 1071 for every length and place") {
  const std::string octets = pattern(1600);
  const std::string ones(1600, '\xff');
  std::uint8_t copy[1600];
  for (const std::string* source : {&octets, &ones})
    for (std::size_t at = 0; at < 9; ++at)
      for (std::size_t count = 0; count < 1500; count += count < 80 ? 1 : 37) {
        const auto* from = reinterpret_cast<const std::uint8_t*>(source->data()) + at;
        std::uint8_t stored[2];
        put_checksum(stored, sum(from, count));
        REQUIRE(get16(stored) == plain_checksum(from, count));
        REQUIRE(copy_and_sum(copy, source->data() + at, count) == sum(from, count));
        REQUIRE(std::memcmp(copy, from, count) == 0);
      }
}

TEST_CASE("The example of RFC 1071 sums to ddf2") {
  const std::uint8_t octets[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
  std::uint8_t stored[2];
  put_checksum(stored, sum(octets, sizeof octets));
  CHECK(get16(stored) == 0xffff - 0xddf2);
}

TEST_CASE("Pseudo headers are summed as they are written in RFC 9293 and RFC 8200") {
  const IpAddress a = IpAddress::v4(10, 0, 1, 2), b = IpAddress::v4(192, 0, 2, 1);
  const std::uint8_t v4[] = {10, 0, 1, 2, 192, 0, 2, 1, 0, 6, 0x05, 0xc8};
  CHECK(fold(pseudo_sum(a, b, 6, 0x5c8)) == fold(sum(v4, sizeof v4)));
  const IpAddress c = *IpAddress::parse("2001:db8::1"), d = *IpAddress::parse("ff02::1:ff00:2");
  std::uint8_t v6[40] = {};
  std::memcpy(v6, c.octets.data(), 16);
  std::memcpy(v6 + 16, d.octets.data(), 16);
  put32(v6 + 32, 32);
  v6[39] = 58;
  CHECK(fold(pseudo_sum(c, d, 58, 32)) == fold(sum(v6, sizeof v6)));
}
