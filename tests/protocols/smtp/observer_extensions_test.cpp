// What an observer makes of log-ins, of TURN, and of the extensions' commands.

#include <catch2/catch.hpp>
#include <string>

#include "observer_log.hpp"

using namespace mailscope;
using namespace mailscope::smtp;
using namespace mailscope::smtp::test;

namespace {

// Greeted with EHLO.
void greet(Log& log) {
  log.server("220 b.example\r\n").client("EHLO a.example\r\n").server("250 b.example\r\n");
  log.lines.clear();
}

}  // namespace

TEST_CASE("A command that is refused between two chunks does not part the message") {
  for (const std::string refused :
       {"DATA", "MAIL FROM:<x@y>", "RCPT TO:<b@b>", "EXPN x", "VRFY b"}) {
    Log log;
    log.server("220 b\r\n").client("EHLO a\r\n").server("250 CHUNKING\r\n");
    log.client("MAIL FROM:<a@a>\r\nRCPT TO:<b@b>\r\n").server("250 ok\r\n250 ok\r\n");
    log.client("BDAT 5\r\nabc\r\n").server("250 5\r\n");
    log.client(refused + "\r\n").server("503 no\r\n");
    log.client("BDAT 6 LAST\r\nfghi\r\n").server("250 OK\r\n").client("QUIT\r\n");
    log.server("221 bye\r\n").end();
    INFO(refused);
    CHECK(std::ranges::count(log.lines, "begin") == 1);
    CHECK(std::ranges::count(log.lines, "end") == 1);
  }
}

TEST_CASE("The octet that begins TLS is one like another where nobody said STARTTLS") {
  Log log;
  log.server("220 b\r\n").client("EHLO a\r\n").server("250 b\r\n");
  log.client("\x16\x03\x01RSET\r\n").server("500 what\r\n").client("QUIT\r\n");
  log.server("221 bye\r\n").end();
  CHECK(log.lines.back() == "S 221 to QUIT");
}

TEST_CASE("All that a client says behind AUTH is a secret, whatever the mechanism") {
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{1000}}) {
    Log log;
    log.chunk = chunk;
    greet(log);
    log.client("AUTH SCRAM-SHA-256 biws\r\n").server("334 cj1m\r\n").client("Yz1i\r\n");
    log.server("334 dj1y\r\n").client("\r\n").server("235 OK\r\n");
    CHECK(log.lines == Lines{"C AUTH \"AUTH SCRAM-SHA-256 biws\" secret", "S 334 to AUTH",
                             "C + \"Yz1i\" secret", "S 334 to AUTH", "C + \"\" secret",
                             "S 235 to AUTH"});
    log.lines.clear();
    log.client("AUTH LOGIN\r\n").server("334 VXNlcm5hbWU6\r\n").client("QUIT\r\n");
    log.server("334 UGFzc3dvcmQ6\r\n").client("*\r\n").server("501 cancelled\r\n");
    CHECK(log.lines == Lines{"C AUTH \"AUTH LOGIN\"", "S 334 to AUTH", "C + \"QUIT\" secret",
                             "S 334 to AUTH", "C + \"*\" secret", "S 501 to AUTH"});
    log.lines.clear();
    log.client("AUTH CRAM-MD5\r\n").server("334 PDE+\r\n").client("dGlt\r\n").server("535 no\r\n");
    log.client("auth plain =\r\n").server("501 no\r\n").client("NOOP\r\n").server("250 OK\r\n");
    CHECK(log.lines == Lines{"C AUTH \"AUTH CRAM-MD5\"", "S 334 to AUTH", "C + \"dGlt\" secret",
                             "S 535 to AUTH", "C AUTH \"auth plain =\" secret", "S 501 to AUTH",
                             "C NOOP \"NOOP\"", "S 250 to NOOP"});
  }
}

TEST_CASE("Behind AUTH no line is too long up to 12288 octets") {
  Log log;
  greet(log);
  log.client("AUTH LOGIN\r\n").server("334 \r\n").client(std::string(4000, 'A') + "\r\n");
  log.server("334 \r\n").client(std::string(12287, 'A') + "\r\n");
  CHECK(log.lines.at(2).find("secret") != std::string::npos);
  CHECK(log.lines.at(4) == "! smtp.line-too-long");
}

TEST_CASE("After TURN the roles are exchanged, and the streams keep their directions") {
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{3}, std::size_t{1000}}) {
    Log log;
    log.chunk = chunk;
    greet(log);
    log.client("TURN\r\n").server("250 OK\r\n");
    CHECK(log.observer.session().state() == State::Opening);
    // alpha, which was the client, greets now.
    log.client("220 a.example\r\n").server("EHLO b.example\r\n");
    log.client("250-a.example\r\n250 8BITMIME\r\n").server("MAIL FROM:<b@b.example>\r\n");
    log.client("250 OK\r\n").server("RCPT TO:<a@a.example>\r\n").client("250 OK\r\n");
    log.server("DATA\r\n").client("354 go\r\n").server("..x\r\n.\r\n").client("250 OK\r\n");
    log.server("QUIT\r\n").client("221 bye\r\n").end();
    CHECK(log.lines == Lines{"C TURN \"TURN\"", "S 250 to TURN", "S 220 to CONNECT",
                             "C EHLO \"EHLO b.example\"", "S 250 to EHLO",
                             "C MAIL \"MAIL FROM:<b@b.example>\"", "S 250 to MAIL",
                             "C RCPT \"RCPT TO:<a@a.example>\"", "S 250 to RCPT", "C DATA \"DATA\"",
                             "S 354 to DATA", "begin", "end", "S 250 to END OF DATA",
                             "C QUIT \"QUIT\"", "S 221 to QUIT"});
    CHECK(log.contents == Lines{".x\r\n"});
    CHECK(log.observer.session().state() == State::Closed);
  }
}

