// Several mail hosts for one domain: which is tried when, and when a mail goes back.
#include <catch2/catch.hpp>

#include "protocols/mime/report.hpp"
#include "tests/sim/hosts/dns_world.hpp"
#include "tests/sim/hosts/mail_world.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using namespace mailscope::sim::test;

namespace {

// delta.example asks the DNS, which names mail.beta.example first and backup.beta.example second.
// The backup keeps the mail for beta.example until it can pass it on.
struct MxWorld : MailWorld {
  Machine& backup = add_mail_host("backup.beta.example", "", 4);
  std::unique_ptr<Machine> ns = add_machine("ns.example", "", 53);
  std::unique_ptr<Machine> delta = add_machine("mail.delta.example", "delta.example", 5);
  Resolver& resolver = delta->add<Resolver>(resolver_options());
  UserAgent& dora = user(*delta, "dora", "Dora");

  MxWorld() {
    delta->store().add_spool();
    delta->add<MtaClient>(&resolver);
    delta->add<Mda>();
    delta->config.routing.dns = true;
    ns->add<DnsServer>(
        zone("beta.example. 300 IN MX 20 backup.beta.example.\n"
             "beta.example. 300 IN MX 10 mail.beta.example.\n"
             "mail.beta.example. 300 IN A 10.0.0.2\n"
             "backup.beta.example. 300 IN A 10.0.0.4\n"
             "silent.example. 300 IN MX 0 .\n"));
    backup.config.server.relay_domains.push_back("beta.example");
    boot();
    ns->boot();
    delta->boot();
  }
  static ResolverOptions resolver_options() {
    ResolverOptions options;
    options.servers = {IpAddress::v4(10, 0, 0, 53)};
    return options;
  }
  CommandFault greeting(std::uint16_t code) {
    return {CommandFault::Kind::Reply, "CONNECT", 1, code, "no", 0};
  }
};

}  // namespace

TEST_CASE("the host of best preference gets the mail") {
  MxWorld world;
  world.dora.send(letter({"bob@beta.example"}));
  world.run();
  CHECK(world.box(world.beta, "bob").size() == 1);
  CHECK(world.told("connect(10.0.0.4") == 0);
}

TEST_CASE("the next host is tried in the same queue run when the first does not talk") {
  MxWorld world;
  SECTION("it is off") {
    world.beta.crash();
  }
  SECTION("it is not now") {
    world.beta.faults.at_command.push_back(world.greeting(421));
  }
  SECTION("it is never") {
    world.beta.faults.at_command.push_back(world.greeting(554));
  }
  world.dora.send(letter({"bob@beta.example"}));
  world.run_for(4 * kMinute);
  CHECK(world.told("connect(10.0.0.4") == 1);
  CHECK(world.delta->store().spool().empty());
  world.beta.restart();
  world.run();
  CHECK(world.box(world.beta, "bob").size() == 1);
}

TEST_CASE("a mail goes back when every host refuses it, and waits when one may take it later") {
  MxWorld world;
  world.beta.faults.at_command.push_back(world.greeting(554));
  bool back = true;
  SECTION("all for good") {
    world.backup.faults.at_command.push_back(world.greeting(554));
  }
  SECTION("one not now") {
    world.backup.faults.at_command.push_back(world.greeting(421));
    back = false;
  }
  SECTION("one is off") {
    world.backup.crash();
    back = false;
  }
  world.dora.send(letter({"bob@beta.example"}));
  world.run_for(4 * kMinute);
  CHECK(world.box(*world.delta, "dora").size() == (back ? 1u : 0u));
  CHECK(world.delta->store().spool().size() == (back ? 0u : 1u));
}

TEST_CASE("a domain that takes no mail, and one that is not there, give it back at once") {
  MxWorld world;
  world.dora.send(letter({"x@silent.example", "x@nowhere.example"}));
  world.run();
  REQUIRE(world.box(*world.delta, "dora").size() == 1);
  const auto report = mime::read_report(world.box(*world.delta, "dora")[0].content);
  REQUIRE(report);
  REQUIRE(report->recipients.size() == 2);
  CHECK(report->recipients[0].status == "5.1.10");
  CHECK(report->recipients[1].status == "5.1.2");
}

TEST_CASE("while the DNS does not answer the mail waits") {
  MxWorld world;
  world.ns->power_off(State::Off);
  world.dora.send(letter({"bob@beta.example"}));
  world.run_for(2 * kMinute);
  CHECK(world.delta->store().spool().size() == 1);
  world.ns->restart();
  world.run();
  CHECK(world.box(world.beta, "bob").size() == 1);
}
