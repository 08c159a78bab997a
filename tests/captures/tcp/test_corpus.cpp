// Every public capture beside the project: read, reassembled, compared with an independent reading,
// and damaged.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>

#include "captures/pcap/reader.hpp"
#include "captures/tcp/dissect.hpp"
#include "captures/tcp/reassembler.hpp"
#include "tests/captures/tcp/recorder.hpp"
#include "tests/testing.hpp"

namespace mailscope::tcp {
namespace {

const std::string kShared = testing::source_dir() + "/../shared/captures";

std::vector<std::string> shared_captures() {
  std::vector<std::string> paths;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(kShared, none)) {
    const std::string ending = entry.path().extension();
    if (ending != ".tsv" && ending != ".jsonl") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  if (paths.empty()) testing::skip("no folder of public captures beside the project");
  return paths;
}

struct Frame {
  std::string octets;
  Time at;
  std::uint32_t wire_octets;
  std::uint16_t link_type;
};

std::vector<Frame> frames_of(const std::string& path) {
  std::vector<Frame> frames;
  auto reader = pcap::Reader::open(path);
  REQUIRE(reader);
  pcap::Packet packet;
  while (reader->next(packet) == pcap::Next::Frame)
    frames.push_back({std::string(packet.octets), packet.at, packet.wire_octets, packet.link_type});
  return frames;
}

// Holds every piece against the frame that it is said to come from.
class Checked : public Recorder {
 public:
  explicit Checked(const std::vector<Frame>& all) : all_(all) { keep_lines = false; }
  void check_octets(std::string_view octets, const FrameRef& frame) override {
    REQUIRE(frame.frame < all_.size());
    REQUIRE(all_[frame.frame].octets.compare(frame.payload_at, octets.size(), octets) == 0);
  }

 private:
  const std::vector<Frame>& all_;
};

void play(const std::vector<Frame>& frames, StreamSink& sink) {
  Reassembler reassembler(sink);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const Frame& f = frames[i];
    reassembler.add(f.octets, f.link_type, {f.at, static_cast<Id>(i), 0}, f.wire_octets);
  }
  reassembler.finish();
  CHECK(reassembler.waiting_octets() == 0);
  CHECK(reassembler.open_connections() == 0);
}

// Where we and the independent reading differ in the number of gaps and octets missing, and why.
struct Difference {
  std::uint64_t gaps, octets;  // ours
  const char* reason;
};
const std::map<std::string, Difference> kDifferences = {
    {"arkime__arkime_synthetic.pcap",
     {1, 35,
      "frame 354 acknowledges 74 octets of which 39 were ever sent; made by hand: the octets "
      "are not there, but the acknowledgement says so, and we report what it says"}},
    {"derived__smtp_server_only.pcap",
     {1, 71'579,
      "the client was not captured; the server acknowledged 71,579 octets of it (and its "
      "FIN): we report them missing, the other reading counts gaps between octets only"}},
    {"derived__smtp_snap96.pcap",
     {69, 69'643,
      "octets cut off by the snap length: the other reading counts the same 69,643 as "
      "snaplen_short_bytes and not as gaps"}},
};

}  // namespace

TEST_CASE("every public capture is reassembled within the contract") {
  for (const std::string& path : shared_captures()) {
    INFO(path);
    const std::vector<Frame> frames = frames_of(path);
    Checked sink(frames);
    play(frames, sink);
    for (const auto& stream : sink.streams) CHECK(stream.ended);
  }
}

namespace {

// How many captures the folder's truth.jsonl tells of, and how many of them are known to differ.
std::pair<std::size_t, std::size_t> compare_with_truth(const std::string& folder) {
  std::ifstream truth(folder + "/truth.jsonl");
  REQUIRE(truth);
  std::size_t files = 0, differences = 0;
  for (std::string line; std::getline(truth, line); ++files) {
    const nlohmann::json expected = nlohmann::json::parse(line);
    const std::string name = expected.at("file");
    const nlohmann::json& totals = expected.at("totals");
    INFO(name);
    const std::vector<Frame> frames = frames_of(folder + "/" + name);
    Checked sink(frames);
    play(frames, sink);
    CHECK(sink.streams.size() == totals.at("tcp_streams").get<std::size_t>());
    const auto difference = kDifferences.find(name);
    if (difference == kDifferences.end()) {
      CHECK(sink.gaps == totals.at("gaps").get<std::uint64_t>());
      CHECK(sink.gap_octets == totals.at("gap_bytes").get<std::uint64_t>());
      continue;
    }
    ++differences;
    INFO(difference->second.reason);
    CHECK(sink.gaps == difference->second.gaps);
    CHECK(sink.gap_octets == difference->second.octets);
  }
  return {files, differences};
}

}  // namespace

