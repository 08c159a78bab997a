// Bounds: whatever comes in, memory stays within Limits.
#include <catch2/catch.hpp>

#include "captures/languages/languages.hpp"
#include "captures/tcp/reassembler.hpp"
#include "tests/captures/tcp/frames.hpp"
#include "tests/captures/tcp/recorder.hpp"
#include "tests/captures/tcp/scenario.hpp"

namespace mailscope::tcp {
namespace {

using namespace frames;

std::string frame(std::uint16_t port, std::uint32_t seq, std::uint8_t flags,
                  std::string_view payload = {}) {
  TcpHeader h;
  h.source = port;
  h.seq = seq;
  h.flags = flags;
  return ethernet(0x0800, ipv4(tcp(h, payload)));
}

}  // namespace

TEST_CASE("no more connections are kept than allowed: the one idle for longest ends") {
  Limits limits;
  limits.connections_max = 10;
  Recorder recorder;
  Reassembler reassembler(recorder, limits);
  for (std::uint16_t port = 1000; port < 1100; ++port) {
    reassembler.add(frame(port, 1, kSyn), 1, {port, 0, 0});
    reassembler.add(frame(1000, 2, kAck, "x"), 1, {port, 0, 0});  // this one stays busy
    CHECK(reassembler.open_connections() <= 10);
  }
  CHECK(reassembler.connections() == 100);
  CHECK_FALSE(recorder.streams[0].ended);
  CHECK(recorder.streams[1].closing == trace::Closing::Timeout);
  reassembler.finish();
  for (const auto& stream : recorder.streams) CHECK(stream.ended);
}

TEST_CASE("closed connections make room before open ones do") {
  Limits limits;
  limits.connections_max = 3;
  Recorder recorder;
  Reassembler reassembler(recorder, limits);
  reassembler.add(frame(1001, 1, kSyn), 1, {});
  reassembler.add(frame(1002, 1, kSyn), 1, {});
  reassembler.add(frame(1003, 1, kSyn), 1, {});
  reassembler.add(frame(1003, 2, kRst), 1, {});
  reassembler.add(frame(1004, 1, kSyn), 1, {});
  CHECK(reassembler.open_connections() == 3);
  CHECK_FALSE(recorder.streams[0].ended);
  CHECK_FALSE(recorder.streams[1].ended);
}

TEST_CASE("where no SYN tells, the server is who has a registered port") {
  class Talk final : public languages::Language {
   public:
    Talk() : Language({.name = "talk", .title = "Talk", .ports = {{60001, false, "talk"}}}) {}
  };
  static const Talk kTalk;
  TcpHeader h;
  h.source = 60001;
  h.destination = 40000;
  h.flags = kAck;
  const std::string from_server = ethernet(0x0800, ipv4(tcp(h, "hello")));
  const auto server_port = [&] {
    Recorder recorder;
    Reassembler reassembler(recorder);
    reassembler.add(from_server, 1, {});
    return recorder.streams[0].flow.server_port;
  };
  CHECK(server_port() == 40000);  // the lower one
  REQUIRE(languages::add(kTalk) != languages::kUnknown);
  CHECK(server_port() == 60001);
}

TEST_CASE("what waits for a hole is bounded for each direction in octets and pieces") {
  Limits limits;
  limits.waiting_octets_max = 10'000;
  for (const std::uint32_t pieces : {2'048U, 20U}) {
    limits.waiting_pieces_max = pieces;
    Recorder recorder;
    recorder.keep_lines = false;
    Reassembler reassembler(recorder, limits);
    reassembler.add(frame(1000, 0, kSyn), 1, {});
    for (std::uint32_t i = 0; i < 500; ++i) {
      reassembler.add(frame(1000, 100 + 200 * i, kAck, std::string(100, 'x')), 1, {});
      CHECK(reassembler.waiting_octets() <= 10'000 + 200);
      CHECK(reassembler.waiting_octets() / 196 <= pieces);
    }
    reassembler.finish();
    CHECK(recorder.gaps == 500);
    CHECK(recorder.streams[0].half[0].octets == std::string(50'000, 'x'));
  }
}

TEST_CASE("what waits is bounded over all connections") {
  Limits limits;
  limits.waiting_octets_total = 50'000;
  Recorder recorder;
  recorder.keep_lines = false;
  Reassembler reassembler(recorder, limits);
  for (std::uint16_t port = 1000; port < 1200; ++port) {
    reassembler.add(frame(port, 0, kSyn), 1, {});
    for (std::uint32_t i = 0; i < 10; ++i) {
      reassembler.add(frame(port, 100 + 200 * i, kAck, std::string(100, 'x')), 1, {});
      CHECK(reassembler.waiting_octets() <= 50'000);
    }
  }
  reassembler.finish();
  CHECK(reassembler.waiting_octets() == 0);
  for (const auto& stream : recorder.streams) CHECK(stream.half[0].octets.size() == 1'000);
}

TEST_CASE("a closed connection is remembered for a while, then its ports are as new") {
  Limits limits;
  limits.linger = 1'000;
  Recorder recorder;
  Reassembler reassembler(recorder, limits);
  reassembler.add(frame(1000, 1, kSyn), 1, {1, 0, 0});
  reassembler.add(frame(1000, 2, kRst), 1, {2, 0, 0});
  reassembler.add(frame(1000, 2, kAck), 1, {3, 7, 0});
  CHECK(reassembler.connections() == 1);
  CHECK(reassembler.counts().late == 1);
  CHECK(recorder.streams[0].frames.back() == 7);
  for (Time at = 5'000; at < 5'003; ++at) reassembler.add(frame(1001, 1, kSyn), 1, {at, 0, 0});
  reassembler.add(frame(1000, 2, kAck), 1, {5'003, 0, 0});
  CHECK(reassembler.connections() == 3);
  reassembler.finish();
}

TEST_CASE("frames are counted by what they were") {
  Recorder recorder;
  Reassembler reassembler(recorder);
  const std::string segment = frame(1000, 1, kSyn);
  reassembler.add(segment, 1, {}, 2'000);
  reassembler.add(ethernet(0x0806, std::string(28, 'a')), 1, {});
  reassembler.add(ethernet(0x0800, ipv4(udp(53, 53, "x"), 17)), 1, {});
  reassembler.add(ethernet(0x0800, ipv4("x", 1)), 1, {});
  reassembler.add(segment.substr(0, 20), 1, {}, 60);
  reassembler.add(segment, 105, {});
  reassembler.add(ethernet(0x0800, "\x11" + std::string(30, '\0')), 1, {});
  const Counts& counts = reassembler.counts();
  CHECK(counts.frames == 7);
  CHECK(counts.tcp == 1);
  CHECK(counts.not_ip == 1);
  CHECK(counts.udp == 1);
  CHECK(counts.other_ip == 1);
  CHECK(counts.cut == 1);
  CHECK(counts.unknown_link == 1);
  CHECK(counts.malformed == 1);
  CHECK(counts.octets > 2'000);
  reassembler.finish();
}

TEST_CASE("each piece says in which frame its octets lie, and where") {
  const auto frames = read_scenario(R"(
      C syn
      S syn
      C
      C 4 "MAIL"
      C 2 "LOMA"
      C 0 "EHLO"
      S "250")");
  struct Checked : Recorder {
    const std::vector<ScenarioFrame>* all = nullptr;
    void check_octets(std::string_view octets, const FrameRef& frame) override {
      REQUIRE(frame.frame < all->size());
      CHECK((*all)[frame.frame].octets.substr(frame.payload_at, octets.size()) == octets);
      CHECK((*all)[frame.frame].at == frame.at);
    }
  } checked;
  checked.all = &frames;
  play(frames, checked);
  CHECK(checked.streams[0].half[0].octets == "EHLOMAIL");
}

}  // namespace mailscope::tcp
