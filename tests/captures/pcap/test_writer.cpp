#include <catch2/catch.hpp>

#include <filesystem>
#include <utility>

#include "captures/pcap/reader.hpp"
#include "captures/pcap/writer.hpp"
#include "tests/captures/pcap/files.hpp"
#include "tests/testing.hpp"

namespace mailscope::pcap {
namespace {

namespace fs = std::filesystem;

// A folder that goes away with the test.
class Folder {
 public:
  Folder() : path_(testing::binary_dir() + "/test-writer-" + std::to_string(getpid())) {
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path_), {}));
  }

 private:
  std::string path_;
};

}  // namespace

TEST_CASE("what was written is read again, to the nanosecond") {
  const Folder folder;
  const std::string path = folder / "out.pcap";
  auto writer = Writer::create(path);
  REQUIRE(writer);
  REQUIRE(writer->write(1'767'225'600'123'456'789, "frame one"));
  REQUIRE(writer->write(0, std::string("\0zeroes\0", 8), 1'500));
  REQUIRE(writer->finish());
  auto reader = Reader::open(path);
  REQUIRE(reader);
  CHECK(reader->link_type() == 1);
  Packet packet;
  REQUIRE(reader->next(packet) == Next::Frame);
  CHECK(packet.at == 1'767'225'600'123'456'789);
  CHECK(packet.octets == "frame one");
  REQUIRE(reader->next(packet) == Next::Frame);
  CHECK(packet.at == 0);
  CHECK(packet.octets == std::string("\0zeroes\0", 8));
  CHECK(packet.wire_octets == 1'500);
  CHECK(reader->next(packet) == Next::End);
  CHECK(reader->problem().empty());
}

TEST_CASE("the target appears whole or not at all") {
  const Folder folder;
  const std::string path = folder / "out.pcap";
  {
    auto writer = Writer::create(path);
    REQUIRE(writer);
    REQUIRE(writer->write(1, "frame"));
    CHECK_FALSE(fs::exists(path));
    CHECK(folder.files() == 1);
  }
  CHECK(folder.files() == 0);

  auto writer = Writer::create(path);
  REQUIRE(writer);
  Writer moved = std::move(*writer);
  REQUIRE(moved.write(1, "frame"));
  REQUIRE(moved.finish());
  CHECK(folder.files() == 1);
  CHECK(fs::exists(path));
  const std::string first = files::contents(path);
  {
    auto again = Writer::create(path);
    REQUIRE(again);
    REQUIRE(again->write(1, "another"));
  }
  CHECK(files::contents(path) == first);
}

TEST_CASE("a writer that cannot write says so in one line") {
  const auto nowhere = Writer::create("/nowhere/at/all/out.pcap");
  REQUIRE_FALSE(nowhere);
  CHECK(nowhere.error() ==
        "/nowhere/at/all/out.pcap: No such file or directory, a folder that can "
        "be written to would be right");
  const Folder folder;
  const std::string path = folder / "out.pcap";
  auto writer = Writer::create(path);
  REQUIRE(writer);
  const auto early = writer->write(-1, "before 1970");
  REQUIRE_FALSE(early);
  CHECK(early.error() ==
        path +
            ": a packet's time does not fit the format, a time from 1970 to 2106 would be right");
  CHECK_FALSE(writer->write(1, "later"));
  CHECK_FALSE(writer->finish());
  CHECK(folder.files() == 0);
}

TEST_CASE("link types other than Ethernet are written as files number them") {
  const Folder folder;
  for (const std::uint16_t type : {0, 101, 113, 228, 276}) {
    const std::string path = folder / "out.pcap";
    auto writer = Writer::create(path, type);
    REQUIRE(writer);
    REQUIRE(writer->write(1, "x"));
    REQUIRE(writer->finish());
    auto reader = Reader::open(path);
    REQUIRE(reader);
    CHECK(reader->link_type() == type);
  }
}

}  // namespace mailscope::pcap
