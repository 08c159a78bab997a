// What senders are told, and who is told nothing; lists, aliases, filters, receipts.
#include <catch2/catch.hpp>

#include "protocols/mime/header.hpp"
#include "protocols/mime/report.hpp"
#include "tests/sim/hosts/mail_world.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using namespace mailscope::sim::test;

namespace {

Notify notify(bool success, bool failure, bool delay) {
  Notify one;
  one.stated = true;
  one.success = success;
  one.failure = failure;
  one.delay = delay;
  return one;
}

// The actions of the reports in a mailbox, "delivered bob@beta.example 2.0.0".
std::vector<std::string> reports(MailWorld& world, Machine& machine, std::string_view user) {
  std::vector<std::string> list;
  for (const Filed& message : world.box(machine, user))
    if (const auto report = mime::read_report(message.content))
      for (const auto& one : report->recipients)
        list.push_back(one.action + " " + one.address + " " + one.status);
  return list;
}
using Reports = std::vector<std::string>;

}  // namespace

TEST_CASE("a sender who wants to know of success is told by the host that delivers") {
  MailWorld world;
  world.boot();
  Letter one = letter({"bob@beta.example"});
  one.notify = notify(true, true, false);
  world.alice.send(one);
  world.run();
  CHECK(reports(world, world.alpha, "alice") == Reports{"delivered bob@beta.example 2.0.0"});
  const std::string& report = world.box(world.alpha, "alice").at(0).content;
  CHECK(has(report, "Reporting-MTA: dns; mail.beta.example"));
  CHECK(has(report, "Original-Recipient: rfc822;bob@beta.example"));
  CHECK(has(report, "Auto-Submitted: auto-replied"));
}

TEST_CASE("where the next host knows no DSN the trail ends, and that is told") {
  MailWorld world;
  world.beta.config.server.smtp.dsn = false;
  world.boot();
  Letter one = letter({"bob@beta.example"});
  one.notify = notify(true, false, false);
  world.alice.send(one);
  world.run();
  CHECK(world.box(world.beta, "bob").size() == 1);
  CHECK(reports(world, world.alpha, "alice") == Reports{"relayed bob@beta.example 2.0.0"});
}

TEST_CASE("a sender who asked to be told nothing is told nothing") {
  MailWorld world;
  world.boot();
  Letter one = letter({"nobody@beta.example", "bob@beta.example"});
  SECTION("never") {
    one.notify = notify(false, false, false);
    world.alice.send(one);
    world.run();
    CHECK(world.box(world.alpha, "alice").empty());
  }
  SECTION("only of delays") {
    one.notify = notify(false, false, true);
    world.alice.send(one);
    world.run();
    CHECK(world.box(world.alpha, "alice").empty());
  }
  SECTION("who says nothing is told of failures") {
    world.alice.send(one);
    world.run();
    CHECK(reports(world, world.alpha, "alice") == Reports{"failed nobody@beta.example 5.1.1"});
  }
  CHECK(world.box(world.beta, "bob").size() == 1);
}

TEST_CASE("mail from <> is never answered by a report") {
  MailWorld world;
  world.boot();
  Letter one = letter({"nobody@beta.example"});
  one.from = "ghost@beta.example";  // the report about it cannot be delivered either
  world.alice.send(one);
  world.run();
  CHECK(world.told("it came from <>: nobody is told") == 1);
  for (Machine* machine : world.all()) CHECK(machine->store().spool().empty());
  CHECK(world.box(world.alpha, "alice").empty());
  CHECK(world.box(world.beta, "bob").empty());
}

TEST_CASE("the whole letter comes back when that was asked for, else its header") {
  MailWorld world;
  world.boot();
  Letter one = letter({"nobody@beta.example"}, "Hi", "The body\n");
  const bool full = GENERATE(true, false);
  one.return_full = full;
  world.alice.send(one);
  world.run();
  REQUIRE(world.box(world.alpha, "alice").size() == 1);
  const std::string& report = world.box(world.alpha, "alice")[0].content;
  CHECK(has(report, "The body") == full);
  CHECK(has(report, full ? "Content-Type: message/rfc822" : "Content-Type: text/rfc822-headers"));
}

