// The frames that are drawn up round real octets: as good as those of a real stack, and nothing is
// lost between octets in and octets read out of them.

#include "sim/live/frame_scribe.hpp"

#include <catch2/catch.hpp>

#include "captures/tcp/reassembler.hpp"
#include "protocols/inet/checksum.hpp"
#include "protocols/inet/ip.hpp"
#include "protocols/inet/tcp.hpp"
#include "tests/sim/net/world.hpp"

namespace mailscope::sim::test {
namespace {

using Words = std::vector<std::string>;

struct Scene : World {
  explicit Scene(std::uint64_t number = 1)
      : scribe(recorder, 0, {0, numbered_mac(1), {IpAddress::v4(10, 0, 0, 1), 40'000}},
               {1, numbered_mac(2), {IpAddress::v4(10, 0, 0, 2), 25}}, number) {
    scribe.open(0);
  }
  FrameScribe scribe;
};

// What a reader of captures finds in the frames.
struct Reader final : tcp::StreamSink {
  void on_begin(std::uint32_t, const tcp::Flow&, const tcp::FrameRef&) override { ++begun; }
  void on_handshake(std::uint32_t, Direction, bool complete, const tcp::FrameRef&) override {
    handshakes += complete;
  }
  void on_octets(std::uint32_t, Direction direction, std::uint64_t, std::string_view octets,
                 const tcp::FrameRef&) override {
    streams[static_cast<int>(direction)] += octets;
  }
  void on_gap(std::uint32_t, Direction, std::uint64_t, std::uint64_t, tcp::Time) override {
    ++faults;
  }
  void on_anomaly(std::uint32_t, Direction, tcp::Anomaly, std::uint64_t, std::uint64_t,
                  const tcp::FrameRef&) override {
    ++faults;
  }
  void on_fin(std::uint32_t, Direction, const tcp::FrameRef&) override { ++fins; }
  void on_reset(std::uint32_t, Direction, const tcp::FrameRef&) override { ++resets; }
  void on_end(std::uint32_t, trace::Closing how, tcp::Time) override { closing = how; }
  void on_frame(std::uint32_t, Direction, const tcp::FrameRef&) override {}

  void read(const trace::Trace& trace) {
    tcp::Reassembler reassembler(*this);
    for (Id id = 0; id < trace.frames.size(); ++id) {
      tcp::FrameRef frame;
      frame.at = trace.frames[id].sent;
      frame.frame = id;
      reassembler.add(trace.octets(trace.frames[id]), 1, frame);
    }
    reassembler.finish();
  }

  std::string streams[2];
  int begun = 0, handshakes = 0, faults = 0, fins = 0, resets = 0;
  trace::Closing closing = trace::Closing::Open;
};

bool checksums_are_right(const trace::Trace& trace) {
  for (const trace::Frame& frame : trace.frames) {
    const std::string_view octets = trace.octets(frame);
    const auto* at = reinterpret_cast<const std::uint8_t*>(octets.data()) + inet::Ethernet::kOctets;
    const inet::Octets packet(at, octets.size() - inet::Ethernet::kOctets);
    if (at[0] >> 4 == 6) {
      const auto ip = inet::Ipv6::parse(packet);
      if (!ip || packet.size() != inet::Ipv6::kOctets + ip->payload_octets) return false;
      if (!inet::is_good_transport(ip->source, ip->destination, inet::kTcp,
                                   at + inet::Ipv6::kOctets, ip->payload_octets))
        return false;
      continue;
    }
    const auto ip = inet::Ipv4::parse(packet);
    if (!ip || packet.size() != ip->total_octets || !inet::Ipv4::is_good_at(at)) return false;
    if (!inet::is_good_transport(ip->source, ip->destination, inet::kTcp, at + inet::Ipv4::kOctets,
                                 ip->total_octets - inet::Ipv4::kOctets))
      return false;
  }
  return !trace.frames.empty();
}

TEST_CASE("a dialogue is drawn up as a handshake, segments and FINs") {
  Scene scene;
  scene.scribe.octets(Direction::ToClient, 1, "220 hi\r\n");
  scene.scribe.octets(Direction::ToServer, 2, "QUIT\r\n");
  scene.scribe.octets(Direction::ToClient, 3, "221 bye\r\n");
  scene.scribe.fin(Direction::ToClient, 4);
  scene.scribe.fin(Direction::ToServer, 5);
  scene.scribe.fin(Direction::ToServer, 6);  // once only
  CHECK(segments_in_words(scene.trace) ==
        Words{"client SYN 0", "server SYN,ACK 0 1", "client ACK 1 1", "server PSH,ACK 1 1 +8",
              "client PSH,ACK 1 9 +6", "server PSH,ACK 9 7 +9", "server FIN,ACK 18 7",
              "client ACK 7 19", "client FIN,ACK 7 19", "server ACK 19 8"});
  CHECK(checksums_are_right(scene.trace));
}

TEST_CASE("what is read out of the frames is what was written, whatever the chunks") {
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{7}, std::size_t{1460},
                                  std::size_t{1461}, std::size_t{65'536}, std::size_t{300'000}}) {
    Scene scene(chunk);
    const std::string there = pattern(chunk == 1 ? 3000 : 300'000, 1);
    const std::string back = pattern(5000, 2);
    for (std::size_t at = 0; at < there.size(); at += chunk)
      scene.scribe.octets(Direction::ToServer, 1, std::string_view(there).substr(at, chunk));
    scene.scribe.octets(Direction::ToClient, 2, back);
    scene.scribe.fin(Direction::ToServer, 3);
    scene.scribe.fin(Direction::ToClient, 4);
    Reader reader;
    reader.read(scene.trace);
    CHECK(reader.streams[0] == there);
    CHECK(reader.streams[1] == back);
    CHECK(reader.begun == 1);
    CHECK(reader.handshakes == 1);
    CHECK(reader.faults == 0);
    CHECK(reader.fins == 2);
    CHECK(reader.closing == trace::Closing::Fin);
    CHECK(checksums_are_right(scene.trace));
  }
}

TEST_CASE("much in one direction is acknowledged on the way") {
  Scene scene;
  scene.scribe.octets(Direction::ToServer, 1, std::string(200'000, 'x'));
  std::size_t acknowledgments = 0;
  for (const trace::Frame& frame : scene.trace.frames)
    acknowledgments += frame.from == 1 && frame.octets == 14 + 20 + 20;
  CHECK(acknowledgments == 3);
}

TEST_CASE("a reset is drawn up as one, and says so to a reader") {
  Scene scene;
  scene.scribe.octets(Direction::ToServer, 1, "DATA\r\nhalf");
  scene.scribe.reset(Direction::ToServer, 2);
  Reader reader;
  reader.read(scene.trace);
  CHECK(reader.resets == 1);
  CHECK(reader.closing == trace::Closing::Rst);
}

TEST_CASE("frames are received when they were sent, and are counted") {
  Scene scene;
  scene.scribe.octets(Direction::ToClient, 7, "220\r\n");
  std::uint64_t octets = 0;
  for (const trace::Frame& frame : scene.trace.frames) {
    CHECK(frame.received == frame.sent);
    CHECK(frame.fate == trace::Fate::Received);
    octets += frame.octets;
  }
  CHECK(scene.trace.frames.back().sent == 7);
  CHECK(scene.scribe.octets_drawn() == octets);
  CHECK(scene.recorder.delivered(3) == 7);
}

}  // namespace
}  // namespace mailscope::sim::test
