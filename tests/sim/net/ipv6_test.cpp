// IPv6 on the simulated network: neighbour discovery, routers, UDP and TCP over it.
#include <catch2/catch.hpp>

#include "protocols/inet/checksum.hpp"
#include "world.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using namespace mailscope::inet;
using Lines = std::vector<std::string>;

namespace {

IpAddress ip(const char* text) {
  return IpAddress::parse(text).value();
}

struct Datagrams final : DatagramUser {
  void on_datagram(const Datagram& datagram) override {
    texts.emplace_back(datagram.octets);
    from = datagram.from;
  }
  Lines texts;
  Endpoint from;
};

// Both addresses on both hosts.
struct DualWorld : test::World {
  DualWorld() {
    network.attach(client, link, ip("2001:db8::1"), 64);
    network.attach(server, link, ip("2001:db8::2"), 64);
    recorder.describe(network);
  }
  Octets octets(std::size_t frame) const {
    const std::string_view text = trace.octets(trace.frames[frame]);
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  }
};

// alice -- lan -- router -- wan -- bob, IPv6 only
struct Routed {
  Routed() : recorder(trace), network(simulator, 1, &recorder) {
    network.attach(alice, lan, ip("2001:db8:0:1::2"), 64);
    network.attach(router, lan, ip("2001:db8:0:1::1"), 64);
    network.attach(router, wan, ip("2001:db8:0:2::1"), 64);
    network.attach(bob, wan, ip("2001:db8:0:2::2"), 64);
    alice.add_route(ip("::"), 0, link_local(router.interfaces()[0].mac), 0);
    bob.set_default_gateway(ip("2001:db8:0:2::1"));
    router.set_forwarding(true);
    recorder.describe(network);
  }
  Simulator simulator;
  trace::Trace trace;
  Recorder recorder;
  Network network;
  Node& alice = network.add_node("alice");
  Node& router = network.add_node("router");
  Node& bob = network.add_node("bob");
  Link& lan = network.add_link("lan", *link_preset("lan"));
  Link& wan = network.add_link("wan", *link_preset("wan"));
};

}  // namespace

TEST_CASE("A neighbour is asked for at its group, and answers the one who asked") {
  DualWorld world;
  Datagrams sink;
  world.server.bind(53, sink);
  CHECK(world.client.send_to(1000, ip("2001:db8::2"), 53, "over IPv6"));
  world.simulator.run();
  CHECK(sink.texts == Lines{"over IPv6"});
  CHECK(sink.from == Endpoint{ip("2001:db8::1"), 1000});
  CHECK(test::frames_in_words(world.trace) ==
        Lines{"client ND who has 2001:db8::2", "server ND 2001:db8::2 is here", "client UDP +9"});

  const Octets question = world.octets(0);
  CHECK(Ethernet::parse(question)->destination.text() == "33:33:ff:00:00:02");
  const Ipv6 header = Ipv6::parse(question.subspan(14)).value();
  CHECK(header.source == ip("2001:db8::1"));
  CHECK(header.destination == ip("ff02::1:ff00:2"));
  CHECK(header.hop_limit == 255);
  const Octets message = question.subspan(54);
  CHECK(is_good_transport(header.source, header.destination, kIcmpv6, message.data(), 32));
  CHECK(NeighborMessage::parse(message)->mac == world.client.interfaces()[0].mac);

  const NeighborMessage answer = NeighborMessage::parse(world.octets(1).subspan(54)).value();
  CHECK(answer.solicited);
  CHECK(answer.override_entry);
  CHECK_FALSE(answer.router);
  CHECK(Ethernet::parse(world.octets(1))->destination == world.client.interfaces()[0].mac);
}

TEST_CASE("A neighbour that nobody is, is asked for three times") {
  DualWorld world;
  test::Program client(world.client);
  world.client.connect(ip("2001:db8::77"), 25, client);
  world.simulator.run();
  CHECK(client.log == Lines{"unreachable"});
  CHECK(client.closed_at == 3 * kSecond);
  CHECK(test::frames_in_words(world.trace) == Lines(3, "client ND who has 2001:db8::77"));
  CHECK(world.network.frames().in_use() == 0);
}

