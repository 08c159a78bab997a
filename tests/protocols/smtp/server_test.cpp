#include "protocols/smtp/server.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "dialogue.hpp"

using namespace mailscope::smtp;
using namespace mailscope::smtp::test;
using namespace std::string_literals;

namespace {

void check_script(std::string_view script, ServerOptions options = beta()) {
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{3}, std::size_t{1000000}}) {
    Server server(options);
    Host host;
    server.greet();
    play(server, host, script, chunk);
  }
}

// A server that is about to read the message.
struct InData {
  Server server{beta()};
  Host host;
  InData() {
    server.greet();
    server.receive(
        "EHLO a.example\r\nMAIL FROM:<a@a.example>\r\nRCPT TO:<bob@beta.example>\r\nDATA\r\n");
    host.serve(server);
    // Each answer lets the next command be read.
    host.serve(server);
    server.take_output();
    REQUIRE(server.session().state() == State::Data);
  }
  std::string send(std::string_view octets) {
    server.receive(octets);
    host.serve(server);
    return server.take_output();
  }
};

constexpr const char* kEhlo = R"(
  C: EHLO alpha.example
  S: 250-beta.example greets alpha.example
  S: 250-SIZE 100000
  S: 250-8BITMIME
  S: 250-PIPELINING
  S: 250-EXPN
  S: 250 HELP
)";

}  // namespace

TEST_CASE("The classic dialogue: three recipients, one of them without a mailbox") {
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{7}, std::size_t{1000000}}) {
    Server server(beta());
    Host host;
    server.greet();
    play(server, host, R"(
      S: 220 beta.example Service ready
      C: HELO alpha.example
      S: 250 beta.example
      C: MAIL FROM:<smith@alpha.example>
      S: 250 OK
      C: RCPT TO:<jones@beta.example>
      S: 250 OK
      C: RCPT TO:<green@beta.example>
      S: 550 No such user here
      C: RCPT TO:<brown@beta.example>
      S: 250 OK
      C: DATA
      S: 354 Start mail input; end with <CRLF>.<CRLF>
      C: Blah blah blah...
      C: ..etc. etc. etc.
      C: .
      S: 250 OK
      C: QUIT
      S: 221 beta.example Service closing transmission channel
    )",
         chunk);
    REQUIRE(host.messages.size() == 1);
    CHECK(host.messages[0].content == "Blah blah blah...\r\n.etc. etc. etc.\r\n");
    CHECK(host.messages[0].envelope.reverse_path.text() == "<smith@alpha.example>");
    REQUIRE(host.messages[0].envelope.recipients.size() == 2);
    CHECK(host.messages[0].envelope.recipients[1].text() == "<brown@beta.example>");
    CHECK(host.quit);
    CHECK(host.aborted.empty());
    CHECK(server.wants_close());
  }
}

TEST_CASE("EHLO announces what is built") {
  check_script(std::string("S: 220 beta.example Service ready\n") + kEhlo);
}

TEST_CASE("An aborted transaction delivers nothing (RFC 5321 D.2)") {
  Server server(beta());
  Host host;
  server.greet();
  play(server, host, std::string("S: 220 beta.example Service ready\n") + kEhlo + R"(
    C: MAIL FROM:<smith@alpha.example>
    S: 250 OK
    C: RCPT TO:<jones@beta.example>
    S: 250 OK
    C: RCPT TO:<green@beta.example>
    S: 550 No such user here
    C: RSET
    S: 250 OK
    C: DATA
    S: 503 Bad sequence of commands
    C: QUIT
    S: 221 beta.example Service closing transmission channel
  )");
  CHECK(host.messages.empty());
  CHECK(host.aborted == std::vector<Verb>{Verb::Rset});
}

TEST_CASE("Verifying and sending (RFC 5321 D.4), and expanding a list") {
  check_script(R"(
    S: 220 beta.example Service ready
    C: VRFY bob
    S: 250 Bob <bob@beta.example>
    C: VRFY nobody
    S: 550 String does not match anything
    C: VRFY someone
    S: 252 Cannot VRFY user, but will accept message and attempt delivery
    C: EXPN staff
    S: 250-<bob@beta.example>
    S: 250 <brown@beta.example>
    C: VRFY
    S: 501 An argument has to follow
  )");
}

