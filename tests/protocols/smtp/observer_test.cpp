#include "protocols/smtp/observer.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "observer_log.hpp"

using namespace mailscope;
using namespace mailscope::smtp;
using namespace mailscope::smtp::test;
using namespace std::string_literals;

TEST_CASE("A dialogue is reported with its offsets, and chunking changes nothing") {
  std::string whole;
  for (const std::size_t chunk :
       {std::size_t{1 << 20}, std::size_t{1}, std::size_t{2}, std::size_t{7}}) {
    Log log;
    log.chunk = chunk;
    log.with_offsets = true;
    log.server("220-b.example\r\n220 hello\r\n").client("EHLO a.example\r\n");
    log.server("250-b.example\r\n250-SIZE 1000\r\n250 HELP\r\n");
    log.client("MAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\nDATA\r\n");
    log.server("250 OK\r\n250 OK\r\n354 go\r\n");
    log.client("a\r\n..b\r\n\r\n.\r\nQUIT\r\n").server("250 OK\r\n221 bye\r\n").end();
    CHECK(log.contents == Lines{"a\r\n.b\r\n\r\n"});
    CHECK(log.observer.session().state() == State::Closed);
    if (whole.empty()) whole = log.text();
    CHECK(log.text() == whole);
  }
  CHECK(whole ==
        "S 220 to CONNECT [0,26)\n"
        "C EHLO \"EHLO a.example\" [0,16)\n"
        "S 250 to EHLO [26,66)\n"
        "C MAIL \"MAIL FROM:<a@a.example>\" [16,41)\n"
        "C RCPT \"RCPT TO:<b@b.example>\" [41,64)\n"
        "C DATA \"DATA\" [64,70)\n"
        "S 250 to MAIL [66,74)\n"
        "S 250 to RCPT [74,82)\n"
        "S 354 to DATA [82,90)\n"
        "begin [70,70)\n"
        "end [70,83)\n"
        "C QUIT \"QUIT\" [83,89)\n"
        "S 250 to END OF DATA [90,98)\n"
        "S 221 to QUIT [98,107)\n");
}

TEST_CASE("Events carry phase and state") {
  Log log;
  const auto last = [&](Direction direction, std::string_view octets) {
    log.observer.receive(direction, octets);
    std::optional<Observed> event, next;
    while ((next = log.observer.next_event())) event = next;
    REQUIRE(event);
    return *event;
  };
  Observed event = last(kServer, "220 b\r\n");
  CHECK(event.phase == Phase::SetUp);
  CHECK(event.state == static_cast<std::uint8_t>(State::Connected));
  event = last(kClient, "EHLO a\r\n");
  CHECK(event.phase == Phase::SetUp);
  event = last(kServer, "250 b\r\n");
  CHECK(event.phase == Phase::SetUp);
  CHECK(event.state == static_cast<std::uint8_t>(State::Greeted));
  event = last(kClient, "MAIL FROM:<a@a>\r\n");
  CHECK(event.phase == Phase::Transfer);
  event = last(kClient, "QUIT\r\n");
  CHECK(event.phase == Phase::Termination);
}

TEST_CASE("Content is handed through without copying") {
  Log log;
  introduce(log);
  log.client("DATA\r\n").server("354 go\r\n");
  const std::string octets = "line\r\nline\r\n";
  log.observer.receive(kClient, octets);
  auto event = log.observer.next_event();
  while (event && event->kind != Observed::Kind::Content) event = log.observer.next_event();
  REQUIRE(event);
  CHECK(event->text.data() == octets.data());
  CHECK(event->text.size() == octets.size());
}

