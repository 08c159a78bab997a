// ARP, IPv4, UDP and routers.
#include <catch2/catch.hpp>

#include "protocols/inet/checksum.hpp"
#include "protocols/inet/octets.hpp"
#include "world.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using test::World;

namespace {

struct Datagrams final : DatagramUser {
  void on_datagram(const Datagram& datagram) override {
    texts.emplace_back(datagram.octets);
    last = datagram;
    if (answer_from)
      answer_from->send_to(datagram.to.port, datagram.from.address, datagram.from.port, "answer");
  }
  std::vector<std::string> texts;
  Datagram last;
  Node* answer_from = nullptr;
};

std::string hex(std::string_view octets) {
  std::string text;
  for (const char c : octets) {
    const auto octet = static_cast<unsigned char>(c);
    text += "0123456789abcdef"[octet >> 4];
    text += "0123456789abcdef"[octet & 15];
  }
  return text;
}

// alice -- lan -- router -- wan -- bob
struct Routed {
  Routed()
      : recorder(trace),
        network(simulator, 1, &recorder),
        alice(network.add_node("alice")),
        router(network.add_node("router")),
        bob(network.add_node("bob")),
        lan(network.add_link("lan", *link_preset("lan"))),
        wan(network.add_link("wan", *link_preset("wan"))) {
    network.attach(alice, lan, IpAddress::v4(10, 0, 1, 2), 24);
    network.attach(router, lan, IpAddress::v4(10, 0, 1, 1), 24);
    network.attach(router, wan, IpAddress::v4(10, 0, 2, 1), 24);
    network.attach(bob, wan, IpAddress::v4(10, 0, 2, 2), 24);
    alice.set_default_gateway(IpAddress::v4(10, 0, 1, 1));
    bob.set_default_gateway(IpAddress::v4(10, 0, 2, 1));
    router.set_forwarding(true);
    recorder.describe(network);
  }
  Simulator simulator;
  trace::Trace trace;
  Recorder recorder;
  Network network;
  Node &alice, &router, &bob;
  Link &lan, &wan;
};

}  // namespace

TEST_CASE("ARP asks, is answered, and lets the waiting packets go in order") {
  World world;
  Datagrams sink;
  world.server.bind(53, sink);
  for (const char* text : {"1", "22", "333"})
    CHECK(world.client.send_to(1000, world.server.address(), 53, text));
  CHECK_FALSE(world.client.neighbors().front().resolved);
  world.simulator.run();
  CHECK(test::frames_in_words(world.trace) ==
        std::vector<std::string>{"client ARP who has 10.0.0.2", "server ARP 10.0.0.2 is here",
                                 "client UDP +1", "client UDP +2", "client UDP +3"});
  CHECK(sink.texts == std::vector<std::string>{"1", "22", "333"});
  CHECK(hex(world.trace.octets(world.trace.frames[0])) ==
        "ffffffffffff020000000001080600010800060400010200000000010a0000010000000000000a000002");
  CHECK(hex(world.trace.octets(world.trace.frames[1])) ==
        "020000000001020000000002080600010800060400020200000000020a0000020200000000010a000001");
  REQUIRE(world.client.neighbors().size() == 1);
  CHECK(world.client.neighbors()[0].resolved);
  CHECK(world.client.neighbors()[0].mac.text() == "02:00:00:00:00:02");
  // The one that was asked learnt as well.
  CHECK(world.server.neighbors()[0].address == world.client.address());
}

TEST_CASE("On a line with two ends nobody asks for addresses") {
  World world;
  world.link.set_options(*link_preset("dial-up"));
  Datagrams sink;
  world.server.bind(53, sink);
  CHECK(world.client.send_to(1000, world.server.address(), 53, "1"));
  world.simulator.run();
  CHECK(test::frames_in_words(world.trace) == std::vector<std::string>{"client UDP +1"});
  CHECK(sink.texts == std::vector<std::string>{"1"});
}