TEST_CASE("Commands out of order draw 503, and 554 where every recipient was refused") {
  check_script(R"(
    S: 220 beta.example Service ready
    C: MAIL FROM:<a@alpha.example>
    S: 503 Bad sequence of commands
    C: RCPT TO:<bob@beta.example>
    S: 503 Bad sequence of commands
    C: HELO alpha.example
    S: 250 beta.example
    C: RCPT TO:<bob@beta.example>
    S: 503 Bad sequence of commands
    C: DATA
    S: 503 Bad sequence of commands
    C: MAIL FROM:<a@alpha.example>
    S: 250 OK
    C: MAIL FROM:<b@alpha.example>
    S: 503 Bad sequence of commands
    C: RCPT TO:<green@beta.example>
    S: 550 No such user here
    C: DATA
    S: 554 No valid recipients
    C: RCPT TO:<bob@beta.example>
    S: 250 OK
    C: DATA
    S: 354 Start mail input; end with <CRLF>.<CRLF>
    C: .
    S: 250 OK
    C: DATA
    S: 503 Bad sequence of commands
  )");
}

TEST_CASE("EHLO or HELO in mid-session acts as RSET, and a refused one leaves the transaction") {
  Server server(beta());
  Host host;
  server.greet();
  play(server, host, R"(
    S: 220 beta.example Service ready
    C: HELO alpha.example
    S: 250 beta.example
    C: MAIL FROM:<a@alpha.example>
    S: 250 OK
    C: HELO evil.example
    S: 550 Not you
    C: RCPT TO:<bob@beta.example>
    S: 250 OK
    C: HELO gamma.example
    S: 250 beta.example
    C: RCPT TO:<bob@beta.example>
    S: 503 Bad sequence of commands
  )");
  CHECK(host.aborted == std::vector<Verb>{Verb::Helo});
  CHECK(server.client_name() == "gamma.example");
}

TEST_CASE("Every answer of a host goes out as it was given") {
  check_script(R"(
    S: 220 beta.example Service ready
    C: HELO alpha.example
    S: 250 beta.example
    C: MAIL FROM:<spam@alpha.example>
    S: 553 Not that sender
    C: MAIL FROM:<>
    S: 250 OK
    C: RCPT TO:<Postmaster>
    S: 250 OK
    C: RCPT TO:<moved@beta.example>
    S: 251 User not local; will forward to <x@y.example>
    C: RCPT TO:<gone@beta.example>
    S: 551 User not local; please try <x@y.example>
    C: RCPT TO:<busy@beta.example>
    S: 450 Mailbox busy
    C: RCPT TO:<full@beta.example>
    S: 552 Mailbox full
    C: RCPT TO:<@hosta.example,@b:bob@BETA.example>
    S: 250 OK
  )");
}

TEST_CASE("What is not understood draws 500, 501, 502, 504 and 555") {
  check_script(std::string("S: 220 beta.example Service ready\n") + kEhlo + R"(
    C: FROBNICATE
    S: 500 Syntax error, command unrecognized
    C:
    S: 500 Syntax error, command unrecognized
    C: MAIL FROM:bob
    S: 501 A path stands between < and >
    C: QUIT now
    S: 501 No argument is allowed here
    C: TURN
    S: 502 Command not implemented
    C: SEND FROM:<a@b.example>
    S: 502 Command not implemented
    C: SOML FROM:<a@b.example>
    S: 502 Command not implemented
    C: SAML FROM:<a@b.example>
    S: 502 Command not implemented
    C: STARTTLS
    S: 502 Command not implemented
    C: HELP XYZ
    S: 504 No help on that
    C: HELP RSET
    S: 214-RSET
    S: 214 Forget this envelope
    C: MAIL FROM:<a@b.example> RET=FULL
    S: 555 MAIL FROM parameters not recognized or not implemented
    C: MAIL FROM:<a@b.example> SIZE=x
    S: 501 SIZE needs a number of octets
    C: MAIL FROM:<a@b.example> BODY=9BIT
    S: 501 BODY is 7BIT or 8BITMIME
    C: MAIL FROM:<a@b.example> SIZE=100001
    S: 552 Message size exceeds fixed maximum message size
    C: MAIL FROM:<a@b.example> SIZE=99999999999999999999
    S: 552 Message size exceeds fixed maximum message size
    C: MAIL FROM:<a@b.example> SIZE=451
    S: 451 Local error in processing
    C: MAIL FROM:<a@b.example> SIZE=100000 BODY=8BITMIME
    S: 250 OK
    C: RCPT TO:<bob@beta.example> NOTIFY=NEVER
    S: 555 RCPT TO parameters not recognized or not implemented
    C: NOOP still there
    S: 250 OK
  )");
}

