#include "protocols/imap/observer.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/protocols/imap/observer_notes.hpp"

using namespace mailscope;
using namespace mailscope::imap;
using namespace mailscope::imap::test;

namespace {

constexpr std::string_view kSession =
    "S: * OK [CAPABILITY IMAP4rev1] ready\n"
    "C: a1 LOGIN {3}\n"
    "S: + go\n"
    "C: bob {6}\n"
    "S: + go on\n"
    "C: secret\n"
    "S: a1 OK in\n"
    "C: a2 SELECT INBOX\n"
    "S: * 2 EXISTS\n"
    "S: * OK [UIDVALIDITY 7] valid {5}\n"
    "S: a2 OK [READ-WRITE] open\n"
    "C: a3 UID FETCH 4:9 (FLAGS BODY[])\n"
    "C: a4 NOOP\n"
    "S: * 1 FETCH (UID 4 FLAGS (\\Seen) BODY[] {12}\n"
    "S: Subject: x\n"  // 10 octets and CRLF
    "S:  ENVELOPE (\"a\" {2}\n"
    "S: ()\"b)\"))\n"
    "S: a4 OK nothing\n"
    "S: a3 OK fetched\n"
    "C: a5 APPEND Sent (\\Seen) {13+}\n"
    "C: Subject: xy\n"
    "C: \n"
    "S: a5 OK [APPENDUID 7 9] stored\n"
    "C: a6 IDLE\n"
    "S: + idling\n"
    "S: * 3 EXISTS\n"
    "C: DONE\n"
    "S: a6 OK over\n"
    "C: a7 LOGOUT\n"
    "S: * BYE bye\n"
    "S: a7 OK bye\n";

const std::vector<std::string> kSessionLines = {
    "u OK to CONNECT '[CAPABILITY IMAP4rev1] ready' [0,35) NOT AUTHENTICATED",
    "C LOGIN #2 'a1 LOGIN {3}\\r\\nbob {6}\\r\\nsecret' secret [0,31) NOT AUTHENTICATED",
    "u + #2 to LOGIN 'go' [35,41) NOT AUTHENTICATED",
    "u + #2 to LOGIN 'go on' [41,50) NOT AUTHENTICATED",
    "S OK #2 to LOGIN 'in' [50,60) AUTHENTICATED",
    "C SELECT #3 'a2 SELECT INBOX' [31,48) AUTHENTICATED",
    "u EXISTS #3 to SELECT '' [60,72) AUTHENTICATED",
    "u OK #3 to SELECT '[UIDVALIDITY 7] valid {5}' [72,104) AUTHENTICATED",
    "S OK #3 to SELECT '[READ-WRITE] open' [104,129) SELECTED",
    "C UID FETCH #4 'a3 UID FETCH 4:9 (FLAGS BODY[])' [48,81) SELECTED",
    "C NOOP #5 'a4 NOOP' [81,90) SELECTED",
};

}  // namespace

TEST_CASE("An observer tells a whole IMAP dialogue, command by command") {
  const Notes notes = watch(steps_of(kSession));
  INFO(notes.all());
  REQUIRE(notes.lines.size() > kSessionLines.size());
  for (std::size_t i = 0; i < kSessionLines.size(); ++i) CHECK(notes.lines[i] == kSessionLines[i]);
  CHECK(notes.contents == std::vector<std::string>{"Subject: x\r\n", "Subject: xy\r\n"});
  CHECK(notes.has("u FETCH #4 to UID FETCH"));
  CHECK(notes.has("S OK #5 to NOOP"));
  CHECK(notes.has("S OK #4 to UID FETCH"));
  CHECK(notes.has("C APPEND #6 'a5 APPEND Sent (\\Seen) {13+}\\r\\n'"));
  CHECK(notes.has("u + #7 to IDLE 'idling'"));
  CHECK(notes.has("u EXISTS #7 to IDLE"));
  CHECK(notes.has("c #7 'DONE'"));
  CHECK(notes.has("u BYE #8 to LOGOUT 'bye'"));
  CHECK(notes.has("S OK #8 to LOGOUT 'bye'"));
  CHECK_FALSE(notes.has("!"));
}

