// A person with a telephone line to the simulated servers: what is said, and what they answer.
#include <catch2/catch.hpp>

#include <algorithm>
#include <deque>

#include "protocols/mime/header.hpp"
#include "sim/hosts/maa_server.hpp"
#include "sim/hosts/mda.hpp"
#include "sim/hosts/mta_client.hpp"
#include "sim/hosts/mta_server.hpp"
#include "sim/net/network.hpp"
#include "sim/net/recorder.hpp"
#include "tests/sim/hosts/filed.hpp"

using namespace mailscope;
using namespace mailscope::sim;

namespace {

// Says its lines one after the other, each when the server has answered the one before.
class Person final : public StreamUser {
 public:
  Person(Node& node, std::deque<std::string> lines) : node_(node), lines_(std::move(lines)) {}

  void call(IpAddress address, std::uint16_t port) {
    stream_ = node_.connect(address, port, *this);
  }
  void hang_up() { stream_->abort(); }
  const std::string& heard() const { return heard_; }

 private:
  void on_octets(Stream& stream, std::string_view octets) override {
    heard_ += octets;
    if (!heard_.ends_with("\r\n") || lines_.empty()) return;
    stream.send(lines_.front() + "\r\n");
    lines_.pop_front();
  }
  void on_eof(Stream& stream) override { stream.close(); }

  Node& node_;
  std::deque<std::string> lines_;
  Stream* stream_ = nullptr;
  std::string heard_;
};

// mail.beta.example with bob's mailbox, and a computer elsewhere.
struct World {
  trace::Trace trace;
  Simulator simulator;
  Recorder recorder{trace};
  Network network{simulator, 1, &recorder};
  Node& pc = network.add_node("pc");
  Node& node = network.add_node("mail.beta.example");
  Machine server{node, trace, "beta.example", 0};
  IpAddress address = IpAddress::v4(10, 0, 0, 1);

  World() {
    Link& link = network.add_link("line", *link_preset("wan"));
    network.attach(node, link, address, 24);
    network.attach(pc, link, IpAddress::v4(10, 0, 0, 2), 24);
    server.add<MtaServer>();
    server.store().add_spool();
    server.add<Mda>();
    server.add<MaaServer>();
    server.add_user({"bob", "Bob", "bob@beta.example", "bob"});
    server.boot();
  }

  std::string say(std::uint16_t port, std::deque<std::string> lines) {
    Person person(pc, std::move(lines));
    person.call(address, port);
    simulator.run();
    return person.heard();
  }
  std::vector<test::Filed> mailbox() { return test::filed_in(*server.store().inbox("bob")); }
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

const std::deque<std::string> kMail = {
    "HELO pc", "MAIL FROM:<alice@alpha.example>", "RCPT TO:<bob@beta.example>",
    "DATA",    "Subject: Hi\r\n\r\n..dot\r\n.",   "QUIT"};

}  // namespace

TEST_CASE(
    "a mail for a local user ends in the mailbox, with Return-Path over Received over the "
    "content") {
  World world;
  const std::string heard = world.say(25, kMail);
  CHECK(contains(heard, "\r\n354 "));
  CHECK(contains(heard, "\r\n221 "));
  REQUIRE(world.mailbox().size() == 1);
  const std::string content = world.mailbox()[0].content;
  CHECK(content.starts_with("Return-Path: <alice@alpha.example>\r\nReceived: from pc "));
  CHECK(content.ends_with("Subject: Hi\r\n\r\n.dot\r\n"));
  CHECK(world.server.store().spool().empty());
}

TEST_CASE("a user who does not exist is refused with 550") {
  World world;
  CHECK(contains(world.say(25, {"HELO pc", "MAIL FROM:<>", "RCPT TO:<carol@beta.example>", "QUIT"}),
                 "\r\n550 "));
}

TEST_CASE("the server is no relay for strangers") {
  World world;
  const std::deque<std::string> lines = {"HELO pc", "MAIL FROM:<>", "RCPT TO:<carol@gamma.example>",
                                         "QUIT"};
  CHECK(contains(world.say(25, lines), "\r\n550 "));
  world.server.config.server.relay_clients.push_back(world.pc.address());
  // Nor for those whose mail it could not carry on.
  CHECK(contains(world.say(25, lines), "\r\n550 "));
  world.server.add<MtaClient>();
  CHECK_FALSE(contains(world.say(25, lines), "\r\n550 "));
}

TEST_CASE("postmaster is taken without a domain") {
  World world;
  CHECK_FALSE(contains(world.say(25, {"HELO pc", "MAIL FROM:<>", "RCPT TO:<PostMaster>", "QUIT"}),
                       "\r\n550 "));
}

TEST_CASE("a client that hangs up before the final dot leaves nothing") {
  World world;
  Person person(world.pc,
                {"HELO pc", "MAIL FROM:<>", "RCPT TO:<bob@beta.example>", "DATA", "Subject: Hi"});
  person.call(world.address, 25);
  world.simulator.run_until(5 * kSecond);
  person.hang_up();
  world.simulator.run();
  CHECK(contains(person.heard(), "354"));
  CHECK(world.mailbox().empty());
}

TEST_CASE("what was answered with 250 outlives a power failure at that very moment") {
  // Power fails at ever later moments: never may a 250 have been heard and the mail be gone.
  int told = 0, lost_unanswered = 0;
  for (Time at = 200 * kMillisecond; at < 500 * kMillisecond; at += kMillisecond) {
    World world;
    Person person(world.pc, kMail);
    person.call(world.address, 25);
    world.simulator.run_until(at);
    world.server.power_off(State::Crashed);
    world.simulator.run_until(at + kSecond);
    const bool answered = contains(person.heard(), "queued as");
    world.server.power_on();
    world.simulator.run();
    told += answered;
    lost_unanswered += !answered && world.mailbox().empty();
    if (answered) REQUIRE(world.mailbox().size() == 1);
  }
  CHECK(told > 0);
  CHECK(lost_unanswered > 0);
}

TEST_CASE("the mailbox opens for its owner, and DELE takes effect at QUIT") {
  World world;
  world.say(25, kMail);
  CHECK(contains(world.say(110, {"USER bob", "PASS wrong", "QUIT"}), "-ERR"));
  CHECK(contains(world.say(110, {"USER carol", "PASS carol", "QUIT"}), "-ERR"));
  Person person(world.pc, {"USER bob", "PASS bob", "DELE 1", "NOOP"});
  person.call(world.address, 110);
  world.simulator.run_until(world.simulator.now() + 5 * kSecond);
  person.hang_up();
  world.simulator.run();
  CHECK(world.mailbox().size() == 1);  // the line broke before QUIT
  world.say(110, {"USER bob", "PASS bob", "DELE 1", "QUIT"});
  CHECK(world.mailbox().empty());
}

TEST_CASE("a second session on a mailbox is refused while the first one lasts") {
  World world;
  Person first(world.pc, {"USER bob", "PASS bob"});
  first.call(world.address, 110);
  world.simulator.run_until(5 * kSecond);
  CHECK(contains(world.say(110, {"USER bob", "PASS bob", "QUIT"}), "[IN-USE]"));
  first.hang_up();
  world.simulator.run();
  CHECK_FALSE(contains(world.say(110, {"USER bob", "PASS bob", "QUIT"}), "[IN-USE]"));
}

namespace {

SpooledMail letter(const std::string& from, const std::string& to) {
  SpooledMail mail;
  mail.reverse_path = from;
  mail.recipients.push_back({to});
  mail.content = "Subject: Hi\r\n\r\nHi\r\n";
  return mail;
}

// A server that is too busy for anybody.
class BusyServer final : public StreamUser {
 public:
  explicit BusyServer(Node& node) { node.listen(25, *this); }
  int calls() const { return calls_; }