TEST_CASE("After HELO no parameter of an extension is known") {
  check_script(R"(
    S: 220 beta.example Service ready
    C: HELO alpha.example
    S: 250 beta.example
    C: MAIL FROM:<a@b.example> SIZE=3
    S: 555 MAIL FROM parameters not recognized or not implemented
  )");
}

TEST_CASE("A server of 1982 does not know EHLO") {
  ServerOptions options = beta();
  options.extended = false;
  check_script(R"(
    S: 220 beta.example Service ready
    C: EHLO alpha.example
    S: 502 Command not implemented
    C: HELO alpha.example
    S: 250 beta.example
  )",
               options);
}

TEST_CASE("Pipelined commands are answered in order, and nothing of the input is lost") {
  Server server(beta());
  Host host;
  server.greet();
  server.take_output();
  play(server, host, R"(
    C: EHLO alpha.example
    C: MAIL FROM:<a@alpha.example>
    C: RCPT TO:<bob@beta.example>
    C: RCPT TO:<green@beta.example>
    C: DATA
    C: Subject: one
    C:
    C: text
    C: .
    C: MAIL FROM:<b@alpha.example>
    C: RCPT TO:<green@beta.example>
    C: DATA
    C: NOOP
    C: QUIT
    C: NOOP
    S: 250-beta.example greets alpha.example
    S: 250-SIZE 100000
    S: 250-8BITMIME
    S: 250-PIPELINING
    S: 250-EXPN
    S: 250 HELP
    S: 250 OK
    S: 250 OK
    S: 550 No such user here
    S: 354 Start mail input; end with <CRLF>.<CRLF>
    S: 250 OK
    S: 250 OK
    S: 550 No such user here
    S: 554 No valid recipients
    S: 250 OK
    S: 221 beta.example Service closing transmission channel
  )");
  REQUIRE(host.messages.size() == 1);
  CHECK(host.messages[0].content == "Subject: one\r\n\r\ntext\r\n");
}

TEST_CASE("While an answer is awaited nothing more is read, and input is held") {
  Server server(beta());
  server.greet();
  server.take_output();
  server.receive("HELO a.example\r\nNOOP\r\nQUIT\r\n");
  CHECK(server.take_output().empty());
  CHECK_FALSE(server.wants_input());
  REQUIRE(std::holds_alternative<HeloSeen>(*server.next_event()));
  CHECK_FALSE(server.next_event());
  server.accept();
  CHECK(server.take_output() ==
        "250 beta.example\r\n250 OK\r\n221 beta.example Service closing transmission channel\r\n");
}

TEST_CASE("Input before the greeting is held until the greeting") {
  Server server(beta());
  server.receive("QUIT\r\n");
  CHECK(server.take_output().empty());
  server.greet();
  CHECK(server.take_output() ==
        "220 beta.example Service ready\r\n221 beta.example Service closing transmission "
        "channel\r\n");
}

TEST_CASE("Too much input behind an open question closes with 421") {
  ServerOptions options = beta();
  options.held_octets_max = 1000;
  Server server(options);
  server.greet();
  server.take_output();
  for (int i = 0; i < 300; ++i) server.receive("HELO a.example\r\n");
  CHECK(server.take_output() == "421 beta.example Too much input at once\r\n");
  CHECK(server.wants_close());
}

