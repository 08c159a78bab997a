// Transfers over bad links: whatever the link does, the octets arrive, once and in order.
#include <catch2/catch.hpp>
#include <cstring>

#include "protocols/inet/checksum.hpp"
#include "protocols/inet/ip.hpp"
#include "world.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using test::Program;
using test::World;

namespace {

using Lines = std::vector<std::string>;

struct Faults {
  const char* name;
  double loss, duplication, reordering;
  Time jitter;
};

}  // namespace

TEST_CASE("Loss, duplication and reordering damage nothing, over many seeds") {
  const Faults rows[] = {
      {"light loss", 0.01, 0, 0, 0},         {"heavy loss", 0.15, 0, 0, 0},
      {"duplication", 0, 0.3, 0, 0},         {"reordering", 0, 0, 0.2, 0},
      {"jitter", 0, 0, 0, 5 * kMillisecond}, {"everything", 0.05, 0.1, 0.1, kMillisecond},
  };
  const std::string octets = test::pattern(60'000), answer = test::pattern(20'000, 2);
  for (const Faults& row : rows)
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      CAPTURE(row.name, seed);
      LinkOptions options;
      options.latency = 5 * kMillisecond;
      options.rate_bps = 10'000'000;
      options.loss = row.loss;
      options.duplication = row.duplication;
      options.reordering = row.reordering;
      options.jitter = row.jitter;
      World world(options, seed);
      for (Node* node : {&world.client, &world.server}) node->tcp_options().retries = 30;
      const test::Exchange result = test::exchange(world, octets, answer);
      if (result.client_log == Lines{"unreachable"}) continue;  // three ARP frames lost
      REQUIRE(result.server_received == octets);
      REQUIRE(result.client_received == answer);
      REQUIRE(result.client_log == Lines{"connected", "eof", "finished"});
      world.simulator.run_until(world.simulator.now() + kHour);
      REQUIRE(world.network.frames().in_use() == 0);
      REQUIRE(world.client.sockets().empty());
    }
}

TEST_CASE("A narrow queue loses frames and TCP finds its pace") {
  LinkOptions options;
  options.latency = 20 * kMillisecond;
  options.rate_bps = 2'000'000;
  options.queue_octets = 15'000;
  World world(options);
  const std::string octets = test::pattern(2'000'000);
  CHECK(test::exchange(world, octets).server_received == octets);
  int lost = 0;
  for (const trace::Frame& frame : world.trace.frames) {
    if (frame.fate != trace::Fate::Lost) continue;
    ++lost;
    CHECK(frame.loss == trace::Loss::QueueFull);
  }
  CHECK(lost > 0);
  // 8.3 seconds at full rate; slow start and recoveries may cost a little.
  CHECK(world.simulator.now() < 12 * kSecond);
}

