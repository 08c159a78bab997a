#include "sim/hosts/dns_server.hpp"

#include <catch2/catch.hpp>

#include "dns_world.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using test::DnsWorld;

namespace {

constexpr std::string_view kBeta = R"(
    beta.example 3600 SOA ns.example root.ns.example 1 3600 600 86400 60
    beta.example 300 MX 10 mail.beta.example
    beta.example 300 MX 20 backup.gamma.example
    mail.beta.example 300 A 10.0.2.25
    www.beta.example 300 CNAME mail.beta.example
    list.beta.example 300 CNAME lists.gamma.example
    circle.beta.example CNAME ring.beta.example
    ring.beta.example CNAME circle.beta.example
    host.deep.beta.example A 10.0.2.26
)";

dns::Message query(std::string name, dns::Type type) {
  dns::Message message;
  message.id = 77;
  message.recursion_desired = true;
  message.questions.push_back({std::move(name), type});
  return message;
}

// "NOERROR aa: answers / authority / additional", each record as text.
std::string told(const dns::Message& reply) {
  std::string text = dns::name(reply.rcode) + (reply.authoritative ? " aa" : "");
  const auto add = [&](const char* what, const std::vector<dns::Record>& records) {
    for (const dns::Record& record : records) text += what + dns::text(record);
  };
  add(" | ", reply.answers);
  add(" | authority: ", reply.authority);
  add(" | additional: ", reply.additional);
  return text;
}

// Sends octets to the name server and keeps what comes back.
struct Asker final : DatagramUser {
  explicit Asker(DnsWorld& w) : world(w) { port = world.mail_node.bind(0, *this); }
  void on_datagram(const Datagram& datagram) override { heard.emplace_back(datagram.octets); }
  void say(std::string_view octets) {
    world.mail_node.send_to(port, world.ns_address, 53, octets);
    world.simulator.run();
  }
  DnsWorld& world;
  std::uint16_t port = 0;
  std::vector<std::string> heard;
};

}  // namespace

