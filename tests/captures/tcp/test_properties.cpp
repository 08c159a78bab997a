// Whatever happens to segments on their way, the streams are the same. Seeds are fixed.
#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

#include "tests/captures/tcp/frames.hpp"
#include "tests/captures/tcp/recorder.hpp"
#include "tests/captures/tcp/scenario.hpp"

namespace mailscope::tcp {
namespace {

using namespace frames;

std::string text_of(std::mt19937& random, std::size_t octets) {
  std::string out(octets, '\0');
  for (char& c : out) c = static_cast<char>('a' + random() % 26);
  return out;
}

struct Ends {
  std::uint32_t client_isn, server_isn;
};

Ends some_ends(std::mt19937& random) {
  const auto client = static_cast<std::uint32_t>(random());
  return {client, static_cast<std::uint32_t>(random())};
}

ScenarioFrame segment(const Ends& ends, bool by_client, std::uint64_t offset, std::uint64_t ack,
                      std::string_view payload, std::uint8_t flags = kAck) {
  TcpHeader h;
  h.source = by_client ? 40000 : 25;
  h.destination = by_client ? 25 : 40000;
  h.flags = flags;
  h.seq = (by_client ? ends.client_isn : ends.server_isn) + static_cast<std::uint32_t>(offset) +
          ((flags & kSyn) != 0 ? 0 : 1);
  h.ack = (by_client ? ends.server_isn : ends.client_isn) + 1 + static_cast<std::uint32_t>(ack);
  Ip4 ip;
  if (!by_client) std::swap(ip.from, ip.to);
  ScenarioFrame frame;
  frame.octets = ethernet(0x0800, ipv4(ip, tcp(h, payload)));
  frame.wire_octets = static_cast<std::uint32_t>(frame.octets.size());
  return frame;
}

std::vector<ScenarioFrame> handshake(const Ends& ends) {
  return {segment(ends, true, 0, 0, {}, kSyn), segment(ends, false, 0, 0, {}, kSyn | kAck),
          segment(ends, true, 0, 0, {})};
}

// Cuts a text into segments of any size, some of them sent again in other sizes.
std::vector<ScenarioFrame> segments_of(const Ends& ends, std::mt19937& random,
                                       const std::string& text) {
  std::vector<ScenarioFrame> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t octets = 1 + random() % 40;
    out.push_back(segment(ends, true, at, 0, std::string_view(text).substr(at, octets)));
    at += octets;
  }
  for (std::size_t again = out.size() / 3; again > 0; --again) {
    const std::size_t at = random() % text.size();
    out.push_back(segment(ends, true, at, 0, std::string_view(text).substr(at, 1 + random() % 90)));
  }
  return out;
}

}  // namespace

TEST_CASE("segments in any order, repeated and cut anew, make the same stream") {
  for (std::uint32_t seed = 0; seed < 120; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    // Every other run wraps in the middle.
    Ends ends = some_ends(random);
    if (seed % 2 == 0) ends.client_isn = 0xffffffff - ends.client_isn % 1'500;
    const std::string text = text_of(random, 1'500);
    std::vector<ScenarioFrame> data = segments_of(ends, random, text);
    std::shuffle(data.begin(), data.end(), random);
    std::vector<ScenarioFrame> all = handshake(ends);
    all.insert(all.end(), data.begin(), data.end());
    all.push_back(segment(ends, true, text.size(), 0, {}, kAck | kFin));
    all.push_back(segment(ends, false, 0, text.size() + 1, {}, kAck | kFin));
    all.push_back(segment(ends, true, text.size() + 1, 1, {}));
    Recorder recorder;
    recorder.keep_lines = false;
    play(all, recorder);
    REQUIRE(recorder.streams.size() == 1);
    CHECK(recorder.streams[0].half[0].octets == text);
    CHECK(recorder.gaps == 0);
    CHECK(recorder.anomalies[Anomaly::ConflictingOverlap] == 0);
    CHECK(recorder.streams[0].closing == trace::Closing::Fin);
  }
}

TEST_CASE("a dialogue whose neighbours were swapped or doubled by the capture stays the same") {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const Ends ends = some_ends(random);
    std::vector<ScenarioFrame> data;
    std::string said[2];
    for (int turn = 0; turn < 40; ++turn) {
      const bool by_client = turn % 2 == 0;
      std::string& mine = said[by_client ? 0 : 1];
      for (std::size_t n = 1 + random() % 4; n > 0; --n) {
        const std::string text = text_of(random, 1 + random() % 60);
        data.push_back(segment(ends, by_client, mine.size(), said[by_client ? 1 : 0].size(), text));
        mine += text;
        if (random() % 3 == 0)
          data.push_back(
              segment(ends, !by_client, said[by_client ? 1 : 0].size(), mine.size(), {}));
      }
    }
    for (std::size_t i = 0; i + 1 < data.size(); i += 2) {
      if (random() % 3 == 0) std::swap(data[i], data[i + 1]);
    }
    for (std::size_t i = 0; i < data.size(); ++i) {
      if (random() % 5 == 0) {
        const ScenarioFrame twin = data[i];
        data.insert(data.begin() + static_cast<std::ptrdiff_t>(i++), twin);
      }
    }
    std::vector<ScenarioFrame> all = handshake(ends);
    all.insert(all.end(), data.begin(), data.end());
    Recorder recorder;
    recorder.keep_lines = false;
    play(all, recorder);
    REQUIRE(recorder.streams.size() == 1);
    CHECK(recorder.streams[0].half[0].octets == said[0]);
    CHECK(recorder.streams[0].half[1].octets == said[1]);
    CHECK(recorder.gaps == 0);
  }
}

TEST_CASE("with segments lost, what is delivered is right and what is missing is counted") {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const Ends ends = some_ends(random);
    const std::string text = text_of(random, 3'000);
    std::vector<bool> captured(text.size(), false);
    std::vector<ScenarioFrame> all = handshake(ends);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t octets = std::min(1 + random() % 100, text.size() - at);
      if (random() % 6 != 0) {
        all.push_back(segment(ends, true, at, 0, std::string_view(text).substr(at, octets)));
        std::fill_n(captured.begin() + static_cast<std::ptrdiff_t>(at), octets, true);
      }
      at += octets;
      if (random() % 2 == 0) all.push_back(segment(ends, false, 0, at, {}));
    }
    all.push_back(segment(ends, false, 0, text.size(), "done"));
    Recorder recorder;
    play(all, recorder);
    REQUIRE(recorder.streams.size() == 1);
    std::string expected;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (captured[i]) expected += text[i];
    }
    const Recorder::Half& half = recorder.streams[0].half[0];
    CHECK(half.octets == expected);
    CHECK(half.reached == text.size());
    CHECK(half.missing == text.size() - expected.size());
  }
}

TEST_CASE("the same frames twice give the same calls") {
  std::mt19937 random(9);
  const Ends ends = some_ends(random);
  std::vector<ScenarioFrame> all = handshake(ends);
  for (const ScenarioFrame& f : segments_of(ends, random, text_of(random, 4'000))) {
    if (random() % 7 != 0) all.push_back(f);
  }
  Recorder first, second;
  play(all, first);
  play(all, second);
  CHECK(first.lines == second.lines);
}

}  // namespace mailscope::tcp
