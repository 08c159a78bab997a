#include "protocols/pop3/server.hpp"

#include <catch2/catch.hpp>

#include "dialogue.hpp"

using namespace mailscope;
using namespace mailscope::pop3;
using namespace mailscope::pop3::test;

namespace {

const std::string kHello =
    "From: alice@alpha.example\r\nSubject: Hello\r\n\r\nHello Bob\r\n.dot\r\nend\r\n";
const std::string kSecond = "Subject: Two\r\n\r\nx\r\n";

Host bob() {
  Host host;
  host.boxes["bob"] = {"secret", {kHello, kSecond}, false};
  host.timestamp = "<1.2@mail.beta.example>";
  return host;
}

Server server_of(const Host& host) {
  return Server({.domain = "mail.beta.example", .apop_timestamp = host.timestamp});
}

constexpr std::string_view kLogin = R"(
  S: +OK mail.beta.example POP3 server ready <1.2@mail.beta.example>
  C: USER bob
  S: +OK...
  C: PASS secret
  S: +OK...
)";

std::string logged_in(std::string_view script) {
  return std::string(kLogin) + std::string(script);
}

}  // namespace

TEST_CASE("A whole session in delete mode, in any chunking") {
  for (std::size_t chunk : {0, 1, 2, 5}) {
    Host host = bob();
    Server server = server_of(host);
    run(server, host, logged_in(R"(
      C: STAT
      S: +OK 2 86
      C: LIST
      S: +OK...
      S: 1 67
      S: 2 19
      S: .
      C: RETR 1
      S: +OK 67 octets
      S: From: alice@alpha.example
      S: Subject: Hello
      S:
      S: Hello Bob
      S: ..dot
      S: end
      S: .
      C: DELE 1
      S: +OK...
      C: QUIT
      S: +OK...
    )"),
        chunk);
    CHECK(server.wants_close());
    CHECK(server.state() == State::Closed);
    CHECK(host.boxes["bob"].messages == std::vector<std::string>{kSecond});
    CHECK(!host.boxes["bob"].locked);
    CHECK(host.log == std::vector<std::string>{"closed after update"});
  }
}