TEST_CASE("an alias stands for others, and nobody gets a mail twice") {
  MailWorld world;
  world.user(world.beta, "dora", "Dora");
  world.beta.config.names.aliases.push_back(
      {"all", {"bob@beta.example", "dora@beta.example", "boss"}});
  world.beta.config.names.aliases.push_back({"boss", {"bob@beta.example"}});
  world.beta.config.names.aliases.push_back({"ring", {"gnir@beta.example"}});
  world.beta.config.names.aliases.push_back({"gnir", {"ring@beta.example"}});
  world.boot();
  SECTION("several") {
    Letter one = letter({"all@beta.example", "bob@beta.example"});
    one.notify = notify(true, true, false);
    world.alice.send(one);
    world.run();
    CHECK(world.box(world.beta, "bob").size() == 1);
    CHECK(world.box(world.beta, "dora").size() == 1);
    const Reports told = reports(world, world.alpha, "alice");
    CHECK(std::count(told.begin(), told.end(), "expanded all@beta.example 2.0.0") == 1);
    CHECK(world.told("the alias all stands for bob@beta.example, dora@beta.example, boss") == 1);
  }
  SECTION("a circle") {
    world.alice.send(letter({"ring@beta.example"}));
    world.run();
    CHECK(reports(world, world.alpha, "alice") == Reports{"failed ring@beta.example 5.4.6"});
    CHECK(world.beta.store().spool().empty());
  }
}

TEST_CASE("a mailing list sends to its members in its owner's name") {
  MailWorld world;
  world.user(world.beta, "olga", "Olga Owner");
  world.beta.config.names.lists.push_back(
      {"team",
       "The team",
       "olga@beta.example",
       {"bob@beta.example", "alice@alpha.example", "gone@alpha.example"}});
  world.boot();
  Letter one = letter({"team@beta.example"});
  one.notify = notify(true, true, false);
  world.alice.send(one);
  world.run();
  REQUIRE(world.box(world.beta, "bob").size() == 1);
  CHECK(world.box(world.beta, "bob")[0].content.starts_with("Return-Path: <olga@beta.example>"));
  // alice: her copy, and that the list has her mail. The member who is gone is olga's concern.
  CHECK(world.box(world.alpha, "alice").size() == 2);
  CHECK(reports(world, world.alpha, "alice") == Reports{"delivered team@beta.example 2.0.0"});
  CHECK(reports(world, world.beta, "olga") == Reports{"failed gone@alpha.example 5.1.1"});
  for (Machine* machine : world.all()) CHECK(machine->store().spool().empty());
}

TEST_CASE("lists that are members of each other end somewhere") {
  MailWorld world;
  world.beta.config.names.lists.push_back(
      {"one", "", "bob@beta.example", {"two@beta.example", "bob@beta.example"}});
  world.beta.config.names.lists.push_back({"two", "", "bob@beta.example", {"one@beta.example"}});
  world.boot();
  world.alice.send(letter({"one@beta.example"}));
  world.run();
  CHECK(world.beta.store().spool().empty());
  CHECK(world.box(world.beta, "bob").size() < 20);
  CHECK(world.told("here it ends") == 1);
}

TEST_CASE("a virus is not delivered and its sender is told, without getting it back") {
  MailWorld world;
  world.beta.config.delivery.virus_scan = true;
  world.boot();
  Letter bad = letter({"bob@beta.example"}, "Look", default_viruses()[0].text + "\n");
  bad.return_full = true;
  world.alice.send(bad);
  world.alice.send(letter({"bob@beta.example"}, "Good"));
  world.run();
  REQUIRE(world.box(world.beta, "bob").size() == 1);
  CHECK(has(world.box(world.beta, "bob")[0].content, "Subject: Good"));
  CHECK(reports(world, world.alpha, "alice") == Reports{"failed bob@beta.example 5.7.1"});
  const std::string& report = world.box(world.alpha, "alice").at(0).content;
  CHECK_FALSE(has(report, default_viruses()[0].text));
  CHECK(has(report, "EICAR test file"));
}

