// The MAA server and its client on whole hosts: who gets in, what is deleted, what is remembered.
#include <catch2/catch.hpp>

#include "protocols/mime/base64.hpp"
#include "protocols/pop3/apop.hpp"
#include "sim/hosts/maa_client.hpp"
#include "sim/hosts/maa_server.hpp"
#include "tests/sim/hosts/mail_world.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using namespace mailscope::sim::test;

namespace {

// bob's mailbox is at beta, and he fetches from the computer.
struct FetchWorld : MailWorld {
  MaaClient& fetching = pc->add<MaaClient>();
  UserAgent& far_bob = pc->add<UserAgent>(Account{"bob", "Bob Brown", "bob@beta.example", "bob"},
                                          "bob's user agent");
  FetchWorld() { beta.add<MaaServer>(); }

  void mail_for_bob(const std::string& subject, std::string body = "Hello\n") {
    alice.send(letter({"bob@beta.example"}, subject, std::move(body)));
    run();
  }
  void fetch(const FetchOptions& options = {}) {
    fetching.fetch(far_bob, "mail.beta.example", options);
    run();
  }
  std::size_t waiting() { return box(beta, "bob").size(); }
  std::string dial(std::vector<std::string> lines) { return say(std::move(lines), 110); }
};

}  // namespace

TEST_CASE("keep mode fetches each message once, also after the computer was off") {
  FetchWorld world;
  world.boot();
  world.mail_for_bob("one");
  world.fetch({.keep = true, .uidl = true});
  world.mail_for_bob("two");
  world.fetch({.keep = true, .uidl = true});
  CHECK(world.far_bob.inbox().size() == 2);
  CHECK(world.waiting() == 2);
  world.pc->crash();
  world.pc->restart();
  world.fetch({.keep = true, .uidl = true});
  CHECK(world.far_bob.inbox().size() == 2);
  world.fetch({.uidl = true});  // delete mode: what is known goes without being fetched
  CHECK(world.far_bob.inbox().size() == 2);
  CHECK(world.waiting() == 0);
}

TEST_CASE("a connection that breaks before QUIT deletes nothing: UIDL saves the second copy") {
  for (const bool uidl : {false, true}) {
    FetchWorld world;
    world.beta.config.access.idle_timeout = kMinute;
    world.boot();
    world.mail_for_bob("one", std::string(60'000, 'x') + "\n");
    LinkOptions slow = world.link.options();
    slow.rate_bps = 56'000;
    world.link.set_options(slow);
    world.mail_for_bob("two", std::string(60'000, 'y') + "\n");
    world.fetching.fetch(world.far_bob, "mail.beta.example", {.uidl = uidl});
    while (world.far_bob.inbox().empty()) world.run_for(kSecond);
    world.run_for(2 * kSecond);  // the second message is under way
    world.link.set_up(false);
    world.run_for(10 * kMinute);
    world.link.set_up(true);
    CHECK(world.waiting() == 2);
    CHECK(world.told("bob's mailbox is free again") == 1);
    world.fetch({.uidl = uidl});
    CHECK(world.waiting() == 0);
    CHECK(world.far_bob.inbox().size() == (uidl ? 2 : 3));
  }
}

TEST_CASE("a silent client is hung up on, its marks are forgotten and the lock is free") {
  FetchWorld world;
  world.boot();
  world.mail_for_bob("one");
  const std::string said = world.dial({"USER bob", "PASS bob", "DELE 1", "!wait 30min"});
  CHECK(has(said, "+OK message 1 is marked"));
  CHECK(world.told("nothing came from 10.0.0.9 for 10 min") == 1);
  CHECK(world.waiting() == 1);
  CHECK(has(world.dial({"USER bob", "PASS bob", "QUIT"}), "+OK bob's maildrop"));
}

TEST_CASE("LOGIN-DELAY is told, and kept to by the user") {
  FetchWorld world;
  world.beta.config.access.login_delay = 90 * kSecond;
  world.boot();
  CHECK(has(world.dial({"CAPA", "QUIT"}), "\r\nLOGIN-DELAY 90\r\n"));
  CHECK(has(world.dial({"USER bob", "PASS bob", "QUIT"}), "+OK bob's maildrop"));
  CHECK(has(world.dial({"USER bob", "PASS bob", "QUIT"}), "-ERR [LOGIN-DELAY] "));
  CHECK(has(world.dial({"USER bob", "PASS wrong", "QUIT"}), "-ERR [AUTH] "));
  CHECK(has(world.dial({"!wait 90s", "USER bob", "PASS bob", "QUIT"}), "+OK bob's maildrop"));
}

TEST_CASE(
    "every way to log in works with the simulated server, and APOP only where it is offered") {
  for (const pop3::LogIn way : {pop3::LogIn::Password, pop3::LogIn::Apop, pop3::LogIn::Sasl}) {
    FetchWorld world;
    world.beta.config.access.apop = true;
    world.boot();
    world.mail_for_bob("one");
    world.fetch({.log_in = way});
    CHECK(world.far_bob.inbox().size() == 1);
  }
  FetchWorld world;
  world.boot();
  world.mail_for_bob("one");
  world.fetch({.log_in = pop3::LogIn::Apop});
  CHECK(world.far_bob.inbox().empty());
  CHECK(world.told("APOP was refused: the server offers no APOP") == 1);
}

TEST_CASE("APOP's time stamp and SASL's challenges are other ones in every greeting") {
  FetchWorld world;
  world.beta.config.access.apop = true;
  world.boot();
  std::set<std::string> stamps, challenges;
  for (int i = 0; i < 5; ++i) {
    const std::string said = world.dial({"AUTH CRAM-MD5", "*", "QUIT"});
    stamps.emplace(pop3::find_timestamp(said.substr(0, said.find("\r\n"))));
    challenges.insert(said.substr(said.find("\r\n+ ")));
  }
  CHECK(stamps.size() == 5);
  CHECK(challenges.size() == 5);
  CHECK(stamps.count("") == 0);
}

TEST_CASE("of a message over the limit the user agent shows the header, and it stays") {
  FetchWorld world;
  world.boot();
  world.mail_for_bob("small");
  world.mail_for_bob("large", std::string(50'000, 'x') + "\n");
  world.fetch({.octets_max = 10'000});
  CHECK(world.far_bob.inbox().size() == 1);
  CHECK(world.waiting() == 1);
  CHECK(world.told("shows the header of \"large\"; its ") == 1);
}
