// Where toy SMTP goes wrong, trap by trap. 16 to 19 stand with the extensions (server_extensions_
// test.cpp, server_auth_test.cpp); Received lines, loops and queues (10, 11, half of 13) are the
// host's: of them there is here what the engines contribute.

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "dialogue.hpp"
#include "protocols/base/dot_stuffing.hpp"
#include "protocols/smtp/client.hpp"

using namespace mailscope;
using namespace mailscope::smtp;
using namespace mailscope::smtp::test;
using namespace std::string_literals;

namespace {

struct Talk {
  Server server;
  Host host;

  explicit Talk(const ServerOptions& options = beta()) : server(options) {
    server.greet();
    (void)say("EHLO a.example\r\n");
  }
  std::string say(std::string_view octets, std::size_t chunk = 1 << 20) {
    for (std::size_t at = 0; at < octets.size(); at += chunk) {
      server.receive(octets.substr(at, chunk));
      host.serve(server);
    }
    return server.take_output();
  }
};

const std::string kToBob = "MAIL FROM:<a@alpha.example>\r\nRCPT TO:<bob@beta.example>\r\n";

}  // namespace

TEST_CASE("Trap 1: a leading dot is unstuffed wherever the octets are cut") {
  const std::string content = ".\r\n..\r\n.a\r\nb.\r\n";
  const std::string wire = kToBob + "DATA\r\n" + dot_stuffed(content);
  for (std::size_t cut = 0; cut <= wire.size(); ++cut) {
    Talk talk;
    (void)talk.say(wire.substr(0, cut));
    (void)talk.say(wire.substr(cut));
    REQUIRE(talk.host.messages.size() == 1);
    CHECK(talk.host.messages[0].content == content);
  }
}

TEST_CASE("Trap 2: ten bad ends of data, each by its name, end no message") {
  const std::pair<const char*, std::string> forms[] = {
      {"LF . LF", "\n.\n"},
      {"CR . CR", "\r.\r"},
      {"CRLF . LF", "\r\n.\n"},
      {"LF . CRLF", "\n.\r\n"},
      {"CR . CRLF", "\r.\r\n"},
      {"CRLF . CR", "\r\n.\r"},
      {"LF . CR", "\n.\r"},
      {"CR CRLF .", "\r\r\n.\r\r\n"},
      {"NUL before the dot", "\r\n\0.\r\n"s},
      {"NUL behind the dot", "\r\n.\0\r\n"s},
  };
  for (const auto& [title, form] : forms)
    for (const std::size_t chunk : {std::size_t{1}, std::size_t{2}, std::size_t{1000}}) {
      INFO(title);
      Talk talk;
      (void)talk.say(kToBob + "DATA\r\n");
      CHECK(talk.say("text" + form + "QUIT\r\nMAIL FROM:<evil@a.example>\r\n", chunk).empty());
      CHECK(talk.server.session().state() == State::Data);
      CHECK_FALSE(talk.host.quit);
      (void)talk.say("\r\n.\r\n");
      CHECK(talk.server.session().state() == State::Greeted);
      // With a bare CR or LF in it, it is nobody's message.
      CHECK(talk.host.messages.size() == (form.find('\0') != form.npos ? 1 : 0));
    }
}

