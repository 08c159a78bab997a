#include <pcap/pcap.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <random>
#include <vector>

#include "captures/pcap/reader.hpp"
#include "tests/captures/pcap/files.hpp"
#include "tests/testing.hpp"

namespace mailscope::pcap {
namespace {

using namespace files;

const std::string kShared = testing::source_dir() + "/../shared/captures";

std::vector<std::string> shared_captures() {
  std::vector<std::string> paths;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(kShared, none)) {
    const std::string ending = entry.path().extension();
    if (ending != ".tsv" && ending != ".jsonl") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

struct Read {
  std::vector<Packet> packets;  // `octets` point into `octets` below
  std::vector<std::string> octets;
  std::string error, problem;
};

Read read_all(const std::string& path) {
  Read out;
  auto reader = Reader::open(path);
  if (!reader) {
    out.error = reader.error();
    return out;
  }
  Packet packet;
  while (reader->next(packet) == Next::Frame) {
    out.octets.emplace_back(packet.octets);
    out.packets.push_back(packet);
  }
  CHECK(reader->packets() == out.packets.size());
  CHECK(reader->next(packet) == Next::End);
  out.problem = reader->problem();
  return out;
}

Read read_octets(const std::string& octets) {
  const TemporaryFile file(octets);
  Read out = read_all(file.path());
  // Errors name the file; the rest is what the tests look at.
  for (std::string* text : {&out.error, &out.problem}) {
    if (text->empty()) continue;
    CHECK(text->rfind(file.path() + ": ", 0) == 0);
    CHECK(text->find('\n') == std::string::npos);
    text->erase(0, file.path().size() + 2);
  }
  return out;
}

std::string damaged(std::string octets, std::uint32_t seed, std::size_t begin) {
  std::mt19937 random(seed);
  if (octets.size() <= begin) return octets;
  for (std::size_t n = std::max<std::size_t>(octets.size() / 50, 1); n > 0; --n)
    octets[begin + random() % (octets.size() - begin)] = static_cast<char>(random());
  return octets;
}

}  // namespace

TEST_CASE("classic files in either byte order, with micro- and nanoseconds") {
  for (const bool big : {false, true}) {
    const Order o{big};
    const Read micro = read_octets(pcap_header(o, 0xa1b2c3d4, 1) + pcap_record(o, 7, 8, "first") +
                                   pcap_record(o, 7, 999'999, "second!", 900));
    REQUIRE(micro.packets.size() == 2);
    CHECK(micro.problem.empty());
    CHECK(micro.packets[0].at == 7'000'008'000);
    CHECK(micro.packets[1].at == 7'999'999'000);
    CHECK(micro.octets[0] == "first");
    CHECK(micro.octets[1] == "second!");
    CHECK(micro.packets[0].wire_octets == 5);
    CHECK(micro.packets[1].wire_octets == 900);
    CHECK(micro.packets[0].file_offset == 24 + 16);
    CHECK(micro.packets[1].file_offset == 24 + 16 + 5 + 16);

    const Read nano = read_octets(pcap_header(o, 0xa1b23c4d, 113) + pcap_record(o, 7, 8, "first"));
    REQUIRE(nano.packets.size() == 1);
    CHECK(nano.packets[0].at == 7'000'000'008);
    CHECK(nano.packets[0].link_type == 113);
  }
}

TEST_CASE("the variant with longer record headers") {
  const Order o;
  const std::string record = o.n4(1) + o.n4(2) + o.n4(5) + o.n4(5) + o.n4(0) + o.n4(0) + "octet";
  const Read read = read_octets(pcap_header(o, 0xa1b2cd34, 1) + record + record);
  REQUIRE(read.packets.size() == 2);
  CHECK(read.octets[1] == "octet");
  CHECK(read.packets[1].file_offset == 24 + 29 + 24);
}

TEST_CASE("link types are the file's, not this platform's") {
  for (const std::uint16_t type : {0, 1, 9, 50, 51, 101, 104, 108, 113, 228, 229, 239, 276}) {
    const Order o;
    const Read read = read_octets(pcap_header(o, 0xa1b2c3d4, type) + pcap_record(o, 1, 1, "x"));
    REQUIRE(read.packets.size() == 1);
    CHECK(read.packets[0].link_type == type);
  }
}

TEST_CASE("a record longer than the snap length keeps the offsets right") {
  const Order o;
  const Read read =
      read_octets(pcap_header(o, 0xa1b2c3d4, 1, 4) + pcap_record(o, 1, 1, "longer than four") +
                  pcap_record(o, 1, 1, "next"));
  REQUIRE(read.packets.size() == 2);
  const std::string all = pcap_header(o, 0xa1b2c3d4, 1, 4) +
                          pcap_record(o, 1, 1, "longer than four") + pcap_record(o, 1, 1, "next");
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(all.substr(read.packets[i].file_offset, read.octets[i].size()) == read.octets[i]);
}

TEST_CASE("a file that stops in mid-record gives what came before it, and a line about it") {
  const Order o;
  const std::string whole = pcap_header(o, 0xa1b2c3d4, 1) + pcap_record(o, 1, 1, "first") +
                            pcap_record(o, 2, 2, "second");
  for (std::size_t octets = 24 + 21 + 1; octets < whole.size(); ++octets) {
    const Read read = read_octets(whole.substr(0, octets));
    REQUIRE(read.packets.size() == 1);
    CHECK(read.problem ==
          "the file stops within packet 2, a whole file would be right; packets read before it: 1");
  }
  CHECK(read_octets(whole.substr(0, 24)).problem.empty());
  CHECK(read_octets(whole.substr(0, 24)).packets.empty());
}

TEST_CASE("what is no capture is said in one line") {
  CHECK(read_octets("").error == "the file is empty, a pcap or pcapng file would be right");
  CHECK(read_octets("Subject: hello\r\n\r\nthis is a message").error ==
        "this is no capture, a pcap or pcapng file would be right");
  CHECK(read_octets(std::string("\xd4\xc3\xb2\xa1", 4)).error ==
        "the file stops within its header, a whole pcap or pcapng file would be right");
  CHECK(read_octets("ab").error.find("would be right") != std::string::npos);
  CHECK(read_all("/nowhere/at/all.pcap").error ==
        "/nowhere/at/all.pcap: No such file or directory, a file that can be read would be right");
  CHECK(read_all("/").error == "/: this is a folder, a pcap or pcapng file would be right");
}

TEST_CASE("a record with an impossible length is a problem, not a crash") {
  const Order o;
  const std::string bad = o.n4(1) + o.n4(1) + o.n4(0x7fffffff) + o.n4(0x7fffffff) + "xx";
  const Read read =
      read_octets(pcap_header(o, 0xa1b2c3d4, 1) + pcap_record(o, 1, 1, "first") + bad);
  CHECK(read.packets.size() == 1);
  CHECK(read.problem.find("packet 2 claims an impossible length") == 0);
}

TEST_CASE("every public capture is read to its end, and each packet is where it is said to be") {
  const std::vector<std::string> paths = shared_captures();
  if (paths.empty()) {
    testing::skip("no folder of public captures beside the project");
    return;
  }
  for (const std::string& path : paths) {
    INFO(path);
    const Read read = read_all(path);
    CHECK(read.error.empty());
    CHECK(read.problem.empty());
    const std::string file = contents(path);
    for (std::size_t i = 0; i < read.packets.size(); ++i) {
      REQUIRE(read.packets[i].file_offset != kOffsetUnknown);
      REQUIRE(file.compare(read.packets[i].file_offset, read.octets[i].size(), read.octets[i]) ==
              0);
    }
  }
}

TEST_CASE("damaged captures give packets or a problem, and end") {
  const std::vector<std::string> paths = shared_captures();
  if (paths.empty()) {
    testing::skip("no folder of public captures beside the project");
    return;
  }
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const std::string file = contents(paths[i]);
    if (file.size() > 200'000) continue;
    INFO(paths[i]);
    for (const std::size_t spared : {std::size_t{0}, std::size_t{60}}) {
      const TemporaryFile copy(damaged(file, static_cast<std::uint32_t>(i), spared));
      const Read read = read_all(copy.path());
      std::size_t octets = 0;
      for (const std::string& packet : read.octets) octets += packet.size();
      CHECK(octets <= file.size());
    }
  }
}

TEST_CASE("pcapng is read as libpcap reads it, where libpcap does") {
  const std::vector<std::string> paths = shared_captures();
  if (paths.empty()) {
    testing::skip("no folder of public captures beside the project");
    return;
  }
  int compared = 0;
  for (const std::string& path : paths) {
    if (contents(path).substr(0, 4) != "\x0a\x0d\x0d\x0a") continue;
    INFO(path);
    char error[PCAP_ERRBUF_SIZE];
    pcap_t* theirs =
        pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO, error);
    REQUIRE(theirs != nullptr);
    const Read ours = read_all(path);
    pcap_pkthdr* header = nullptr;
    const unsigned char* octets = nullptr;
    std::size_t count = 0;
    while (pcap_next_ex(theirs, &header, &octets) == 1) {
      REQUIRE(count < ours.packets.size());
      const Packet& packet = ours.packets[count];
      CHECK(packet.at == header->ts.tv_sec * 1'000'000'000 + header->ts.tv_usec);
      CHECK(packet.wire_octets == header->len);
      CHECK(ours.octets[count] ==
            std::string(reinterpret_cast<const char*>(octets), header->caplen));
      ++count;
    }
    if (std::string(pcap_geterr(theirs)).empty()) CHECK(count == ours.packets.size());
    pcap_close(theirs);
    ++compared;
  }
  CHECK(compared > 10);
}

}  // namespace mailscope::pcap
