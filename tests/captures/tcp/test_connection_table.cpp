#include <catch2/catch.hpp>

#include <map>
#include <random>

#include "captures/tcp/connection_table.hpp"

namespace mailscope::tcp {

TEST_CASE("the table finds what is in it, and only that, whatever came and went") {
  std::mt19937 random(1);
  ConnectionTable table;
  std::map<std::uint32_t, std::uint32_t> hashes;  // of the records in the table
  for (std::uint32_t step = 0; step < 20'000; ++step) {
    const std::uint32_t record = random() % 3'000;
    // Few hashes, at the end of the table too, so that probing runs long and wraps.
    const std::uint32_t hash = record % 7 == 0 ? 0xffffffff - record % 3 : record % 500 * 64;
    if (hashes.erase(record) > 0) {
      table.erase(hash, record);
    } else {
      table.insert(hash, record);
      hashes[record] = hash;
    }
    if (step % 1'000 != 0) continue;
    for (std::uint32_t r = 0; r < 3'000; ++r) {
      const std::uint32_t h = r % 7 == 0 ? 0xffffffff - r % 3 : r % 500 * 64;
      const std::uint32_t found = table.find(h, [r](std::uint32_t it) { return it == r; });
      CHECK((found == r) == (hashes.count(r) == 1));
    }
  }
}

TEST_CASE("both directions have the same key, and others have another") {
  const IpAddress a = IpAddress::v4(10, 0, 0, 1), b = IpAddress::v4(10, 0, 0, 2);
  Decoded to, from;
  to.ip_version = from.ip_version = 4;
  to.source = from.destination = a;
  to.destination = from.source = b;
  to.source_port = from.destination_port = 40000;
  to.destination_port = from.source_port = 25;
  bool to_from_a = false, from_from_a = false;
  const ConnectionKey one = ConnectionKey::of(to, to_from_a);
  CHECK(one == ConnectionKey::of(from, from_from_a));
  CHECK(to_from_a != from_from_a);
  from.source_port = 26;
  CHECK_FALSE(one == ConnectionKey::of(from, from_from_a));
  to.ip_version = 6;
  CHECK_FALSE(one == ConnectionKey::of(to, to_from_a));
}

}  // namespace mailscope::tcp
