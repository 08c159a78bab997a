// The rules of the MTA server, by a person who types: limits, users, relaying, faults, log-in.
#include <catch2/catch.hpp>

#include "protocols/mime/base64.hpp"
#include "tests/sim/hosts/mail_world.hpp"

using namespace mailscope;
using namespace mailscope::sim;
using namespace mailscope::sim::test;

namespace {

using Lines = std::vector<std::string>;

// A whole mail by hand, with these recipients.
Lines mail_to(const Lines& recipients, const std::string& from = "carol@gamma.example") {
  Lines lines = {"EHLO pc", "MAIL FROM:<" + from + ">"};
  for (const std::string& one : recipients) lines.push_back("RCPT TO:<" + one + ">");
  for (const char* line : {"DATA", "Subject: By hand", "", "Hello", ".", "QUIT"})
    lines.emplace_back(line);
  return lines;
}

}  // namespace

TEST_CASE("VRFY and EXPN tell who is there") {
  MailWorld world;
  world.beta.config.names.lists.push_back(
      {"team", "The team", "bob@beta.example", {"bob@beta.example", "alice@alpha.example"}});
  world.beta.config.names.aliases.push_back({"boss", {"bob@beta.example"}});
  world.beta.config.names.moved.push_back({"emma", "emma@alpha.example", true});
  world.beta.config.names.moved.push_back({"fred", "fred@alpha.example", false});
  world.user(world.beta, "bobby", "Bobby Brown");
  SECTION("where it may") {
    world.boot();
    const std::string heard = world.say(
        {"EHLO pc", "VRFY bob", "VRFY Brown", "VRFY Bobby", "VRFY nobody", "VRFY team", "VRFY emma",
         "VRFY <fred@beta.example>", "EXPN team", "EXPN bob", "EXPN nothing", "QUIT"});
    for (const char* reply :
         {"\r\n250 2.1.5 Bob Brown <bob@beta.example>\r\n", "\r\n553-5.1.4 Ambiguous",
          "\r\n553 5.1.4 Bobby Brown <bobby@beta.example>\r\n",
          "\r\n250 2.1.5 Bobby Brown <bobby@beta.example>\r\n", "\r\n550 5.1.1 No such user here",
          "\r\n550 5.1.1 That is a mailing list",
          "\r\n251 2.1.5 User not local; will forward to <e",
          "\r\n551 5.1.6 User not local; please try <fred@alpha.example>\r\n",
          "\r\n250-2.1.5 Bob Brown <bob@beta.example>\r\n250 2.1.5 <alice@alpha.example>\r\n",
          "\r\n550 5.1.1 That is a user", "\r\n550 5.1.1 No such mailing list"}) {
      INFO(heard << "\n" << reply);
      CHECK(has(heard, reply));
    }
  }
  SECTION("where it may not") {
    world.beta.config.server.smtp.verify = false;
    world.boot();
    const std::string heard = world.say({"EHLO pc", "VRFY bob", "VRFY nobody", "QUIT"});
    CHECK(has(heard, "\r\n252 "));
    CHECK_FALSE(has(heard, "\r\n550 "));
  }
}

TEST_CASE("users who have moved: 251 and the mail is forwarded, 551 and it is not taken") {
  MailWorld world;
  world.beta.config.names.moved.push_back({"emma", "alice@alpha.example", true});
  world.beta.config.names.moved.push_back({"fred", "fred@alpha.example", false});
  world.boot();
  const std::string heard = world.say(mail_to({"emma@beta.example", "fred@beta.example"}));
  CHECK(has(heard, "\r\n251 "));
  CHECK(has(heard, "\r\n551 "));
  CHECK(world.box(world.alpha, "alice").size() == 1);
}

TEST_CASE("the server is never an open relay") {
  MailWorld world;
  SECTION("not for strangers") {
    world.boot();
    CHECK(has(world.say(mail_to({"alice@alpha.example"})), "\r\n550 5.7.1 "));
    CHECK(world.box(world.alpha, "alice").empty());
  }
  SECTION("for its own computers") {
    world.beta.config.server.relay_clients.push_back(world.pc->node().address());
    world.boot();
    CHECK_FALSE(has(world.say(mail_to({"alice@alpha.example"})), "\r\n550 "));
    CHECK(world.box(world.alpha, "alice").size() == 1);
  }
  SECTION("for domains that it relays for, and no others") {
    world.beta.config.server.relay_domains.push_back("Alpha.Example");
    world.boot();
    const std::string heard = world.say(mail_to({"alice@alpha.example", "x@gamma.example"}));
    CHECK(has(heard, "\r\n550 5.7.1 "));
    CHECK(world.box(world.alpha, "alice").size() == 1);
  }
}