TEST_CASE("Chunking never changes what an IMAP observer tells") {
  const Notes whole = watch(steps_of(kSession));
  for (const std::size_t chunk : {1u, 2u, 3u, 5u, 7u, 11u}) {
    const Notes pieces = watch(steps_of(kSession), chunk);
    CHECK(pieces.lines == whole.lines);
  }
}

TEST_CASE("A literal that the server refuses ends its command") {
  const Notes notes = watch(steps_of(
      "S: * PREAUTH hi\nC: a1 APPEND Nowhere {300}\nS: a1 NO [TRYCREATE] no\nC: a2 CREATE Nowhere\n"
      "S: a2 OK made\nC: a3 APPEND Nowhere {4}\nS: + go\nC: ab\nC: \nS: a3 OK stored\n"));
  INFO(notes.all());
  CHECK(notes.has("C APPEND #2 'a1 APPEND Nowhere {300}' [0,25)"));
  CHECK(notes.has("S NO #2 to APPEND"));
  CHECK(notes.has("C CREATE #3 'a2 CREATE Nowhere' [25,44)"));
  CHECK(notes.contents == std::vector<std::string>{"ab\r\n"});
  CHECK(notes.has("S OK #4 to APPEND"));
}

TEST_CASE("Log-in secrets of IMAP are marked, in every mechanism") {
  const Notes notes =
      watch(steps_of("S: * OK hi\nC: a AUTHENTICATE PLAIN\nS: + \nC: AGJvYgBib2I=\nS: a NO no\n"
                     "C: b AUTHENTICATE PLAIN AGJvYgBib2I=\nS: b NO no\n"
                     "C: c AUTHENTICATE CRAM-MD5\nS: + PDEyMz4=\nC: *\nS: c BAD given up\nC: d "
                     "NOOP\nS: d OK x\n"));
  INFO(notes.all());
  CHECK(notes.has("C AUTHENTICATE #2 'a AUTHENTICATE PLAIN' ["));
  CHECK(notes.has("u + #2 to AUTHENTICATE '' secret"));
  CHECK(notes.has("c #2 'AGJvYgBib2I=' secret"));
  CHECK(notes.has("C AUTHENTICATE #3 'b AUTHENTICATE PLAIN AGJvYgBib2I=' secret"));
  CHECK(notes.has("c #4 '*' secret"));
  CHECK(notes.has("C NOOP #5"));
}