TEST_CASE("Trap 3: the limits of section 4.5.3.1 are met exactly") {
  const auto path = [](std::size_t local, std::size_t domain) {
    std::string name;  // labels of at most 63
    while (name.size() < domain)
      name += std::string(std::min<std::size_t>(63, domain - name.size()), 'd') + ".";
    name.resize(domain);
    if (name.back() == '.') name.back() = 'd';
    return "<" + std::string(local, 'l') + "@" + name + ">";
  };
  Talk talk;
  const auto mail = [&](const std::string& sender) {
    const std::string reply = talk.say("MAIL FROM:" + sender + "\r\n");
    (void)talk.say("RSET\r\n");
    return reply.substr(0, 3);
  };
  CHECK(mail(path(64, 100)) == "250");
  CHECK(mail(path(65, 100)) == "501");
  CHECK(mail(path(1, 252)) == "250");  // a path of 256
  CHECK(mail(path(1, 253)) == "501");
  CHECK_FALSE(parse_mailbox("a@" + path(1, 256).substr(3, 256)));
  CHECK(parse_mailbox("a@" + path(1, 255).substr(3, 255)));
  (void)talk.say("MAIL FROM:<a@alpha.example>\r\n");
  for (int i = 0; i < 100; ++i) CHECK(talk.say("RCPT TO:<bob@beta.example>\r\n") == "250 OK\r\n");
  CHECK(talk.say("RCPT TO:<bob@beta.example>\r\n") == "452 Too many recipients\r\n");
  (void)talk.say("DATA\r\nx\r\n.\r\n");
  REQUIRE(talk.host.messages.size() == 1);
  CHECK(talk.host.messages[0].envelope.recipients.size() == 100);
}

TEST_CASE("Trap 4: lines of a reply with different codes are no reply") {
  Client client({.name = "alpha.example"});
  client.receive("220-one\r\n250 two\r\n");
  CHECK(std::holds_alternative<ReplyUnreadable>(client.next_event().value()));
  CHECK(client.wants_close());
}

TEST_CASE("Trap 5: EHLO and HELO in mid-session act as RSET") {
  for (const std::string again : {"EHLO b.example\r\n", "HELO b.example\r\n"}) {
    Talk talk;
    (void)talk.say(kToBob + again);
    CHECK(talk.host.aborted.size() == 1);
    CHECK(talk.say("DATA\r\n") == "503 Bad sequence of commands\r\n");
    CHECK(talk.say("MAIL FROM:<a@alpha.example>\r\n") == "250 OK\r\n");
  }
}

TEST_CASE("Trap 6: RCPT before MAIL, DATA without a recipient and a nested MAIL are refused") {
  Talk talk;
  CHECK(talk.say("RCPT TO:<bob@beta.example>\r\n") == "503 Bad sequence of commands\r\n");
  CHECK(talk.say("DATA\r\n") == "503 Bad sequence of commands\r\n");
  CHECK(talk.say("MAIL FROM:<a@alpha.example>\r\nMAIL FROM:<b@alpha.example>\r\n") ==
        "250 OK\r\n503 Bad sequence of commands\r\n");
  CHECK(talk.say("RCPT TO:<green@beta.example>\r\nDATA\r\n") ==
        "550 No such user here\r\n554 No valid recipients\r\n");
  CHECK(talk.host.senders == std::vector<std::string>{"<a@alpha.example>"});
}

TEST_CASE("Trap 7: Postmaster needs no domain, and only domains are compared without case") {
  Talk talk;
  CHECK(talk.say("MAIL FROM:<a@alpha.example>\r\nRCPT TO:<pOSTMASTER>\r\n") ==
        "250 OK\r\n250 OK\r\n");
  CHECK(parse_mailbox("Bob@BETA.example").value() == parse_mailbox("Bob@beta.Example").value());
  CHECK_FALSE(parse_mailbox("Bob@beta.example").value() ==
              parse_mailbox("bob@beta.example").value());
  CHECK(talk.say("RCPT TO:<Bob@beta.example>\r\n") == "250 OK\r\n");
  CHECK(talk.host.recipients[1].path.text() == "<Bob@beta.example>");
}

TEST_CASE("Trap 8: quoted local parts are values, and source routes are passed over") {
  Talk talk;
  (void)talk.say(
      "MAIL FROM:<@one.example,@two.example:a@alpha.example>\r\n"
      "RCPT TO:<@one.example:\"b\\ob\"@beta.example>\r\n"
      "RCPT TO:<\"two words\\\"\"@beta.example>\r\n");
  CHECK(talk.host.senders == std::vector<std::string>{"<a@alpha.example>"});
  REQUIRE(talk.host.recipients.size() == 2);
  CHECK(talk.host.recipients[0].path.text() == "<bob@beta.example>");
  CHECK(talk.host.recipients[1].path.mailbox.local_part == "two words\"");
}

