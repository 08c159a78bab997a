// The connection's life, frame by frame. Sequence numbers are relative; see world.hpp.
#include <catch2/catch.hpp>

#include "world.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using test::Program;
using test::World;

namespace {

using Lines = std::vector<std::string>;

TcpState state_of(const Node& node, SocketId id) {
  const auto info = node.socket(id);
  return info ? info->state : TcpState::Closed;
}

// The next ephemeral port will be the one that was given out 16384 connections ago.
void go_around_the_ports(World& world, Program& program) {
  for (int i = 0; i < 16383; ++i)
    world.client.connect(IpAddress::v4(127, 0, 0, 9), 9, program)->abort();
}

}  // namespace

TEST_CASE("A connection opens in three segments, carries a line each way, and closes") {
  World world;
  Program server(world.server), client(world.client);
  world.server.listen(25, server);
  server.then_accepted = [&](Stream& stream) { stream.send("220 hello\r\n"); };
  client.then_octets = [&](Stream& stream, std::string_view) {
    if (client.received == "220 hello\r\n") stream.send("QUIT\r\n");
    if (client.received == "220 hello\r\n221 bye\r\n") stream.close();
  };
  server.then_octets = [&](Stream& stream, std::string_view) { stream.send("221 bye\r\n"); };
  server.closing_on_eof();
  world.client.connect(world.server.address(), 25, client);
  world.simulator.run();
  CHECK(test::frames_in_words(world.trace) == Lines{
                                                  "client ARP who has 10.0.0.2",
                                                  "server ARP 10.0.0.2 is here",
                                                  "client SYN 0",
                                                  "server SYN,ACK 0 1",
                                                  "client ACK 1 1",
                                                  "server PSH,ACK 1 1 +11",
                                                  "client PSH,ACK 1 12 +6",
                                                  "server PSH,ACK 12 7 +9",
                                                  "client FIN,ACK 7 21",
                                                  "server FIN,ACK 21 8",
                                                  "client ACK 8 22",
                                              });
  CHECK(client.log == Lines{"connected", "eof", "finished"});
  CHECK(server.log == Lines{"accepted", "eof", "finished"});
  CHECK(state_of(world.client, client.socket) == TcpState::TimeWait);
  CHECK(world.server.socket(server.socket) == std::nullopt);
  // TIME-WAIT keeps nobody busy, and is over after a minute.
  CHECK(world.simulator.now() < kSecond);
  world.simulator.run_until(2 * kMinute);
  CHECK(world.client.socket(client.socket) == std::nullopt);
  CHECK(world.network.frames().in_use() == 0);
}

TEST_CASE("A server that closes later acknowledges the FIN first") {
  World world;
  Program server(world.server), client(world.client);
  world.server.listen(25, server);
  client.then_connected = [&](Stream& stream) { stream.close(); };
  world.client.connect(world.server.address(), 25, client);
  world.simulator.run();
  CHECK(state_of(world.client, client.socket) == TcpState::FinWait2);
  CHECK(state_of(world.server, server.socket) == TcpState::CloseWait);
  // The other half is still open.
  CHECK(server.stream->send("late"));
  world.simulator.run();
  CHECK(client.received == "late");
  server.stream->close();
  CHECK_FALSE(server.stream->send("too late"));
  CHECK(state_of(world.server, server.socket) == TcpState::LastAck);
  world.simulator.run();
  CHECK(test::segments_in_words(world.trace) ==
        Lines{"client SYN 0", "server SYN,ACK 0 1", "client ACK 1 1", "client FIN,ACK 1 1",
              "server ACK 1 2", "server PSH,ACK 1 2 +4", "client ACK 2 5", "server FIN,ACK 5 2",
              "client ACK 2 6"});
  CHECK(state_of(world.client, client.socket) == TcpState::TimeWait);
}