TEST_CASE("connections, gaps and missing octets agree with an independent reading") {
  if (shared_captures().empty()) return;
  const auto [files, differences] = compare_with_truth(kShared);
  CHECK(files > 90);
  CHECK(differences == kDifferences.size());
}

TEST_CASE("the samples' connections, gaps and missing octets agree with an independent reading") {
  CHECK(compare_with_truth(testing::source_dir() + "/captures/samples").first == 10);
}

// All derived from one dialogue: what the change must not change is the octets.
TEST_CASE("a dialogue reordered, doubled, cut up, tunnelled, translated is the same dialogue") {
  if (shared_captures().empty()) return;
  const auto streams = [](const std::string& name) {
    const std::vector<Frame> frames = frames_of(kShared + "/derived__smtp" + name);
    Checked sink(frames);
    play(frames, sink);
    REQUIRE(sink.streams.size() == 1);
    return std::pair(sink.streams[0].half[0].octets, sink.streams[0].half[1].octets);
  };
  const auto base = streams(".pcapng");
  CHECK(base.first.size() > 70'000);
  for (const char* name : {"_dup.pcap", "_reorder.pcap", "_tinyseg.pcap", "_nsec.pcap", "_be.pcap",
                           "_qinq.pcap", "_gre.pcap", "_rawip.pcap", "_ipv6.pcap", "_oddport.pcap",
                           "_seqwrap.pcap", "_conflict.pcap", "_badcsum.pcap"}) {
    INFO(name);
    CHECK((streams(name) == base));
  }
  CHECK(streams("_server_only.pcap").second == base.second);
}

TEST_CASE("overlaps that differ are told, and keep-alives are not among them") {
  if (shared_captures().empty()) return;
  const std::vector<Frame> frames = frames_of(kShared + "/derived__smtp_conflict.pcap");
  Checked sink(frames);
  play(frames, sink);
  CHECK(sink.anomalies[Anomaly::ConflictingOverlap] == 11);
  CHECK(sink.anomalies[Anomaly::KeepAlive] == 8);
}

TEST_CASE("public captures with 2 % of their octets damaged stay within the contract") {
  std::uint32_t seed = 0;
  for (const std::string& path : shared_captures()) {
    INFO(path);
    std::vector<Frame> frames = frames_of(path);
    if (frames.size() > 1'000) frames.resize(1'000);
    std::mt19937 random(++seed);
    for (Frame& frame : frames) {
      for (char& c : frame.octets) {
        if (random() % 50 == 0) c = static_cast<char>(random());
      }
      if (random() % 50 == 0) frame.at += static_cast<Time>(random()) * 1'000'000'000;
      if (random() % 50 == 0) frame.wire_octets = random() % 70'000;
    }
    Checked sink(frames);
    play(frames, sink);
    for (std::size_t i = 0; i < frames.size(); i += 7)
      dissect(frames[i].octets, frames[i].link_type, frames[i].wire_octets);
  }
}

TEST_CASE("each frame's layers lie within it and end in the payload that was decoded") {
  for (const std::string& path : shared_captures()) {
    INFO(path);
    const std::vector<Frame> frames = frames_of(path);
    for (std::size_t i = 0; i < std::min<std::size_t>(frames.size(), 300); ++i) {
      const Frame& f = frames[i];
      const Decoded decoded = decode(f.octets, f.link_type, f.wire_octets);
      const std::vector<Layer> layers = dissect(f.octets, f.link_type, f.wire_octets);
      const Layer* last = nullptr;
      for (const Layer& layer : layers) {
        REQUIRE(layer.end <= f.octets.size());
        if (layer.name != "Padding") last = &layer;
      }
      if (!decoded.is_tcp()) continue;
      REQUIRE(last != nullptr);
      if (decoded.payload_octets == 0) {
        REQUIRE(last->name == "TCP");
        continue;
      }
      REQUIRE(last->name == "Payload");
      REQUIRE(last->begin == decoded.payload_at);
      REQUIRE(last->end == decoded.payload_at + decoded.payload_octets);
    }
  }
}

}  // namespace mailscope::tcp
