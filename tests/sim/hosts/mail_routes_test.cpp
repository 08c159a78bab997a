#include "sim/hosts/mail_routes.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "dns_world.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using test::DnsWorld;

namespace {

std::string told(const MailRoute& route) {
  static const char* const kStatus[] = {"found", "no such domain", "null mx", "no mail host",
                                        "try later"};
  std::string text = kStatus[static_cast<int>(route.status)];
  for (const MailHost& host : route.hosts) {
    text += ' ' + std::to_string(host.preference) + ' ' + host.name;
    for (const IpAddress& address : host.addresses) text += '/' + address.text();
  }
  if ((route.status == MailRoute::Status::Found) != route.why.empty()) text += " (why?)";
  return text;
}

std::string find(DnsWorld& world, std::string_view domain) {
  MailRoutes routes(world.mail, &world.resolver);
  std::string text = "nothing";
  routes.find(domain, [&](const MailRoute& route) { text = told(route); });
  world.simulator.run();
  return text;
}

constexpr std::string_view kHosts = R"(
    m1.example A 10.0.1.1
    m2.example A 10.0.1.2
    m3.example A 10.0.1.3
    many.example A 10.0.1.4
    many.example A 10.0.1.5
    six.example AAAA 2001:db8::6
    mail.alpha.example A 10.0.0.25
    me-too.example A 10.0.0.25
    alias.m1.example CNAME m1.example
)";

}  // namespace

TEST_CASE("Mail hosts are found as RFC 5321 says") {
  struct Case {
    const char* what;
    const char* records;
    const char* domain;
    const char* route;
  };
  const Case cases[] = {
      {"one", "beta.example MX 10 m1.example", "beta.example", "found 10 m1.example/10.0.1.1"},
      {"the lowest preference first",
       "b.example MX 30 m3.example\nb.example MX 10 m1.example\nb.example MX 20 m2.example",
       "b.example", "found 10 m1.example/10.0.1.1 20 m2.example/10.0.1.2 30 m3.example/10.0.1.3"},
      {"several addresses", "b.example MX 10 many.example", "b.example",
       "found 10 many.example/10.0.1.4/10.0.1.5"},
      {"we are among them: only better ones",
       "b.example MX 10 m1.example\nb.example MX 20 MAIL.alpha.example\n"
       "b.example MX 20 m2.example\nb.example MX 30 m3.example",
       "b.example", "found 10 m1.example/10.0.1.1"},
      {"we are the best", "b.example MX 10 mail.alpha.example\nb.example MX 20 m1.example",
       "b.example", "no mail host"},
      {"we are among them under another name",
       "b.example MX 10 m1.example\nb.example MX 20 me-too.example\nb.example MX 30 m3.example",
       "b.example", "found 10 m1.example/10.0.1.1"},
      {"null MX", "b.example MX 0 .", "b.example", "null mx"},
      {"a dot among others means nothing", "b.example MX 0 .\nb.example MX 10 m1.example",
       "b.example", "found 10 m1.example/10.0.1.1"},
      {"no MX, but an address", "b.example A 10.0.3.3", "b.example", "found 0 b.example/10.0.3.3"},
      {"no MX, and our own address", "b.example A 10.0.0.25", "b.example", "no mail host"},
      {"neither", "b.example TXT \"hello\"", "b.example", "no mail host"},
      {"MX records that lead nowhere do not make it implicit",
       "b.example MX 10 nowhere.example\nb.example A 10.0.3.3", "b.example", "no mail host"},
      {"one of them leads nowhere", "b.example MX 10 nowhere.example\nb.example MX 20 m2.example",
       "b.example", "found 20 m2.example/10.0.1.2"},
      {"IPv6 alone cannot be called", "b.example MX 10 six.example", "b.example", "no mail host"},
      {"the domain is an alias", "b.example CNAME c.example\nc.example MX 10 m1.example",
       "b.example", "found 10 m1.example/10.0.1.1"},
      {"the domain is an alias of a host", "b.example CNAME m2.example", "b.example",
       "found 0 m2.example/10.0.1.2"},
      {"the mail host is an alias", "b.example MX 10 alias.m1.example", "b.example",
       "found 10 alias.m1.example/10.0.1.1"},
      {"there is no such domain", "", "typo.example", "no such domain"},
      {"no domain name at all", "", "a..b", "no such domain"},
      {"an address instead of a domain", "", "[192.0.2.1]", "found 0 [192.0.2.1]/192.0.2.1"},
      {"our own address", "", "[10.0.0.25]", "no mail host"},
      {"an IPv6 address", "", "[IPv6:2001:db8::1]", "no mail host"},
      {"half an address", "", "[192.0.2]", "no such domain"},
      {"nothing in brackets", "", "[]", "no such domain"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.what);
    DnsWorld world(std::string(kHosts) + c.records);
    CHECK(find(world, c.domain) == c.route);
  }
}

TEST_CASE("Hosts of equal preference come in an order that the seed decides") {
  std::set<std::string> orders;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    DnsWorld world(std::string(kHosts) +
                       "b.example MX 10 m1.example\nb.example MX 10 m2.example\n"
                       "b.example MX 5 m3.example",
                   seed);
    const std::string order = find(world, "b.example");
    CHECK(order.starts_with("found 5 m3.example/"));
    orders.insert(order);
    DnsWorld again(std::string(kHosts) +
                       "b.example MX 10 m1.example\nb.example MX 10 m2.example\n"
                       "b.example MX 5 m3.example",
                   seed);
    CHECK(find(again, "b.example") == order);
  }
  CHECK(orders.size() == 2);
}