TEST_CASE("Both sides close at the same time") {
  World world;
  Program server(world.server), client(world.client);
  world.server.listen(25, server);
  world.client.connect(world.server.address(), 25, client);
  world.simulator.run();
  client.stream->close();
  server.stream->close();
  world.simulator.run();
  const Lines lines = test::segments_in_words(world.trace);
  CHECK(Lines(lines.begin() + 3, lines.end()) ==
        Lines{"client FIN,ACK 1 1", "server FIN,ACK 1 1", "server ACK 2 2", "client ACK 2 2"});
  CHECK(state_of(world.client, client.socket) == TcpState::TimeWait);
  CHECK(state_of(world.server, server.socket) == TcpState::TimeWait);
  CHECK(client.log == Lines{"connected", "eof", "finished"});
  CHECK(server.log == Lines{"accepted", "eof", "finished"});
}

TEST_CASE("Both sides open at the same time and get one connection") {
  World world;
  Program one(world.client), two(world.server);
  Stream& a = *world.client.connect(world.server.address(), 49152, one);
  Stream& b = *world.server.connect(world.client.address(), 49152, two);
  world.simulator.run();
  CHECK(one.log == Lines{"connected"});
  CHECK(two.log == Lines{"connected"});
  CHECK(state_of(world.client, a.id()) == TcpState::Established);
  CHECK(state_of(world.server, b.id()) == TcpState::Established);
  a.send("hello");
  b.send("you too");
  world.simulator.run();
  CHECK(two.received == "hello");
  CHECK(one.received == "you too");
}

TEST_CASE("A port where nobody listens refuses") {
  World world;
  Program client(world.client);
  world.client.connect(world.server.address(), 25, client);
  world.simulator.run();
  CHECK(client.log == Lines{"refused"});
  CHECK(test::segments_in_words(world.trace) == Lines{"client SYN 0", "server RST,ACK 0 1"});
  CHECK(world.client.sockets().empty());
}

TEST_CASE("An abort resets the other side and calls nobody back at home") {
  World world;
  Program server(world.server), client(world.client);
  world.server.listen(25, server);
  world.client.connect(world.server.address(), 25, client);
  world.simulator.run();
  client.stream->send("some octets");
  client.stream->abort();
  CHECK(world.client.socket(client.socket) == std::nullopt);
  world.simulator.run();
  CHECK(client.log == Lines{"connected"});
  CHECK(server.log == Lines{"accepted", "reset"});
  CHECK(server.received == "some octets");
  const Lines lines = test::segments_in_words(world.trace);
  CHECK(lines.back() == "client RST,ACK 12 1");
}

TEST_CASE("A host that is off is tried seven times in 127 seconds") {
  World world;
  Program server(world.server), client(world.client);
  test::exchange(world, "hello");  // acquaints them
  world.server.power_off();
  const Time begin = world.simulator.now();
  world.client.connect(world.server.address(), 26, client);
  world.simulator.run();
  CHECK(client.log == Lines{"timed out"});
  CHECK(client.closed_at - begin == 127 * kSecond);
  Lines lines = test::segments_in_words(world.trace);
  CHECK(std::count(lines.begin(), lines.end(), "client SYN 0 lost") == 7);
}

TEST_CASE("A lost SYN and a lost SYN,ACK are sent again after a second") {
  World world;
  Program server(world.server), client(world.client);
  test::exchange(world, "");
  const std::size_t before = test::segments_in_words(world.trace).size();
  world.server.listen(26, server);
  SECTION("SYN") {
    world.link.drop_next(1, world.client.id());
    world.client.connect(world.server.address(), 26, client);
    world.simulator.run();
    Lines lines = test::segments_in_words(world.trace);
    CHECK(Lines(lines.begin() + static_cast<int>(before), lines.end()) ==
          Lines{"client SYN 0 lost", "client SYN 0", "server SYN,ACK 0 1", "client ACK 1 1"});
    CHECK(world.client.socket(client.socket)->congestion_window == 1460);
    CHECK(world.client.socket(client.socket)->rto == 3 * kSecond);
  }
  SECTION("SYN,ACK") {
    world.link.drop_next(1, world.server.id());
    world.client.connect(world.server.address(), 26, client);
    world.simulator.run();
    CHECK(client.log == Lines{"connected"});
    CHECK(server.log == Lines{"accepted"});
  }
  CHECK(world.simulator.now() > kSecond);
}