TEST_CASE("Trap 9: the null reverse-path is a sender") {
  Talk talk;
  CHECK(talk.say("MAIL FROM:<>\r\nRCPT TO:<bob@beta.example>\r\n") == "250 OK\r\n250 OK\r\n");
  (void)talk.say("DATA\r\nx\r\n.\r\n");
  CHECK(talk.host.messages.at(0).envelope.reverse_path.is_null());
}

TEST_CASE(
    "Traps 10 and 11: Received fields are nothing to the engines, and a host is told what to "
    "write") {
  std::string content;
  for (int i = 0; i < 200; ++i) content += "Received: from a by b\r\n";
  Talk talk;
  (void)talk.say(kToBob + "DATA\r\n" + content + "\r\n.\r\n");
  REQUIRE(talk.host.messages.size() == 1);
  CHECK(talk.host.messages[0].content == content + "\r\n");
  CHECK(talk.host.messages[0].transport.with() == "ESMTP");
  CHECK(talk.server.client_name() == "a.example");
}

TEST_CASE("Trap 12: 250 and 251 take a recipient, 551 and 550 do not, 252 is no promise") {
  Talk talk;
  (void)talk.say("MAIL FROM:<a@alpha.example>\r\n");
  CHECK(talk.say("RCPT TO:<gone@beta.example>\r\n").starts_with("551 "));
  CHECK(talk.server.envelope().recipients.empty());
  CHECK(talk.say("RCPT TO:<moved@beta.example>\r\n").starts_with("251 "));
  CHECK(talk.server.envelope().recipients.size() == 1);
  CHECK(talk.say("VRFY somebody\r\n").starts_with("252 "));
  Client client({.name = "alpha.example", .pipelining = false});
  Envelope envelope{
      *parse_reverse_path("<a@alpha.example>"),
      {*parse_forward_path("<moved@beta.example>"), *parse_forward_path("<gone@beta.example>")}};
  client.deliver(envelope, "x\r\n");
  client.receive("220 b\r\n");
  for (const std::string_view reply : {"250 b\r\n", "250 OK\r\n", "251 will forward\r\n",
                                       "551 try <x@y.example>\r\n", "354 go\r\n", "250 OK\r\n"})
    client.receive(reply);
  std::optional<MessageAnswered> answered;
  while (auto event = client.next_event())
    if (auto* message = std::get_if<MessageAnswered>(&*event)) answered = *message;
  REQUIRE(answered);
  CHECK(answered->outcome == Outcome::Accepted);
  CHECK(answered->accepted == std::vector<std::size_t>{0});
}

TEST_CASE("Trap 13: 4yz, 5yz and a lost connection behind the dot are three outcomes") {
  const auto outcome = [](std::string_view last) {
    Client client({.name = "alpha.example"});
    client.deliver(
        {*parse_reverse_path("<a@alpha.example>"), {*parse_forward_path("<bob@beta.example>")}},
        "x\r\n");
    client.receive("220 b\r\n250 b\r\n250 OK\r\n250 OK\r\n354 go\r\n");
    client.receive(last);
    if (last.empty()) client.receive_eof();
    while (auto event = client.next_event())
      if (auto* message = std::get_if<MessageAnswered>(&*event)) return *message;
    return MessageAnswered{};
  };
  CHECK(outcome("451 later\r\n").outcome == Outcome::Refused);
  CHECK(outcome("451 later\r\n").reply.transient());
  CHECK(outcome("554 never\r\n").reply.permanent());
  CHECK(outcome("").outcome == Outcome::InDoubt);
}

TEST_CASE("Trap 14: a group is answered in order, nothing of the input lost, whatever it holds") {
  const std::string group = kToBob + "RCPT TO:<green@beta.example>\r\nDATA\r\nx\r\n.\r\n" +
                            "NOOP\r\nVRFY bob\r\n" + kToBob + "RSET\r\nQUIT\r\n";
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{3}, std::size_t{1 << 20}}) {
    Talk talk;
    CHECK(talk.say(group, chunk) ==
          "250 OK\r\n250 OK\r\n550 No such user here\r\n"
          "354 Start mail input; end with <CRLF>.<CRLF>\r\n250 OK\r\n250 OK\r\n"
          "250 Bob <bob@beta.example>\r\n250 OK\r\n250 OK\r\n250 OK\r\n"
          "221 beta.example Service closing transmission channel\r\n");
  }
}

