// The mailboxes of a host's users, as the programs of the host meet them.
#include <catch2/catch.hpp>

#include "protocols/mime/report.hpp"
#include "sim/hosts/maa_server.hpp"
#include "tests/sim/hosts/mail_world.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using namespace mailscope::sim::test;

namespace {

void set_messages_max(mailbox::Account& account, std::uint64_t messages) {
  mailbox::Limits limits;
  limits.messages = messages;
  account.set_limits(limits);
}

}  // namespace

TEST_CASE("a mail for a full mailbox waits in the spool, and is filed once or given up") {
  const bool room_comes = GENERATE(true, false);
  MailWorld world;
  world.beta.config.queue.lifetime = 5 * kHour;
  world.boot();
  mailbox::Account& account = *world.beta.store().account("bob");
  set_messages_max(account, 0);
  world.alice.send(letter({"bob@beta.example"}));
  world.run_for(kHour);
  CHECK(world.box(world.beta, "bob").empty());
  CHECK(world.beta.store().spool().size() == 1);
  CHECK(world.told("stays in the spool: the account may hold no more messages") > 0);
  if (room_comes) set_messages_max(account, 1);
  world.run();
  CHECK(world.beta.store().spool().empty());
  CHECK(world.box(world.beta, "bob").size() == (room_comes ? 1u : 0u));
  REQUIRE(world.box(world.alpha, "alice").size() == (room_comes ? 0u : 1u));
  if (room_comes) return;
  const auto report = mime::read_report(world.box(world.alpha, "alice")[0].content);
  CHECK(report->recipients.at(0).status == "4.3.1");
}

TEST_CASE("mail is filed with the time of the host's clock, and Junk is a mailbox of the account") {
  MailWorld world;
  world.boot();
  world.run_for(2 * kHour);
  world.alice.send(letter({"bob@beta.example"}));
  world.run();
  mailbox::Account& account = *world.beta.store().account("bob");
  REQUIRE(account.inbox().size() == 1);
  const std::int64_t filed = account.inbox().messages()[0].date.seconds;
  CHECK(filed >= 1'772'442'000 + 7200);
  CHECK(filed < 1'772'442'000 + 7260);
  CHECK(account.inbox().uid_validity() == 1'772'442'000);
  CHECK(account.with_use(mailbox::kJunk)->name() == "Junk");
  CHECK(world.beta.store().junk("bob") == *account.find("Junk"));
  CHECK(world.beta.store().account("nobody") == nullptr);
  CHECK(world.beta.store().inbox("nobody") == nullptr);
  CHECK(world.beta.store().junk("nobody") == nullptr);
}

TEST_CASE("a POP3 session says of a message that another session took away that it is gone") {
  MailWorld world;
  world.beta.add<MaaServer>();
  world.boot();
  for (const char* subject : {"first", "second"})
    world.alice.send(letter({"bob@beta.example"}, subject));
  world.run();
  world.terminal.talk("mail.beta.example", 110,
                      {"USER bob", "PASS bob", "UIDL", "RETR 1", "RETR 2", "NOOP"}, 10 * kSecond);
  world.run_for(35 * kSecond);
  CHECK(has(world.terminal.heard(), "\r\n1 m000001\r\n2 m000002\r\n"));
  const std::vector<mailbox::Uid> first{1};
  REQUIRE(world.beta.store().inbox("bob")->expunge(first));
  world.run_for(20 * kSecond);
  CHECK(has(world.terminal.heard(), "-ERR this message is gone\r\n"));
  CHECK(has(world.terminal.heard(), "Subject: second\r\n"));
  CHECK(world.beta.store().inbox("bob")->is_locked());
  world.beta.crash();
  CHECK(!world.beta.store().inbox("bob")->is_locked());
}
