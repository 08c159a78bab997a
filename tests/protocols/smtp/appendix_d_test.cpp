// The dialogues of RFC 5321 appendix D, octet for octet: a client and a server engine, joined in
// memory, say what the RFC prints. Two things need words.
//
// - What is printed is taken for what is on the wire: the message of D.1 and D.4 has a line that
//   begins with three dots, so it is one of two dots to its readers (§4.5.2).
// - In the second step of D.3 xyz.com takes its leave as "foo.com", which is the name of its
// client;
//   §4.2.2 has the server's own name there, and so has ours. That is the one difference.
//
// The hosts that the RFC has in mind list their extensions in words of their own ("SIZE" without a
// number, no EXPN): the answers to EHLO are given by the host here, as any answer may be.

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "protocols/smtp/client.hpp"
#include "protocols/smtp/server.hpp"

using namespace mailscope::smtp;

namespace {

// The hosts foo.com and xyz.com: who has a mailbox, and what EHLO is answered.
struct Host {
  std::string domain;
  std::vector<std::string> ehlo;
  std::vector<MessageReceived> messages;
  std::vector<Verb> aborted;

  void decide(Server& server, const ServerEvent& event) {
    if (std::holds_alternative<HeloSeen>(event)) {
      server.answer(Reply(250, ehlo));
    } else if (const auto* recipient = std::get_if<RecipientOffered>(&event)) {
      if (recipient->path.mailbox.local_part == "Green")
        server.refuse(550, "No such user here");
      else
        server.accept();
    } else if (std::holds_alternative<VerifyAsked>(event)) {
      server.answer(Reply(250, "Mark Crispin <Admin.MRC@foo.com>"));
    } else if (const auto* aborted_event = std::get_if<TransactionAborted>(&event)) {
      aborted.push_back(aborted_event->by);
    } else if (is_question(event)) {
      if (const auto* message = std::get_if<MessageReceived>(&event)) messages.push_back(*message);
      server.accept();
    }
  }
};

// What both say, each line with its side in front.
std::string dialogue(Client& client, Host& host, std::vector<MessageAnswered>& answered) {
  ServerOptions options;
  options.domain = host.domain;
  options.greeting = "Simple Mail Transfer Service Ready";
  options.dsn = true;
  Server server(options);
  server.greet();
  std::string said;
  const auto note = [&](std::string_view side, std::string_view octets) {
    while (!octets.empty()) {
      const std::size_t end = octets.find("\r\n");
      REQUIRE(end != octets.npos);
      said.append(side).append(octets.substr(0, end)).append("\n");
      octets.remove_prefix(end + 2);
    }
  };
  for (bool moved = true; moved;) {
    while (const auto event = server.next_event()) host.decide(server, *event);
    const std::string from_server = server.take_output();
    note("S: ", from_server);
    client.receive(from_server);
    const std::string from_client = client.take_output();
    note("C: ", from_client);
    server.receive(from_client);
    moved = !from_server.empty() || !from_client.empty();
    while (const auto event = client.next_event())
      if (const auto* message = std::get_if<MessageAnswered>(&*event)) answered.push_back(*message);
  }
  CHECK(server.wants_close());
  CHECK(client.wants_close());
  return said;
}

std::string dialogue(Client& client, Host& host) {
  std::vector<MessageAnswered> answered;
  return dialogue(client, host, answered);
}

Envelope envelope(std::string_view sender, const std::vector<std::string>& recipients) {
  Envelope made{*parse_reverse_path(sender), {}};
  for (const std::string& recipient : recipients)
    made.recipients.push_back(*parse_forward_path(recipient));
  return made;
}

ClientOptions named(std::string name) {
  ClientOptions options;
  options.name = std::move(name);
  options.declare_size = false;
  return options;
}

// The margin that the raw strings have is taken off.
std::string lines(std::string_view text) {
  std::string out;
  text.remove_prefix(1);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (line.size() > 4) out.append(line.substr(4)).append("\n");
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return out;
}

const std::vector<std::string> kUsual = {"foo.com greets bar.com", "8BITMIME", "SIZE", "DSN",
                                         "HELP"};
const std::string kBlah = "Blah blah blah...\r\n..etc. etc. etc.\r\n";

}  // namespace