TEST_CASE(
    "Trap 14: a client groups MAIL, RCPT and DATA, ends the group there, and sends the lone dot") {
  Client client({.name = "alpha.example"});
  client.deliver(
      {*parse_reverse_path("<a@alpha.example>"), {*parse_forward_path("<green@beta.example>")}},
      "secret\r\n");
  client.quit();
  client.receive("220 b\r\n");
  CHECK(client.take_output() == "EHLO alpha.example\r\n");  // ends a group of its own
  client.receive("250-b\r\n250 PIPELINING\r\n");
  CHECK(client.take_output() ==
        "MAIL FROM:<a@alpha.example>\r\nRCPT TO:<green@beta.example>\r\nDATA\r\n");
  client.receive("250 OK\r\n550 no\r\n");
  CHECK(client.take_output().empty());
  client.receive("354 go\r\n");
  CHECK(client.take_output() == ".\r\n");
  client.receive("554 no\r\n");
  CHECK(client.take_output() == "QUIT\r\n");
}

TEST_CASE("Trap 15: SIZE counts line ends and does not count stuffing") {
  Client client({.name = "alpha.example"});
  client.deliver(
      {*parse_reverse_path("<a@alpha.example>"), {*parse_forward_path("<bob@beta.example>")}},
      "..\r\n.\r\n");
  client.receive("220 b\r\n250-b\r\n250 SIZE 7\r\n");
  CHECK(client.take_output().ends_with("MAIL FROM:<a@alpha.example> SIZE=7\r\n"));
  ServerOptions options = beta();
  options.message_octets_max = 7;
  Talk talk(options);
  CHECK(talk.say("MAIL FROM:<a@alpha.example> SIZE=8\r\n").starts_with("552 "));
  CHECK(talk.say(kToBob + "DATA\r\n...\r\n..\r\n.\r\n").ends_with("250 OK\r\n"));
}

TEST_CASE("Every reply code of RFC 5321 section 4.2.3 can be drawn from the server") {
  ServerOptions options = beta();
  Talk talk(options);
  std::vector<std::string> codes;
  const auto note = [&](const std::string& output) {
    for (std::size_t at = 0; at < output.size(); at = output.find("\r\n", at) + 2)
      if (output[at + 3] == ' ') codes.push_back(output.substr(at, 3));
  };
  note(talk.say("HELP STATUS\r\nHELP\r\nNOOP\r\nVRFY x\r\nFROB\r\nMAIL\r\nTURN\r\nDATA\r\n"));
  note(talk.say("HELP FROB\r\nMAIL FROM:<spam@alpha.example>\r\nMAIL FROM:<a@b> X=y\r\n"));
  note(talk.say("MAIL FROM:<a@b> SIZE=451\r\nMAIL FROM:<a@b>\r\nRCPT TO:<moved@beta.example>\r\n"));
  note(talk.say("RCPT TO:<green@beta.example>\r\nRCPT TO:<gone@beta.example>\r\n"));
  note(talk.say("RCPT TO:<busy@beta.example>\r\nRCPT TO:<full@beta.example>\r\nDATA\r\n"));
  note(talk.say("\n\r\n.\r\n"));
  ServerOptions few = beta();
  few.recipients_max = 0;
  Talk full(few);
  note(full.say(kToBob + "QUIT\r\n"));
  Server busy(beta());
  busy.greet(Reply(421, "beta.example Service not available"));
  note(busy.take_output());
  Server free(beta());
  free.greet();
  note(free.take_output());
  for (const std::string code :
       {"211", "214", "220", "221", "250", "251", "252", "354", "421", "450", "451", "452",
        "500", "501", "502", "503", "504", "550", "551", "552", "553", "554", "555"}) {
    INFO(code);
    CHECK(std::find(codes.begin(), codes.end(), code) != codes.end());
  }
}
