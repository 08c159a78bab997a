// Hosts with an address of each version, and hosts with IPv6 only: who calls whom, and what becomes
// of it when an attempt fails.
#include <catch2/catch.hpp>

#include "sim/hosts/maa_client.hpp"
#include "sim/hosts/maa_server.hpp"
#include "tests/sim/hosts/dns_world.hpp"
#include "tests/sim/hosts/mail_world.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using namespace mailscope::sim::test;

namespace {

constexpr Versions kBoth{true, true};
constexpr Versions kIpv6Only{false, true};

// beta's users fetch from the computer.
struct FetchWorld : MailWorld {
  MaaClient& fetching = pc->add<MaaClient>();
  UserAgent& far_bob = pc->add<UserAgent>(Account{"bob", "Bob Brown", "bob@beta.example", "bob"},
                                          "bob's user agent");
  explicit FetchWorld(Versions which) : MailWorld(true, which) { beta.add<MaaServer>(); }
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("both attempts of the race fail: the mail waits in the spool and is sent once, later") {
  MailWorld world(true, kBoth);
  world.alpha.config.queue.first_retry = 5 * kMinute;
  world.boot();
  const bool unreachable = GENERATE(true, false);
  CAPTURE(unreachable);
  if (unreachable) {
    world.link.set_up(false);  // nobody answers
  } else {
    LinkOptions far = world.link.options();
    far.latency = 200 * kMillisecond;  // the refusals come when both calls are out
    world.link.set_options(far);
    world.beta.network().stop_listening(25);
  }
  world.alice.send(letter({"bob@beta.example"}));
  world.run_for(4 * kMinute);
  CHECK(called(world) == Texts{"2001:db8::2", "10.0.0.2"});
  CHECK(world.told("no answer over IPv6 for 250 ms: the MTA client tries 10.0.0.2 as well") == 1);
  CHECK(world.told("the connection is over") == 2);
  CHECK(world.told("attempt 2 comes in 300 s") == 1);
  CHECK(world.alpha.store().spool().size() == 1);

  world.link.set_up(true);
  world.link.set_options(*link_preset("lan"));
  world.beta.crash();
  world.beta.restart();
  world.run();
  CHECK(world.box(world.beta, "bob").size() == 1);
  CHECK(world.alpha.store().spool().empty());
  CHECK(called(world) == Texts{"2001:db8::2", "10.0.0.2", "2001:db8::2"});
}

TEST_CASE("hosts with IPv6 addresses only: letters, a terminal, POP3, TURN and ETRN") {
  FetchWorld world(kIpv6Only);
  world.alpha.config.server.smtp.turn = world.alpha.config.server.smtp.etrn = true;
  world.alpha.config.server.turn_clients["mail.beta.example"] = "beta.example";
  world.alpha.config.routing.held_domains.push_back("beta.example");
  world.boot();
  world.bob.send(letter({"alice@alpha.example"}));
  world.run();
  CHECK(world.box(world.alpha, "alice").size() == 1);
  CHECK(has(world.say({"VRFY bob", "QUIT"}), "\r\n250 "));
  CHECK(has(world.say({"NOOP", "QUIT"}, 25, "2001:db8::2"), "\r\n250 "));

  world.alice.send(letter({"bob@beta.example"}, "by TURN"));
  world.run();
  world.made[1].client->fetch_with_turn("mail.alpha.example");
  world.run();
  CHECK(world.box(world.beta, "bob").size() == 1);
  world.alice.send(letter({"bob@beta.example"}, "by ETRN"));
  world.run();
  world.made[1].client->fetch_with_etrn("mail.alpha.example", "beta.example");
  world.run();
  CHECK(world.box(world.beta, "bob").size() == 2);

  world.fetching.fetch(world.far_bob, "mail.beta.example", {});
  world.run();
  CHECK(world.far_bob.inbox().size() == 2);
  for (const std::string& address : called(world)) CHECK(address.starts_with("2001:db8::"));
}

TEST_CASE("a terminal and a MAA client go on to IPv4 when nobody is there over IPv6") {
  FetchWorld world(kBoth);
  world.pc->hosts = {{"mail.beta.example", MailWorld::ipv6(77)},
                     {"mail.beta.example", IpAddress::v4(10, 0, 0, 2)}};
  for (Machine* machine : world.all()) machine->boot();
  CHECK(has(world.say({"NOOP", "QUIT"}), "\r\n250 "));
  world.fetching.fetch(world.far_bob, "mail.beta.example", {});
  world.run();
  CHECK(called(world) == Texts{"2001:db8::77", "10.0.0.2", "2001:db8::77", "10.0.0.2"});
  CHECK(world.told("the MAA client ends") == 1);
}

TEST_CASE("when no address answers, a terminal and a MAA client say so and can begin again") {
  FetchWorld world(kBoth);
  world.boot();
  world.beta.power_off();
  world.say({"NOOP"});
  CHECK_FALSE(world.terminal.talking());
  world.fetching.fetch(world.far_bob, "mail.beta.example", {});
  world.run();
  CHECK(called(world) == Texts{"2001:db8::2", "10.0.0.2", "2001:db8::2", "10.0.0.2"});
  world.beta.power_on();
  CHECK(has(world.say({"NOOP", "QUIT"}), "\r\n250 "));
  world.fetching.fetch(world.far_bob, "mail.beta.example", {});
  world.run();
  CHECK(world.told("the MAA client ends") == 1);
}

TEST_CASE(
    "a hosts file gives the versions that a host speaks, IPv6 first, and all if it speaks none") {
  const MailWorld both(true, kBoth), old;
  const IpAddress v4 = IpAddress::v4(10, 0, 0, 2), v6 = MailWorld::ipv6(2);
  const HostsFile file = {{"Mail.Beta.example", v4}, {"mail.beta.example.", v6}};
  using List = std::vector<IpAddress>;
  CHECK(file.all("mail.beta.example") == List{v4, v6});
  CHECK(file.spelling("MAIL.beta.example") == "Mail.Beta.example");
  CHECK(file.to_try("mail.beta.example", both.beta.network()) == List{v6, v4});
  CHECK(file.to_try("mail.beta.example", old.beta.network()) == List{v4});
  CHECK(HostsFile{{"six", v6}}.to_try("six", old.beta.network()) == List{v6});
  CHECK(file.all("mail.gamma.example").empty());
  CHECK(file.spelling("mail.gamma.example").empty());
}

TEST_CASE("a resolver asks a DNS server that has an IPv6 address only") {
  trace::Trace trace;
  Simulator simulator;
  Network network(simulator, 1, nullptr);
  Node& mail_node = network.add_node("mail.alpha.example");
  Node& dns_node = network.add_node("ns.example");
  Link& link = network.add_link("line", *link_preset("lan"));
  network.attach(mail_node, link, MailWorld::ipv6(1), 64);
  network.attach(dns_node, link, MailWorld::ipv6(53), 64);
  Machine mail(mail_node, trace, "alpha.example", 0), dns_host(dns_node, trace, "", 0);
  dns_host.add<DnsServer>(zone("beta.example. 300 IN AAAA 2001:db8::2\n"));
  ResolverOptions options;
  options.servers = {MailWorld::ipv6(53)};
  Resolver& resolver = mail.add<Resolver>(options);
  mail.boot();
  dns_host.boot();
  std::vector<dns::Record> records;
  resolver.resolve("beta.example", dns::Type::Aaaa,
                   [&](const Resolved& resolved) { records = resolved.records; });
  simulator.run_until(kSecond);
  REQUIRE(records.size() == 1);
  CHECK(std::get<IpAddress>(records[0].data) == MailWorld::ipv6(2));
}
