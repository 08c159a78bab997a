#include <catch2/catch.hpp>

#include <vector>

#include "captures/pcap/reader.hpp"
#include "tests/captures/pcap/files.hpp"

namespace mailscope::pcap {
namespace {

using namespace files;

struct Read {
  std::vector<Packet> packets;
  std::vector<std::string> octets;
  std::string problem;  // or the error of open()
};

Read read(const std::string& octets) {
  const TemporaryFile file(octets);
  Read out;
  auto reader = Reader::open(file.path());
  if (reader) {
    Packet packet;
    while (reader->next(packet) == Next::Frame) {
      out.octets.emplace_back(packet.octets);
      out.packets.push_back(packet);
      REQUIRE(octets.substr(packet.file_offset, packet.octets.size()) == packet.octets);
    }
    out.problem = reader->problem();
  } else {
    out.problem = reader.error();
  }
  if (!out.problem.empty()) out.problem.erase(0, file.path().size() + 2);
  return out;
}

std::string resolution(Order o, int exponent) {
  return option(o, 9, std::string(1, static_cast<char>(exponent))) + option(o, 0, {});
}

}  // namespace

TEST_CASE("pcapng in either byte order, with several interfaces of different kinds") {
  for (const bool big : {false, true}) {
    const Order o{big};
    const Read r = read(section(o) + interface(o, 1, 96) + interface(o, 113, 0, resolution(o, 9)) +
                        block(o, 5, std::string(20, 'x')) + enhanced(o, 0, 5'000'001, "first", 70) +
                        enhanced(o, 1, 5'000'000'001, "second") +
                        enhanced(o, 0, 6'000'000, "third", 0, option(o, 1, "a comment")));
    CHECK(r.problem.empty());
    REQUIRE(r.packets.size() == 3);
    CHECK(r.octets == std::vector<std::string>{"first", "second", "third"});
    CHECK(r.packets[0].at == 5'000'001'000);
    CHECK(r.packets[1].at == 5'000'000'001);
    CHECK(r.packets[2].at == 6'000'000'000);
    CHECK(r.packets[0].link_type == 1);
    CHECK(r.packets[1].link_type == 113);
    CHECK(r.packets[0].wire_octets == 70);
  }
}

TEST_CASE("time stamps of every resolution, and with an offset") {
  struct Row {
    int resolution;
    std::uint64_t ticks;
    std::int64_t at;
  };
  const Row rows[] = {
      {0, 3, 3'000'000'000},
      {3, 1'234, 1'234'000'000},
      {6, 1'000'001, 1'000'001'000},
      {9, 1'767'225'600'123'456'789, 1'767'225'600'123'456'789},
      {12, 5'000'000'001'999, 5'000'000'001},
      {19, 18'000'000'000'000'000'000U, 1'800'000'000},
      {20, 18'000'000'000'000'000'000U, 180'000'000},
      {127, 1, 0},
      {0x80, 3, 3'000'000'000},
      {0x80 | 1, 3, 1'500'000'000},
      {0x80 | 30, (std::uint64_t{1} << 30) + (std::uint64_t{1} << 29), 1'500'000'000},
      {0x80 | 63, std::uint64_t{3} << 62, 1'500'000'000},
      {0x80 | 127, 1, 0},
  };
  const Order o;
  for (const Row& row : rows) {
    INFO(row.resolution);
    const Read r = read(section(o) + interface(o, 1, 0, resolution(o, row.resolution)) +
                        enhanced(o, 0, row.ticks, "x"));
    REQUIRE(r.packets.size() == 1);
    CHECK(r.packets[0].at == row.at);
  }
  for (const bool big : {false, true}) {
    const Order order{big};
    const Read r =
        read(section(order) +
             interface(order, 1, 0, option(order, 14, order.n(1'000, 8)) + option(order, 0, {})) +
             enhanced(order, 0, 5, "x"));
    REQUIRE(r.packets.size() == 1);
    CHECK(r.packets[0].at == 1'000'000'005'000);
  }
  // Times beyond all sense stay within the type.
  const Read far =
      read(section(o) + interface(o, 1, 0, resolution(o, 0)) + enhanced(o, 0, UINT64_MAX, "x"));
  CHECK(far.packets.size() == 1);
  const Read farther =
      read(section(o) + interface(o, 1, 0, option(o, 14, o.n(UINT64_MAX >> 1, 8))) +
           enhanced(o, 0, UINT64_MAX, "x"));
  CHECK(farther.packets.size() == 1);
}

TEST_CASE("simple and obsolete packet blocks") {
  const Order o;
  const Read r =
      read(section(o) + interface(o, 101, 6) + block(o, 3, o.n4(20) + "simple") +
           block(o, 2, o.n2(0) + o.n2(9) + o.n4(0) + o.n4(1'000'000) + o.n4(3) + o.n4(30) + "old"));
  REQUIRE(r.packets.size() == 2);
  CHECK(r.octets == std::vector<std::string>{"simple", "old"});
  CHECK(r.packets[0].wire_octets == 20);
  CHECK(r.packets[0].at == 0);
  CHECK(r.packets[1].at == 1'000'000'000);
  CHECK(r.packets[1].wire_octets == 30);
}

TEST_CASE("a second section, of the other byte order, counts its interfaces anew") {
  const Order little{false}, big{true};
  const Read r = read(section(little) + interface(little, 1) + interface(little, 113) +
                      enhanced(little, 1, 1, "a") + section(big) + interface(big, 101) +
                      enhanced(big, 0, 2, "b"));
  CHECK(r.problem.empty());
  REQUIRE(r.packets.size() == 2);
  CHECK(r.packets[0].link_type == 113);
  CHECK(r.packets[1].link_type == 101);
}

TEST_CASE("what is wrong with a pcapng file is said in one line") {
  const Order o;
  const std::string good = section(o) + interface(o, 1) + enhanced(o, 0, 1, "one");
  struct Row {
    std::string octets;
    std::size_t packets;
    const char* problem;
  };
  const Row rows[] = {
      {good, 1, ""},
      {section(o), 0, ""},
      {section(o) + enhanced(o, 0, 1, "one"), 0, "a packet names interface 0"},
      {good + enhanced(o, 3, 1, "two"), 1, "a packet names interface 3, one of the 1 described"},
      {good + good.substr(0, 9), 1, "the file stops within a block"},
      {good + o.n4(6) + o.n4(11), 1, "a block claims 11 octets"},
      {good + o.n4(6) + o.n4(0x7fffffff), 1, "a block claims 2147483647 octets"},
      {good + block(o, 6, "short"), 1, "a packet block is too short"},
      {good + block(o, 6, o.n4(0) + o.n4(0) + o.n4(0) + o.n4(500) + o.n4(500) + "few"), 1,
       "a packet claims 500 octets, at most the block's 4"},
      {good + block(o, 1, "x"), 1, "an interface description is too short"},
      {good + block(o, 0x0a0d0d0a, std::string(16, 'x')), 1, "the byte-order magic is wrong"},
      {block(o, 0x0a0d0d0a, o.n4(0x1a2b3c4d) + o.n2(2) + o.n2(0) + o.n(0, 8)), 0,
       "version 2 is not read"},
  };
  for (const Row& row : rows) {
    INFO(row.problem);
    const Read r = read(row.octets);
    CHECK(r.packets.size() == row.packets);
    CHECK(r.problem.substr(0, std::string(row.problem).size()) == row.problem);
    CHECK(r.problem.empty() == std::string(row.problem).empty());
  }
}

TEST_CASE("a pcapng file cut anywhere gives its whole packets") {
  const Order o;
  const std::string head = section(o) + interface(o, 1);
  const std::string first = enhanced(o, 0, 1, "one"), second = enhanced(o, 0, 2, "second");
  const std::string whole = head + first + second;
  for (std::size_t octets = head.size(); octets <= whole.size(); ++octets) {
    const Read r = read(whole.substr(0, octets));
    const std::size_t expected = octets == whole.size()                 ? 2
                                 : octets >= head.size() + first.size() ? 1
                                                                        : 0;
    CHECK(r.packets.size() == expected);
    const bool clean =
        octets == head.size() || octets == head.size() + first.size() || octets == whole.size();
    CHECK(r.problem.empty() == clean);
  }
}

}  // namespace mailscope::pcap