TEST_CASE("A peer that vanishes is given up after eight retries, doubling each time") {
  World world;
  Program server(world.server), client(world.client);
  world.server.listen(25, server);
  world.client.connect(world.server.address(), 25, client);
  world.simulator.run();
  world.server.power_off();
  const std::size_t before = world.trace.frames.size();
  const Time begin = world.simulator.now();
  client.stream->send("anybody there?");
  world.simulator.run();
  CHECK(client.log == Lines{"connected", "timed out"});
  std::vector<Time> sent;
  for (std::size_t i = before; i < world.trace.frames.size(); ++i)
    sent.push_back((world.trace.frames[i].sent - begin) / kSecond);
  CHECK(sent == std::vector<Time>{0, 1, 3, 7, 15, 31, 63, 127, 247});
  CHECK(server.log == Lines{"accepted"});
}

TEST_CASE("A host that crashed and came back resets what it no longer knows") {
  World world;
  Program server(world.server), client(world.client);
  world.server.listen(25, server);
  world.client.connect(world.server.address(), 25, client);
  world.simulator.run();
  world.server.power_off();
  CHECK(world.server.sockets().empty());
  world.server.power_on();
  client.stream->send("do you remember?");
  world.simulator.run();
  CHECK(client.log == Lines{"connected", "reset"});
  CHECK(server.log == Lines{"accepted"});
  CHECK(test::segments_in_words(world.trace).back() == "server RST 1");
  CHECK(world.network.frames().in_use() == 0);
}

TEST_CASE("A half-open connection is found out by the SYN that comes in its place") {
  World world;
  Program server(world.server), client(world.client);
  world.server.listen(25, server);
  world.client.connect(world.server.address(), 25, client);
  world.simulator.run();
  world.client.power_off();
  world.client.power_on();
  Program again(world.client);
  go_around_the_ports(world, again);
  world.simulator.run();
  const std::size_t before = test::segments_in_words(world.trace).size();
  world.client.connect(world.server.address(), 25, again);
  world.simulator.run();
  CHECK(again.log == Lines{"connected"});
  CHECK(server.log == Lines{"accepted", "reset", "accepted"});
  // RFC 9293 figure 9: SYN, ACK of the old connection, RST; and the SYN once more.
  Lines flags;
  for (const std::string& line : test::segments_in_words(world.trace))
    flags.push_back(line.substr(0, line.find(' ', 7)));
  CHECK(Lines(flags.begin() + static_cast<int>(before), flags.end()) ==
        Lines{"client SYN", "server ACK", "client RST", "client SYN", "server SYN,ACK",
              "client ACK"});
}

