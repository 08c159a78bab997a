// Layers between programs and their streams: from the first octet on, in the middle of a dialogue,
// and how they end.
#include <catch2/catch.hpp>

#include "inverter.hpp"
#include "protocols/inet/tcp.hpp"
#include "world.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using test::Inverter;
using test::Program;

namespace {

using Lines = std::vector<std::string>;

// Counts the layers that are alive.
struct Counted final : Layer {
  explicit Counted(int& alive) : count(alive) { ++count; }
  ~Counted() override { --count; }
  int& count;
};

struct LayeredWorld : test::World {
  LayeredTransport over_client{client, simulator}, over_server{server, simulator};
  Program caller{client}, greeter{server};

  void put_under_both(const LayerFactory& factory) {
    over_client.set_factory(factory);
    over_server.set_factory(factory);
  }
  void connect() {
    over_server.listen(25, greeter);
    over_client.connect(server.address(), 25, caller);
  }
};

}  // namespace

TEST_CASE("Without a factory nothing stands between a program and its stream") {
  LayeredWorld world;
  world.connect();
  world.simulator.run();
  CHECK(world.caller.log == Lines{"connected"});
  CHECK(world.greeter.log == Lines{"accepted"});
  CHECK(dynamic_cast<Layer*>(world.greeter.stream) == nullptr);
}

TEST_CASE("A layer changes what is on the wire and not what is heard") {
  LayeredWorld world;
  world.put_under_both(test::inverters());
  world.greeter.then_octets = [](Stream& stream, std::string_view octets) {
    stream.send("250 " + std::string(octets));
  };
  world.greeter.closing_on_eof();
  world.caller.then_connected = [](Stream& stream) {
    stream.send("NOOP\r\n");
    stream.close();
  };
  world.connect();
  world.simulator.run();
  CHECK(world.greeter.received == "NOOP\r\n");
  CHECK(world.caller.received == "250 NOOP\r\n");
  CHECK(world.caller.log == Lines{"connected", "eof", "finished"});
  CHECK(world.greeter.log == Lines{"accepted", "eof", "finished"});
  const auto& frames = world.trace.frames;
  const auto carries = [&](const std::string& text) {
    return std::ranges::any_of(
        frames, [&](const auto& frame) { return world.trace.octets(frame).ends_with(text); });
  };
  CHECK(carries(test::inverted("NOOP\r\n")));
  CHECK_FALSE(carries("NOOP\r\n"));
}

TEST_CASE("A layer comes in when both sides have agreed, in the middle of a dialogue") {
  LayeredWorld world;
  const auto secure = [](LayeredTransport& over, Program& program) {
    program.stream = &over.insert(*program.stream, program, std::make_unique<Inverter>());
  };
  world.greeter.then_octets = [&](Stream& stream, std::string_view octets) {
    stream.send(octets == "STARTTLS\r\n" ? "220 go ahead\r\n" : "250 hello\r\n");
    if (octets == "STARTTLS\r\n") secure(world.over_server, world.greeter);
  };
  world.caller.then_connected = [](Stream& stream) { stream.send("STARTTLS\r\n"); };
  world.caller.then_octets = [&](Stream& stream, std::string_view octets) {
    if (octets != "220 go ahead\r\n") return stream.close();
    const SocketId before = stream.id();
    secure(world.over_client, world.caller);
    CHECK(world.caller.stream->id() == before);
    world.caller.stream->send("EHLO pc\r\n");
  };
  world.greeter.closing_on_eof();
  world.connect();
  world.simulator.run();
  CHECK(world.greeter.received == "STARTTLS\r\nEHLO pc\r\n");
  CHECK(world.caller.received == "220 go ahead\r\n250 hello\r\n");
  Lines payloads;
  constexpr std::size_t kHeaders = 54, kFlags = 47;
  for (const trace::Frame& frame : world.trace.frames)
    if (const std::string_view octets = world.trace.octets(frame);
        (octets[kFlags] & inet::kPsh) != 0)
      payloads.emplace_back(octets.substr(kHeaders));
  CHECK(payloads == Lines{"STARTTLS\r\n", "220 go ahead\r\n", test::inverted("EHLO pc\r\n"),
                          test::inverted("250 hello\r\n")});
  CHECK(world.caller.log == Lines{"connected", "eof", "finished"});
}

TEST_CASE("A layer ends with its connection, however that ends, and is not kept") {
  const auto* moment = GENERATE("closed", "aborted", "refused", "power");
  CAPTURE(moment);
  int alive = 0;
  LayeredWorld world;
  world.put_under_both([&](const LayerPlace& place) {
    CHECK(place.port == 25);
    return std::make_unique<Counted>(alive);
  });
  const std::string how = moment;
  world.caller.then_octets = [&](Stream& stream, std::string_view) {
    if (how == "closed") stream.close();
    if (how == "aborted") stream.abort();
  };
  world.greeter.closing_on_eof();
  if (how == "refused") {
    world.over_client.connect(world.server.address(), 25, world.caller);
  } else {
    world.connect();
  }
  world.simulator.run();
  if (how != "refused") {
    CHECK(alive == 2);
    world.greeter.stream->send("220\r\n");
    world.simulator.run();
  }
  if (how == "power") {
    for (Node* node : {&world.client, &world.server}) node->power_off();
    world.over_client.clear();
    world.over_server.clear();
    world.simulator.run();
  }
  CHECK(alive == 0);
  const Lines last = how == "closed"    ? Lines{"connected", "eof", "finished"}
                     : how == "refused" ? Lines{"refused"}
                                        : Lines{"connected"};
  CHECK(world.caller.log == last);
}

TEST_CASE("After a power failure the same ports can be listened on again") {
  LayeredWorld world;
  CHECK(world.over_server.listen(25, world.greeter));
  CHECK_FALSE(world.over_server.listen(25, world.greeter));
  world.server.power_off();
  CHECK_FALSE(world.over_server.listen(25, world.greeter));
  world.over_server.clear();
  world.server.power_on();
  CHECK(world.over_server.listen(25, world.greeter));
  world.over_server.stop_listening(25);
  world.over_client.connect(world.server.address(), 25, world.caller);
  world.simulator.run();
  CHECK(world.caller.log == Lines{"refused"});
}