TEST_CASE("Greetings of 554 and 421") {
  Server refusing(beta());
  Host host;
  refusing.greet(Reply(554, "No SMTP service here"));
  play(refusing, host, R"(
    S: 554 No SMTP service here
    C: EHLO alpha.example
    S: 503 Bad sequence of commands: no mail is taken here
    C: QUIT
    S: 221 beta.example Service closing transmission channel
  )");
  Server closing(beta());
  closing.greet(Reply(421, "beta.example Service not available"));
  CHECK(closing.wants_close());
}

TEST_CASE("A host may shut down at any time with 421") {
  Server server(beta());
  Host host;
  server.greet();
  play(server, host, R"(
    S: 220 beta.example Service ready
    C: HELO a.example
    S: 250 beta.example
    C: MAIL FROM:<a@a.example>
    S: 250 OK
    C: RCPT TO:<shutdown@beta.example>
    S: 421 beta.example Service not available, closing transmission channel
  )");
  CHECK(server.wants_close());
  CHECK(host.aborted == std::vector<Verb>{Verb::Unknown});
  InData in_data;
  in_data.server.shut_down();
  CHECK(in_data.send("text\r\n.\r\n") ==
        "421 beta.example Service not available, closing transmission channel\r\n");
  CHECK(in_data.host.messages.empty());
}

TEST_CASE("The ten bad ends of data end nothing, and what follows them is text") {
  const std::vector<std::string> forms = {"\n.\n",        "\r.\r",       "\r\n.\n", "\n.\r\n",
                                          "\r.\r\n",      "\r\n.\r",     "\n.\r",   "\r\r\n.\r\r\n",
                                          "\r\n\0.\r\n"s, "\r\n.\0\r\n"s};
  for (const std::string& form : forms)
    for (const std::size_t chunk : {std::size_t{1}, std::size_t{4096}}) {
      InData session;
      const std::string sent =
          "text" + form +
          "MAIL FROM:<evil@a.example>\r\nRCPT TO:<bob@beta.example>\r\nDATA\r\nspoof";
      for (std::size_t at = 0; at < sent.size(); at += chunk)
        CHECK(session.send(std::string_view(sent).substr(at, chunk)).empty());
      CHECK(session.host.messages.empty());
      const std::string reply = session.send("\r\n.\r\n");
      const bool nul_only = form.find('\0') != std::string::npos;
      if (nul_only) {
        CHECK(reply == "250 OK\r\n");
      } else {
        CHECK(reply == "554 Transaction failed: the message has a CR or LF by itself\r\n");
        CHECK(session.host.messages.empty());
      }
      CHECK(session.server.session().state() == State::Greeted);
    }
}

TEST_CASE("A bare CR, LF or NUL in a command is refused and ends no line") {
  for (const std::string& line :
       {"NOOP\nQUIT\r\n"s, "NOOP\rQUIT\r\n"s, "NO\0OP\r\n"s, "NOOP\r\r\n"s}) {
    Server server(beta());
    server.greet();
    server.take_output();
    server.receive(line);
    CHECK(server.take_output() == "500 Syntax error: a CR, LF or NUL by itself in a command\r\n");
    CHECK_FALSE(server.wants_close());
  }
}

TEST_CASE("A command line of 512 octets is read and a longer one is not") {
  Server server(beta());
  server.greet();
  server.take_output();
  server.receive("NOOP " + std::string(505, 'x') + "\r\n");
  CHECK(server.take_output() == "250 OK\r\n");
  server.receive("NOOP " + std::string(506, 'x') + "\r\n");
  CHECK(server.take_output() == "500 Line too long\r\n");
  server.receive("NOOP " + std::string(100000, 'x') + "\r\nNOOP\r\n");
  CHECK(server.take_output() == "500 Line too long\r\n250 OK\r\n");
}

TEST_CASE(
    "A text line of 1000 octets is taken, not counting a stuffed dot, and a longer one is not") {
  InData fits;
  CHECK(fits.send(".." + std::string(997, 'x') + "\r\n.\r\n") == "250 OK\r\n");
  InData exceeds;
  CHECK(exceeds.send(std::string(999, 'x') + "\r\n.\r\n") == "500 Line too long\r\n");
}

