// SMTP and POP3 through a layer that was put under the programs from outside.
#include <catch2/catch.hpp>

#include "protocols/inet/ethernet.hpp"
#include "protocols/inet/ip.hpp"
#include "protocols/inet/tcp.hpp"
#include "sim/hosts/maa_client.hpp"
#include "sim/hosts/maa_server.hpp"
#include "tests/sim/hosts/mail_world.hpp"
#include "tests/sim/net/inverter.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using namespace mailscope::sim::test;

namespace {

// What TCP carried, frame by frame.
std::vector<std::string> payloads(const trace::Trace& trace) {
  std::vector<std::string> list;
  for (const trace::Frame& frame : trace.frames) {
    const std::string_view text = trace.octets(frame);
    const inet::Octets octets(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    const inet::Octets packet = octets.subspan(inet::Ethernet::kOctets);
    if (inet::Ethernet::parse(octets)->type != inet::kEtherIpv4) continue;
    const inet::Ipv4 ip = inet::Ipv4::parse(packet).value();
    const inet::Octets segment = packet.first(ip.total_octets).subspan(ip.header_octets);
    const std::size_t header = inet::Tcp::parse(segment)->header_octets;
    list.emplace_back(segment.begin() + static_cast<std::ptrdiff_t>(header), segment.end());
  }
  return list;
}

// Alice writes to bob, and bob's MAA client fetches the letter.
struct Played {
  MailWorld world;
  MaaClient& fetching = world.pc->add<MaaClient>();
  UserAgent& bob = world.pc->add<UserAgent>(Account{"bob", "Bob Brown", "bob@beta.example", "bob"},
                                            "bob's user agent");

  explicit Played(const LayerFactory& factory) {
    world.beta.add<MaaServer>();
    for (Machine* machine : world.all())
      if (factory) machine->network().set_factory(factory);
    world.boot();
    world.alice.send(letter({"bob@beta.example"}, "Hi", "Can you read this?\n"));
    world.run();
    fetching.fetch(bob, "mail.beta.example", {});
    world.run();
  }
};

}  // namespace

TEST_CASE("a letter goes by SMTP and POP3 through a layer, and on the wire every bit is inverted") {
  Played plain({}), layered(inverters());
  REQUIRE(plain.bob.inbox().size() == 1);
  REQUIRE(layered.bob.inbox().size() == 1);
  CHECK(has(layered.bob.inbox()[0], "Can you read this?"));
  CHECK(layered.bob.inbox()[0] == plain.bob.inbox()[0]);
  const auto clear = payloads(plain.world.trace), hidden = payloads(layered.world.trace);
  REQUIRE(clear.size() > 30);
  REQUIRE(hidden.size() == clear.size());
  for (std::size_t i = 0; i < clear.size(); ++i) REQUIRE(hidden[i] == inverted(clear[i]));
}

TEST_CASE("one side with a layer and the other without do not understand each other") {
  MailWorld world;
  world.beta.network().set_factory(inverters());
  world.boot();
  world.alice.send(letter({"bob@beta.example"}));
  world.run_for(kMinute);
  CHECK(called(world) == std::vector<std::string>{"10.0.0.2"});
  CHECK(world.box(world.beta, "bob").empty());
}
