// The MAA server on port 143: sessions of a user on the simulated host, told of what others do.
#include <catch2/catch.hpp>

#include "sim/hosts/maa_server.hpp"
#include "tests/sim/hosts/mail_world.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using namespace mailscope::sim::test;

namespace {

// A program on another host that says what it is told to and remembers what it hears.
struct ImapGuest final : StreamUser {
  ImapGuest(MailWorld& the_world, const std::string& greeting = "IMAP4rev1") : world(the_world) {
    stream = world.pc->network().connect(world.beta.node().address(), 143, *this);
    wait();
    CHECK(has(heard, greeting));
  }
  void on_octets(Stream&, std::string_view octets) override { heard += octets; }
  void on_closed(Stream&, CloseReason) override { stream = nullptr; }
  void wait() { world.run_for(kSecond); }
  std::string say(const std::string& lines) {
    heard.clear();
    REQUIRE(stream);
    stream->send(lines);
    wait();
    return heard;
  }

  MailWorld& world;
  Stream* stream = nullptr;
  std::string heard;
};

struct ImapWorld : MailWorld {
  ImapWorld() {
    beta.config.imap = true;
    beta.add<MaaServer>();
    boot();
  }
};

}  // namespace

TEST_CASE("without the configuration nobody listens on port 143") {
  MailWorld world;
  world.beta.add<MaaServer>();
  world.boot();
  CHECK(world.told("listens on port 110, always") == 1);
  CHECK(world.told("143") == 0);
}

TEST_CASE("mail that comes is told at once to who waits in IDLE, and the others when they ask") {
  ImapWorld world;
  CHECK(world.told("listens on ports 110 and 143") == 1);
  ImapGuest first(world), second(world);
  CHECK(has(first.say("a LOGIN bob wrong\r\n"), "a NO [AUTHENTICATIONFAILED]"));
  CHECK(has(first.say("a LOGIN nobody wrong\r\n"), "a NO [AUTHENTICATIONFAILED]"));
  CHECK(has(first.say("a LOGIN bob bob\r\nb SELECT INBOX\r\nc IDLE\r\n"), "+ idling"));
  CHECK(has(second.say("a LOGIN bob bob\r\nb SELECT INBOX\r\n"), "* 0 EXISTS"));
  first.heard.clear();
  second.heard.clear();
  world.alice.send(letter({"bob@beta.example"}));
  world.run();
  CHECK(first.heard == "* 1 EXISTS\r\n* 1 RECENT\r\n");
  CHECK(second.heard.empty());
  CHECK(has(second.say("c NOOP\r\n"), "* 1 EXISTS\r\nc OK"));
  CHECK(has(second.say("d STORE 1 +FLAGS (\\Deleted)\r\ne EXPUNGE\r\n"), "* 1 EXPUNGE"));
  first.wait();
  CHECK(first.heard.ends_with("* 1 EXPUNGE\r\n"));
  CHECK(world.told("over IMAP 1 message leaves bob's mailbox") == 1);
  CHECK(world.box(world.beta, "bob").empty());
}

TEST_CASE("AUTHENTICATE finds the user's password, and APPEND dates by the host's clock") {
  ImapWorld world;
  ImapGuest guest(world);
  CHECK(has(guest.say("a AUTHENTICATE PLAIN AGJvYgBib2I=\r\n"), "a OK"));
  CHECK(has(guest.say("b APPEND INBOX {4+}\r\nx\r\n\n\r\n"), "b OK [APPENDUID"));
  CHECK(world.told("over IMAP 1 message comes into bob's mailbox") == 1);
  CHECK(world.beta.store().inbox("bob")->messages()[0].date.seconds >= 1'772'442'000);
}

TEST_CASE("a long answer does not fill the memory: it is made as the line takes it") {
  ImapWorld world;
  std::vector<mailbox::NewMessage> messages(50, {std::string(100'000, 'x') + "\r\n", {}, {}});
  REQUIRE(world.beta.store().inbox("bob")->append(std::move(messages)));
  ImapGuest guest(world);
  guest.say("a LOGIN bob bob\r\nb SELECT INBOX\r\n");
  guest.stream->send("c FETCH 1:* BODY.PEEK[]\r\nd LOGOUT\r\n");
  std::uint64_t most = 0;
  while (guest.stream && world.simulator.now() < kHour) {
    world.run_for(kMillisecond);
    for (const SocketInfo& socket : world.beta.node().sockets())
      if (!socket.listening) most = std::max<std::uint64_t>(most, socket.unsent);
  }
  CHECK(guest.heard.size() > 5'000'000);
  CHECK(has(guest.heard, "c OK"));
  CHECK(has(guest.heard, "d OK"));
  CHECK(most < 400'000);
}

TEST_CASE("a crash ends the sessions and keeps the mail") {
  ImapWorld world;
  ImapGuest guest(world);
  guest.say("a LOGIN bob bob\r\nb SELECT INBOX\r\nc APPEND INBOX {4+}\r\nx\r\n\n\r\nd IDLE\r\n");
  world.beta.crash();
  world.run_for(kSecond);
  world.beta.restart();
  world.run_for(kSecond);
  ImapGuest again(world);
  CHECK(has(again.say("a LOGIN bob bob\r\nb SELECT INBOX\r\n"), "* 1 EXISTS"));
}