TEST_CASE(
    "A message up to the limit is taken, counted without stuffing, and a larger one draws 552") {
  std::string content;
  while (content.size() < 100000) content += "." + std::string(97, 'x') + "\r\n";
  REQUIRE(content.size() == 100000);
  InData fits;
  CHECK(fits.send(mailscope::dot_stuffed(content)) == "250 OK\r\n");
  CHECK(fits.host.messages[0].content == content);
  InData exceeds;
  CHECK(exceeds.send(mailscope::dot_stuffed(content + "x\r\n")) == "552 Too much mail data\r\n");
  CHECK(exceeds.host.messages.empty());
}

TEST_CASE("A hundred recipients are taken, and the next one draws 452 and loses none") {
  Server server(beta());
  Host host;
  server.greet();
  std::string group = "HELO a.example\r\nMAIL FROM:<a@a.example>\r\n";
  for (int i = 0; i < 101; ++i) group += "RCPT TO:<user" + std::to_string(i) + "@beta.example>\r\n";
  server.receive(group + "DATA\r\n.\r\n");
  host.serve(server);
  const std::string output = server.take_output();
  CHECK(output.find("452 Too many recipients\r\n354 ") != std::string::npos);
  REQUIRE(host.messages.size() == 1);
  CHECK(host.messages[0].envelope.recipients.size() == 100);
}

TEST_CASE("A refused message leaves the session ready for the next") {
  InData session;
  CHECK(session.send("VIRUS\r\n.\r\n") == "550 No viruses, please\r\n");
  CHECK(session.send("MAIL FROM:<a@a.example>\r\n") == "250 OK\r\n");
}

TEST_CASE("A connection that ends in mid-message delivers nothing") {
  InData session;
  session.send("half a mess");
  session.server.receive_eof();
  session.host.serve(session.server);
  CHECK(session.host.messages.empty());
  CHECK(session.host.ended);
  CHECK(session.host.aborted == std::vector<Verb>{Verb::Unknown});
  CHECK(session.server.wants_close());
}

TEST_CASE("An answer that comes after the client's end of input is still given") {
  Server server(beta());
  server.greet();
  server.receive("HELO a.example\r\n");
  server.receive_eof();
  CHECK_FALSE(server.wants_close());
  server.next_event();
  server.accept();
  CHECK(server.take_output() == "220 beta.example Service ready\r\n250 beta.example\r\n");
  CHECK(server.wants_close());
}

TEST_CASE("Octets of eight bits and NUL pass through") {
  InData session;
  std::string text;
  for (int c = 0; c < 256; ++c)
    if (c != '\r' && c != '\n') text += static_cast<char>(c);
  CHECK(session.send(text + "\r\n.\r\n") == "250 OK\r\n");
  CHECK(session.host.messages[0].content == text + "\r\n");
}

TEST_CASE("A client that does not speak SMTP is hung up on at its twentieth error in a row") {
  ServerOptions options = beta();
  options.errors_max = 20;
  const auto say = [&](std::string_view line, int times, Server& server, Host& host) {
    for (int i = 0; i < times; ++i) server.receive(line), host.serve(server);
    return server.take_output();
  };
  Server server(options);
  Host host;
  server.greet();
  (void)server.take_output();
  CHECK(say("X-Header: a\r\n", 19, server, host).ends_with("command unrecognized\r\n"));
  CHECK(say("NOOP\r\n", 1, server, host) == "250 OK\r\n");
  CHECK(say("HELO\r\n", 19, server, host).ends_with("has to follow\r\n"));
  CHECK(say("FROB\r\n", 5, server, host) ==
        "421 beta.example Too many errors, closing transmission channel\r\n");
  CHECK(server.wants_close());

  Server patient(options);
  patient.greet();
  (void)say("EHLO a.example\r\n", 1, patient, host);
  CHECK(say("RCPT TO:<bob@beta.example>\r\n", 100, patient, host)
            .ends_with("503 Bad sequence of commands\r\n"));
  (void)say("MAIL FROM:<a@alpha.example>\r\n", 1, patient, host);
  CHECK(say("RCPT TO:<green@beta.example>\r\n", 100, patient, host)
            .ends_with("550 No such user here\r\n"));
  CHECK_FALSE(patient.wants_close());
}