TEST_CASE("spam is marked and set apart, and other mail says why it is none") {
  MailWorld world;
  world.beta.config.delivery.spam_filter = true;
  world.boot();
  world.alice.send(letter({"bob@beta.example"}, "FREE!!!",
                          "You  have\nwon a million dollars. Click here, act now!\n"));
  world.alice.send(letter({"bob@beta.example"}, "Lunch"));
  world.run();
  REQUIRE(world.box(world.beta, "bob").size() == 1);
  CHECK(has(world.box(world.beta, "bob")[0].content, "\r\nX-Spam-Flag: NO\r\n"));
  REQUIRE(world.beta.store().junk("bob")->size() == 1);
  const std::string junk = filed_in(*world.beta.store().junk("bob"))[0].content;
  CHECK(has(junk, "\r\nX-Spam-Flag: YES\r\nX-Spam-Score: 9.0 (limit 5.0)\r\n"));
  CHECK(has(junk, "promises millions"));
}

TEST_CASE("filters see through base64, and other judges may be put in") {
  const std::string hidden =
      "MIME-Version: 1.0\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"
      "bWFrZSBtb25leQpmYXN0\r\n";
  CHECK(judge_spam({}, hidden).score == 3);
  MailWorld world;
  world.beta.config.delivery.spam_filter = true;
  world.made[1].mda->judge = [](const DeliveryConfig&, std::string_view) {
    return SpamVerdict{true, 42, {"everything is spam"}};
  };
  world.boot();
  world.alice.send(letter({"bob@beta.example"}));
  world.run();
  CHECK(world.beta.store().junk("bob")->size() == 1);
}

TEST_CASE("a receipt is sent when the letter is read, once, and to nobody else") {
  MailWorld world;
  world.boot();
  Letter one = letter({"bob@beta.example"}, "Please confirm");
  one.request_receipt = true;
  world.alice.send(one);
  world.run();
  SECTION("by who sends receipts") {
    world.bob.send_receipts = true;
    world.bob.read();
    world.run();
    REQUIRE(world.box(world.alpha, "alice").size() == 1);
    const std::string& receipt = world.box(world.alpha, "alice")[0].content;
    CHECK(receipt.starts_with("Return-Path: <>\r\n"));
    const auto read = mime::read_report(receipt);
    REQUIRE(read);
    CHECK(read->receipt);
    CHECK(read->recipients.at(0).action == "displayed");
    CHECK(read->recipients.at(0).address == "bob@beta.example");
    CHECK(read->subject == "Please confirm");
    // RFC 8098 section 3.2.6.1: bob did not have to agree to this one
    CHECK(has(receipt, "\r\nDisposition: manual-action/MDN-sent-automatically; displayed\r\n"));
    world.alice.read();
    CHECK(world.told("a receipt came back: \"Please confirm\" was displayed by bob@beta.example") ==
          1);
    world.bob.receive(world.bob.inbox().at(0));  // the same letter once more
    world.run();
    CHECK(world.box(world.alpha, "alice").empty());
  }
  SECTION("not by who sends none") {
    world.bob.read();
    world.run();
    CHECK(world.box(world.alpha, "alice").empty());
    CHECK(world.told("asks for a receipt; bob sends none") == 1);
  }
  SECTION("not to another address than the letter came from") {
    world.bob.send_receipts = true;
    world.bob.receive(
        "Return-Path: <mallory@alpha.example>\r\nFrom: alice@alpha.example\r\n"
        "Disposition-Notification-To: alice@alpha.example\r\n\r\nHi\r\n");
    world.run();
    CHECK(world.box(world.alpha, "alice").empty());
  }
}

TEST_CASE("a report that comes back is told in words") {
  MailWorld world;
  world.boot();
  world.alice.send(letter({"nobody@beta.example"}, "Hi"));
  world.run();
  world.alice.read();
  CHECK(world.told("a report came back: \"Hi\" to nobody@beta.example failed (5.1.1): 550 5.1.1 No "
                   "such user here") == 1);
}