TEST_CASE("RFC 5321 D.1: a typical SMTP transaction") {
  Host foo{"foo.com", kUsual, {}, {}};
  Client bar(named("bar.com"));
  bar.deliver(
      envelope("<Smith@bar.com>", {"<Jones@foo.com>", "<Green@foo.com>", "<Brown@foo.com>"}),
      kBlah);
  bar.quit();
  CHECK(dialogue(bar, foo) == lines(R"(
    S: 220 foo.com Simple Mail Transfer Service Ready
    C: EHLO bar.com
    S: 250-foo.com greets bar.com
    S: 250-8BITMIME
    S: 250-SIZE
    S: 250-DSN
    S: 250 HELP
    C: MAIL FROM:<Smith@bar.com>
    S: 250 OK
    C: RCPT TO:<Jones@foo.com>
    S: 250 OK
    C: RCPT TO:<Green@foo.com>
    S: 550 No such user here
    C: RCPT TO:<Brown@foo.com>
    S: 250 OK
    C: DATA
    S: 354 Start mail input; end with <CRLF>.<CRLF>
    C: Blah blah blah...
    C: ...etc. etc. etc.
    C: .
    S: 250 OK
    C: QUIT
    S: 221 foo.com Service closing transmission channel
)"));
  REQUIRE(foo.messages.size() == 1);
  CHECK(foo.messages[0].content == kBlah);
  CHECK(foo.messages[0].envelope.recipients.size() == 2);
}

TEST_CASE("RFC 5321 D.2: an aborted SMTP transaction") {
  Host foo{"foo.com", kUsual, {}, {}};
  ClientOptions options = named("bar.com");
  options.all_or_none = true;
  Client bar(options);
  bar.deliver(envelope("<Smith@bar.com>", {"<Jones@foo.com>", "<Green@foo.com>"}), kBlah);
  bar.quit();
  std::vector<MessageAnswered> answered;
  CHECK(dialogue(bar, foo, answered) == lines(R"(
    S: 220 foo.com Simple Mail Transfer Service Ready
    C: EHLO bar.com
    S: 250-foo.com greets bar.com
    S: 250-8BITMIME
    S: 250-SIZE
    S: 250-DSN
    S: 250 HELP
    C: MAIL FROM:<Smith@bar.com>
    S: 250 OK
    C: RCPT TO:<Jones@foo.com>
    S: 250 OK
    C: RCPT TO:<Green@foo.com>
    S: 550 No such user here
    C: RSET
    S: 250 OK
    C: QUIT
    S: 221 foo.com Service closing transmission channel
)"));
  CHECK(foo.messages.empty());
  CHECK(foo.aborted == std::vector<Verb>{Verb::Rset});
  REQUIRE(answered.size() == 1);
  CHECK(answered[0].outcome == Outcome::Refused);
  CHECK(answered[0].reply.code == 550);
}

TEST_CASE("RFC 5321 D.3: relayed mail, in two steps") {
  Host foo{"foo.com", kUsual, {}, {}};
  Client bar(named("bar.com"));
  bar.deliver(envelope("<JQP@bar.com>", {"<Jones@XYZ.COM>"}),
              "Date: Thu, 21 May 1998 05:33:29 -0700\r\n"
              "From: John Q. Public <JQP@bar.com>\r\n"
              "Subject: The Next Meeting of the Board\r\n"
              "To: Jones@xyz.com\r\n"
              "\r\n"
              "Bill:\r\n"
              "The next meeting of the board of directors will be\r\n"
              "on Tuesday.\r\n"
              "John.\r\n");
  bar.quit();
  CHECK(dialogue(bar, foo) == lines(R"(
    S: 220 foo.com Simple Mail Transfer Service Ready
    C: EHLO bar.com
    S: 250-foo.com greets bar.com
    S: 250-8BITMIME
    S: 250-SIZE
    S: 250-DSN
    S: 250 HELP
    C: MAIL FROM:<JQP@bar.com>
    S: 250 OK
    C: RCPT TO:<Jones@XYZ.COM>
    S: 250 OK
    C: DATA
    S: 354 Start mail input; end with <CRLF>.<CRLF>
    C: Date: Thu, 21 May 1998 05:33:29 -0700
    C: From: John Q. Public <JQP@bar.com>
    C: Subject: The Next Meeting of the Board
    C: To: Jones@xyz.com
    C: )"
                                    "\n"
                                    R"(    C: Bill:
    C: The next meeting of the board of directors will be
    C: on Tuesday.
    C: John.
    C: .
    S: 250 OK
    C: QUIT
    S: 221 foo.com Service closing transmission channel
)"));

  Host xyz{"xyz.com", {"xyz.com is on the air"}, {}, {}};
  Client relay(named("foo.com"));
  REQUIRE(foo.messages.size() == 1);
  relay.deliver(foo.messages[0].envelope,
                "Received: from bar.com by foo.com ; Thu, 21 May 1998\r\n"
                "    05:33:29 -0700\r\n"
                "Date: Thu, 21 May 1998 05:33:22 -0700\r\n"
                "From: John Q. Public <JQP@bar.com>\r\n"
                "Subject:  The Next Meeting of the Board\r\n"
                "To: Jones@xyz.com\r\n"
                "\r\n"
                "Bill:\r\n"
                "The next meeting of the board of directors will be\r\n"
                "on Tuesday.\r\n"
                "                        John.\r\n");
  relay.quit();
  CHECK(dialogue(relay, xyz) == lines(R"(
    S: 220 xyz.com Simple Mail Transfer Service Ready
    C: EHLO foo.com
    S: 250 xyz.com is on the air
    C: MAIL FROM:<JQP@bar.com>
    S: 250 OK
    C: RCPT TO:<Jones@XYZ.COM>
    S: 250 OK
    C: DATA
    S: 354 Start mail input; end with <CRLF>.<CRLF>
    C: Received: from bar.com by foo.com ; Thu, 21 May 1998
    C:     05:33:29 -0700
    C: Date: Thu, 21 May 1998 05:33:22 -0700
    C: From: John Q. Public <JQP@bar.com>
    C: Subject:  The Next Meeting of the Board
    C: To: Jones@xyz.com
    C: )"
                                      "\n"
                                      R"(    C: Bill:
    C: The next meeting of the board of directors will be
    C: on Tuesday.
    C:                         John.
    C: .
    S: 250 OK
    C: QUIT
    S: 221 xyz.com Service closing transmission channel
)"));
}

TEST_CASE("RFC 5321 D.4: verifying and sending") {
  Host foo{
      "foo.com", {"foo.com greets bar.com", "8BITMIME", "SIZE", "DSN", "VRFY", "HELP"}, {}, {}};
  Client bar(named("bar.com"));
  bar.verify("Crispin");
  bar.deliver(envelope("<EAK@bar.com>", {"<Admin.MRC@foo.com>"}), kBlah);
  bar.quit();
  CHECK(dialogue(bar, foo) == lines(R"(
    S: 220 foo.com Simple Mail Transfer Service Ready
    C: EHLO bar.com
    S: 250-foo.com greets bar.com
    S: 250-8BITMIME
    S: 250-SIZE
    S: 250-DSN
    S: 250-VRFY
    S: 250 HELP
    C: VRFY Crispin
    S: 250 Mark Crispin <Admin.MRC@foo.com>
    C: MAIL FROM:<EAK@bar.com>
    S: 250 OK
    C: RCPT TO:<Admin.MRC@foo.com>
    S: 250 OK
    C: DATA
    S: 354 Start mail input; end with <CRLF>.<CRLF>
    C: Blah blah blah...
    C: ...etc. etc. etc.
    C: .
    S: 250 OK
    C: QUIT
    S: 221 foo.com Service closing transmission channel
)"));
}
