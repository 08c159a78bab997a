// A file that is still being written: whatever is written of it, the frames that are whole are
// given, and no others.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "captures/pcap/reader.hpp"
#include "tests/captures/pcap/files.hpp"

using namespace mailscope::pcap;
using namespace mailscope::pcap::files;

namespace {

const std::vector<std::string> kFrames = {"the first frame", std::string(5000, 'x'), "",
                                          "the last"};

std::string classic(Order order, std::uint32_t magic) {
  std::string file = pcap_header(order, magic, 1);
  for (const std::string& octets : kFrames) file += pcap_record(order, 1000, 5, octets);
  return file;
}

std::string next_generation(Order order) {
  std::string file = section(order) + interface(order, 1) + block(order, 0xbad, "skipped");
  for (const std::string& octets : kFrames)
    file += enhanced(order, 0, 1'000'000'000, octets) + block(order, 5, "statistics");
  return file;
}

std::vector<std::string> all_now(Reader& reader) {
  std::vector<std::string> out;
  Packet packet;
  for (;;) {
    const Next next = reader.next(packet);
    CHECK(next != Next::End);
    if (next != Next::Frame) return out;
    out.emplace_back(packet.octets);
  }
}

}  // namespace

TEST_CASE("a growing file gives each frame as soon as it is whole") {
  const bool big = GENERATE(false, true);
  const bool ng = GENERATE(false, true);
  const std::size_t step = GENERATE(1, 7, 100, 4000);
  const std::string whole = ng ? next_generation({big}) : classic({big}, 0xa1b2c3d4);
  CAPTURE(big, ng, step);
  const TemporaryFile file;
  auto reader = Reader::open(file.path(), {.follow = true});
  REQUIRE(reader);
  std::vector<std::string> seen;
  for (std::size_t at = 0; at < whole.size(); at += step) {
    std::ofstream(file.path(), std::ios::binary | std::ios::app) << whole.substr(at, step);
    for (std::string& octets : all_now(*reader)) seen.push_back(std::move(octets));
    const std::size_t written = std::min(whole.size(), at + step);
    // As many as one who opens the file now finds whole.
    std::ofstream(file.path() + ".now", std::ios::binary) << whole.substr(0, written);
    std::size_t found = 0;
    if (auto now = Reader::open(file.path() + ".now")) {
      Packet packet;
      while (now->next(packet) == Next::Frame) ++found;
    }
    REQUIRE(seen.size() == found);
  }
  std::filesystem::remove(file.path() + ".now");
  CHECK(seen == kFrames);
}

TEST_CASE("a growing file that goes bad says so and ends") {
  const TemporaryFile file(section({}) + interface({}, 1) + enhanced({}, 0, 1, "good") +
                           Order{}.n4(6) + Order{}.n4(0xffffffff) + std::string(40, '\0'));
  auto reader = Reader::open(file.path(), {.follow = true});
  REQUIRE(reader);
  Packet packet;
  CHECK(reader->next(packet) == Next::Frame);
  CHECK(reader->next(packet) == Next::End);
  CHECK(reader->problem().find("a block claims 4294967295 octets") != std::string::npos);

  const TemporaryFile damaged(classic({}, 0xa1b2c3d4) + Order{}.n4(1) + Order{}.n4(0) +
                              Order{}.n4(0xfffffff0) + Order{}.n4(60) + std::string(40, 'x'));
  auto records = Reader::open(damaged.path(), {.follow = true});
  REQUIRE(records);
  for (std::size_t i = 0; i < kFrames.size(); ++i) CHECK(records->next(packet) == Next::Frame);
  CHECK(records->next(packet) == Next::End);
  CHECK(records->problem().find("packet 5 claims an impossible length") != std::string::npos);

  const TemporaryFile text("This is a text, and no capture at all.");
  auto other = Reader::open(text.path(), {.follow = true});
  REQUIRE(other);
  CHECK(other->next(packet) == Next::End);
  CHECK(other->problem().find("this is no capture") != std::string::npos);
}
