// The worked example of sim/README.md.
#include <catch2/catch.hpp>

#include "sim/net/network.hpp"
#include "sim/net/recorder.hpp"

using namespace mailscope;
using namespace mailscope::sim;

namespace {

struct Greeter final : StreamUser {
  void on_accepted(Stream& stream) override { stream.send("220 hello\r\n"); }
  void on_octets(Stream&, std::string_view) override {}
  void on_eof(Stream& stream) override { stream.close(); }
};
struct Caller final : StreamUser {
  void on_octets(Stream& stream, std::string_view octets) override {
    heard += octets, stream.close();
  }
  std::string heard;
};

}  // namespace

TEST_CASE("The README's example does what it says") {
  Simulator simulator;
  trace::Trace trace;
  Recorder recorder(trace);
  Network network(simulator, /*seed=*/1, &recorder);
  Node& alice = network.add_node("alice-pc");
  Node& server = network.add_node("mail.alpha.example");
  Link& link = network.add_link("alice-pc - mail.alpha.example", *link_preset("dsl"));
  network.attach(alice, link, IpAddress::v4(10, 0, 1, 2), 24);
  network.attach(server, link, IpAddress::v4(10, 0, 1, 25), 24);
  recorder.describe(network);

  Greeter greeter;
  Caller caller;
  server.listen(25, greeter);
  alice.connect(server.address(), 25, caller);
  simulator.run();
  CHECK(caller.heard == "220 hello\r\n");
  CHECK(trace.frames.size() == 9);
}