TEST_CASE("After TURN events carry the direction of the stream that they stand in") {
  Observer observer;
  const auto feed = [&](Direction direction, std::string_view octets) {
    observer.receive(direction, octets);
    std::vector<Observed> events;
    while (const auto event = observer.next_event()) events.push_back(*event);
    return events;
  };
  feed(kServer, "220 b\r\n");
  feed(kClient, "EHLO a\r\n");
  feed(kServer, "250 b\r\n");
  feed(kClient, "TURN\r\n");
  feed(kServer, "250 OK\r\n");
  const auto greeting = feed(kClient, "220 a\r\n");
  REQUIRE(greeting.size() == 1);
  CHECK(greeting[0].kind == Observed::Kind::Reply);
  CHECK(greeting[0].direction == Direction::ToServer);
  CHECK(greeting[0].begin == 14);
  const auto command = feed(kServer, "HELO b\r\n");
  REQUIRE(command.size() == 1);
  CHECK(command[0].kind == Observed::Kind::Command);
  CHECK(command[0].direction == Direction::ToClient);
  CHECK(command[0].begin == 22);
  CHECK(command[0].end == 30);
}

TEST_CASE("TURN may come twice, and a refused one changes nothing") {
  Log log;
  greet(log);
  log.client("TURN\r\n").server("502 no\r\n").client("TURN\r\n").server("250 OK\r\n");
  log.client("220 a\r\n").server("HELO b\r\n").client("250 a\r\n").server("TURN\r\n");
  log.client("250 OK\r\n").server("220 b\r\n").client("QUIT\r\n").server("221 b\r\n");
  CHECK(log.lines == Lines{"C TURN \"TURN\"", "S 502 to TURN", "C TURN \"TURN\"", "S 250 to TURN",
                           "S 220 to CONNECT", "C HELO \"HELO b\"", "S 250 to HELO",
                           "C TURN \"TURN\"", "S 250 to TURN", "S 220 to CONNECT",
                           "C QUIT \"QUIT\"", "S 221 to QUIT"});
}

TEST_CASE("A client that speaks before the greeting behind TURN is told of") {
  Log log;
  greet(log);
  log.client("TURN\r\n").server("250 OK\r\nHELO b\r\n").client("220 a\r\n").server("");
  CHECK(log.lines == Lines{"C TURN \"TURN\"", "S 250 to TURN", "! smtp.early-talker",
                           "C HELO \"HELO b\"", "S 220 to CONNECT"});
}

TEST_CASE("Parameters of DSN and long paths are no over-long lines") {
  Log log;
  greet(log);
  log.client("MAIL FROM:<a@a.example> RET=HDRS ENVID=QQ314159\r\n").server("250 OK\r\n");
  log.client("RCPT TO:<b@b.example> NOTIFY=NEVER ORCPT=rfc822;" + std::string(480, 'x') + "\r\n");
  log.server("250 OK\r\n").client("ETRN a.example\r\n").server("503 no\r\n");
  CHECK(log.lines.size() == 6);
  for (const std::string& line : log.lines) CHECK(line.front() != '!');
  CHECK(log.lines[4] == "C ETRN \"ETRN a.example\" out-of-place");
}

TEST_CASE("UTF-8 in commands is told of where SMTPUTF8 was not asked for") {
  Log log;
  greet(log);
  log.client("MAIL FROM:<\xc3\xb6@a.example> SMTPUTF8\r\nRCPT TO:<\xc3\xb6@b.example>\r\nRSET\r\n");
  log.client("VRFY \xc3\xb6 SMTPUTF8\r\n");
  for (const std::string& line : log.lines) CHECK(line.front() != '!');
  log.lines.clear();
  log.client("MAIL FROM:<\xc3\xb6@a.example>\r\n").client("RCPT TO:<\xc3\xb6@b.example>\r\n");
  log.client("VRFY \xc3\xb6\r\n");
  CHECK(log.lines.size() == 6);
  for (std::size_t i = 0; i < log.lines.size(); i += 2) CHECK(log.lines[i] == "! smtp.not-ascii");
}

TEST_CASE("A chunk that is refused is passed over by its count") {
  Log log;
  greet(log);
  log.client("BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n").server("503 no\r\n250 OK\r\n");
  CHECK(log.lines == Lines{"C BDAT \"BDAT 6 LAST\" out-of-place", "begin", "end", "C NOOP \"NOOP\"",
                           "S 503 to BDAT LAST", "S 250 to NOOP"});
}