TEST_CASE("The ten bad ends of data are told and end nothing") {
  const Lines forms = {"\n.\n",   "\r.\r", "\r\n.\n",       "\n.\r\n",      "\r.\r\n",
                       "\r\n.\r", "\n.\r", "\r\r\n.\r\r\n", "\r\n\0.\r\n"s, "\r\n.\0\r\n"s};
  for (const std::string& form : forms)
    for (const std::size_t chunk : {std::size_t{1}, std::size_t{4096}}) {
      Log log;
      introduce(log);
      log.chunk = chunk;
      log.client("DATA\r\n").server("354 go\r\n");
      log.client("x" + form + "MAIL FROM:<e@e.example>\r\n.\r\n");
      REQUIRE(log.lines.size() >= 5);
      CHECK(log.lines[2] == "begin");
      CHECK(log.lines[3].starts_with("! smtp."));
      CHECK(log.lines.back() == "end");
      CHECK(log.contents.size() == 1);
    }
}

TEST_CASE("A bare LF in a line is told, and the reading goes on as two lenient peers would") {
  Log log;
  log.server("220 b\n").client("EHLO a\nNOOP\r\n").server("250 b\n250 OK\r\n");
  CHECK(log.lines == Lines{"! smtp.bare-lf", "S 220 to CONNECT", "! smtp.bare-lf",
                           "C EHLO \"EHLO a\"", "C NOOP \"NOOP\"", "! smtp.bare-lf",
                           "S 250 to EHLO", "S 250 to NOOP"});
}

TEST_CASE("Content is read though the 354 stands later in the capture, or nowhere") {
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{4096}}) {
    Log late;
    introduce(late);
    late.chunk = chunk;
    late.client("DATA\r\n").client("Rcpt: x\r\n\r\n.\r\n").server("354 go\r\n250 OK\r\n");
    CHECK(late.lines ==
          Lines{"C DATA \"DATA\"", "S 354 to DATA", "begin", "end", "S 250 to END OF DATA"});
    CHECK(late.contents == Lines{"Rcpt: x\r\n\r\n"});
    Log never;
    introduce(never);
    never.chunk = chunk;
    never.client("DATA\r\n").client("Data: x\r\n.\r\nQUIT\r\n").server("250 OK\r\n221 bye\r\n");
    CHECK(never.lines == Lines{"C DATA \"DATA\"", "begin", "end", "C QUIT \"QUIT\"",
                               "S 250 to END OF DATA", "S 221 to QUIT"});
  }
}

TEST_CASE("Only the client captured: DATA and its content are read all the same") {
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{4096}}) {
    Log log;
    log.chunk = chunk;
    log.client(
        "EHLO a\r\nMAIL FROM:<a@a>\r\nRCPT TO:<b@b>\r\nDATA\r\nSubject: "
        "x\r\n\r\nHELO\r\n.\r\nQUIT\r\n");
    log.end();
    CHECK(log.lines == Lines{"! smtp.early-talker", "C EHLO \"EHLO a\"",
                             "C MAIL \"MAIL FROM:<a@a>\"", "C RCPT \"RCPT TO:<b@b>\"",
                             "C DATA \"DATA\"", "begin", "end", "C QUIT \"QUIT\""});
    CHECK(log.contents == Lines{"Subject: x\r\n\r\nHELO\r\n"});
  }
}

TEST_CASE("A refused DATA is followed by commands") {
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{4096}}) {
    Log log;
    introduce(log);
    log.chunk = chunk;
    log.client("DATA\r\n").server("554 no\r\n").client("RSET\r\n").server("250 OK\r\n");
    CHECK(log.lines ==
          Lines{"C DATA \"DATA\"", "S 554 to DATA", "C RSET \"RSET\"", "S 250 to RSET"});
    Log early;
    introduce(early);
    early.chunk = chunk;
    early.client("DATA\r\nRSET\r\n").server("554 no\r\n250 OK\r\n");
    CHECK(early.lines ==
          Lines{"C DATA \"DATA\"", "S 554 to DATA", "C RSET \"RSET\"", "S 250 to RSET"});
  }
}

TEST_CASE("Content that was sent though DATA was refused is read as commands") {
  Log log;
  introduce(log);
  log.client("DATA\r\nSubject: x\r\n").server("554 no\r\n").client("text\r\n.\r\nQUIT\r\n");
  CHECK(log.lines == Lines{"C DATA \"DATA\"", "S 554 to DATA", "! smtp.content-refused",
                           "C ? \"Subject: x\" unknown", "C ? \"text\" unknown",
                           "C ? \".\" unknown", "C QUIT \"QUIT\""});
}

