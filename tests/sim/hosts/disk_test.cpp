#include "sim/hosts/disk.hpp"

#include <catch2/catch.hpp>

using namespace mailscope::sim;

TEST_CASE("anyone may add to a mailbox, only its owner may open it") {
  Mailbox mailbox("bob");
  mailbox.append("one");
  CHECK(mailbox.size() == 1);
  CHECK(mailbox.open("mallory") == nullptr);
  CHECK(mailbox.open("") == nullptr);
  REQUIRE(mailbox.open("bob") != nullptr);
  CHECK(mailbox.open("bob")->front().content == "one");
}

TEST_CASE("a mailbox never uses a unique id again") {
  Mailbox mailbox("bob");
  mailbox.append("one");
  const auto first = mailbox.open("bob")->front().uid;
  mailbox.open("bob")->clear();
  mailbox.append("two");
  CHECK(mailbox.open("bob")->front().uid != first);
}

TEST_CASE("a mailbox is locked for one session at a time") {
  Mailbox mailbox("bob");
  CHECK(mailbox.lock());
  CHECK_FALSE(mailbox.lock());
  mailbox.unlock();
  CHECK(mailbox.lock());
}

TEST_CASE("a spooled mail is settled when every recipient is") {
  SpooledMail mail;
  mail.recipients = {{.address = "a@alpha.example", .fate = Fate::Pending},
                     {.address = "b@alpha.example", .fate = Fate::Done}};
  CHECK_FALSE(mail.settled());
  mail.recipients[0].fate = Fate::Failed;
  CHECK(mail.settled());
}