TEST_CASE("Messages are put together of stretches") {
  const std::string begin =
      "S: * PREAUTH hi\nC: a SELECT INBOX\nS: * 9 EXISTS\nS: a OK [READ-WRITE] open\n";
  const auto fetched = [&](std::string_view lines) {
    const Notes notes = watch(steps_of(begin + std::string(lines)));
    INFO(notes.all());
    CHECK_FALSE(notes.has("!"));
    for (const std::size_t chunk : {1u, 4u})
      CHECK(watch(steps_of(begin + std::string(lines)), chunk).lines == notes.lines);
    std::vector<std::string> contents;
    for (std::size_t i = 0, content = 0; i < notes.lines.size(); ++i)
      if (notes.lines[i].starts_with("whole"))
        contents.push_back(notes.contents[content++] +
                           (notes.lines[i].find("incomplete") != std::string::npos ? "..." : ""));
    return contents;
  };
  using Contents = std::vector<std::string>;
  // A last stretch is shorter than was asked for.
  CHECK(fetched("C: b FETCH 2 BODY[]<0.4>\nS: * 2 FETCH (BODY[]<0> {4}\nS: ab\nS: )\nS: b OK x\n"
                "C: c FETCH 2 BODY[]<4.4>\nS: * 2 FETCH (BODY[]<4> {4}\nS: cd\nS: )\nS: c OK x\n"
                "C: d FETCH 2 BODY[]<8.4>\nS: * 2 FETCH (BODY[]<8> {2}\nS: \nS: )\nS: d OK x\n") ==
        Contents{"ab\r\ncd\r\n\r\n"});
  // The size was told.
  CHECK(
      fetched("C: b FETCH 2 (RFC822.SIZE)\nS: * 2 FETCH (RFC822.SIZE 8)\nS: b OK x\n"
              "C: c FETCH 2 BODY[]<0.4>\nS: * 2 FETCH (BODY[]<0> {4}\nS: ab\nS: )\nS: c OK x\n"
              "C: d FETCH 2 BODY[]<4.4>\nS: * 2 FETCH (BODY[]<4> {4}\nS: cd\nS: )\nS: d OK x\n") ==
      Contents{"ab\r\ncd\r\n"});
  // One stretch is all, as a size behind it tells.
  CHECK(fetched("C: b FETCH 2 BODY[]<0.9>\nS: * 2 FETCH (BODY[]<0> {4}\nS: ab\nS:  RFC822.SIZE 4)\n"
                "S: b OK x\n") == Contents{"ab\r\n"});
  // A look at the beginning is no message; nor is a stretch from the middle.
  CHECK(
      fetched("C: b FETCH 2 BODY[]<0.4>\nS: * 2 FETCH (BODY[]<0> {4}\nS: ab\nS: )\nS: b OK x\n"
              "C: c FETCH 2 BODY[]<8.4>\nS: * 2 FETCH (BODY[]<8> {4}\nS: cd\nS: )\nS: c OK x\n") ==
      Contents{});
  // Another message's stretch does not fit.
  CHECK(
      fetched("C: b FETCH 2 BODY[]<0.4>\nS: * 2 FETCH (BODY[]<0> {4}\nS: ab\nS: )\nS: b OK x\n"
              "C: c FETCH 3 BODY[]<4.4>\nS: * 3 FETCH (BODY[]<4> {4}\nS: cd\nS: )\nS: c OK x\n") ==
      Contents{});
  // One that is broken off.
  CHECK(fetched("C: b FETCH 2 BODY[]<0.4>\nS: * 2 FETCH (BODY[]<0> {4}\nS: ab\nS: )\nS: b OK x\n"
                "C: c FETCH 2 BODY[]<4.4>\nS: * 2 FETCH (BODY[]<4> {4}\nS: cd\nS: )\nS: c OK x\n"
                "C: d FETCH 3 BODY[]\nS: * 3 FETCH (BODY[] {4}\nS: ef\nS: )\nS: d OK x\n") ==
        Contents{"ab\r\ncd\r\n...", "ef\r\n"});
  // Header and text, in either order, in one response or two; EXPUNGE moves the number.
  CHECK(
      fetched(
          "C: b FETCH 4 RFC822.HEADER\nS: * 4 FETCH (RFC822.HEADER {4}\nS: ab\nS: )\n"
          "S: b OK x\nC: c EXPUNGE\nS: * 1 EXPUNGE\nS: c OK x\n"
          "C: d FETCH 3 BODY.PEEK[TEXT]\nS: * 3 FETCH (BODY[TEXT] {4}\nS: cd\nS: )\nS: d OK x\n") ==
      Contents{"ab\r\ncd\r\n"});
  CHECK(fetched("C: b FETCH 2 (BODY[TEXT] BODY[HEADER])\nS: * 2 FETCH (BODY[TEXT] {4}\nS: cd\n"
                "S:  BODY[HEADER] {4}\nS: ab\nS: )\nS: b OK x\n") == Contents{"ab\r\ncd\r\n"});
  // A text of nothing, and one in quotes.
  CHECK(fetched("C: b FETCH 2 (BODY[HEADER] BODY[TEXT])\nS: * 2 FETCH (BODY[HEADER] {4}\nS: ab\n"
                "S:  BODY[TEXT] {0}\nS: )\nS: b OK x\n") == Contents{"ab\r\n"});
  CHECK(fetched("C: b FETCH 2 (BODY[HEADER] BODY[TEXT])\nS: * 2 FETCH (BODY[HEADER] {4}\nS: ab\n"
                "S:  BODY[TEXT] \"c \\\"d\\\"\")\nS: b OK x\n") == Contents{"ab\r\nc \"d\""});
  // Fields of a header are not all of it, nor is one part of a message.
  CHECK(fetched("C: b FETCH 2 (BODY[HEADER.FIELDS (TO)] BODY[1])\nS: * 2 FETCH (BODY[HEADER.FIELDS "
                "(TO)] {4}\nS: ab\nS:  BODY[1] {4}\nS: cd\nS: )\nS: b OK x\n") == Contents{});
}

