// Real sockets of this machine (loopback, any free port) in front of a simulated host. The guests
// here write first and read later, so that one thread is enough.

#include "sim/live/live_loop.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include "tests/sim/net/world.hpp"

namespace mailscope::sim::test {
namespace {

using boost::asio::ip::tcp;

struct House : World {
  explicit House(LiveLimits limits = {}, bool by_lines = false)
      : program(server), loop(network, trace, recorder, limits) {
    server.listen(25, program);
    const auto given =
        loop.listen({&server, 25, "421 server ", "421 server idle", "421 server off", by_lines},
                    IpAddress::v4(127, 0, 0, 1), 0);
    REQUIRE(given);
    port = *given;
  }

  tcp::socket call() {
    tcp::socket socket(io);
    socket.connect({boost::asio::ip::address_v4::loopback(), port});
    socket.non_blocking(true);
    return socket;
  }
  static void say(tcp::socket& socket, std::string_view octets) {
    boost::asio::write(socket, boost::asio::buffer(octets.data(), octets.size()));
  }
  // Serves until the guest has heard so many octets, or the end.
  std::string hear(tcp::socket& socket, std::size_t octets = SIZE_MAX) {
    std::string heard;
    char buffer[4096];
    for (int turns = 0; turns < 2000 && heard.size() < octets; ++turns) {
      loop.serve_for(5 * kMillisecond);
      boost::system::error_code failed;
      const std::size_t count = socket.read_some(boost::asio::buffer(buffer), failed);
      heard.append(buffer, count);
      if (failed && failed != boost::asio::error::would_block) break;
    }
    return heard;
  }