TEST_CASE("A message that came over a router, or is damaged, teaches nothing") {
  DualWorld world;
  const bool far = GENERATE(true, false);
  world.client.send_to(1000, ip("2001:db8::2"), 53, "x");
  FrameBuffer* question = world.network.frames().find(0);
  REQUIRE(question);
  if (far)
    question->data[14 + 7] = 254;
  else
    question->data[14 + 40 + 26] ^= 1;  // of the MAC address
  world.simulator.run();
  CHECK(world.server.neighbors().size() == 1);  // by the second question
  CHECK(world.server.neighbors()[0].mac == world.client.interfaces()[0].mac);
  CHECK(test::frames_in_words(world.trace)[1] == "client ND who has 2001:db8::2");
}

TEST_CASE("TCP goes over IPv6 as over IPv4, with 20 octets less in a segment") {
  DualWorld world;
  test::Program server(world.server), client(world.client);
  world.server.listen(25, server);
  const std::string octets = test::pattern(200'000);
  server.closing_on_eof();
  client.then_connected = [&](Stream& stream) {
    CHECK(world.client.socket(stream.id())->mss == 1440);
    stream.send(octets);
    stream.close();
  };
  world.client.connect(ip("2001:db8::2"), 25, client);
  world.simulator.run();
  CHECK(server.received == octets);
  CHECK(client.log == Lines{"connected", "eof", "finished"});
  for (std::size_t i = 2; i < world.trace.frames.size(); ++i) {
    const Octets packet = world.octets(i).subspan(14);
    const Ipv6 header = Ipv6::parse(packet).value();
    REQUIRE(packet.size() == 40u + header.payload_octets);
    REQUIRE(packet.size() <= 1500);
    REQUIRE(is_good_transport(header.source, header.destination, kTcp, packet.data() + 40,
                              header.payload_octets));
  }
}

TEST_CASE("A host talks to its own IPv6 addresses without a wire") {
  DualWorld world;
  test::Program server(world.client), client(world.client);
  world.client.listen(25, server);
  const auto address = GENERATE("::1", "2001:db8::1");
  client.then_connected = [&](Stream& stream) { stream.send("hello"); };
  world.client.connect(ip(address), 25, client);
  world.simulator.run();
  CHECK(server.received == "hello");
  CHECK(world.trace.frames.empty());
}

TEST_CASE("A router takes one from the hop limit and finds the next neighbour") {
  Routed world;
  Datagrams sink;
  world.bob.bind(7, sink);
  world.alice.send_to(5, ip("2001:db8:0:2::2"), 7, "over the router");
  world.simulator.run();
  CHECK(sink.texts == Lines{"over the router"});
  // Alice asks for the router's link-local address; the router asks from its own.
  CHECK(test::frames_in_words(world.trace) ==
        Lines{"alice ND who has fe80::ff:fe00:2", "router ND fe80::ff:fe00:2 is here",
              "alice UDP +15", "router ND who has 2001:db8:0:2::2",
              "bob ND 2001:db8:0:2::2 is here", "router UDP +15"});
  const auto& frames = world.trace.frames;
  const std::string_view before = world.trace.octets(frames[2]).substr(14);
  const std::string_view after = world.trace.octets(frames[5]).substr(14);
  CHECK(before[7] == 64);
  CHECK(after[7] == 63);
  CHECK(before.substr(8) == after.substr(8));
  CHECK(frames[5].origin == 2);
  CHECK(world.recorder.delivered(2) == frames[5].received);
}

TEST_CASE("Two hosts that point at each other do not pass an IPv6 packet for ever") {
  DualWorld world;
  world.client.set_forwarding(true);
  world.server.set_forwarding(true);
  world.client.set_default_gateway(ip("2001:db8::2"));
  world.server.set_default_gateway(ip("2001:db8::1"));
  world.client.send_to(1, ip("2001:db8:9::1"), 2, "lost soul");
  CHECK(world.simulator.run(100'000) < 1000);
  CHECK(test::frames_in_words(world.trace).size() == 2 + 64);
  CHECK(world.network.frames().in_use() == 0);
}

TEST_CASE("Without an IPv6 address of its own a host has no way to one") {
  test::World world;
  test::Program client(world.client);
  world.client.connect(ip("2001:db8::2"), 25, client);
  world.simulator.run();
  CHECK(client.log == Lines{"unreachable"});
  CHECK(world.trace.frames.empty());
}
