// The queue: when mail is tried, by which hosts, and when it is given up.
#include <catch2/catch.hpp>

#include "protocols/mime/report.hpp"
#include "tests/sim/hosts/mail_world.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using namespace mailscope::sim::test;

TEST_CASE("a letter goes from host to host and leaves the spool of each") {
  MailWorld world;
  world.boot();
  world.alice.send(letter({"bob@beta.example"}));
  world.run();
  REQUIRE(world.box(world.beta, "bob").size() == 1);
  const std::string& content = world.box(world.beta, "bob")[0].content;
  CHECK(
      content.starts_with("Return-Path: <alice@alpha.example>\r\nReceived: from "
                          "mail.alpha.example ([10.0.0.1])\r\n\tby mail.beta.example (MailScope) "
                          "with ESMTP id Q"));
  CHECK(world.alpha.store().spool().empty());
  CHECK(world.beta.store().spool().empty());
}

TEST_CASE("several mails for one host share a connection, also one that comes while it is open") {
  MailWorld world;
  world.boot();
  for (const char* subject : {"one", "two", "three"})
    world.alice.send(letter({"bob@beta.example"}, subject));
  world.run_for(11 * kMillisecond);  // the client calls by now
  world.alice.send(letter({"bob@beta.example"}, "four"));
  world.run();
  CHECK(world.box(world.beta, "bob").size() == 4);
  CHECK(world.told("accept(10.0.0.1") == 1);
}

TEST_CASE("a host that cannot be reached is called ever less often, and a report ends it") {
  MailWorld world;
  world.alpha.config.queue.first_retry = kMinute;
  world.alpha.config.queue.retry_max = 8 * kMinute;
  world.alpha.config.queue.lifetime = kHour;
  world.alpha.config.queue.warn_after = 20 * kMinute;
  world.boot();
  world.beta.power_off(State::Off);
  world.alice.send(letter({"bob@beta.example"}));
  world.run();
  std::vector<Time> calls;
  for (const auto& change : world.trace.changes)
    if (const auto* call = std::get_if<trace::SocketCall>(&change.after);
        call && call->name == trace::SocketCall::Name::Connect &&
        call->address == IpAddress::v4(10, 0, 0, 2))
      calls.push_back(change.at / kMinute);
  CHECK(calls == std::vector<Time>{0, 1, 3, 7, 15, 23, 31, 39, 47, 55, 60});
  const auto& box = world.box(world.alpha, "alice");
  REQUIRE(box.size() == 2);
  const auto late = mime::read_report(box[0].content), failed = mime::read_report(box[1].content);
  REQUIRE((late && failed));
  CHECK(late->recipients[0].action == "delayed");
  CHECK(late->recipients[0].status == "4.4.1");
  CHECK(has(box[0].content, "Will-Retry-Until: "));
  CHECK(failed->recipients[0].action == "failed");
  CHECK(failed->recipients[0].status == "4.4.1");  // RFC 3463 section 3.5: the actual problem
  CHECK(
      has(box[1].content, "It was tried for 1 h and is given up now: no connection to mail.beta"));
  CHECK(failed->subject == "Hi");
  CHECK(world.alpha.store().spool().empty());
}

TEST_CASE("a host that comes back gets the mail at the next attempt") {
  MailWorld world;
  world.boot();
  world.beta.crash();
  world.alice.send(letter({"bob@beta.example"}));
  world.run_for(4 * kMinute);
  world.beta.restart();
  world.run();
  CHECK(world.box(world.beta, "bob").size() == 1);
  CHECK(world.told("waits in the spool; attempt 2 comes in 1800 s") == 1);
  CHECK(world.box(world.alpha, "alice").empty());
}

TEST_CASE("between attempts a crash of the sender loses neither the mail nor its place in time") {
  MailWorld world;
  world.boot();
  world.beta.crash();
  world.alice.send(letter({"bob@beta.example"}));
  world.run_for(2 * kMinute);
  world.alpha.crash();
  world.run_for(kSecond);
  world.alpha.restart();
  world.beta.restart();
  world.run();
  CHECK(world.box(world.beta, "bob").size() == 1);
  CHECK(world.told_at("files a message") > 5 * kMinute);
}

TEST_CASE("what is refused for good goes back at once, the others get their mail") {
  MailWorld world;
  world.boot();
  world.alice.send(letter({"bob@beta.example", "nobody@beta.example", "bad@nowhere.example"}));
  world.run();
  CHECK(world.box(world.beta, "bob").size() == 1);
  const auto& box = world.box(world.alpha, "alice");
  REQUIRE(box.size() == 1);  // one report about both
  const auto report = mime::read_report(box[0].content);
  REQUIRE(report);
  REQUIRE(report->recipients.size() == 2);
  CHECK(report->recipients[0].address == "nobody@beta.example");
  CHECK(report->recipients[0].status == "5.1.1");
  CHECK(report->recipients[0].remote_mta == "mail.beta.example");
  CHECK(report->recipients[0].diagnostic == "550 5.1.1 No such user here: nobody@beta.example");
  CHECK(report->recipients[1].address == "bad@nowhere.example");
  CHECK(report->reporter == "mail.alpha.example");
  CHECK(box[0].content.starts_with("Return-Path: <>\r\n"));
}

