// However a record comes in (whole, in pieces, in a file that grows, with the trace brought up to
// date in between) the reading of it is the same.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "captures/export/json.hpp"
#include "captures/export/transcript.hpp"
#include "captures/observe/capture/capture.hpp"
#include "captures/observe/capture/intake.hpp"
#include "captures/pcap/reader.hpp"
#include "tests/captures/observe/talk.hpp"
#include "tests/testing.hpp"

namespace mailscope {
namespace {

using pcap::Next;
using trace::Id;
using trace::Trace;

std::vector<std::string> samples() {
  std::vector<std::string> found;
  const std::string folder = testing::source_dir() + "/captures/samples";
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".pcap") found.push_back(entry.path().string());
  std::sort(found.begin(), found.end());
  return found;
}

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Everything that is read of a trace, in words.
std::string reading(Trace& trace) {
  trace.source.name = "the same";
  std::string out = export_::report_json(trace, {.exchanges = true}) + export_::transcript(trace);
  for (const Id id : trace.by_time) {
    const trace::Pdu& pdu = trace.pdus[id];
    out += std::to_string(pdu.connection) + " " + std::to_string(static_cast<int>(pdu.direction)) +
           " " + std::to_string(pdu.begin) + "-" + std::to_string(pdu.end) + " " +
           std::to_string(pdu.first) + " " + std::to_string(pdu.last) + " " +
           std::to_string(pdu.received) + " " + std::to_string(pdu.flags) + " " +
           std::to_string(pdu.state) + "\n";
  }
  return out;
}

TEST_CASE("a capture that grows while it is read gives what the whole one gives") {
  const std::vector<std::string> all = samples();
  REQUIRE(all.size() == 10);
  for (const std::string& path : all) {
    CAPTURE(path);
    Trace whole;
    REQUIRE(observe::analyze_file(path, whole));
    const std::string octets = content(path);
    const std::string growing = testing::binary_dir() + "/growing.pcap";
    std::ofstream(growing, std::ios::binary | std::ios::trunc).flush();

    Trace trace;
    trace.source.kind = trace::SourceKind::File;
    auto reader = pcap::Reader::open(growing, {.follow = true});
    REQUIRE(reader);
    observe::Intake intake(trace, {});
    intake.add(*reader);
    std::mt19937 random(7);
    std::vector<trace::Pdu> before;
    for (std::size_t at = 0; at < octets.size();) {
      const std::size_t size = 1 + random() % 3000;
      std::ofstream(growing, std::ios::binary | std::ios::app) << octets.substr(at, size);
      at += size;
      CHECK(intake.read() == Next::NothingYet);
      if (random() % 2 == 0) intake.settle();
      // Ids stay good.
      for (std::size_t id = 0; id < before.size(); ++id) {
        REQUIRE(trace.pdus[id].begin == before[id].begin);
        REQUIRE(trace.pdus[id].frame == before[id].frame);
      }
      before = trace.pdus;
    }
    intake.finish();
    CHECK(reading(trace) == reading(whole));
  }
}

// The client's side of a dialogue that is joined in its middle, on ports that tell nothing.
test::Talk joined_in_the_middle() {
  test::Talk talk;
  talk.server_port = 40'025;
  talk.client_port = 30'001;  // taken for the server's, which is lower
  talk.dialogue(
      "S: 220 mail.beta.example ESMTP\nC: EHLO alpha.example\nS: 250 mail.beta.example\n"
      "C: MAIL FROM:<alice@alpha.example>\nS: 250 fine\nC: RCPT TO:<bob@beta.example>\nS: 250 "
      "fine\n"
      "C: DATA\nS: 354 go on\nC: Subject: hello\nC:\nC: Hello, Bob.\nC: .\nS: 250 taken\n"
      "C: QUIT\nS: 221 bye\n");
  talk.again(4);
  return talk;
}

TEST_CASE("settling after every frame changes nothing, also where the sides change places") {
  const std::size_t segment = GENERATE(1460, 5);
  test::Talk talk = joined_in_the_middle();
  talk.segment_octets_max = segment;
  Trace once = talk.trace();
  REQUIRE(once.connections.size() == 1);
  CHECK(once.connections[0].server.port == 40'025);  // they did change places
  REQUIRE(once.mails.size() == 1);

  Trace trace;
  observe::Road road(trace, {});
  for (const test::Wire& wire : talk.frames) {
    road.add(wire.octets, 1, static_cast<std::uint32_t>(wire.octets.size()), wire.at);
    road.settle();
  }
  road.finish();
  CHECK(reading(trace) == reading(once));
}

// A source that gives its frames one at a time, with nothing in between.
class Slow final : public pcap::FrameSource {
 public:
  explicit Slow(const test::Talk& talk, std::int64_t begin) : talk_(talk), begin_(begin) {}
  Next next(pcap::Packet& packet) override {
    if (at_ == talk_.frames.size()) return Next::End;
    if (std::exchange(waits_, !waits_)) return Next::NothingYet;
    const test::Wire& wire = talk_.frames[at_++];
    packet = {};
    packet.at = begin_ + wire.at;
    packet.octets = wire.octets;
    packet.wire_octets = static_cast<std::uint32_t>(wire.octets.size());
    return Next::Frame;
  }
  const std::string& problem() const override { return problem_; }

 private:
  const test::Talk& talk_;
  std::int64_t begin_;
  std::size_t at_ = 0;
  bool waits_ = true;
  std::string problem_;
};

TEST_CASE("a source that has nothing yet is asked again, and none is waited for") {
  test::Talk talk;
  talk.open();
  talk.dialogue(test::kSmtpDialogue);
  talk.close();
  Slow slow(talk, 1'000'000'000), other(talk, 5'000'000'000);
  Trace trace;
  observe::Intake intake(trace, {});
  intake.add(slow);
  CHECK(intake.read() == Next::NothingYet);
  CHECK(trace.frames.empty());
  CHECK(intake.read(1) == Next::Frame);
  CHECK(trace.frames.size() == 1);
  intake.add(other);
  int asked = 0;
  while (intake.read() != Next::End) REQUIRE(++asked < 1000);
  intake.finish();
  CHECK(trace.frames.size() == 2 * talk.frames.size());
  CHECK(trace.source.begin == 1'000'000'000);
  CHECK(std::is_sorted(trace.frames.begin(), trace.frames.end(),
                       [](const auto& a, const auto& b) { return a.sent < b.sent; }));
}

}  // namespace
}  // namespace mailscope
