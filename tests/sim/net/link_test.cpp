#include "sim/net/link.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "world.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using test::World;

namespace {

struct Datagrams final : DatagramUser {
  explicit Datagrams(Simulator& s) : simulator(s) {}
  void on_datagram(const Datagram& datagram) override {
    texts.emplace_back(datagram.octets);
    times.push_back(simulator.now());
    from = datagram.from;
  }
  Simulator& simulator;
  std::vector<std::string> texts;
  std::vector<Time> times;
  Endpoint from;
};

constexpr std::uint32_t kHeaders = 14 + 20 + 8;

// Both ends know each other's MAC address and nothing is under way.
void acquaint(World& world) {
  Datagrams sink(world.simulator);
  world.server.bind(9, sink);
  world.client.send_to(9, world.server.address(), 9, "hello");
  world.simulator.run();
  world.server.unbind(9);
}

std::vector<trace::Loss> losses(const trace::Trace& trace) {
  std::vector<trace::Loss> all;
  for (const trace::Frame& frame : trace.frames)
    if (frame.fate == trace::Fate::Lost) all.push_back(frame.loss);
  return all;
}

std::map<trace::Fate, int> fates(const trace::Trace& trace) {
  std::map<trace::Fate, int> count;
  for (const trace::Frame& frame : trace.frames) ++count[frame.fate];
  return count;
}

}  // namespace