TEST_CASE("Chunks of one message make one content") {
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{4096}}) {
    Log log;
    introduce(log);
    log.chunk = chunk;
    log.client("BDAT 7\r\na\r\n.\r\nxBDAT 3\r\nQUIBDAT 0 LAST\r\nMAIL FROM:<a@a>\r\n");
    log.server("250 a\r\n250 b\r\n250 c\r\n250 d\r\n");
    CHECK(log.contents == Lines{"a\r\n.\r\nxQUI"});
    CHECK(log.lines == Lines{"C BDAT \"BDAT 7\"", "begin", "C BDAT \"BDAT 3\"",
                             "C BDAT \"BDAT 0 LAST\"", "end", "C MAIL \"MAIL FROM:<a@a>\"",
                             "S 250 to BDAT", "S 250 to BDAT", "S 250 to BDAT LAST",
                             "S 250 to MAIL"});
  }
}

TEST_CASE("A message in chunks that is given up ends incomplete") {
  Log log;
  introduce(log);
  log.client("BDAT 2\r\nabRSET\r\n");
  CHECK(log.lines == Lines{"C BDAT \"BDAT 2\"", "begin", "end incomplete", "C RSET \"RSET\""});
}

TEST_CASE("A BDAT that cannot be read carries no chunk") {
  for (const std::string argument :
       {"", " x", " 18446744073709551616", " 18446744073709551615 LAST"}) {
    Log log;
    introduce(log);
    log.client("BDAT" + argument + "\r\n").server("501 no\r\n").client("QUIT\r\n");
    CHECK(log.lines.back() == "C QUIT \"QUIT\"");
  }
}

TEST_CASE(
    "A message in chunks goes on behind a DATA that is refused, also where all was sent at once") {
  Log log;
  log.server("220 a\r\n");
  log.client(
      "EHLO a\r\nMAIL FROM:<a@a>\r\nRCPT TO:<b@b>\r\nBDAT 2\r\nabDATA\r\nSubject: x\r\nBDAT 3 "
      "LAST\r\ncdeQUIT\r\n");
  log.server("250 a\r\n250 b\r\n250 c\r\n250 d\r\n503 e\r\n500 f\r\n250 g\r\n221 h\r\n");
  CHECK(log.lines == Lines{"S 220 to CONNECT",
                           "C EHLO \"EHLO a\"",
                           "C MAIL \"MAIL FROM:<a@a>\"",
                           "C RCPT \"RCPT TO:<b@b>\"",
                           "C BDAT \"BDAT 2\"",
                           "begin",
                           "C DATA \"DATA\" out-of-place",
                           "S 250 to EHLO",
                           "S 250 to MAIL",
                           "S 250 to RCPT",
                           "S 250 to BDAT",
                           "S 503 to DATA",
                           "! smtp.content-refused",
                           "C ? \"Subject: x\" unknown",
                           "C BDAT \"BDAT 3 LAST\"",
                           "end",
                           "C QUIT \"QUIT\"",
                           "S 500 to ?",
                           "S 250 to BDAT LAST",
                           "S 221 to QUIT"});
}

TEST_CASE("DATA after BDAT and BDAT after LAST are out of place") {
  Log log;
  introduce(log);
  log.client("BDAT 0\r\n").server("250 a\r\n").client("DATA\r\n").server("503 no\r\n");
  log.client("BDAT 0 LAST\r\n").server("250 a\r\n").client("BDAT 0 LAST\r\n");
  // A server that refuses DATA goes on with the chunks.
  CHECK(log.lines[3] == "C DATA \"DATA\" out-of-place");
  CHECK(log.lines[5] == "C BDAT \"BDAT 0 LAST\"");
  CHECK(log.lines[6] == "end");
  CHECK(log.lines[8] == "C BDAT \"BDAT 0 LAST\" out-of-place");
}