TEST_CASE("Without an answer ARP asks three times and the connection is unreachable") {
  World world;
  test::Program client(world.client);
  world.client.connect(IpAddress::v4(10, 0, 0, 77), 25, client);
  world.simulator.run();
  CHECK(client.log == std::vector<std::string>{"unreachable"});
  CHECK(client.closed_at == 3 * kSecond);
  CHECK(test::frames_in_words(world.trace) ==
        std::vector<std::string>(3, "client ARP who has 10.0.0.77"));
  CHECK(world.network.frames().in_use() == 0);
  CHECK(world.client.sockets().empty());
  CHECK(world.client.neighbors().empty());
}

TEST_CASE("Packets that wait for ARP are bounded") {
  World world;
  for (int i = 0; i < 100; ++i) world.client.send_to(1, IpAddress::v4(10, 0, 0, 77), 2, "x");
  CHECK(world.network.frames().in_use() <= 33);
  world.simulator.run();
  CHECK(world.network.frames().in_use() == 0);
}

TEST_CASE("Without a route a connection is unreachable, later and not in the call") {
  World world;
  test::Program client(world.client);
  CHECK(world.client.connect(IpAddress::v4(192, 0, 2, 1), 25, client) != nullptr);
  CHECK(client.log.empty());
  world.simulator.run();
  CHECK(client.log == std::vector<std::string>{"unreachable"});
  CHECK_FALSE(world.client.send_to(1, IpAddress::v4(192, 0, 2, 1), 2, "x"));
  CHECK(world.trace.frames.empty());
}

TEST_CASE("A datagram has its header, its checksum and its answer") {
  World world;
  Datagrams service, asker;
  service.answer_from = &world.server;
  CHECK(world.server.bind(53, service) == 53);
  CHECK(world.server.bind(53, asker) == 0);
  const std::uint16_t port = world.client.bind(0, asker);
  CHECK(port == 49152);
  CHECK(world.client.bind(0, asker) == 49153);
  CHECK(world.client.send_to(port, world.server.address(), 53, "question"));
  world.simulator.run();
  CHECK(asker.texts == std::vector<std::string>{"answer"});
  CHECK(asker.last.from == Endpoint{world.server.address(), 53});
  const auto* data =
      reinterpret_cast<const std::uint8_t*>(world.trace.octets(world.trace.frames.back()).data());
  const std::uint8_t* ip = data + 14;
  CHECK(ip[0] == 0x45);
  CHECK(inet::get16(ip + 2) == 20 + 8 + 6);
  CHECK(inet::get16(ip + 6) == 0x4000);
  CHECK(ip[8] == 64);
  CHECK(inet::is_good(inet::sum(ip, 20)));
  CHECK(inet::is_good_transport(world.server.address(), world.client.address(), 17, ip + 20, 14));
  CHECK_FALSE(world.client.send_to(port, world.server.address(), 53, std::string(1473, 'x')));
  CHECK(world.client.send_to(port, world.server.address(), 53, std::string(1472, 'x')));
}