TEST_CASE("A frame takes its transmission time and the latency on each kind of link") {
  struct Row {
    const char* preset;
    std::uint32_t payload;
    Time expected;
  };
  // (42 + payload) * 8 / rate, rounded up, + latency.
  const Row rows[] = {
      {"lan", 958, 8'000 + 50'000},
      {"wan", 958, 80'000 + 20'000'000},
      {"dial-up", 658, 100'000'000 + 100'000'000},
      {"dial-up", 659, 100'142'858 + 100'000'000},
      {"dsl", 958, 1'000'000 + 15'000'000},
      {"cable", 958, 160'000 + 10'000'000},
      {"fibre", 958, 8'000 + 2'000'000},
      {"satellite", 958, 400'000 + 240'000'000},
  };
  for (const std::string_view name : link_preset_names())
    CHECK(std::ranges::count(rows, name, &Row::preset) > 0);
  CHECK_FALSE(link_preset("carrier pigeon"));
  for (const Row& row : rows) {
    CAPTURE(row.preset);
    const auto options = link_preset(row.preset);
    REQUIRE(options);
    CHECK(options->kind == row.preset);
    World world(*options);
    acquaint(world);
    Datagrams sink(world.simulator);
    world.server.bind(7, sink);
    const Time begin = world.simulator.now();
    REQUIRE(world.client.send_to(5, world.server.address(), 7, std::string(row.payload, 'x')));
    world.simulator.run();
    REQUIRE(sink.times.size() == 1);
    CHECK(sink.times[0] - begin == row.expected);
    const trace::Frame& frame = world.trace.frames.back();
    CHECK(frame.octets == kHeaders + row.payload);
    CHECK(frame.received - frame.sent == row.expected);
    CHECK(frame.fate == trace::Fate::Received);
  }
}

TEST_CASE("Frames wait for the port, one behind the other, and each way for itself") {
  LinkOptions options;
  options.rate_bps = 8'000'000;  // a microsecond an octet
  options.latency = kMillisecond;
  World world(options);
  acquaint(world);
  Datagrams at_server(world.simulator), at_client(world.simulator);
  world.server.bind(7, at_server);
  world.client.bind(7, at_client);
  const Time begin = world.simulator.now();
  for (int i = 0; i < 3; ++i)
    world.client.send_to(7, world.server.address(), 7, std::string(58, static_cast<char>('a' + i)));
  world.server.send_to(7, world.client.address(), 7, std::string(58, 'z'));
  world.simulator.run();
  CHECK(at_server.texts ==
        std::vector<std::string>{std::string(58, 'a'), std::string(58, 'b'), std::string(58, 'c')});
  CHECK(at_server.times ==
        std::vector<Time>{begin + 1'100'000, begin + 1'200'000, begin + 1'300'000});
  CHECK(at_client.times == std::vector<Time>{begin + 1'100'000});
  // `sent` is when the first octet left, not when the frame was queued; the record is in that
  // order.
  const auto& frames = world.trace.frames;
  CHECK(frames.back().sent == begin + 200'000);
  for (std::size_t i = 1; i < frames.size(); ++i) CHECK(frames[i - 1].sent <= frames[i].sent);
}

TEST_CASE("What does not fit into the queue is dropped from its tail") {
  LinkOptions options;
  options.rate_bps = 8'000'000;
  options.queue_octets = 300;
  World world(options);
  acquaint(world);
  Datagrams sink(world.simulator);
  world.server.bind(7, sink);
  for (int i = 0; i < 6; ++i)
    world.client.send_to(7, world.server.address(), 7, std::string(58, static_cast<char>('0' + i)));
  world.simulator.run();
  CHECK(sink.texts.size() == 4);  // one on the link, three waiting
  REQUIRE(losses(world.trace).size() == 2);
  CHECK(losses(world.trace)[0] == trace::Loss::QueueFull);
  CHECK(fates(world.trace)[trace::Fate::Lost] == 2);
}

TEST_CASE("Random loss, duplication and reordering come as often as told") {
  LinkOptions options;
  options.queue_octets = 100'000'000;
  World world(options);
  acquaint(world);
  options.loss = 0.1;
  options.duplication = 0.2;
  options.reordering = 0.05;
  world.link.set_options(options);
  Datagrams sink(world.simulator);
  world.server.bind(7, sink);
  const std::size_t before = world.trace.frames.size();
  for (int i = 0; i < 10'000; ++i)
    world.client.send_to(7, world.server.address(), 7, std::to_string(100'000 + i));
  world.simulator.run();
  auto count = fates(world.trace);
  CHECK(count[trace::Fate::Lost] == Approx(1000).margin(100));
  CHECK(count[trace::Fate::Duplicate] == Approx(1800).margin(150));
  CHECK(count[trace::Fate::InFlight] == 0);
  CHECK(world.trace.frames.size() - before ==
        10'000u + static_cast<std::size_t>(count[trace::Fate::Duplicate]));
  CHECK(sink.texts.size() == 10'000u - static_cast<std::size_t>(count[trace::Fate::Lost]) +
                                 static_cast<std::size_t>(count[trace::Fate::Duplicate]));
  int behind = 0;
  std::string latest;
  for (const std::string& text : sink.texts) {
    behind += text < latest;
    latest = std::max(latest, text);
  }
  CHECK(behind > 300);
  CHECK(world.network.frames().in_use() == 0);
}

TEST_CASE("Jitter delays and keeps the order") {
  LinkOptions options;
  options.jitter = 10 * kMillisecond;
  World world(options);
  acquaint(world);
  Datagrams sink(world.simulator);
  world.server.bind(7, sink);
  for (int i = 0; i < 200; ++i)
    world.client.send_to(7, world.server.address(), 7, std::to_string(1000 + i));
  world.simulator.run();
  REQUIRE(sink.texts.size() == 200);
  CHECK(std::is_sorted(sink.texts.begin(), sink.texts.end()));
}

TEST_CASE("A person can drop the next frames, or one in flight, or cut the cable") {
  World world;
  acquaint(world);
  Datagrams sink(world.simulator);
  world.server.bind(7, sink);
  const auto send = [&](const char* text) {
    world.client.send_to(7, world.server.address(), 7, text);
  };
  SECTION("the next two frames of the client") {
    world.link.drop_next(2, world.client.id());
    world.server.send_to(7, world.client.address(), 7, "not counted");
    for (const char* text : {"a", "b", "c"}) send(text);
    world.simulator.run();
    CHECK(sink.texts == std::vector<std::string>{"c"});
    CHECK(losses(world.trace)[0] == trace::Loss::Dropped);
  }
  SECTION("the one in flight") {
    send("a");
    world.simulator.run_until(world.simulator.now() + 10 * kMicrosecond);
    const auto frame = static_cast<Id>(world.trace.frames.size() - 1);
    CHECK(world.trace.frames[frame].fate == trace::Fate::InFlight);
    CHECK(world.network.drop(frame));
    world.simulator.run();
    CHECK(sink.texts.empty());
    CHECK(world.trace.frames[frame].fate == trace::Fate::Lost);
    CHECK(world.trace.frames[frame].received == trace::kNever);
    CHECK_FALSE(world.network.drop(frame));
  }
  SECTION("the cable, with a frame in it") {
    send("a");
    world.simulator.run_until(world.simulator.now() + 10 * kMicrosecond);
    world.link.set_up(false);
    send("b");
    world.link.set_up(true);
    send("c");
    world.simulator.run();
    CHECK(sink.texts == std::vector<std::string>{"c"});
    CHECK(losses(world.trace)[0] == trace::Loss::Cut);
    CHECK(losses(world.trace)[1] == trace::Loss::Cut);
  }
  SECTION("the host's power") {
    send("a");
    world.server.power_off();
    world.simulator.run();
    REQUIRE(losses(world.trace).size() == 1);
    CHECK(losses(world.trace)[0] == trace::Loss::HostOff);
  }
}

TEST_CASE("On a segment with more than two stations a frame reaches the one it is for") {
  World world;
  Node& third = world.network.add_node("third");
  world.network.attach(third, world.link, IpAddress::v4(10, 0, 0, 3), 24);
  world.recorder.describe(world.network);
  Datagrams at_server(world.simulator), at_third(world.simulator);
  world.server.bind(7, at_server);
  third.bind(7, at_third);
  world.client.send_to(5, third.address(), 7, "for you");
  world.simulator.run();
  CHECK(at_third.texts == std::vector<std::string>{"for you"});
  CHECK(at_third.from == Endpoint{world.client.address(), 5});
  CHECK(at_server.texts.empty());
  // The broadcast question has no single receiver, the answer and the datagram have.
  const auto& frames = world.trace.frames;
  REQUIRE(frames.size() == 3);
  CHECK(frames[0].to == trace::kNone);
  CHECK(frames[0].fate == trace::Fate::Received);
  CHECK(frames[1].to == world.client.id());
  CHECK(frames[2].to == third.id());
  CHECK(world.network.frames().in_use() == 0);
}

TEST_CASE("The description has hosts, addresses and links") {
  World world(*link_preset("dsl"));
  REQUIRE(world.trace.hosts.size() == 2);
  CHECK(world.trace.hosts[1].name == "server");
  CHECK(world.trace.hosts[1].addresses == std::vector<std::string>{"10.0.0.2"});
  CHECK(world.trace.hosts[1].kind == trace::HostKind::Computer);
  REQUIRE(world.trace.links.size() == 1);
  CHECK(world.trace.links[0].kind == "dsl");
  CHECK(world.trace.links[0].hosts == std::vector<trace::Id>{0, 1});
  CHECK(world.trace.links[0].rate_bps == 8'000'000);
}