TEST_CASE("What carries a password is marked secret, and is no command") {
  Log login;
  login.server("220 b\r\n").client("EHLO a\r\n").server("250 b\r\n");
  login.client("AUTH LOGIN\r\n").server("334 VXNlcm5hbWU6\r\n").client("QUIT\r\n");
  login.server("334 UGFzc3dvcmQ6\r\n").client("c2VjcmV0\r\n").server("235 welcome\r\n");
  login.client("AUTH PLAIN AGEAYg==\r\n").server("503 already\r\n").client("QUIT\r\n");
  CHECK(login.lines == Lines{"S 220 to CONNECT", "C EHLO \"EHLO a\"", "S 250 to EHLO",
                             "C AUTH \"AUTH LOGIN\"", "S 334 to AUTH", "C + \"QUIT\" secret",
                             "S 334 to AUTH", "C + \"c2VjcmV0\" secret", "S 235 to AUTH",
                             "C AUTH \"AUTH PLAIN AGEAYg==\" secret", "S 503 to AUTH",
                             "C QUIT \"QUIT\""});
}

TEST_CASE("A log-in is told from commands also where only the client was captured") {
  Log log;
  log.client("EHLO a\r\nAUTH LOGIN\r\nYQ==\r\nYg==\r\nMAIL FROM:<a@a>\r\n");
  CHECK(log.lines == Lines{"! smtp.early-talker", "C EHLO \"EHLO a\"", "C AUTH \"AUTH LOGIN\"",
                           "C + \"YQ==\" secret", "C + \"Yg==\" secret",
                           "C MAIL \"MAIL FROM:<a@a>\""});
}

TEST_CASE("From STARTTLS on nothing is read") {
  Log log;
  log.with_offsets = true;
  log.server("220 b\r\n").client("EHLO a\r\n").server("250 b\r\n").client("STARTTLS\r\n");
  log.server("220 go\r\n\x16\x03\x03").client("\x16\x03\x01QUIT\r\n").server("250 x\r\n").end();
  CHECK(log.lines == Lines{"S 220 to CONNECT [0,7)", "C EHLO \"EHLO a\" [0,8)",
                           "S 250 to EHLO [7,14)", "C STARTTLS \"STARTTLS\" [8,18)",
                           "S 220 to STARTTLS [14,22)", "C tls [18,18)", "S tls [22,22)"});
}

TEST_CASE("A refused STARTTLS leaves the dialogue in the clear") {
  Log log;
  log.server("220 b\r\n").client("STARTTLS\r\n").server("454 no\r\n").client("QUIT\r\n");
  CHECK(log.lines.back() == "C QUIT \"QUIT\"");
}

TEST_CASE("Octets in the clear behind STARTTLS are told") {
  Log log;
  log.server("220 b\r\n").client("STARTTLS\r\nMAIL FROM").server("220 go\r\n");
  CHECK(log.lines[3] == "! smtp.before-tls");
}

TEST_CASE("Commands out of place and unknown words are marked, and the server is believed") {
  Log log;
  log.server("220 b\r\n").client("HELO a\r\n").server("250 b\r\n");
  log.client("RCPT TO:<b@b>\r\n").server("503 no\r\n").client("XYZZY\r\n").server("500 what\r\n");
  log.client("DATA\r\n").server("354 all right\r\n").client("x\r\n.\r\n").server("250 OK\r\n");
  CHECK(log.lines[3] == "C RCPT \"RCPT TO:<b@b>\" out-of-place");
  CHECK(log.lines[5] == "C ? \"XYZZY\" unknown");
  CHECK(log.lines[7] == "C DATA \"DATA\" out-of-place");
  CHECK(log.contents == Lines{"x\r\n"});
  CHECK(log.lines.back() == "S 250 to END OF DATA");
}

TEST_CASE("After a gap in a command stream reading resumes at the next line") {
  Log log;
  introduce(log);
  log.client("RCPT TO:<c").gap(kClient, 100).client("@c.example>\r\nRSET\r\n").server("250 x\r\n");
  CHECK(log.lines == Lines{"C RCPT \"RCPT TO:<c\" incomplete", "C RSET \"RSET\"", "S 250 to RCPT"});
}