TEST_CASE(
    "Deleted messages vanish and their numbers are not used again, and RSET brings them back") {
  Host host = bob();
  Server server = server_of(host);
  run(server, host, logged_in(R"(
    C: DELE 1
    S: +OK...
    C: STAT
    S: +OK 1 19
    C: LIST
    S: +OK...
    S: 2 19
    S: .
    C: UIDL
    S: +OK...
    S: 2 uid2
    S: .
    C: LIST 1
    S: -ERR...
    C: UIDL 1
    S: -ERR...
    C: RETR 1
    S: -ERR...
    C: TOP 1 0
    S: -ERR...
    C: DELE 1
    S: -ERR...
    C: LIST 2
    S: +OK 2 19
    C: RSET
    S: +OK...
    C: STAT
    S: +OK 2 86
    C: UIDL 1
    S: +OK 1 uid1
    C: NOOP
    S: +OK...
  )"));
}

TEST_CASE("TOP counts body lines and keeps the empty line behind the header") {
  Host host = bob();
  Server server = server_of(host);
  run(server, host, logged_in(R"(
    C: TOP 1 0
    S: +OK 45 octets follow
    S: From: alice@alpha.example
    S: Subject: Hello
    S:
    S: .
    C: TOP 1 2
    S: +OK...
    S: From: alice@alpha.example
    S: Subject: Hello
    S:
    S: Hello Bob
    S: ..dot
    S: .
    C: TOP 2 99
    S: +OK...
    S: Subject: Two
    S:
    S: x
    S: .
    C: TOP 1
    S: -ERR...
    C: TOP 1 -1
    S: -ERR...
  )"));
}

TEST_CASE("An unknown user and a wrong password look alike") {
  Host host = bob();
  Server server = server_of(host);
  run(server, host, R"(
    S: +OK mail.beta.example POP3 server ready <1.2@mail.beta.example>
    C: USER nobody
    S: +OK send the password
    C: PASS secret
    S: -ERR [AUTH] name or password is wrong
    C: USER bob
    S: +OK send the password
    C: PASS wrong
    S: -ERR [AUTH] name or password is wrong
    C: PASS secret
    S: -ERR USER first
  )");
}

TEST_CASE("The second session of a maildrop gets [IN-USE]") {
  Host host = bob();
  Server first = server_of(host);
  run(first, host, kLogin);
  Server second = server_of(host);
  run(second, host, R"(
    S: +OK...
    C: USER bob
    S: +OK...
    C: PASS secret
    S: -ERR [IN-USE]...
  )");
  first.receive_eof();
  host.serve(first);
  run(second, host, R"(
    C: USER bob
    S: +OK...
    C: PASS secret
    S: +OK...
  )");
}

TEST_CASE("A lost connection deletes nothing, and neither does QUIT before the log-in") {
  Host host = bob();
  Server server = server_of(host);
  run(server, host, logged_in(R"(
    C: DELE 1
    S: +OK...
    C: DELE 2
    S: +OK...
  )"));
  server.receive_eof();
  host.serve(server);
  CHECK(host.boxes["bob"].messages.size() == 2);
  CHECK(host.log == std::vector<std::string>{"closed without update"});

  Server other = server_of(host);
  run(other, host, "S: +OK...\nC: QUIT\nS: +OK...");
  CHECK(other.wants_close());
  CHECK(host.log.back() == "closed without update");
}

TEST_CASE("A failed update is told, and the session closes all the same") {
  Host host = bob();
  host.fail_update = true;
  Server server = server_of(host);
  run(server, host, logged_in("C: DELE 1\nS: +OK...\nC: QUIT\nS: -ERR..."));
  CHECK(server.wants_close());
  CHECK(!host.boxes["bob"].locked);
}

TEST_CASE("APOP logs in with the right digest only") {
  Host host = bob();
  Server server = server_of(host);
  const std::string digest = apop_digest(host.timestamp, "secret");
  run(server, host,
      "S: +OK...\nC: APOP bob 00000000000000000000000000000000\nS: -ERR...\n"
      "C: APOP bob short\nS: -ERR...\nC: APOP bob " +
          digest + "\nS: +OK...");
  CHECK(server.state() == State::Transaction);

  Server without({.domain = "mail.beta.example", .apop_timestamp = {}});
  run(without, host,
      "S: +OK mail.beta.example POP3 server ready\nC: APOP bob " + digest + "\nS: -ERR...");
}

TEST_CASE("CAPA lists what is built and nothing else") {
  Host host = bob();
  Server server = server_of(host);
  run(server, host, R"(
    S: +OK...
    C: CAPA
    S: +OK...
    S: USER
    S: TOP
    S: UIDL
    S: RESP-CODES
    S: AUTH-RESP-CODE
    S: PIPELINING
    S: EXPIRE NEVER
    S: .
    C: STLS
    S: -ERR...
    C: AUTH PLAIN
    S: -ERR...
    C: UTF8
    S: -ERR...
    C: LANG
    S: -ERR...
  )");

  Server all({.domain = "mail.beta.example",
              .apop_timestamp = {},
              .mechanisms = {sasl::Mechanism::ScramSha256, sasl::Mechanism::Plain},
              .utf8 = true,
              .expire_days = 30,
              .login_delay_seconds = 60,
              .implementation = "MailScope"});
  constexpr std::string_view kCapa = R"(
    C: CAPA
    S: +OK...
    S: USER
    S: TOP
    S: UIDL
    S: RESP-CODES
    S: AUTH-RESP-CODE
    S: PIPELINING
    S: SASL SCRAM-SHA-256 PLAIN
    S: UTF8
    S: EXPIRE 30
    S: LOGIN-DELAY 60
    S: IMPLEMENTATION MailScope
    S: .
  )";
  run(all, host, std::string("S: +OK...").append(kCapa));
  run(all, host, "C: USER bob\nS: +OK...\nC: PASS secret\nS: +OK...");
  run(all, host, kCapa);
}

TEST_CASE("What does not belong is refused and changes nothing") {
  Host host = bob();
  Server server = server_of(host);
  run(server, host, R"(
    S: +OK...
    C: STAT
    S: -ERR...
    C: RETR 1
    S: -ERR...
    C: XYZZY
    S: -ERR unknown command
    C: USER
    S: -ERR...
    C: USER bob
    S: +OK...
    C: PASS secret
    S: +OK...
    C: USER bob
    S: -ERR...
    C: RETR 0
    S: -ERR...
    C: RETR 3
    S: -ERR...
    C: RETR one
    S: -ERR...
    C: RETR
    S: -ERR...
    C: DELE 4294967297
    S: -ERR...
    C: STAT
    S: +OK 2 86
  )");
}

TEST_CASE("Pipelined commands are answered in order, and none is lost while the host thinks") {
  Host host = bob();
  Server server = server_of(host);
  server.take_output();
  server.receive("USER bob\r\nPASS secret\r\nSTAT\r\nDELE 1\r\nSTAT\r\nQUIT\r\n");
  CHECK(server.take_output() == "+OK send the password\r\n");  // PASS waits for the host
  host.serve(server);
  const std::string output = server.take_output();
  CHECK(output.find("+OK 2 86\r\n") != std::string::npos);
  CHECK(output.find("+OK 1 19\r\n") != std::string::npos);
  CHECK(output.ends_with("+OK bye\r\n"));
  CHECK(host.boxes["bob"].messages.size() == 1);
}

TEST_CASE(
    "Bad octets and long lines are refused, and endless input while an answer is due closes") {
  Host host = bob();
  Server server = server_of(host);
  server.take_output();
  server.receive("NO\nOP\r\n");
  CHECK(server.take_output().starts_with("-ERR"));
  server.receive("USER " + std::string(5000, 'x') + "\r\n");
  CHECK(server.take_output() == "-ERR line too long\r\n");
  server.receive("USER bob\r\nPASS secret\r\n");
  for (int i = 0; i < 100 && !server.wants_close(); ++i) server.receive(std::string(10'000, 'x'));
  CHECK(server.wants_close());
}

TEST_CASE("Sizes count a line end as two octets and no stuffing") {
  CHECK(wire_octets("") == 0);
  CHECK(wire_octets("a\r\n") == 3);
  CHECK(wire_octets("a\n") == 3);
  CHECK(wire_octets("a") == 3);
  CHECK(wire_octets(".\r\n..\r\n") == 7);
  CHECK(wire_octets("a\n\nb\r\n") == 8);
}

TEST_CASE("A client that does not speak POP3 is hung up on at its twentieth error in a row") {
  Host host = bob();
  Server server = server_of(host);
  (void)server.take_output();
  const auto say = [&](std::string_view line, int times) {
    for (int i = 0; i < times; ++i) server.receive(line);
    return server.take_output();
  };
  CHECK(say("GET / HTTP/1.1\r\n", 19).ends_with("-ERR unknown command\r\n"));
  CHECK(say("USER bob\r\n", 1).starts_with("+OK"));
  CHECK(say("STAT\r\n", 19).ends_with("state\r\n"));
  CHECK_FALSE(server.wants_close());
  CHECK(say("STAT\r\n", 3) == "-ERR too many errors, closing the connection\r\n");
  CHECK(server.wants_close());
}
