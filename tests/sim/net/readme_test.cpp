// The worked example of sim/README.md.
#include <catch2/catch.hpp>

#include "sim/net/network.hpp"
#include "sim/net/recorder.hpp"

using namespace mailscope;
using namespace mailscope::sim;

namespace {

struct Greeter final : StreamUser {
  explicit Greeter(Node& n) : node(n) {}
  void on_accepted(SocketId, SocketId id) override { node.send(id, "220 hello\r\n"); }
  void on_octets(SocketId, std::string_view) override {}
  void on_eof(SocketId id) override { node.close(id); }
  Node& node;
};
struct Caller final : StreamUser {
  explicit Caller(Node& n) : node(n) {}
  void on_octets(SocketId id, std::string_view octets) override { heard += octets, node.close(id); }
  Node& node;
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

  Greeter greeter(server);
  Caller caller(alice);
  server.listen(25, greeter);
  alice.connect(server.address(), 25, caller);
  simulator.run();
  CHECK(caller.heard == "220 hello\r\n");
  CHECK(trace.frames.size() == 9);
}