TEST_CASE("After a gap in content the content goes on, incomplete") {
  Log log;
  introduce(log);
  log.client("DATA\r\n").server("354 go\r\n").client("begin").gap(kClient, 1000);
  log.client("end\r\n.\r\nQUIT\r\n").server("250 OK\r\n");
  CHECK(log.contents == Lines{"beginend\r\n"});
  CHECK(log.lines == Lines{"C DATA \"DATA\"", "S 354 to DATA", "begin", "end incomplete",
                           "C QUIT \"QUIT\"", "S 250 to END OF DATA"});
}

TEST_CASE("A whole message behind an incomplete one is complete") {
  Log log;
  introduce(log);
  log.client("DATA\r\n").server("354 go\r\n").client("x").gap(kClient, 9).client("y\r\n.\r\n");
  CHECK(log.lines.back() == "end incomplete");
  log.server("250 OK\r\n").client("MAIL FROM:<a@a>\r\n").server("250 OK\r\n");
  log.client("RCPT TO:<b@b>\r\n").server("250 OK\r\n").client("DATA\r\n").server("354 go\r\n");
  log.client("z\r\n.\r\n");
  CHECK(log.lines.back() == "end");
}

TEST_CASE("Where the final dot lies in a gap, the server's reply ends the content") {
  Log log;
  introduce(log);
  log.client("DATA\r\n").server("354 go\r\n").client("begin").gap(kClient, 1000);
  log.server("250 OK\r\n").client("QUIT\r\n").server("221 bye\r\n");
  CHECK(log.lines == Lines{"C DATA \"DATA\"", "S 354 to DATA", "begin", "end incomplete",
                           "S 250 to END OF DATA", "C QUIT \"QUIT\"", "S 221 to QUIT"});
}

TEST_CASE("A gap in a chunk is counted, also where it reaches behind the chunk") {
  Log within;
  introduce(within);
  within.client("BDAT 100 LAST\r\n0123456789").gap(kClient, 80).client("0123456789QUIT\r\n");
  CHECK(within.lines ==
        Lines{"C BDAT \"BDAT 100 LAST\"", "begin", "end incomplete", "C QUIT \"QUIT\""});
  Log beyond;
  introduce(beyond);
  beyond.client("BDAT 100 LAST\r\n0123456789").gap(kClient, 96).client("UIT\r\nRSET\r\n");
  CHECK(beyond.lines ==
        Lines{"C BDAT \"BDAT 100 LAST\"", "begin", "end incomplete", "C RSET \"RSET\""});
}

TEST_CASE("A reply broken off by a gap is a reply, and its rest is not another") {
  Log log;
  log.server("220 b\r\n").client("EHLO a\r\n").server("250-b\r\n250-SI").gap(kServer, 10);
  log.server("250 HELP\r\n").client("MAIL FROM:<a@a>\r\n").server("250 OK\r\n");
  CHECK(log.lines == Lines{"S 220 to CONNECT", "C EHLO \"EHLO a\"", "S 250 to EHLO incomplete",
                           "C MAIL \"MAIL FROM:<a@a>\"", "S 250 to MAIL"});
}

TEST_CASE("Replies that lie in a gap do not shift the later ones") {
  Log log;
  log.server("220 b\r\n").client("HELO a\r\n").gap(kServer, 50).client("MAIL FROM:<a@a>\r\n");
  log.server("250 OK\r\n");
  CHECK(log.lines.back() == "S 250 to MAIL");
}

TEST_CASE("A capture that begins with a command is read from there") {
  Log log(false);
  log.client("MAIL FROM:<a@a>\r\n").server("250 OK\r\n").client("RCPT TO:<b@b>\r\n");
  CHECK(log.lines ==
        Lines{"C MAIL \"MAIL FROM:<a@a>\"", "S 250 to MAIL", "C RCPT \"RCPT TO:<b@b>\""});
  CHECK(log.observer.session().state() == State::Mail);
}

