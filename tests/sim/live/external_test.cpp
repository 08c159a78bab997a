// Streams from outside, seen from the program that is behind them.

#include "sim/net/external.hpp"

#include <catch2/catch.hpp>

#include "tests/sim/net/world.hpp"

namespace mailscope::sim::test {
namespace {

using Log = std::vector<std::string>;

// Somebody else's connection: notes what is asked of it.
struct Stranger final : ExternalPeer {
  void external_send(std::string octets) override {
    backlog += octets.size();
    log.push_back("send " + octets);
  }
  void external_close() override { log.push_back("close"); }
  void external_abort() override { log.push_back("abort"); }
  void external_read(bool on) override { log.push_back(on ? "read" : "do not read"); }
  std::uint64_t external_backlog() const override { return backlog; }

  Log log;
  std::uint64_t backlog = 0;
};

const Endpoint kGuest{IpAddress::v4(127, 0, 0, 1), 40'000};

struct Place : World {
  Place() : program(server) { server.listen(25, program); }
  ExternalStream* accept() { return server.accept_external(25, stranger, kGuest); }

  Program program;
  Stranger stranger;
};

TEST_CASE("a stream from outside comes to the program that listens") {
  Place place;
  place.program.then_accepted = [](Stream& stream) { stream.send("220 hello"); };
  ExternalStream* stream = place.accept();
  REQUIRE(stream);
  CHECK(place.program.stream == stream);
  CHECK(place.program.log == Log{"accepted"});
  CHECK(place.stranger.log == Log{"send 220 hello"});

  const auto info = place.server.socket(place.program.socket);
  REQUIRE(info);
  CHECK(info->state == TcpState::Established);
  CHECK(info->remote == kGuest);
  CHECK(info->local == Endpoint{IpAddress::v4(10, 0, 0, 2), 25});
  CHECK(info->unsent == 9);
  CHECK(place.server.sockets().size() == 2);  // the listener, and this one
  CHECK(place.trace.frames.empty());
}

TEST_CASE("where nobody listens a stream from outside gets no socket") {
  Place place;
  CHECK(place.server.accept_external(110, place.stranger, kGuest) == nullptr);
  place.server.power_off();
  CHECK(place.accept() == nullptr);
}

TEST_CASE("what comes from outside reaches the program in order, and its end last") {
  Place place;
  place.program.closing_on_eof();
  ExternalStream* stream = place.accept();
  stream->octets("EH");
  stream->octets("LO");
  CHECK(place.program.received == "EHLO");
  stream->eof();
  CHECK(place.stranger.log == Log{"close"});
  CHECK(place.server.socket(place.program.socket)->state == TcpState::LastAck);
  CHECK_FALSE(stream->send("too late"));
  stream->closed(CloseReason::Finished);
  CHECK(place.program.log == Log{"accepted", "eof", "finished"});
  CHECK_FALSE(place.server.socket(place.program.socket));
}

TEST_CASE("pausing and aborting go to the stream, and after an abort nothing comes") {
  Place place;
  ExternalStream* stream = place.accept();
  stream->pause_reading();
  stream->resume_reading();
  stream->abort();
  CHECK(place.stranger.log == Log{"do not read", "read", "abort"});
  CHECK(place.program.log == Log{"accepted"});
  CHECK(place.server.sockets().size() == 1);  // the listener
}

TEST_CASE("a program hears when its backlog has gone, if it was large") {
  Place place;
  int writable = 0;
  place.program.then_writable = [&](Stream&) { ++writable; };
  ExternalStream* stream = place.accept();
  stream->writable();
  CHECK(writable == 0);
  stream->send(std::string(place.server.tcp_options().send_low_octets, 'x'));
  CHECK(stream->backlog() == place.server.tcp_options().send_low_octets);
  place.stranger.backlog = 0;
  stream->writable();
  stream->writable();
  CHECK(writable == 1);
}

TEST_CASE("power failure cuts the streams from outside, and their ids are never used again") {
  Place place;
  const SocketId id = place.accept()->id();
  place.server.power_off();
  CHECK(place.stranger.log == Log{"abort"});
  CHECK(place.program.log == Log{"accepted"});
  place.server.power_on();
  place.server.listen(25, place.program);
  CHECK(place.accept()->id() > id);
}

TEST_CASE("an observer sees every state of a stream from outside, its end by power failure too") {
  struct Observer final : NodeObserver {
    void on_socket_state(Node&, SocketId, TcpState before, TcpState after) override {
      seen.push_back(std::string(name(before)) + " " + std::string(name(after)));
    }
    Log seen;
  } observer;
  Place place;
  place.server.set_observer(&observer);
  place.accept();
  place.accept();
  place.server.power_off();
  CHECK(observer.seen == Log{"LISTEN ESTABLISHED", "LISTEN ESTABLISHED", "ESTABLISHED CLOSED",
                             "ESTABLISHED CLOSED"});
  CHECK(place.server.sockets().empty());
  CHECK(place.stranger.log == Log{"abort", "abort"});
}

}  // namespace
}  // namespace mailscope::sim::test