TEST_CASE("A DNS server that is off or fails makes the mail wait") {
  DnsWorld world(std::string(kHosts) + "b.example MX 10 m1.example");
  world.ns.power_off(State::Off);
  CHECK(find(world, "b.example") == "try later");
  world.ns.power_on();
  world.server.set_fault(dns::Rcode::ServFail);
  CHECK(find(world, "b.example") == "try later");
  world.server.set_fault({});
  CHECK(find(world, "b.example") == "found 10 m1.example/10.0.1.1");
}

TEST_CASE("A mail host whose address cannot be found out now makes the mail wait") {
  DnsWorld world(std::string(kHosts) + "b.example MX 10 m1.example");
  CHECK(find(world, "b.example") == "found 10 m1.example/10.0.1.1");
  // The MX record is remembered for an hour, and so are the addresses: ask for another domain's.
  MailRoutes routes(world.mail, &world.resolver);
  world.server.set_zone(test::zone("c.example 3600 MX 10 m2.example"));
  std::string route;
  world.resolver.resolve("c.example", dns::Type::Mx, [](const Resolved&) {});
  world.simulator.run();
  world.server.set_fault(dns::Rcode::ServFail);
  CHECK(find(world, "c.example") == "try later");
}

TEST_CASE("What was remembered is found at once") {
  DnsWorld world(std::string(kHosts) + "b.example MX 10 m1.example");
  find(world, "b.example");
  MailRoutes routes(world.mail, &world.resolver);
  std::string route;
  routes.find("b.example", [&](const MailRoute& found) { route = told(found); });
  CHECK(route == "found 10 m1.example/10.0.1.1");
}

TEST_CASE("Who has IPv6 calls IPv6 addresses first, and reaches those that have nothing else") {
  DnsWorld world(std::string(kHosts) +
                     "b.example MX 10 m1.example\nm1.example AAAA 2001:db8::61\n"
                     "c.example MX 10 six.example",
                 1, true);
  world.network.attach(world.mail_node, world.link, *IpAddress::parse("2001:db8::25"), 64);
  MailRoutes routes(world.mail, &world.resolver);
  std::vector<std::string> addresses;
  for (const char* domain : {"b.example", "c.example"})
    routes.find(domain, [&](const MailRoute& route) {
      REQUIRE(route.status == MailRoute::Status::Found);
      for (const IpAddress& address : route.hosts.front().addresses)
        addresses.push_back(address.text());
    });
  world.simulator.run();
  REQUIRE(addresses.size() == 3);
  CHECK(addresses[0] == "2001:db8::61");
  CHECK(addresses[1].find('.') != std::string::npos);
  CHECK(addresses[2] == "2001:db8::6");
}

TEST_CASE("AAAA records are asked for where that is wanted, and not called") {
  DnsWorld world(std::string(kHosts) + "b.example MX 10 m1.example", 1, true);
  CHECK(find(world, "b.example") == "found 10 m1.example/10.0.1.1");
  CHECK(world.datagrams() == 6);
}

TEST_CASE("Of very many mail hosts a part is asked for") {
  std::string lines;
  for (int i = 0; i < 18; ++i) lines += "b.example MX 10 h" + std::to_string(i) + ".b.example\n";
  DnsWorld world(lines);
  CHECK(find(world, "b.example") == "no mail host");
  CHECK(world.datagrams() == 2 + 2 * static_cast<int>(MailRoutes::kHostsMax));
}

TEST_CASE("Nobody is called back after a crash") {
  DnsWorld world(std::string(kHosts) + "b.example MX 10 m1.example");
  MailRoutes routes(world.mail, &world.resolver);
  int answers = 0;
  routes.find("b.example", [&](const MailRoute&) { ++answers; });
  world.mail.power_off(State::Crashed);
  world.simulator.run();
  world.mail.power_on();
  world.simulator.run();
  CHECK(answers == 0);
  routes.find("b.example", [&](const MailRoute&) { ++answers; });
  world.simulator.run();
  CHECK(answers == 1);
}

TEST_CASE("A smart host takes everything") {
  DnsWorld world(kHosts);
  world.mail.config.routing.smart_host = "m2.example";
  CHECK(find(world, "b.example") == "found 0 m2.example/10.0.1.2");
  world.mail.config.routing.smart_host = "nowhere.example";
  CHECK(find(world, "b.example") == "no mail host");
  world.mail.config.routing.smart_host = "[10.0.1.9]";
  CHECK(find(world, "b.example") == "found 0 [10.0.1.9]/10.0.1.9");
}

TEST_CASE("Without DNS the routes are in the files of the host") {
  DnsWorld world("");
  world.mail.config.routing.dns = false;
  world.mail.exchangers = {{"beta.example", "mail.beta.example"},
                           {"gamma.example", "nowhere"},
                           {"delta.example", "mail.alpha.example"}};
  world.mail.hosts = {{"mail.beta.example", IpAddress::v4(10, 0, 2, 25)},
                      {"ucbvax", IpAddress::v4(10, 0, 2, 78)}};
  CHECK(find(world, "BETA.example") == "found 0 mail.beta.example/10.0.2.25");
  CHECK(find(world, "ucbvax") == "found 0 ucbvax/10.0.2.78");
  CHECK(find(world, "gamma.example") == "no mail host");
  CHECK(find(world, "delta.example") == "no mail host");
  CHECK(find(world, "typo.example") == "no such domain");
  world.mail.config.routing.smart_host = "mail.beta.example";
  CHECK(find(world, "typo.example") == "found 0 mail.beta.example/10.0.2.25");
  CHECK(world.datagrams() == 0);
  MailRoutes alone(world.mail, nullptr);
  world.mail.config.routing.dns = true;
  std::string route;
  alone.find("x.example", [&](const MailRoute& found) { route = told(found); });
  CHECK(route == "found 0 mail.beta.example/10.0.2.25");
}