TEST_CASE("a host without an MTA client takes no mail that it could not carry on") {
  MailWorld world(false);
  world.beta.config.server.relay_domains.push_back("alpha.example");
  world.beta.config.server.relay_clients.push_back(world.pc->node().address());
  world.boot();
  const std::string heard =
      world.say(mail_to({"alice@alpha.example", "x@nowhere.example", "bob@beta.example"}));
  CHECK(has(heard, "\r\n550 5.7.1 This host sends no mail on to others\r\n550 5.7.1 "));
  CHECK(world.box(world.beta, "bob").size() == 1);
  CHECK(world.beta.store().spool().size() == 0);
}

TEST_CASE("the submission port wants a log-in, and completes what a letter lacks") {
  MailWorld world;
  world.beta.config.server.submission = true;
  world.beta.config.server.sender_check = true;
  world.boot();
  CHECK(has(world.say(mail_to({"alice@alpha.example"}), 587), "\r\n530 5.7.0 "));
  const auto logged_in = [&](const std::string& password, const std::string& from) {
    Lines lines = mail_to({"alice@alpha.example"}, from);
    const std::string plain = std::string("\0bob\0", 5) + password;
    lines.insert(lines.begin() + 1, "AUTH PLAIN " + mime::base64_encode(plain));
    return world.say(lines, 587);
  };
  CHECK(has(logged_in("wrong", "bob@beta.example"), "\r\n535 "));
  CHECK(has(logged_in("bob", "alice@alpha.example"), "\r\n550 5.7.1 You are bob@beta.example"));
  CHECK(has(logged_in("bob", "bob@beta.example"), "\r\n235 "));
  REQUIRE(world.box(world.alpha, "alice").size() == 1);
  const std::string& content = world.box(world.alpha, "alice")[0].content;
  CHECK(has(content, "with ESMTPA id Q"));
  CHECK(has(content, "\r\nDate: Mon, 02 Mar 2026"));
  CHECK(has(content, "\r\nMessage-ID: <"));
  // Port 25 announces no AUTH, and adds nothing.
  CHECK_FALSE(has(world.say({"EHLO pc", "QUIT"}), "AUTH"));
}

TEST_CASE("a computer logs in at its smart host with its user's password") {
  MailWorld world;
  auto alice_pc = world.add_machine("alice-pc", "", 7);
  alice_pc->store().add_spool();
  alice_pc->add<MtaClient>();
  UserAgent& agent = alice_pc->add<UserAgent>(
      Account{"alice", "Alice", "alice@alpha.example", "alice"}, "user agent");
  alice_pc->hosts.add("mail.alpha.example", world.alpha.node().address());
  alice_pc->config.routing.smart_host = "mail.alpha.example";
  alice_pc->config.routing.smart_port = 587;
  alice_pc->config.routing.smart_user = "alice";
  world.alpha.config.server.submission = true;
  bool right = true;
  SECTION("the right one") {
    alice_pc->config.routing.smart_password = "alice";
  }
  SECTION("a wrong one") {
    alice_pc->config.routing.smart_password = "ecila";
    right = false;
  }
  world.boot();
  alice_pc->boot();
  agent.send(letter({"bob@beta.example"}));
  world.run_for(kMinute);
  CHECK(world.box(world.beta, "bob").size() == (right ? 1u : 0u));
  CHECK(alice_pc->store().spool().size() == (right ? 0u : 1u));
  if (!right) CHECK(world.told("does not let us log in: 535") == 1);
}

TEST_CASE("who comes unknown is asked to come again") {
  MailWorld world;
  world.beta.config.server.greylist = 4 * kMinute;
  world.boot();
  world.alice.send(letter({"bob@beta.example"}));
  world.run_for(kMinute);
  CHECK(world.box(world.beta, "bob").empty());
  CHECK(has(world.say(mail_to({"bob@beta.example"})), "\r\n450 4.7.1 Greylisted"));
  CHECK(world.box(world.beta, "bob").size() == 1);  // alice's came again after five minutes
  CHECK_FALSE(has(world.say(mail_to({"bob@beta.example"})), "Greylisted"));
}

