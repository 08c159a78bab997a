#include "sim/hosts/resolver.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "dns_world.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using test::DnsWorld;

namespace {

constexpr std::string_view kZone = R"(
    beta.example 3600 SOA ns.example root.ns.example 1 3600 600 86400 60
    gamma.example 3600 SOA ns.example root.ns.example 1 3600 600 86400 60
    beta.example 300 MX 10 mail.beta.example
    mail.beta.example 100 A 10.0.2.25
    www.beta.example 50 CNAME mail.beta.example
    never.beta.example 0 A 10.0.2.26
    circle.beta.example CNAME ring.beta.example
    ring.beta.example CNAME circle.beta.example
)";

struct Asked {
  int answers = 0;
  Resolved resolved;

  // "found mail.beta.example: 10.0.2.25, ...", "no data (remembered)".
  std::string text() const {
    static const char* const kStatus[] = {"found", "no such name", "no data", "failed"};
    if (answers != 1) return std::to_string(answers) + " answers";
    std::string text = kStatus[static_cast<int>(resolved.status)];
    for (const dns::Record& record : resolved.records)
      text += ' ' + record.name + ' ' + dns::data_text(record);
    return text + (resolved.from_cache ? " (remembered)" : "");
  }
};

std::string ask(DnsWorld& world, std::string_view name, dns::Type type) {
  Asked asked;
  world.resolver.resolve(name, type, [&](const Resolved& resolved) {
    ++asked.answers;
    asked.resolved = resolved;
  });
  world.simulator.run();
  return asked.text();
}

// A name server of ill will: answers each query with what `reply` makes of it.
struct Liar final : DatagramUser {
  Liar(DnsWorld& w, std::function<void(dns::Message&)> l) : world(w), lie(std::move(l)) {
    world.ns_node.unbind(53);
    world.ns_node.bind(53, *this);
    world.ns_node.bind(54, *this);
  }
  void on_datagram(const Datagram& datagram) override {
    ++asked;
    const auto query = dns::decode(datagram.octets);
    ids.insert(query->id);
    ports.insert(datagram.from.port);
    dns::Message message = *query;
    message.response = true;
    message.answers = {dns::address_record(query->questions[0].name, IpAddress::v4(6, 6, 6, 6))};
    lie(message);
    world.ns_node.send_to(from_port, datagram.from.address,
                          static_cast<std::uint16_t>(datagram.from.port + port_off),
                          dns::encode(message));
  }
  DnsWorld& world;
  std::function<void(dns::Message&)> lie;
  std::uint16_t from_port = 53;
  int port_off = 0;
  int asked = 0;
  std::set<int> ids, ports;
};

}  // namespace

TEST_CASE("A resolver asks once and remembers the answer as long as its TTL says") {
  DnsWorld world(kZone);
  CHECK(ask(world, "beta.example", dns::Type::Mx) == "found beta.example 10 mail.beta.example");
  CHECK(world.datagrams() == 2);
  CHECK(world.value("cache") == "1");
  CHECK(world.last_text("cache") ==
        "learned for 300 s: who takes mail for beta.example? mail.beta.example, preference 10");
  CHECK(ask(world, "BETA.example.", dns::Type::Mx) ==
        "found beta.example 10 mail.beta.example (remembered)");
  CHECK(world.last_text("cache") ==
        "remembered: who takes mail for beta.example? mail.beta.example, preference 10");
  CHECK(world.datagrams() == 2);
  world.simulator.run_until(301 * kSecond);
  CHECK(world.value("cache") == "0");
  CHECK(world.last_text("cache") == "one answer is too old: forgotten");
  CHECK(ask(world, "beta.example", dns::Type::Mx) == "found beta.example 10 mail.beta.example");
  CHECK(world.datagrams() == 4);
}

TEST_CASE("A change of the zone is not seen before the old answer's TTL is over") {
  DnsWorld world(kZone);
  ask(world, "mail.beta.example", dns::Type::A);
  world.server.set_zone(test::zone("mail.beta.example 100 A 10.0.2.99"));
  CHECK(ask(world, "mail.beta.example", dns::Type::A) ==
        "found mail.beta.example 10.0.2.25 (remembered)");
  world.simulator.run_until(101 * kSecond);
  CHECK(ask(world, "mail.beta.example", dns::Type::A) == "found mail.beta.example 10.0.2.99");
}

TEST_CASE("A record with TTL 0 is used and not remembered") {
  DnsWorld world(kZone);
  CHECK(ask(world, "never.beta.example", dns::Type::A) == "found never.beta.example 10.0.2.26");
  CHECK(ask(world, "never.beta.example", dns::Type::A) == "found never.beta.example 10.0.2.26");
  CHECK(world.datagrams() == 4);
}