TEST_CASE("a recipient who is put off waits alone") {
  MailWorld world;
  world.user(world.beta, "dora", "Dora");
  world.boot();
  world.beta.faults.at_command.push_back(
      {CommandFault::Kind::Reply, "RCPT", 2, 450, "4.2.0 Mailbox busy", 0});
  world.alice.send(letter({"bob@beta.example", "dora@beta.example"}));
  world.run_for(kMinute);
  CHECK(world.box(world.beta, "bob").size() == 1);
  CHECK(world.box(world.beta, "dora").empty());
  CHECK(world.alpha.store().spool().size() == 1);
  world.run();
  CHECK(world.box(world.beta, "bob").size() == 1);
  CHECK(world.box(world.beta, "dora").size() == 1);
  CHECK(world.alpha.store().spool().empty());
}

TEST_CASE("a host that says 421 or closes is passed by, other hosts get their mail first") {
  MailWorld world;
  Machine& gamma = world.add_mail_host("mail.gamma.example", "gamma.example", 3);
  world.user(gamma, "gina", "Gina");
  world.boot();
  world.beta.faults.refuse = true;
  world.alice.send(letter({"bob@beta.example", "gina@gamma.example"}));
  world.run_for(kMinute);
  CHECK(world.box(gamma, "gina").size() == 1);
  CHECK(world.box(world.beta, "bob").empty());
  world.beta.faults.refuse = false;
  world.run();
  CHECK(world.box(gamma, "gina").size() == 1);
  CHECK(world.box(world.beta, "bob").size() == 1);
}

TEST_CASE("a host that accepts and says nothing is left after the time for a reply") {
  MailWorld world;
  world.alpha.config.client.reply_timeout = kMinute;
  world.boot();
  world.beta.faults.greeting_delay = kHour;
  world.alice.send(letter({"bob@beta.example"}));
  world.run_for(2 * kMinute);
  CHECK(world.told("does not wait any longer") == 1);
  world.beta.faults.greeting_delay = 0;
  world.run();
  CHECK(world.box(world.beta, "bob").size() == 1);
}

TEST_CASE("a connection lost behind the final dot makes a duplicate, and says that it may") {
  MailWorld world;
  world.boot();
  world.beta.faults.at_command.push_back(
      {CommandFault::Kind::CrashAfterWrite, "END OF DATA", 1, 0, "", 0});
  world.alice.send(letter({"bob@beta.example"}));
  // The host is gone without a word: only TCP finds out.
  world.run_for(kSecond);
  CHECK_FALSE(world.beta.node().powered());
  world.beta.restart();
  world.run();
  CHECK(world.told("may be delivered twice") == 1);
  CHECK(world.box(world.beta, "bob").size() == 2);
}

TEST_CASE("a connection cut before the final dot makes no duplicate") {
  MailWorld world;
  world.alpha.config.client.smtp.chunking = false;
  world.boot();
  world.beta.faults.at_command.push_back({CommandFault::Kind::Cut, "DATA", 1, 0, "", 0});
  world.alice.send(letter({"bob@beta.example"}));
  world.run();
  CHECK(world.told("the connection breaks at DATA") == 1);
  CHECK(world.told("may be delivered twice") == 0);
  CHECK(world.box(world.beta, "bob").size() == 1);
}

TEST_CASE("the MDA waits for a disk that is full, but not for ever") {
  MailWorld world;
  world.beta.config.queue.lifetime = kHour;
  world.boot();
  world.bob.send(letter({"bob@beta.example"}));
  world.beta.faults.disk_full = true;
  SECTION("there is room again") {
    world.run_for(kMinute);
    world.beta.faults.disk_full = false;
    world.run();
    CHECK(world.box(world.beta, "bob").size() == 1);
  }
  SECTION("there is none") {
    world.run_for(2 * kHour);
    CHECK(world.box(world.beta, "bob").empty());
    CHECK(world.told("given up: the message leaves the spool") == 1);
  }
}

TEST_CASE("twenty thousand mails go through the spool in reasonable time") {
  MailWorld world;
  world.boot();
  SpooledMail mail;
  mail.reverse_path = "alice@alpha.example";
  mail.recipients.push_back({"bob@beta.example"});
  mail.content = "Subject: Hi\r\n\r\nHi\r\n";
  for (int i = 0; i < 20'000; ++i) world.alpha.spool(mail, "one more");
  world.run();
  CHECK(world.box(world.beta, "bob").size() == 20'000);
  CHECK(world.alpha.store().spool().empty());
}

TEST_CASE("an 8-bit letter is sent as it is, or encoded, or comes back") {
  MailWorld world;
  bool converts = true;
  SECTION("as it is") {}
  SECTION("encoded, as the server takes 7-bit mail only") {
    world.beta.config.server.smtp.eight_bit_mime = false;
  }
  SECTION("returned, as it may not be encoded") {
    world.beta.config.server.smtp.eight_bit_mime = false;
    world.alpha.config.client.down_convert = converts = false;
  }
  world.boot();
  Letter one = letter({"bob@beta.example"}, "Hi",
                      "Gr\xc3\xbc\xc3\x9f"
                      "e\n");
  one.eight_bit = true;
  world.alice.send(one);
  world.run();
  const bool takes = world.beta.config.server.smtp.eight_bit_mime;
  REQUIRE(world.box(world.beta, "bob").size() == (takes || converts ? 1u : 0u));
  if (takes)
    CHECK(has(world.box(world.beta, "bob")[0].content,
              "Gr\xc3\xbc\xc3\x9f"
              "e\r\n"));
  if (!takes && converts)
    CHECK(has(world.box(world.beta, "bob")[0].content, "\r\n\r\nGr=C3=BC=C3=9Fe\r\n"));
  if (!takes && !converts) {
    REQUIRE(world.box(world.alpha, "alice").size() == 1);
    CHECK(mime::read_report(world.box(world.alpha, "alice")[0].content)->recipients[0].status ==
          "5.6.3");
  }
}