TEST_CASE("A host may lose power inside any callback") {
  for (const char* moment : {"accepted", "octets", "eof"}) {
    CAPTURE(moment);
    World world;
    Program server(world.server), client(world.client);
    world.server.listen(25, server);
    const auto crash = [&](const char* when) {
      if (std::string(when) == moment) world.server.power_off();
    };
    server.then_accepted = [&](Stream&) { crash("accepted"); };
    server.then_octets = [&](Stream&, std::string_view) { crash("octets"); };
    server.then_eof = [&](Stream&) { crash("eof"); };
    client.then_connected = [&](Stream& stream) {
      stream.send(test::pattern(20'000));
      stream.close();
    };
    world.client.connect(world.server.address(), 25, client);
    world.simulator.run();
    CHECK_FALSE(world.server.powered());
    CHECK(client.log == Lines{"connected", "timed out"});
    CHECK(world.network.frames().in_use() == 0);
  }
}

TEST_CASE("Sockets may be opened, closed and aborted inside callbacks") {
  World world;
  Program server(world.server), client(world.client);
  world.server.listen(25, server);
  server.then_octets = [&](Stream& stream, std::string_view) { stream.abort(); };
  int left = 20;
  client.then_connected = [&](Stream& stream) { stream.send(test::pattern(5000)); };
  client.then_closed = [&](Stream&, CloseReason reason) {
    CHECK(reason == CloseReason::Reset);
    if (--left > 0) world.client.connect(world.server.address(), 25, client);
  };
  world.client.connect(world.server.address(), 25, client);
  world.simulator.run();
  CHECK(left == 0);
  CHECK(client.socket == 20);
  CHECK(world.network.frames().in_use() == 0);
}

TEST_CASE("A listener that was closed accepts nobody, also not a handshake half done") {
  World world;
  test::exchange(world, "");
  Program server(world.server), client(world.client);
  CHECK(world.server.listen(26, server));
  CHECK_FALSE(world.server.listen(26, server));
  CHECK(world.server.sockets().back().listening);
  world.client.connect(world.server.address(), 26, client);
  world.simulator.run_until(world.simulator.now() + 80 * kMicrosecond);
  world.server.stop_listening(26);
  world.simulator.run();
  CHECK(server.log.empty());
  CHECK(client.log == Lines{"connected", "reset"});
}

TEST_CASE("The second segment is acknowledged at once, a single one after 40 ms") {
  World world;
  Program server(world.server), client(world.client);
  world.server.listen(25, server);
  world.client.connect(world.server.address(), 25, client);
  world.simulator.run();
  const std::size_t before = world.trace.frames.size();
  client.stream->send("one segment");
  world.simulator.run();
  REQUIRE(world.trace.frames.size() == before + 2);
  CHECK(world.trace.frames.back().sent - world.trace.frames[before].received == 40 * kMillisecond);
  client.stream->send(std::string(2920, 'x'));
  world.simulator.run();
  REQUIRE(world.trace.frames.size() == before + 5);
  CHECK(world.trace.frames.back().sent == world.trace.frames[before + 3].received);
}

TEST_CASE("Nagle holds small segments back while one is on its way, unless turned off") {
  World world;
  const bool nagle = GENERATE(true, false);
  world.client.tcp_options().nagle = nagle;
  Program server(world.server), client(world.client);
  world.server.listen(25, server);
  client.then_connected = [&](Stream& stream) {
    for (const char* text : {"a", "bb", "ccc"}) stream.send(text);
  };
  world.client.connect(world.server.address(), 25, client);
  world.simulator.run();
  CHECK(server.received == "abbccc");
  const Lines lines = test::segments_in_words(world.trace);
  if (nagle)
    CHECK(Lines(lines.begin() + 3, lines.end()) == Lines{"client PSH,ACK 1 1 +1", "server ACK 1 2",
                                                         "client PSH,ACK 2 1 +5",
                                                         "server ACK 1 7"});
  else
    CHECK(Lines(lines.begin() + 3, lines.begin() + 6) ==
          Lines{"client PSH,ACK 1 1 +1", "client PSH,ACK 2 1 +2", "client PSH,ACK 4 1 +3"});
}

TEST_CASE("Octets sent before the connection is made go out with it, and PSH ends each send") {
  World world;
  Program server(world.server), client(world.client);
  world.server.listen(25, server);
  Stream& stream = *world.client.connect(world.server.address(), 25, client);
  CHECK(stream.send(std::string(2000, 'a')));
  CHECK(stream.backlog() == 2000);
  world.simulator.run();
  CHECK(server.received == std::string(2000, 'a'));
  CHECK(stream.backlog() == 0);
  const Lines lines = test::segments_in_words(world.trace);
  CHECK(lines[3] == "client ACK 1 1 +1460");
  CHECK(lines[4] == "client PSH,ACK 1461 1 +540");
}

TEST_CASE("A reader that pauses closes the window, and probes ask until it opens") {
  World world;
  Program server(world.server), client(world.client);
  world.server.tcp_options().receive_window = 10'000;
  world.server.listen(25, server);
  server.then_accepted = [&](Stream& stream) { stream.pause_reading(); };
  const std::string octets = test::pattern(50'000);
  client.then_connected = [&](Stream& stream) {
    stream.send(octets);
    stream.close();
  };
  server.closing_on_eof();
  world.client.connect(world.server.address(), 25, client);
  world.simulator.run_until(20 * kSecond);
  CHECK(server.received.empty());
  CHECK(world.server.socket(server.socket)->held == 10'000);
  CHECK(world.server.socket(server.socket)->receive_window == 0);
  CHECK(world.client.socket(client.socket)->send_window == 0);
  CHECK(client.log == Lines{"connected"});
  const Lines lines = test::segments_in_words(world.trace);
  // After 1, 3, 7, 15 seconds.
  CHECK(std::count(lines.begin(), lines.end(), "client ACK 10001 1 +1") == 4);
  SECTION("the window opens") {
    server.stream->resume_reading();
    CHECK(server.received.empty());  // not within the call
    world.simulator.run();
    CHECK(server.received == octets);
    CHECK(client.log == Lines{"connected", "eof", "finished"});
    CHECK(world.simulator.now() < 21 * kSecond);
  }
  SECTION("the reader stays away for an hour, and the connection stays") {
    world.simulator.run_until(kHour);
    CHECK(client.log == Lines{"connected"});
    server.stream->resume_reading();
    world.simulator.run();
    CHECK(server.received == octets);
  }
  SECTION("the reader's host dies, and the connection with it") {
    world.server.power_off();
    world.simulator.run();
    CHECK(client.log == Lines{"connected", "timed out"});
  }
}

TEST_CASE("A reader that reads in gulps gets everything, and no window shrinks") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    World world({}, seed);
    RandomStream random(seed, "gulps");
    Program server(world.server), client(world.client);
    world.server.tcp_options().receive_window =
        static_cast<std::uint32_t>(random.between(1000, 200'000));
    world.server.listen(25, server);
    server.then_octets = [&](Stream& stream, std::string_view) {
      if (random.chance(0.2)) stream.pause_reading();
    };
    server.closing_on_eof();
    const std::string octets = test::pattern(400'000, seed);
    client.then_connected = [&](Stream& stream) {
      stream.send(octets);
      stream.close();
    };
    world.client.connect(world.server.address(), 25, client);
    for (int i = 0; i < 100'000 && client.closed_at == kNever; ++i) {
      world.simulator.run_until(world.simulator.now() + random.exponential(kMillisecond));
      if (server.socket) server.stream->resume_reading();
    }
    REQUIRE(server.received == octets);
  }
}

TEST_CASE("Sequence numbers wrap in the handshake, in the text and at the FIN") {
  for (const std::uint32_t isn : {0xffffffffu, 0xfffffffeu, 0xfffffff0u, 0xffffffffu - 1460,
                                  0xffffffffu - 50'000, 0x7fffffffu, 0x7fffff00u}) {
    CAPTURE(isn);
    LinkOptions options;
    options.loss = 0.02;
    World world(options, isn);
    for (Node* node : {&world.client, &world.server}) {
      node->tcp_options().fixed_isn = true;
      node->tcp_options().isn = isn;
    }
    const std::string octets = test::pattern(120'000), answer = test::pattern(60'000, 2);
    const test::Exchange result = test::exchange(world, octets, answer);
    CHECK(result.server_received == octets);
    CHECK(result.client_received == answer);
    CHECK(result.client_log == Lines{"connected", "eof", "finished"});
  }
}

TEST_CASE("The writer is told when its backlog is low") {
  World world;
  Program server(world.server), client(world.client);
  world.server.listen(25, server);
  int told = 0;
  client.then_connected = [&](Stream& stream) { stream.send(std::string(200'000, 'x')); };
  client.then_writable = [&](Stream& stream) {
    ++told;
    CHECK(stream.backlog() < 65'536);
  };
  world.client.connect(world.server.address(), 25, client);
  world.simulator.run();
  CHECK(told == 1);
}

TEST_CASE("A small MTU makes small segments") {
  LinkOptions options;
  options.mtu = 576;
  World world(options);
  const std::string octets = test::pattern(10'000);
  CHECK(test::exchange(world, octets).server_received == octets);
  std::uint32_t largest = 0;
  for (const trace::Frame& frame : world.trace.frames) largest = std::max(largest, frame.octets);
  CHECK(largest == 14 + 576);
}

TEST_CASE("A port pair in TIME-WAIT may be used again") {
  World world;
  CHECK(test::exchange(world, "first").server_received == "first");
  // The same four-tuple: go around all ephemeral ports.
  Program server(world.server), client(world.client);
  world.server.listen(26, server);
  server.closing_on_eof();
  client.then_connected = [&](Stream& stream) { stream.close(); };
  Stream& stream = *world.client.connect(world.server.address(), 26, client);
  const SocketId first = stream.id();
  CHECK(stream.local().port == 49153);
  world.simulator.run();
  CHECK(world.client.socket(first)->state == TcpState::TimeWait);
  CHECK(world.client.sockets().size() == 2);
}

TEST_CASE("A new SYN takes over a connection in the server's TIME-WAIT") {
  World world;
  Program server(world.server), client(world.client);
  world.server.listen(25, server);
  // The server closes first, so TIME-WAIT is on its side; the client crashes and reuses the port.
  server.then_accepted = [&](Stream& stream) { stream.close(); };
  client.closing_on_eof();
  world.client.connect(world.server.address(), 25, client);
  world.simulator.run();
  CHECK(world.server.socket(server.socket)->state == TcpState::TimeWait);
  const SocketId before = server.socket;
  go_around_the_ports(world, client);
  world.client.connect(world.server.address(), 25, client);
  world.simulator.run();
  CHECK(server.socket > before);
  CHECK(world.server.socket(before) == std::nullopt);
  CHECK(client.log == Lines{"connected", "eof", "finished", "connected", "eof", "finished"});
}

TEST_CASE("Many connections at once do not mix") {
  World world;
  constexpr int kClients = 400;
  struct Echo final : StreamUser {
    void on_octets(Stream& stream, std::string_view octets) override {
      stream.send(std::string(octets));
    }
    void on_eof(Stream& stream) override { stream.close(); }
  } echo;
  world.server.listen(7, echo);
  std::vector<std::unique_ptr<Program>> clients;
  for (int i = 0; i < kClients; ++i) {
    auto& program = *clients.emplace_back(std::make_unique<Program>(world.client));
    const std::string text =
        test::pattern(static_cast<std::size_t>(100 + 37 * i), static_cast<std::uint64_t>(i));
    program.then_connected = [text](Stream& stream) {
      stream.send(text);
      stream.close();
    };
    world.client.connect(world.server.address(), 7, program);
  }
  world.simulator.run();
  for (int i = 0; i < kClients; ++i) {
    const Program& program = *clients[static_cast<std::size_t>(i)];
    REQUIRE(program.received ==
            test::pattern(static_cast<std::size_t>(100 + 37 * i), static_cast<std::uint64_t>(i)));
    REQUIRE(program.log == Lines{"connected", "eof", "finished"});
  }
  CHECK(world.client.sockets().size() == kClients);  // all in TIME-WAIT
  world.simulator.run_until(10 * kMinute);
  CHECK(world.client.sockets().empty());
  CHECK(world.server.sockets().size() == 1);
}

TEST_CASE("An observer sees every state of a socket") {
  struct Observer final : NodeObserver {
    void on_socket_state(Node& node, SocketId, TcpState before, TcpState after) override {
      seen.push_back(node.name() + " " + std::string(name(before)) + " " +
                     std::string(name(after)));
    }
    void on_power(Node& node, bool on) override {
      seen.push_back(node.name() + (on ? " on" : " off"));
    }
    Lines seen;
  } observer;
  World world;
  world.client.set_observer(&observer);
  test::exchange(world, "x");
  world.simulator.run_until(kHour);
  CHECK(observer.seen == Lines{"client CLOSED SYN-SENT", "client SYN-SENT ESTABLISHED",
                               "client ESTABLISHED FIN-WAIT-1", "client FIN-WAIT-1 FIN-WAIT-2",
                               "client FIN-WAIT-2 TIME-WAIT", "client TIME-WAIT CLOSED"});
}