TEST_CASE("That there is nothing is remembered as long as the SOA says") {
  DnsWorld world(kZone);
  CHECK(ask(world, "nobody.beta.example", dns::Type::A) == "no such name");
  CHECK(ask(world, "mail.beta.example", dns::Type::Mx) == "no data");
  CHECK(world.datagrams() == 4);
  CHECK(ask(world, "nobody.beta.example", dns::Type::A) == "no such name (remembered)");
  CHECK(ask(world, "mail.beta.example", dns::Type::Mx) == "no data (remembered)");
  CHECK(world.datagrams() == 4);
  world.simulator.run_until(62 * kSecond);
  CHECK(world.value("cache") == "0");
  CHECK(ask(world, "nobody.beta.example", dns::Type::A) == "no such name");
}

TEST_CASE("An alias is followed, in one answer or with a second question") {
  DnsWorld world(kZone);
  CHECK(ask(world, "www.beta.example", dns::Type::A) == "found mail.beta.example 10.0.2.25");
  CHECK(world.datagrams() == 2);
  CHECK(ask(world, "www.beta.example", dns::Type::A) ==
        "found mail.beta.example 10.0.2.25 (remembered)");
  CHECK(ask(world, "circle.beta.example", dns::Type::A) == "failed");
  // This server knows the alias only.
  Liar half(world, [](dns::Message& message) {
    if (message.questions[0].name == "far.gamma.example")
      message.answers = {
          dns::target_record("far.gamma.example", dns::Type::Cname, "near.gamma.example")};
  });
  CHECK(ask(world, "far.gamma.example", dns::Type::A) == "found near.gamma.example 6.6.6.6");
  CHECK(half.asked == 2);
  CHECK(ask(world, "far.gamma.example", dns::Type::A) ==
        "found near.gamma.example 6.6.6.6 (remembered)");
  CHECK(ask(world, "far.gamma.example", dns::Type::Cname) ==
        "found far.gamma.example near.gamma.example (remembered)");
}

TEST_CASE("Aliases without an end are given up, though each answer is a new one") {
  DnsWorld world(kZone);
  Liar endless(world, [](dns::Message& message) {
    const std::string& name = message.questions[0].name;
    message.answers = {dns::target_record(name, dns::Type::Cname, "a." + name)};
  });
  CHECK(ask(world, "x.example", dns::Type::A) == "failed");
  CHECK(endless.asked == Resolver::kAliasesMax + 1);
}

TEST_CASE("A question without an answer is asked three times, then given up") {
  DnsWorld world(kZone);
  world.ns.power_off(State::Off);
  CHECK(ask(world, "beta.example", dns::Type::Mx) == "failed");
  CHECK(world.simulator.now() == 9 * kSecond);
  world.ns.power_on();
  CHECK(ask(world, "beta.example", dns::Type::Mx) == "found beta.example 10 mail.beta.example");
}

TEST_CASE("A lost question is asked again after three seconds") {
  DnsWorld world(kZone);
  ask(world, "mail.beta.example", dns::Type::A);  // so that ARP is over
  const Time begin = world.simulator.now();
  world.link.drop_next(1);
  CHECK(ask(world, "beta.example", dns::Type::Mx) == "found beta.example 10 mail.beta.example");
  CHECK(world.simulator.now() > begin + 3 * kSecond);
  CHECK(world.simulator.now() < begin + 4 * kSecond);
}

TEST_CASE("A server that fails is believed in failing, and nothing is remembered") {
  DnsWorld world(kZone);
  world.server.set_fault(dns::Rcode::ServFail);
  CHECK(ask(world, "beta.example", dns::Type::Mx) == "failed");
  CHECK(world.datagrams() == 2);
  CHECK(world.resolver.cached() == 0);
  CHECK(ask(world, "elsewhere.example", dns::Type::Mx) == "failed");
}

TEST_CASE("Where there are two servers the second is asked when the first fails") {
  DnsWorld world(kZone);
  Node& node = world.network.add_node("pc");
  world.network.attach(node, world.link, IpAddress::v4(10, 0, 0, 9), 24);
  Machine machine(node, world.trace, "", 0);
  ResolverOptions options;
  options.servers = {IpAddress::v4(10, 0, 0, 99), world.ns_address};
  Resolver& resolver = machine.add<Resolver>(options);
  machine.boot();
  Asked asked;
  resolver.resolve("mail.beta.example", dns::Type::A, [&](const Resolved& resolved) {
    ++asked.answers;
    asked.resolved = resolved;
  });
  world.simulator.run();
  CHECK(asked.text() == "found mail.beta.example 10.0.2.25");
}