TEST_CASE("A DNS server answers from its zone, with the addresses that will be asked for next") {
  DnsWorld world(kBeta);
  struct Case {
    const char* name;
    dns::Type type;
    const char* told;
  };
  const char* soa =
      " | authority: beta.example 60 SOA ns.example root.ns.example 1 3600 600 86400 60";
  const std::string nothing = std::string("NOERROR aa") + soa;
  const std::string nowhere = std::string("NXDOMAIN aa") + soa;
  const Case cases[] = {
      {"BETA.example", dns::Type::Mx,
       "NOERROR aa | beta.example 300 MX 10 mail.beta.example | beta.example 300 MX 20 "
       "backup.gamma.example | additional: mail.beta.example 300 A 10.0.2.25"},
      {"mail.beta.example", dns::Type::A, "NOERROR aa | mail.beta.example 300 A 10.0.2.25"},
      {"mail.beta.example", dns::Type::Aaaa, nothing.c_str()},
      {"mail.beta.example", dns::Type::Mx, nothing.c_str()},
      {"deep.beta.example", dns::Type::A, nothing.c_str()},
      {"nobody.beta.example", dns::Type::A, nowhere.c_str()},
      {"www.beta.example", dns::Type::A,
       "NOERROR aa | www.beta.example 300 CNAME mail.beta.example | mail.beta.example 300 A "
       "10.0.2.25"},
      {"www.beta.example", dns::Type::Cname,
       "NOERROR aa | www.beta.example 300 CNAME mail.beta.example"},
      {"list.beta.example", dns::Type::A,
       "NOERROR aa | list.beta.example 300 CNAME lists.gamma.example"},
      {"gamma.example", dns::Type::Mx, "REFUSED"},
      {"alphabeta.example", dns::Type::Mx, "REFUSED"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const dns::Message reply = world.server.answer(query(c.name, c.type));
    CHECK(told(reply) == c.told);
    CHECK(reply.response);
    CHECK(reply.id == 77);
    CHECK(reply.recursion_desired);
    CHECK_FALSE(reply.recursion_available);
  }
}

TEST_CASE("An alias that leads in a circle is followed for a while only") {
  DnsWorld world(kBeta);
  CHECK(world.server.answer(query("circle.beta.example", dns::Type::A)).answers.size() == 8);
}

TEST_CASE("A DNS server without a SOA speaks for all names") {
  DnsWorld world("mail.beta.example A 10.0.2.25");
  const dns::Message reply = world.server.answer(query("gamma.example", dns::Type::Mx));
  CHECK(reply.rcode == dns::Rcode::NxDomain);
  REQUIRE(reply.authority.size() == 1);
  CHECK(reply.authority[0].name == ".");
}

TEST_CASE("A DNS server refuses what it does not do") {
  DnsWorld world(kBeta);
  dns::Message notify = query("beta.example", dns::Type::Soa);
  notify.opcode = 4;
  CHECK(told(world.server.answer(notify)) == "NOTIMP");
  dns::Message two = query("beta.example", dns::Type::Mx);
  two.questions.push_back(two.questions[0]);
  CHECK(told(world.server.answer(two)) == "FORMERR");
  dns::Message chaos = query("beta.example", dns::Type::Txt);
  chaos.questions[0].record_class = 3;
  CHECK(told(world.server.answer(chaos)) == "REFUSED");
  world.server.set_fault(dns::Rcode::ServFail);
  CHECK(told(world.server.answer(query("beta.example", dns::Type::Mx))) == "SERVFAIL");
  world.server.set_fault({});
  CHECK(world.server.answer(query("beta.example", dns::Type::Mx)).answers.size() == 2);
}

TEST_CASE("Datagrams that are no questions get FORMERR or nothing") {
  DnsWorld world(kBeta);
  Asker asker(world);
  asker.say("");
  asker.say("hello");
  dns::Message answer = query("beta.example", dns::Type::Mx);
  answer.response = true;
  asker.say(dns::encode(answer));
  CHECK(asker.heard.empty());
  const std::string cut = dns::encode(query("beta.example", dns::Type::Mx)).substr(0, 20);
  asker.say(cut);
  REQUIRE(asker.heard.size() == 1);
  const auto reply = dns::decode(asker.heard[0]);
  REQUIRE(reply);
  CHECK(reply->rcode == dns::Rcode::FormErr);
  CHECK(reply->id == 77);
}

TEST_CASE("What does not fit into 512 octets is left out, and TC says so if it is an answer") {
  std::string few, many;
  for (int i = 0; i < 40; ++i) {
    const std::string host = "host" + std::to_string(i) + ".beta.example";
    many += "beta.example MX " + std::to_string(i) + ' ' + host + '\n';
    if (i >= 15) continue;
    few += "beta.example MX " + std::to_string(i) + ' ' + host + '\n' + host + " A 10.0.2.1\n";
  }
  DnsWorld world(few);
  Asker asker(world);
  asker.say(dns::encode(query("beta.example", dns::Type::Mx)));
  REQUIRE(asker.heard.size() == 1);
  auto reply = dns::decode(asker.heard[0]);
  REQUIRE(reply);
  CHECK(reply->answers.size() == 15);
  CHECK(reply->additional.empty());
  CHECK_FALSE(reply->truncated);
  world.server.set_zone(test::zone(many));
  asker.say(dns::encode(query("beta.example", dns::Type::Mx)));
  REQUIRE(asker.heard.size() == 2);
  reply = dns::decode(asker.heard[1]);
  REQUIRE(reply);
  CHECK(reply->answers.empty());
  CHECK(reply->truncated);
}

TEST_CASE("A DNS server that is off says nothing, and has its zone when it is on again") {
  DnsWorld world(kBeta);
  Asker asker(world);
  const std::string question = dns::encode(query("beta.example", dns::Type::Mx));
  world.ns.power_off(State::Off);
  asker.say(question);
  CHECK(asker.heard.empty());
  world.ns.power_on();
  asker.say(question);
  CHECK(asker.heard.size() == 1);
}