  Program program;
  LiveLoop loop;
  boost::asio::io_context io;
  std::uint16_t port = 0;
};

TEST_CASE("a real connection is served by the simulated program, and recorded") {
  House house;
  house.program.closing_on_eof();
  house.program.then_accepted = [](Stream& stream) { stream.send("220 hello\r\n"); };
  house.program.then_octets = [&](Stream& stream, std::string_view octets) {
    stream.send("250 " + std::string(octets));
  };
  tcp::socket guest = house.call();
  CHECK(house.hear(guest, 11) == "220 hello\r\n");
  house.say(guest, "NOOP\r\n");
  CHECK(house.hear(guest, 10) == "250 NOOP\r\n");
  guest.shutdown(tcp::socket::shutdown_send);
  CHECK(house.hear(guest).empty());
  house.loop.serve_for(5 * kMillisecond);
  CHECK(house.program.log == std::vector<std::string>{"accepted", "eof", "finished"});
  CHECK(house.loop.counts().accepted == 1);
  CHECK(house.loop.counts().open == 0);
  CHECK(house.loop.counts().octets_received == 6);
  CHECK(house.loop.counts().octets_sent == 21);

  CHECK(house.trace.hosts.back().name == "127.0.0.1");
  CHECK(house.trace.links.back().kind == "loopback");
  const std::vector<trace::Frame>& frames = house.trace.frames;
  REQUIRE(frames.size() == 10);  // handshake, three texts, a FIN and its ACK each way
  for (std::size_t i = 1; i < frames.size(); ++i) CHECK(frames[i - 1].sent <= frames[i].sent);
}

TEST_CASE("what the simulated world does later reaches a real guest") {
  struct Later final : Handler {
    explicit Later(House& the_house) : house(the_house) {}
    void on_event(std::uint64_t) override { house.program.stream->send("late\r\n"); }
    House& house;
  };
  House house;
  Later later(house);
  house.program.then_accepted = [&](Stream&) {
    house.simulator.schedule_after(20 * kMillisecond, later);
  };
  tcp::socket guest = house.call();
  house.loop.serve_for(200 * kMillisecond);  // in one go: nothing else wakes the loop
  char heard[6] = {};
  boost::system::error_code failed;
  guest.read_some(boost::asio::buffer(heard), failed);
  CHECK(std::string_view(heard, 6) == "late\r\n");
  CHECK(house.simulator.now() >= 20 * kMillisecond);
}

TEST_CASE("one guest too many is told so and closed, and room comes again") {
  House house({.connections = 2});
  house.program.then_accepted = [](Stream& stream) { stream.send("220\r\n"); };
  house.program.closing_on_eof();
  tcp::socket first = house.call(), second = house.call(), third = house.call();
  CHECK(house.hear(second, 5) == "220\r\n");
  CHECK(house.hear(third) ==
        "421 server Too many connections (2 at a time), please try again later\r\n");
  CHECK(house.loop.counts().refused == 1);
  third.close();
  first.close();
  for (int turns = 0; turns < 200 && house.loop.counts().open > 1; ++turns)
    house.loop.serve_for(5 * kMillisecond);
  tcp::socket fourth = house.call();
  CHECK(house.hear(fourth, 5) == "220\r\n");
}

TEST_CASE("at the end every guest is told, and the program forgets them") {
  House house({.linger = 50 * kMillisecond});
  tcp::socket guest = house.call();
  house.loop.serve_for(5 * kMillisecond);
  house.loop.shut_down();
  CHECK(house.hear(guest) == "421 server off\r\n");
  CHECK(house.program.log == std::vector<std::string>{"accepted", "finished"});
  boost::system::error_code failed;
  tcp::socket late(house.io);
  late.connect({boost::asio::ip::address_v4::loopback(), house.port}, failed);
  CHECK(failed);
}

TEST_CASE("a program that aborts resets the real connection") {
  House house;
  house.program.then_octets = [](Stream& stream, std::string_view) { stream.abort(); };
  tcp::socket guest = house.call();
  house.say(guest, "x");
  CHECK(house.hear(guest).empty());
  char octet;
  boost::system::error_code failed;
  guest.read_some(boost::asio::buffer(&octet, 1), failed);
  CHECK(failed);
  CHECK(house.loop.counts().open == 0);
}

TEST_CASE("a guest who does not read is not read from") {
  House house({.backlog_octets = 10'000}, true);
  int asked = 0;
  house.program.then_octets = [&](Stream& stream, std::string_view) {
    ++asked;
    stream.send(std::string(4 << 20, 'x'));
  };
  tcp::socket guest = house.call();
  for (int line = 0; line < 50; ++line) house.say(guest, "RETR 1\r\n");
  for (int turns = 0; turns < 20; ++turns) house.loop.serve_for(5 * kMillisecond);
  CHECK(asked < 10);  // the kernel's own buffers take some megabytes
  const std::size_t all = 50 * (std::size_t{4} << 20);
  std::string buffer(1 << 20, ' ');
  std::size_t heard = 0;
  for (int turns = 0; turns < 100'000 && heard < all; ++turns) {
    house.loop.serve_for(kMillisecond / 10);
    boost::system::error_code failed;
    heard += guest.read_some(boost::asio::buffer(buffer), failed);
  }
  CHECK(heard == all);
  CHECK(asked == 50);
}

TEST_CASE("beyond its bound the record ends, and guests are served all the same") {
  House house({.record_octets = 2000});
  int full = 0;
  house.loop.on_full([&] { ++full; });
  house.program.then_accepted = [&](Stream& stream) {
    stream.send(std::string(1000, 'x'));
    stream.close();
  };
  for (int turn = 0; turn < 4; ++turn) {
    tcp::socket guest = house.call();
    CHECK(house.hear(guest).size() == 1000);
  }
  CHECK(full == 1);
  CHECK_FALSE(house.loop.recording());
  CHECK(house.loop.counts().accepted == 4);
  CHECK(house.loop.counts().unrecorded >= 2);
  CHECK(house.trace.store.memory_octets() < 4000);
}

TEST_CASE("a port that is taken is one line") {
  House house;
  const auto second = house.loop.listen({&house.server, 25, "", "", "", false},
                                        IpAddress::v4(127, 0, 0, 1), house.port);
  REQUIRE_FALSE(second);
  CHECK(second.error() ==
        "cannot listen on 127.0.0.1:" + std::to_string(house.port) + ": Address already in use");
}

}  // namespace
}  // namespace mailscope::sim::test