 private:
  void on_accepted(Stream& stream) override {
    ++calls_;
    stream.send("421 busy.example too busy, try later\r\n");
    stream.close();
  }
  void on_octets(Stream&, std::string_view) override {}

  int calls_ = 0;
};

}  // namespace

TEST_CASE("a host that takes nothing is called once a queue run and does not hold up other mail") {
  World world;
  BusyServer busy(world.pc);
  Node& node = world.network.add_node("mail.alpha.example");
  world.network.attach(node, *world.network.find_link("line"), IpAddress::v4(10, 0, 0, 3), 24);
  Machine sender(node, world.trace, "alpha.example", 0);
  sender.store().add_spool();
  sender.add<MtaClient>();
  sender.hosts = {{"pc", world.pc.address()}, {"mail.beta.example", world.address}};
  sender.exchangers = {{"busy.example", "pc"}, {"beta.example", "mail.beta.example"}};
  sender.boot();
  for (const char* to : {"carol@busy.example", "bob@beta.example"})
    sender.spool(letter("alice@alpha.example", to), "");
  world.simulator.run_until(60 * kSecond);
  CHECK(busy.calls() == 1);
  CHECK(world.mailbox().size() == 1);
  world.simulator.run();
  // Ever less often until its lifetime is over: 30, 60, 120 minutes, then each 4 hours.
  CHECK(busy.calls() == 34);
  // What is left are two reports to alice, whose domain has no MDA here: that her mail is late, and
  // that it was given up.
  REQUIRE(sender.store().spool().size() == 2);
  for (const auto& [number, mail] : sender.store().spool().mails())
    CHECK(mail.reverse_path.empty());
}

TEST_CASE("socket calls and processes are told as inside events") {
  World world;
  world.say(25, kMail);
  using Call = trace::SocketCall::Name;
  std::map<Call, trace::SocketCall> told;
  for (const trace::StateChange& change : world.trace.changes)
    if (const auto* call = std::get_if<trace::SocketCall>(&change.after))
      told.emplace(call->name, *call);
  for (const Call call : {Call::Socket, Call::Listen, Call::Close}) CHECK(told.contains(call));
  CHECK(told[Call::Bind].port == 25);
  CHECK(told[Call::Accept].address == IpAddress::v4(10, 0, 0, 2));
  CHECK(told[Call::Recv].octets > 0);
  CHECK(told[Call::Send].octets > 0);
}