TEST_CASE("One lost segment is repaired by fast retransmission within a round trip") {
  LinkOptions options;
  options.latency = 50 * kMillisecond;
  options.rate_bps = 100'000'000;
  World world(options);
  Program server(world.server), client(world.client);
  world.server.listen(25, server);
  world.client.connect(world.server.address(), 25, client);
  world.simulator.run();
  const Time begin = world.simulator.now();
  world.link.drop_next(1, world.client.id());
  const std::string octets = test::pattern(14'600);
  client.stream->send(octets);
  world.simulator.run();
  CHECK(server.received == octets);
  const auto info = *world.client.socket(client.socket);
  CHECK(info.retransmissions == 1);
  CHECK(info.slow_start_threshold == 7300);
  // Data out, duplicates back, data out, acknowledgment back.
  Time last_text = 0;
  for (const trace::Frame& frame : world.trace.frames)
    if (frame.octets > 1000 && frame.fate != trace::Fate::Lost)
      last_text = std::max(last_text, frame.received);
  CHECK(last_text - begin < 160 * kMillisecond);
}

TEST_CASE("Several losses in one window are repaired one a round trip (NewReno)") {
  LinkOptions options;
  options.latency = 50 * kMillisecond;
  options.rate_bps = 100'000'000;
  World world(options);
  Program server(world.server), client(world.client);
  world.server.listen(25, server);
  world.client.connect(world.server.address(), 25, client);
  world.simulator.run();
  world.link.drop_next(3, world.client.id());
  const std::string octets = test::pattern(14'600);
  client.stream->send(octets);
  world.simulator.run();
  CHECK(server.received == octets);
  CHECK(world.client.socket(client.socket)->retransmissions == 3);
}

TEST_CASE("A lost last segment waits for the retransmission timer") {
  World world;
  Program server(world.server), client(world.client);
  world.server.listen(25, server);
  world.client.connect(world.server.address(), 25, client);
  world.simulator.run();
  const Time begin = world.simulator.now();
  world.link.drop_next(1, world.client.id());
  client.stream->send("only one");
  world.simulator.run();
  CHECK(server.received == "only one");
  CHECK(world.trace.frames[world.trace.frames.size() - 2].sent - begin == kSecond);
  CHECK(world.client.socket(client.socket)->rto == 2 * kSecond);  // stays until a fresh sample
}

TEST_CASE("Slow start doubles, congestion avoidance adds one segment a round trip") {
  LinkOptions options;
  options.latency = 100 * kMillisecond;
  options.rate_bps = 1'000'000'000;
  options.queue_octets = 10'000'000;
  World world(options);
  world.server.tcp_options().receive_window = 4'000'000;
  world.server.tcp_options().delayed_ack = 0;
  Program server(world.server), client(world.client);
  world.server.listen(25, server);
  client.then_connected = [&](Stream& stream) { stream.send(std::string(3'000'000, 'x')); };
  world.client.connect(world.server.address(), 25, client);
  std::vector<std::uint32_t> windows;
  for (int i = 2; i < 8; ++i) {
    world.simulator.run_until(i * 200 * kMillisecond + 50 * kMillisecond);
    windows.push_back(world.client.socket(client.socket)->congestion_window / 1460);
  }
  // Two round trips for ARP and the handshake; then a doubling each.
  CHECK(windows == std::vector<std::uint32_t>{10, 20, 40, 80, 160, 320});
}

TEST_CASE("An octet damaged on the way is found by the checksum and sent again") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    LinkOptions options;
    options.latency = kMillisecond;
    World world(options, seed);
    RandomStream random(seed, "damage");
    Program server(world.server), client(world.client);
    world.server.listen(25, server);
    server.closing_on_eof();
    const std::string octets = test::pattern(100'000, seed);
    client.then_connected = [&](Stream& stream) {
      stream.send(octets);
      stream.close();
    };
    world.client.connect(world.server.address(), 25, client);
    while (!world.simulator.idle()) {
      world.simulator.run(7);
      const auto frame = static_cast<Id>(world.trace.frames.size() - 1);
      FrameBuffer* flying = world.network.frames().find(frame);
      if (flying && random.chance(0.02))
        flying->data[random.between(14, flying->octets - 1)] ^=
            static_cast<std::uint8_t>(random.between(1, 255));
    }
    if (client.log == Lines{"unreachable"}) continue;
    REQUIRE(server.received == octets);
  }
}

TEST_CASE("Frames of any octets are survived") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    LinkOptions options;
    options.duplication = 0.5;
    World world(options, seed);
    RandomStream random(seed, "garbage");
    Program server(world.server), client(world.client);
    world.server.listen(25, server);
    client.then_connected = [&](Stream& stream) { stream.send(test::pattern(5000)); };
    world.client.connect(world.server.address(), 25, client);
    for (int i = 0; i < 2000 && !world.simulator.idle(); ++i) {
      world.simulator.step();
      const auto id = static_cast<Id>(world.trace.frames.size() - 1);
      FrameBuffer* flying = world.network.frames().find(id);
      if (!flying || flying->octets < 20 || !random.chance(0.3)) continue;
      // Header fields of every layer; the checksums are made right again, so that it gets in.
      std::uint8_t* data = flying->data;
      for (int n = 0; n < 4; ++n)
        data[random.between(12, std::min<std::int64_t>(flying->octets, 74) - 1)] =
            static_cast<std::uint8_t>(random.next());
      if (random.chance(0.3))
        flying->octets = static_cast<std::uint32_t>(random.between(0, flying->octets));
      if (flying->octets >= 54 && random.chance(0.8)) {
        std::uint8_t* ip = data + 14;
        const std::uint32_t header = (ip[0] & 15u) * 4, length = inet::get16(ip + 2);
        if (header >= 20 && length >= header + 20 && length <= flying->octets - 14) {
          inet::put16(ip + 10, 0);
          inet::put_checksum(ip + 10, inet::sum(ip, header));
          inet::put16(ip + header + 16, 0);
          const auto octets = static_cast<std::uint32_t>(length - header);
          inet::put_checksum(ip + header + 16,
                             inet::sum(ip + header, octets) +
                                 inet::pseudo_sum(IpAddress::from_v4(ip + 12),
                                                  IpAddress::from_v4(ip + 16), 6, octets));
        }
      }
    }
    world.client.power_off();
    world.server.power_off();
    world.simulator.run();
    REQUIRE(world.network.frames().in_use() == 0);
  }
}

TEST_CASE("Two runs are the same, octet for octet, and another seed is another run") {
  const auto run = [](std::uint64_t seed) {
    LinkOptions options = *link_preset("dsl");
    options.loss = 0.03;
    options.duplication = 0.03;
    options.reordering = 0.05;
    options.jitter = 3 * kMillisecond;
    World world(options, seed);
    test::exchange(world, test::pattern(200'000), test::pattern(100'000));
    return test::fingerprint(world.trace);
  };
  CHECK(run(1) == run(1));
  CHECK(run(2) == run(2));
  CHECK(run(1) != run(2));
  CHECK(run(1) == 4526031370139891454u);  // the same on every machine
}

TEST_CASE("The record does not depend on how the run was cut into pieces") {
  LinkOptions options;
  options.loss = 0.02;
  World whole(options, 3), pieces(options, 3);
  const std::string octets = test::pattern(50'000);
  const auto start = [&](World& world, Program& server, Program& client) {
    world.server.listen(25, server);
    server.closing_on_eof();
    client.then_connected = [&world, &octets](Stream& stream) {
      stream.send(octets);
      stream.close();
    };
    world.client.connect(world.server.address(), 25, client);
  };
  Program s1(whole.server), c1(whole.client), s2(pieces.server), c2(pieces.client);
  start(whole, s1, c1);
  start(pieces, s2, c2);
  whole.simulator.run();
  while (!pieces.simulator.idle())
    pieces.simulator.run_until(pieces.simulator.now() + 333 * kMicrosecond);
  CHECK(test::fingerprint(whole.trace) == test::fingerprint(pieces.trace));
  CHECK(s2.received == octets);
}