TEST_CASE("A host talks to itself without a wire") {
  World world;
  test::Program server(world.client), client(world.client);
  server.closing_on_eof();
  world.client.listen(25, server);
  client.then_connected = [&](Stream& stream) {
    stream.send(test::pattern(100'000));
    stream.close();
  };
  const auto address = GENERATE(IpAddress::v4(127, 0, 0, 1), IpAddress::v4(10, 0, 0, 1));
  world.client.connect(address, 25, client);
  world.simulator.run();
  CHECK(server.received == test::pattern(100'000));
  CHECK(client.log == std::vector<std::string>{"connected", "eof", "finished"});
  CHECK(world.trace.frames.empty());
  CHECK(world.network.frames().in_use() == 0);
}

TEST_CASE("A router takes one from the TTL, mends the checksum and sends on") {
  Routed world;
  Datagrams sink;
  world.bob.bind(7, sink);
  world.alice.send_to(5, world.bob.address(), 7, "over the router");
  world.simulator.run();
  REQUIRE(sink.texts == std::vector<std::string>{"over the router"});
  // ARP on the lan, the first hop, ARP on the wan, the second hop.
  const auto& frames = world.trace.frames;
  REQUIRE(frames.size() == 6);
  const trace::Frame &first = frames[2], &second = frames[5];
  CHECK(first.from == world.alice.id());
  CHECK(first.to == world.router.id());
  CHECK(first.link == world.lan.id());
  CHECK(second.from == world.router.id());
  CHECK(second.to == world.bob.id());
  CHECK(second.link == world.wan.id());
  CHECK(first.origin == 2);
  CHECK(second.origin == 2);
  CHECK(world.recorder.delivered(2) == second.received);
  CHECK(world.recorder.delivered(2) > first.received);
  const std::string_view before = world.trace.octets(first).substr(14);
  const std::string_view after = world.trace.octets(second).substr(14);
  CHECK(after[8] == before[8] - 1);
  CHECK(inet::is_good(inet::sum(reinterpret_cast<const std::uint8_t*>(after.data()), 20)));
  CHECK(before.substr(12) == after.substr(12));
}

TEST_CASE("The mended checksum is right for every value of the other fields") {
  Routed world;
  Datagrams sink;
  world.bob.bind(7, sink);
  for (int i = 0; i < 2000; ++i) {  // identification counts up
    world.alice.send_to(5, world.bob.address(), 7,
                        std::string(static_cast<std::size_t>(i % 97), 'x'));
    world.simulator.run();
  }
  CHECK(sink.texts.size() == 2000);
}

TEST_CASE("A packet lost behind the router was not delivered") {
  Routed world;
  Datagrams sink;
  world.bob.bind(7, sink);
  world.alice.send_to(5, world.bob.address(), 7, "first");
  world.simulator.run();
  world.wan.drop_next(1);
  world.alice.send_to(5, world.bob.address(), 7, "second");
  world.simulator.run();
  const auto& frames = world.trace.frames;
  REQUIRE(frames.size() == 8);
  CHECK(frames[6].fate == trace::Fate::Received);
  CHECK(frames[7].fate == trace::Fate::Lost);
  CHECK(frames[7].origin == 6);
  CHECK(world.recorder.delivered(6) == kNever);
  CHECK(sink.texts.size() == 1);
}

TEST_CASE("Two hosts that point at each other do not pass a packet for ever") {
  World world;
  world.client.set_forwarding(true);
  world.server.set_forwarding(true);
  world.client.set_default_gateway(world.server.address());
  world.server.set_default_gateway(world.client.address());
  world.client.send_to(1, IpAddress::v4(192, 0, 2, 1), 2, "lost soul");
  CHECK(world.simulator.run(100'000) < 1000);
  CHECK(test::frames_in_words(world.trace).size() == 2 + 64);
  CHECK(world.network.frames().in_use() == 0);
}

TEST_CASE("TCP works over a router, both ways") {
  Routed world;
  test::Program server(world.bob), client(world.alice);
  world.bob.listen(25, server);
  const std::string octets = test::pattern(300'000), answer = test::pattern(50'000, 2);
  server.then_eof = [&](Stream& stream) {
    stream.send(answer);
    stream.close();
  };
  client.then_connected = [&](Stream& stream) {
    stream.send(octets);
    stream.close();
  };
  world.alice.connect(world.bob.address(), 25, client);
  world.simulator.run();
  CHECK(server.received == octets);
  CHECK(client.received == answer);
  CHECK(client.log == std::vector<std::string>{"connected", "eof", "finished"});
  CHECK(server.log == std::vector<std::string>{"accepted", "eof", "finished"});
  for (const trace::Frame& frame : world.trace.frames) {
    REQUIRE(frame.fate == trace::Fate::Received);
    const trace::Frame& origin = world.trace.frames[frame.origin];
    REQUIRE(origin.origin == frame.origin);
    REQUIRE(world.recorder.delivered(frame.origin) != kNever);
  }
}

TEST_CASE("Power off forgets the ARP cache and the ports") {
  World world;
  Datagrams sink;
  world.server.bind(53, sink);
  world.client.send_to(1000, world.server.address(), 53, "x");
  world.simulator.run();
  world.server.power_off();
  CHECK_FALSE(world.server.powered());
  CHECK(world.server.neighbors().empty());
  CHECK_FALSE(world.server.send_to(1, world.client.address(), 2, "x"));
  CHECK(world.server.bind(54, sink) == 0);
  world.server.power_on();
  world.client.send_to(1000, world.server.address(), 53, "y");
  world.simulator.run();
  CHECK(sink.texts.size() == 1);
}