TEST_CASE("All that one APPEND brings is content, and CATENATE's pieces are none") {
  const Notes notes = watch(steps_of(
      "S: * PREAUTH hi\nC: a APPEND {5}\nS: + go\nC: INBOX (\\Seen) {4}\nS: + go\nC: ab\nC:  {4+}\n"
      "C: cd\nC: \nS: a OK stored\n"
      "C: b APPEND INBOX CATENATE (TEXT {4+}\nC: ef\nC: )\nS: b OK stored\n"));
  INFO(notes.all());
  CHECK(notes.contents == std::vector<std::string>{"ab\r\n", "cd\r\n"});
  CHECK(notes.count("C APPEND") == 2);
}

TEST_CASE("TLS and compression begin behind their OK") {
  const Notes tls = watch(steps_of("S: * OK hi\nC: . STARTTLS\nS: . OK go\nC: \x16\x03\x01\n"));
  INFO(tls.all());
  CHECK(tls.has("tls down from 18"));
  CHECK(tls.has("tls up from 12"));
  CHECK(tls.count("C ") == 1);
  const Notes deflate =
      watch(steps_of("S: * PREAUTH hi\nC: z COMPRESS DEFLATE\nS: z OK go\nC: ab\n"));
  INFO(deflate.all());
  CHECK(deflate.has("deflate down from 23"));
  CHECK(deflate.has("deflate up from 20"));
  CHECK(watch(steps_of("S: * OK hi\nC: . STARTTLS\nS: . NO not now\nC: a NOOP\n")).has("C NOOP"));
}

TEST_CASE("What breaks the rules is told") {
  const auto told = [](std::string_view lines) {
    const Notes notes =
        watch(steps_of("S: * PREAUTH hi\nC: a SELECT INBOX\nS: * 3 EXISTS\n"
                       "S: a OK [READ-WRITE] open\n" +
                       std::string(lines)));
    std::string all;
    for (const std::string& line : notes.lines)
      if (line.starts_with("! ")) all += line.substr(2) + ' ';
    return all;
  };
  CHECK(told("C: b NOOP\nS: * 3 EXPUNGE\nS: b OK x\n") == "");
  CHECK(told("S: * 3 EXPUNGE\n") == "imap.expunge-out-of-place ");
  CHECK(told("C: b FETCH 1 FLAGS\nS: * 3 EXPUNGE\nS: b OK x\n") == "imap.expunge-out-of-place ");
  CHECK(told("C: b UID FETCH 1 FLAGS\nS: * 3 EXPUNGE\nS: b OK x\n") == "");
  CHECK(told("C: b FETCH 2,4 FLAGS\n") == "imap.no-such-message ");
  CHECK(told("C: b FETCH 2:* FLAGS\n") == "");
  CHECK(told("C: b UID FETCH 4000 FLAGS\n") == "");
  CHECK(told("S: * 4 FETCH (FLAGS ())\n") == "imap.no-such-message ");
  CHECK(told("S: * 4 EXISTS\nS: * 4 FETCH (FLAGS ())\n") == "");
  CHECK(told("C: b NOOP\nS: * 1 EXPUNGE\nS: * 3 FETCH (FLAGS ())\n") == "imap.no-such-message ");
  CHECK(told("C: b FOO\n") == "imap.unknown-command ");
  CHECK(told("C: b SETACL INBOX bob lr\n") == "");
  CHECK(told("C: HELP\n") == "imap.unknown-command ");
  CHECK(told("C: b LOGIN a b\n") == "imap.out-of-place ");
  CHECK(told("C: b IDLE\nS: + x\nC: c NOOP\n") == "imap.command-while-idling ");
  CHECK(told("S: z OK x\n") == "imap.unknown-tag ");
  CHECK(told("S: hello\n") == "imap.no-tag ");
  const std::string nul = std::string("C: b FETCH 1 BODY[1]\nS: * 1 FETCH (BODY[1] {3}\nS: ") +
                          '\0' + "\nS: )\nS: b OK x\n";
  CHECK(told(nul) == "imap.nul-in-literal ");
  std::string eight = nul;
  eight.replace(eight.find(" {3}"), 4, " ~{3}");
  CHECK(told(eight) == "");
}