TEST_CASE("limits: connections, idle clients, recipients, size, hops, disk") {
  MailWorld world;
  SECTION("too many connections") {
    world.beta.config.server.connections_max = 1;
    world.boot();
    Terminal& second = world.pc->add<Terminal>(Account{"dave", "", "", ""});
    world.terminal.talk("mail.beta.example", 25, {"EHLO pc", "!wait 2s", "QUIT"}, kMillisecond);
    world.run_for(kSecond);
    second.talk("mail.beta.example", 25, {"QUIT"}, kMillisecond);
    world.run();
    CHECK(second.heard().starts_with("421 mail.beta.example Too many connections"));
    CHECK(has(world.terminal.heard(), "\r\n221 "));
  }
  SECTION("idle") {
    world.beta.config.server.idle_timeout = kMinute;
    world.boot();
    CHECK(has(world.say({"EHLO pc", "!wait 90s", "NOOP"}), "\r\n421 "));
    CHECK(world.told("nothing came from 10.0.0.9 for 60 s") == 1);
  }
  SECTION("recipients") {
    world.beta.config.server.smtp.recipients_max = 1;
    world.boot();
    CHECK(has(world.say(mail_to({"bob@beta.example", "bob@beta.example"})), "\r\n452 "));
  }
  SECTION("size") {
    world.beta.config.server.smtp.message_octets_max = 1000;
    world.boot();
    CHECK(has(world.say({"EHLO pc", "MAIL FROM:<> SIZE=1001", "QUIT"}), "\r\n552 5.3.4 "));
    world.alice.send(letter({"bob@beta.example"}, "Long", std::string(2000, 'x')));
    world.run();
    CHECK(world.box(world.alpha, "alice").size() == 1);  // it bounced
  }
  SECTION("a loop") {
    world.beta.config.server.hops_max = 2;
    world.boot();
    Lines lines = {"EHLO pc", "MAIL FROM:<>", "RCPT TO:<bob@beta.example>", "DATA"};
    for (int i = 0; i < 3; ++i) lines.emplace_back("Received: by somebody");
    lines.insert(lines.end(), {"", "Hello", ".", "QUIT"});
    CHECK(has(world.say(lines), "\r\n554 5.4.6 "));
  }
  SECTION("two hosts that send each other's mail in a circle") {
    world.alpha.config.names.aliases.push_back({"ball", {"ball@beta.example"}});
    world.beta.config.names.aliases.push_back({"ball", {"ball@alpha.example"}});
    world.alpha.config.server.hops_max = world.beta.config.server.hops_max = 10;
    world.boot();
    world.alice.send(letter({"ball@beta.example"}));
    world.run();
    CHECK(world.told("goes round in a circle") == 1);
    CHECK(world.box(world.alpha, "alice").size() == 1);  // the report
    CHECK(world.alpha.store().spool().empty());
    CHECK(world.beta.store().spool().empty());
  }
  SECTION("a full disk, until somebody makes room") {
    world.beta.faults.disk_full = true;
    world.boot();
    CHECK(has(world.say({"EHLO pc", "MAIL FROM:<>", "QUIT"}), "\r\n452 4.3.1 "));
    world.alice.send(letter({"bob@beta.example"}));
    world.run_for(kMinute);
    world.beta.faults.disk_full = false;
    world.run();
    CHECK(world.box(world.beta, "bob").size() == 1);
  }
  SECTION("a small disk") {
    world.beta.config.disk.octets_max = 200;
    world.boot();
    world.say(mail_to({"bob@beta.example"}));
    CHECK(world.box(world.beta, "bob").size() == 1);
    const std::string heard = world.say(mail_to({"bob@beta.example"}));
    CHECK(has(heard, "\r\n452 4.3.1 "));
    CHECK(world.box(world.beta, "bob").size() == 1);
  }
}

TEST_CASE("faults happen at the command they are set for, once") {
  MailWorld world;
  using Kind = CommandFault::Kind;
  auto& faults = world.beta.faults.at_command;
  world.boot();
  SECTION("a reply") {
    faults.push_back({Kind::Reply, "MAIL", 2, 451, "4.3.0 Try again", 0});
    const std::string heard =
        world.say({"EHLO pc", "MAIL FROM:<>", "RSET", "MAIL FROM:<>", "MAIL FROM:<>", "QUIT"});
    CHECK(has(heard, "\r\n451 4.3.0 Try again\r\n250 "));
    CHECK(faults.empty());
  }
  SECTION("a greeting") {
    faults.push_back({Kind::Reply, "CONNECT", 1, 554, "No SMTP service here", 0});
    CHECK(world.say({"QUIT"}).starts_with("554 mail.beta.example No SMTP service here"));
  }
  SECTION("a cut connection") {
    faults.push_back({Kind::Cut, "RCPT", 1, 0, "", 0});
    world.say(mail_to({"bob@beta.example"}));
    CHECK(world.told("the connection is over: reset") == 1);
  }
  SECTION("a crash") {
    faults.push_back({Kind::Crash, "DATA", 1, 0, "", 0});
    world.terminal.talk("mail.beta.example", 25, mail_to({"bob@beta.example"}), kMillisecond);
    world.run_for(kSecond);
    CHECK_FALSE(world.beta.node().powered());
    world.beta.restart();
    world.run();
    CHECK(world.box(world.beta, "bob").empty());
  }
  SECTION("a delay") {
    faults.push_back({Kind::Delay, "MAIL", 1, 0, "", 10 * kSecond});
    const Time before = world.simulator.now();
    CHECK(has(world.say({"EHLO pc", "MAIL FROM:<>", "QUIT"}), "\r\n221 "));
    CHECK(world.simulator.now() - before >= 10 * kSecond);
  }
  SECTION("a user who is forgotten") {
    world.beta.faults.forgotten_users.push_back("bob");
    CHECK(has(world.say(mail_to({"bob@beta.example"})), "\r\n550 5.1.1 "));
  }
}

