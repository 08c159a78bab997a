// What a client sends behind DATA before it was answered: the server's reply says what it is.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "observer_log.hpp"

using namespace mailscope;
using namespace mailscope::smtp;
using namespace mailscope::smtp::test;

namespace {

const std::vector<std::size_t> kChunks = {1, 2, 7, 1 << 20};

void greet(Log& log) {
  log.server("220 b.example\r\n").client("EHLO a.example\r\n").server("250 b.example\r\n");
  log.lines.clear();
}

}  // namespace

// The texts of a call's events lie in buffers of three kinds: the chunk, a line that began in the
// chunk before, and octets that had waited behind DATA.
TEST_CASE("Texts live as long as their call, though waiting octets are read again within it") {
  const std::string cut = "RCPT TO:<" + std::string(200, 'a');
  const std::string chunk =
      "ple>\r\nDATA\r\nRCPT TO:<bob@beta.example>\r\n" + cut + "@beta.example>\r\nRCPT TO:<car";
  Log log;
  greet(log);
  log.client("MAIL FROM:<alice@alpha.exam");
  std::vector<std::string> texts;
  const auto take = [&](Direction direction, std::string_view octets) {
    log.observer.receive(direction, octets);
    std::vector<Observed> events;  // read when the call is over
    while (const auto event = log.observer.next_event()) events.push_back(*event);
    for (const Observed& event : events)
      if (event.kind == Observed::Kind::Command) texts.emplace_back(event.text);
  };
  take(kClient, chunk);
  take(kServer, "250 OK\r\n503 RCPT first\r\n");
  take(kClient, "ol@beta.example>\r\n");
  CHECK(texts == std::vector<std::string>{"MAIL FROM:<alice@alpha.example>", "DATA",
                                          "RCPT TO:<bob@beta.example>", cut + "@beta.example>",
                                          "RCPT TO:<carol@beta.example>"});
}

TEST_CASE("A refused DATA in a pipelined group is followed by what the group goes on with") {
  for (const std::size_t chunk : kChunks) {
    CAPTURE(chunk);
    Log log;
    greet(log);
    log.chunk = chunk;
    log.client("MAIL FROM:<a@a>\r\nDATA\r\nRCPT TO:<b@b>\r\nDATA\r\n");
    log.server("250 OK\r\n503 RCPT first\r\n250 OK\r\n354 go\r\n");
    log.client("Subject: x\r\n\r\nQUIT\r\n.\r\nQUIT\r\n").server("250 OK\r\n221 bye\r\n").end();
    CHECK(log.contents == Lines{"Subject: x\r\n\r\nQUIT\r\n"});
    CHECK(log.lines == Lines{"C MAIL \"MAIL FROM:<a@a>\"", "C DATA \"DATA\" out-of-place",
                             "S 250 to MAIL", "S 503 to DATA", "C RCPT \"RCPT TO:<b@b>\"",
                             "C DATA \"DATA\"", "S 250 to RCPT", "S 354 to DATA", "begin", "end",
                             "C QUIT \"QUIT\"", "S 250 to END OF DATA", "S 221 to QUIT"});
  }
}

TEST_CASE("A dot behind a refused DATA is a line that the server does not know, and no message") {
  for (const std::size_t chunk : kChunks) {
    CAPTURE(chunk);
    Log log;
    greet(log);
    log.chunk = chunk;
    log.client("MAIL FROM:<a@a>\r\nDATA\r\n.\r\nRSET\r\n");
    log.server("250 OK\r\n503 RCPT first\r\n500 what\r\n250 OK\r\n").end();
    CHECK(log.contents.empty());
    CHECK(log.lines == Lines{"C MAIL \"MAIL FROM:<a@a>\"", "C DATA \"DATA\" out-of-place",
                             "S 250 to MAIL", "S 503 to DATA", "! smtp.content-refused",
                             "C ? \".\" unknown", "C RSET \"RSET\"", "S 500 to ?",
                             "S 250 to RSET"});
  }
}

TEST_CASE("A whole session sent at once is read as its replies say, also behind the client's FIN") {
  for (const std::size_t chunk : kChunks) {
    CAPTURE(chunk);
    Log log;
    log.chunk = chunk;
    log.client("EHLO a\r\nMAIL FROM:<a@a>\r\nRCPT TO:<b@b>\r\nDATA\r\nhello\r\n.\r\nQUIT\r\n");
    log.observer.receive_eof(kClient);
    log.server("220 b\r\n250 b\r\n250 OK\r\n250 OK\r\n354 go\r\n250 OK\r\n221 bye\r\n").end();
    CHECK(log.contents == Lines{"hello\r\n"});
    CHECK(log.lines.back() == "S 221 to QUIT");
    CHECK(log.observer.session().outstanding() == 0);
  }
}

TEST_CASE("Commands behind a DATA that is granted are the message, and it is told") {
  Log log;
  introduce(log);
  log.client("DATA\r\nRSET\r\nQUIT\r\n").server("354 go\r\n").client(".\r\nQUIT\r\n");
  CHECK(log.contents == Lines{"RSET\r\nQUIT\r\n"});
  CHECK(log.lines == Lines{"C DATA \"DATA\"", "S 354 to DATA", "! smtp.behind-data", "begin", "end",
                           "C QUIT \"QUIT\""});
}

TEST_CASE("What waits behind DATA is bounded, and then its look decides") {
  Log log;
  introduce(log);
  std::string content;
  while (content.size() < 2 * Observer::kHeldOctetsMax) content += "A line of the message\r\n";
  log.client("DATA\r\n" + content + ".\r\nQUIT\r\n");
  CHECK(log.contents == Lines{content});
  log.server("354 go\r\n250 OK\r\n221 bye\r\n");
  CHECK(log.lines == Lines{"C DATA \"DATA\"", "begin", "end", "C QUIT \"QUIT\"", "S 354 to DATA",
                           "S 250 to END OF DATA", "S 221 to QUIT"});
}

TEST_CASE("421 to a DATA leaves what waits behind it as lines that nobody read") {
  Log log;
  introduce(log);
  log.client("DATA\r\nhello\r\n.\r\n").server("421 closing\r\n").end();
  CHECK(log.contents.empty());
}