TEST_CASE("A capture that begins within a message passes its rest over, whatever it looks like") {
  Log log(false);
  log.client("Subject: transcript\r\n\r\nEHLO a\r\nMAIL FROM:<x@x>\r\nDATA\r\n.\r\n");
  log.server("250 OK\r\n").client("MAIL FROM:<a@a>\r\n");
  CHECK(log.lines == Lines{"! smtp.joined", "S 250 to END OF DATA", "C MAIL \"MAIL FROM:<a@a>\""});
}

TEST_CASE("A capture that begins within a line resumes behind the server's next reply") {
  Log log(false);
  log.client("lpha.example>\r\n").server("250 OK\r\n").client("RCPT TO:<b@b>\r\n");
  CHECK(log.lines == Lines{"S 250 to ?", "C RCPT \"RCPT TO:<b@b>\""});
}

TEST_CASE("A joined capture that shows the greeting is a session from its beginning") {
  Log log(false);
  log.server("220 b\r\n").client("HELO a\r\n").server("250 b\r\n");
  CHECK(log.lines == Lines{"S 220 to CONNECT", "C HELO \"HELO a\"", "S 250 to HELO"});
}

TEST_CASE("Lines that are no replies, and a code that changes within one, are told") {
  Log log;
  log.server("hello\r\n220 b\r\n").client("EHLO a\r\n").server("250-b\r\n251 c\r\n");
  CHECK(log.lines == Lines{"! smtp.not-a-reply", "S 220 to CONNECT", "C EHLO \"EHLO a\"",
                           "! smtp.reply-code-changed", "S 250 to EHLO"});
}

TEST_CASE("Over-long lines are told, and take bounded memory") {
  Log log;
  log.server("220 b\r\n").client("EHLO " + std::string(1 << 20, 'x') + "\r\nQUIT\r\n");
  CHECK(log.lines[1] == "! smtp.line-too-long");
  CHECK(log.lines[2].size() < 5000);
  CHECK(log.lines.back() == "C QUIT \"QUIT\"");
}

TEST_CASE("The end of the capture in mid-message leaves it incomplete") {
  Log log;
  introduce(log);
  log.client("DATA\r\n").server("354 go\r\n").client("half").end();
  CHECK(log.lines.back() == "end incomplete");
  CHECK(log.contents == Lines{"half"});
}

TEST_CASE("The observer survives whatever it is fed, and counts every octet") {
  std::uint32_t state = 7;
  const auto roll = [&](std::uint32_t sides) {
    state = state * 1664525u + 1013904223u;
    return (state >> 16) % sides;
  };
  const Lines words = {"220 b\r\n",
                       "250 OK\r\n",
                       "250-x\r\n",
                       "354 go\r\n",
                       "421 x\r\n",
                       "554 x\r\n",
                       "EHLO a\r\n",
                       "MAIL FROM:<a@a>\r\n",
                       "RCPT TO:<b@b>\r\n",
                       "DATA\r\n",
                       "RSET\r\n",
                       "BDAT 5\r\n",
                       "BDAT 3 LAST\r\n",
                       "AUTH LOGIN\r\n",
                       "334 x\r\n",
                       "QUIT\r\n",
                       ".\r\n",
                       "..x\r\n",
                       "\n",
                       "\r",
                       "text",
                       "\0"s,
                       "\r\n",
                       "STARTTLS\r\n"};
  for (int round = 0; round < 4000; ++round) {
    Log log(roll(2) == 0);
    std::uint64_t fed[2] = {0, 0};
    for (int i = 0; i < 40; ++i) {
      const Direction direction = roll(2) == 0 ? kClient : kServer;
      const std::string& word = words[roll(static_cast<std::uint32_t>(words.size()))];
      log.chunk = 1 + roll(6);
      if (roll(20) == 0) {
        log.gap(direction, 10);
        fed[static_cast<int>(direction)] += 10;
      } else {
        direction == kClient ? log.client(word) : log.server(word);
        fed[static_cast<int>(direction)] += word.size();
      }
    }
    log.end();
    std::size_t begins = 0, ends = 0;
    for (const std::string& line : log.lines) {
      begins += line.starts_with("begin") ? 1 : 0;
      ends += line.starts_with("end") ? 1 : 0;
    }
    REQUIRE(begins == ends);
  }
}