TEST_CASE("a server of 1982 speaks without extensions and enhanced codes") {
  MailWorld world;
  world.beta.config.classic = true;
  world.boot();
  const std::string heard = world.say(
      {"EHLO pc", "HELO pc", "MAIL FROM:<>", "RCPT TO:<nobody@beta.example>", "TURN", "QUIT"});
  CHECK(heard.starts_with("220 mail.beta.example Simple Mail Transfer Service Ready\r\n502 "));
  CHECK(has(heard, "\r\n550 No such user here: nobody@beta.example\r\n502 "));
  world.alice.send(letter({"bob@beta.example"}));
  world.run();
  REQUIRE(world.box(world.beta, "bob").size() == 1);
  CHECK(has(world.box(world.beta, "bob")[0].content, " with SMTP id "));
}

TEST_CASE("the person at the terminal sends raw octets, waits, and resets the connection") {
  MailWorld world;
  world.boot();
  const std::string heard = world.say({"EHLO pc", "!send NOOP", "!raw NO", "!wait 50ms",
                                       "!raw OP\\r\\n", "!raw N\\x4fOP\\r\\nNOOP\\r\\n", "QUIT"});
  std::size_t oks = 0, at = 0;
  while ((at = heard.find("\r\n250 2.0.0 OK", at)) != std::string::npos) ++at, ++oks;
  INFO(heard);
  CHECK(oks == 4);
  CHECK(has(heard, "\r\n221 "));
  world.say({"EHLO pc", "MAIL FROM:<>", "!hangup"});
  CHECK(world.told("the program resets the connection") == 1);
  CHECK_FALSE(world.terminal.talking());
  // Content up to the dot goes in one; the dot is the person's own.
  world.say({"HELO pc", "MAIL FROM:<>", "RCPT TO:<bob@beta.example>", "DATA", "Subject: x", "",
             "..a dot", ".", "QUIT"});
  REQUIRE(world.box(world.beta, "bob").size() == 1);
  CHECK(world.box(world.beta, "bob")[0].content.ends_with("\r\n\r\n.a dot\r\n"));
}

TEST_CASE("TURN: the mail that waits comes over the same connection, for those who may") {
  MailWorld world;
  world.alpha.config.server.smtp.turn = true;
  world.alpha.config.server.turn_clients["mail.beta.example"] = "beta.example";
  world.alpha.config.routing.held_domains.push_back("beta.example");
  world.boot();
  for (const char* subject : {"one", "two"})
    world.alice.send(letter({"bob@beta.example"}, subject));
  world.run();
  CHECK(world.alpha.store().spool().size() == 2);  // held, and nobody was called
  CHECK(world.told("connect(10.0.0.2") == 0);
  CHECK(has(world.say({"HELO pc", "TURN", "QUIT"}, 25, "mail.alpha.example"), "\r\n502 "));
  world.made[1].client->fetch_with_turn("mail.alpha.example");
  world.run();
  CHECK(world.box(world.beta, "bob").size() == 2);
  CHECK(world.alpha.store().spool().empty());
  CHECK(world.told("connect(10.0.0.2") == 0);
}

TEST_CASE("ETRN: the mail that waits is sent now") {
  MailWorld world;
  world.alpha.config.server.smtp.etrn = true;
  world.alpha.config.routing.held_domains.push_back("beta.example");
  world.boot();
  world.alice.send(letter({"bob@beta.example"}));
  world.run();
  CHECK(has(world.say({"EHLO pc", "ETRN gamma.example", "QUIT"}, 25, "mail.alpha.example"),
            "\r\n251 "));
  CHECK(world.box(world.beta, "bob").empty());
  world.made[1].client->fetch_with_etrn("mail.alpha.example", "beta.example");
  world.run();
  CHECK(world.told("ETRN: a queue run for beta.example starts, with 1 message") == 1);
  CHECK(world.box(world.beta, "bob").size() == 1);
}