TEST_CASE("Only an answer to the question asked, from where it was asked, is believed") {
  struct Case {
    const char* what;
    std::function<void(dns::Message&)> lie;
    std::uint16_t from_port = 53;
    int port_off = 0;
    bool believed = false;
  };
  const Case cases[] = {
      {"as it should be", [](dns::Message&) {}, 53, 0, true},
      {"another id", [](dns::Message& m) { ++m.id; }},
      {"another name", [](dns::Message& m) { m.questions[0].name = "gamma.example"; }},
      {"another type", [](dns::Message& m) { m.questions[0].type = dns::Type::Aaaa; }},
      {"no question", [](dns::Message& m) { m.questions.clear(); }},
      {"a question", [](dns::Message& m) { m.response = false; }},
      {"from another port", [](dns::Message&) {}, 54},
      {"to another port", [](dns::Message&) {}, 53, 1},
  };
  for (const Case& c : cases) {
    CAPTURE(c.what);
    DnsWorld world(kZone);
    Liar liar(world, c.lie);
    liar.from_port = c.from_port;
    liar.port_off = c.port_off;
    CHECK(ask(world, "mail.beta.example", dns::Type::A) ==
          (c.believed ? "found mail.beta.example 6.6.6.6" : "failed"));
    CHECK(liar.asked == (c.believed ? 1 : 3));
  }
}

TEST_CASE("Records that were not asked for are not remembered") {
  DnsWorld world(kZone);
  Liar liar(world, [](dns::Message& message) {
    message.answers.push_back(dns::address_record("bank.example", IpAddress::v4(6, 6, 6, 7)));
    message.additional = {dns::address_record("shop.example", IpAddress::v4(6, 6, 6, 8))};
  });
  ask(world, "mail.beta.example", dns::Type::A);
  CHECK(world.resolver.cached() == 1);
}

TEST_CASE("A truncated answer counts as none") {
  DnsWorld world(kZone);
  Liar liar(world, [](dns::Message& message) { message.truncated = true; });
  CHECK(ask(world, "mail.beta.example", dns::Type::A) == "failed");
}

TEST_CASE("Ids and ports change from question to question and come from the seed alone") {
  std::set<int> ids[2], ports[2];
  for (int run = 0; run < 2; ++run) {
    DnsWorld world(kZone, 5);
    Liar liar(world, [](dns::Message&) {});
    for (int i = 0; i < 20; ++i) ask(world, "host" + std::to_string(i) + ".example", dns::Type::A);
    ids[run] = liar.ids;
    ports[run] = liar.ports;
  }
  CHECK(ids[0].size() >= 19);
  CHECK(ports[0].size() >= 19);
  CHECK(ids[0] == ids[1]);
  CHECK(ports[0] == ports[1]);
}

TEST_CASE("Two who ask the same share one question") {
  DnsWorld world(kZone);
  int answers = 0;
  for (int i = 0; i < 2; ++i)
    world.resolver.resolve("beta.example", dns::Type::Mx, [&](const Resolved&) { ++answers; });
  world.simulator.run();
  CHECK(answers == 2);
  CHECK(world.datagrams() == 2);
}

TEST_CASE("A crash empties the cache and silences the questions on their way") {
  DnsWorld world(kZone);
  ask(world, "mail.beta.example", dns::Type::A);
  int answers = 0;
  world.resolver.resolve("beta.example", dns::Type::Mx, [&](const Resolved&) { ++answers; });
  world.mail.power_off(State::Crashed);
  world.simulator.run();
  world.mail.power_on();
  CHECK(world.value("cache") == "0");
  world.simulator.run();
  CHECK(answers == 0);
  CHECK(ask(world, "mail.beta.example", dns::Type::A) == "found mail.beta.example 10.0.2.25");
}

TEST_CASE("What is no domain name is not asked for") {
  DnsWorld world(kZone);
  for (const char* bad : {"", "a..b", ".."}) CHECK(ask(world, bad, dns::Type::A) == "no such name");
  CHECK(world.datagrams() == 0);
}

TEST_CASE("The cache holds a bounded number of answers") {
  DnsWorld world(kZone);
  Liar liar(world, [](dns::Message&) {});
  for (std::size_t i = 0; i < Resolver::kCacheMax + 5; ++i)
    ask(world, "host" + std::to_string(i) + ".example", dns::Type::A);
  CHECK(world.resolver.cached() == Resolver::kCacheMax);
}
