// The server engine, as dialogues: FETCH, STORE, COPY, MOVE, EXPUNGE and SEARCH in a mailbox.
#include <catch2/catch.hpp>

#include "dialogue.hpp"

using namespace mailscope;
using namespace mailscope::imap;
using namespace mailscope::imap::test;

namespace {

// INBOX is selected by so many connections more; what that says is taken.

void open(Bench& bench, std::size_t connections = 1, std::string_view how = "SELECT INBOX") {
  for (std::size_t n = 1; n <= connections; ++n) {
    bench.enter();
    const std::string said = bench.exchange(n, "x " + std::string(how) + "\r\n");
    REQUIRE(said.find("\r\nx OK") != std::string::npos);
  }
}

std::vector<std::string> subjects(int count) {
  std::vector<std::string> names;
  for (int i = 1; i <= count; ++i) names.push_back("s" + std::to_string(i));
  return names;
}

}  // namespace

// ---- FETCH --------------------------------------------------------------------------------------

TEST_CASE("FETCH takes sets in any order, and UID FETCH n:* has the last message at least") {
  Bench bench;
  bench.fill("INBOX", subjects(3));
  open(bench);
  bench.run(R"(
    C: a1 FETCH 3:1 UID
    S: * 1 FETCH (UID 1)
    S: * 2 FETCH (UID 2)
    S: * 3 FETCH (UID 3)
    S: a1 OK ...
    C: a2 FETCH 1,* UID
    S: * 1 FETCH (UID 1)
    S: * 3 FETCH (UID 3)
    S: a2 OK ...
    C: a3 UID FETCH 559:* FLAGS
    S: * 3 FETCH (FLAGS (\Recent) UID 3)
    S: a3 OK ...
    C: a4 STORE 2 +FLAGS.SILENT (\Deleted)
    S: a4 OK ...
    C: a5 EXPUNGE
    S: * 2 EXPUNGE
    S: a5 OK ...
    C: a6 UID FETCH 2 UID
    S: a6 OK ...
    C: a7 UID FETCH 1,* UID
    S: * 1 FETCH (UID 1)
    S: * 2 FETCH (UID 3)
    S: a7 OK ...
    C: a8 FETCH 3 UID
    S: a8 BAD ...
    C: a9 FETCH 2:3 UID
    S: a9 BAD ...
    C: b1 FETCH 1:* (UID UID)
    S: * 1 FETCH (UID 1 UID 1)
    S: * 2 FETCH (UID 3 UID 3)
    S: b1 OK ...
  )");
}

TEST_CASE("A star in an empty mailbox is no message number, but a UID set that is empty") {
  Bench bench;
  open(bench);
  bench.run(R"(
    C: a1 FETCH * FLAGS
    S: a1 BAD ...
    C: a2 UID FETCH 1:* FLAGS
    S: a2 OK ...
    C: a3 SEARCH ALL
    S: * SEARCH
    S: a3 OK ...
  )");
}

TEST_CASE("Reading sets Seen and says so: PEEK, RFC822.HEADER and EXAMINE do not") {
  Bench bench;
  bench.fill("INBOX", subjects(4));
  open(bench);
  bench.run(R"(
    C: a1 FETCH 1 BODY.PEEK[TEXT]
    S: * 1 FETCH (BODY[TEXT] {7}
    S: Hello
    S: )
    S: a1 OK ...
    C: a2 FETCH 1 BODY[TEXT]
    S: * 1 FETCH (BODY[TEXT] {7}
    S: Hello
    S:  FLAGS (\Recent \Seen))
    S: a2 OK ...
    C: a3 FETCH 1 BODY[TEXT]<1.3>
    S: * 1 FETCH (BODY[TEXT]<1> {3}
    S: ell)
    S: a3 OK ...
    C: a4 FETCH 1 BODY[TEXT]<7.1>
    S: * 1 FETCH (BODY[TEXT]<7> "")
    S: a4 OK ...
    C: a5 FETCH 2 RFC822.HEADER
    S: * 2 FETCH (RFC822.HEADER {...
    S: From: Alice <alice@alpha.example>
    S: To: bob@beta.example
    S: Subject: s2
    S: Date: Mon, 02 Mar 2026 09:15:00 +0100
    S:
    S: )
    S: a5 OK ...
    C: a6 UID FETCH 2 (FLAGS RFC822.TEXT)
    S: * 2 FETCH (FLAGS (\Recent \Seen) RFC822.TEXT {7}
    S: Hello
    S:  UID 2)
    S: a6 OK ...
    C: a7 FETCH 3 BODY.PEEK[HEADER.FIELDS (subject X-None)]
    S: * 3 FETCH (BODY[HEADER.FIELDS (subject X-None)] {15}
    S: Subject: s3
    S:
    S: )
    S: a7 OK ...
    C: a8 FETCH 3 BODY.PEEK[9]
    S: * 3 FETCH (BODY[9] NIL)
    S: a8 OK ...
    C: a9 EXAMINE INBOX
    S: * OK [CLOSED] ...
    S: * FLAGS ...
    S: * OK [PERMANENTFLAGS ()] ...
    S: * 4 EXISTS
    S: * 0 RECENT
    S: * OK [UNSEEN 3] ...
    S: * OK [UIDVALIDITY 7] ...
    S: * OK [UIDNEXT 5] ...
    S: * OK [HIGHESTMODSEQ ...
    S: a9 OK [READ-ONLY] ...
    C: b1 FETCH 3 BODY[TEXT]
    S: * 3 FETCH (BODY[TEXT] {7}
    S: Hello
    S: )
    S: b1 OK ...
    C: b2 FETCH 1:3 FLAGS
    S: * 1 FETCH (FLAGS (\Seen))
    S: * 2 FETCH (FLAGS (\Seen))
    S: * 3 FETCH (FLAGS ())
    S: b2 OK ...
  )");
}

TEST_CASE("Macros: FAST, ALL and FULL: RFC822.SIZE is the length of the message") {
  Bench bench;
  bench.fill("INBOX", {"s1"});
  open(bench);
  const std::string size = std::to_string(letter("s1").size());
  const std::string fast =
      "FLAGS (\\Recent) INTERNALDATE \" 2-Mar-2026 09:15:00 +0100\" RFC822.SIZE " + size;
  const std::string envelope =
      " ENVELOPE (\"Mon, 02 Mar 2026 09:15:00 +0100\" \"s1\" ((\"Alice\" NIL \"alice\" "
      "\"alpha.example\")) ((\"Alice\" NIL \"alice\" \"alpha.example\")) ((\"Alice\" NIL \"alice\" "
      "\"alpha.example\")) ((NIL NIL \"bob\" \"beta.example\")) NIL NIL NIL NIL)";
  bench.run("C: a1 FETCH 1 FAST\n  S: * 1 FETCH (" + fast + ")\n  S: a1 OK ...\n" +
            "C: a2 FETCH 1 ALL\n  S: * 1 FETCH (" + fast + envelope + ")\n  S: a2 OK ...\n" +
            "C: a3 FETCH 1 FULL\n  S: * 1 FETCH (" + fast + envelope +
            " BODY (\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 7 1))\n" +
            "S: a3 OK ...\n");
  CHECK(bench.exchange(1, "a FETCH 1 BODY.PEEK[]\r\n") ==
        "* 1 FETCH (BODY[] {" + size + "}\r\n" + letter("s1") + ")\r\na OK That is all\r\n");
}

TEST_CASE("BINARY undoes the encoding of a part, or says that it cannot") {
  Bench bench;
  REQUIRE(bench.inbox().append(
      mailbox::NewMessage{"Mime-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
                          "\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVs\r\nbG8=\r\n"
                          "--b\r\nContent-Transfer-Encoding: x-magic\r\n\r\n???\r\n--b--\r\n",
                          {},
                          {}}));
  open(bench);
  bench.run(R"(
    C: a1 FETCH 1 (BINARY.SIZE[1] BINARY.PEEK[1] BINARY.PEEK[1]<1.2>)
    S: * 1 FETCH (BINARY.SIZE[1] 5 BINARY[1] {5}
    S: Hello BINARY[1]<1> {2}
    S: el)
    S: a1 OK ...
    C: a2 FETCH 1 BINARY.PEEK[2]
    S: a2 NO [UNKNOWN-CTE] ...
    C: a3 FETCH 1 (UID BINARY.SIZE[2])
    S: a3 NO [UNKNOWN-CTE] ...
  )");
}

TEST_CASE("A long answer is made as it is taken") {
  Bench bench;
  std::vector<mailbox::NewMessage> messages(20'000, {letter("x"), {}, {}});
  REQUIRE(bench.inbox().append(std::move(messages)));
  open(bench);
  Server& server = bench.server(1);
  server.receive("a FETCH 1:* (FLAGS UID)\r\nb NOOP\r\n");
  std::string all;
  std::size_t pieces = 0;
  for (std::string piece = server.take_output(); !piece.empty(); piece = server.take_output()) {
    CHECK(piece.size() < 2 * Server::kOutputOctets);
    CHECK((server.wants_input() || all.find("\r\na OK") == std::string::npos));
    all += piece;
    ++pieces;
  }
  CHECK(pieces > 5);
  CHECK(all.find("* 20000 FETCH (FLAGS (\\Recent) UID 20000)\r\na OK") != std::string::npos);
  CHECK(all.ends_with("b OK Done\r\n"));
}

// ---- STORE --------------------------------------------------------------------------------------

TEST_CASE("STORE replaces, adds and removes: a new keyword is told of first") {
  Bench bench;
  bench.fill("INBOX", subjects(3));
  open(bench);
  bench.run(R"(
    C: a1 STORE 1:2 FLAGS (\Seen \Draft)
    S: * 1 FETCH (FLAGS (\Recent \Seen \Draft))
    S: * 2 FETCH (FLAGS (\Recent \Seen \Draft))
    S: a1 OK ...
    C: a2 STORE 1 -FLAGS \Draft
    S: * 1 FETCH (FLAGS (\Recent \Seen))
    S: a2 OK ...
    C: a3 STORE 2,3 +FLAGS ($Forwarded NIL)
    S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $Forwarded NIL)
    S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft $Forwarded NIL \*)] ...
    S: * 2 FETCH (FLAGS (\Recent \Seen \Draft $Forwarded NIL))
    S: * 3 FETCH (FLAGS (\Recent $Forwarded NIL))
    S: a3 OK ...
    C: a4 STORE 3 -FLAGS.SILENT ($forwarded unknown)
    S: a4 OK ...
    C: a5 UID STORE 3 FLAGS ()
    S: * 3 FETCH (UID 3 FLAGS (\Recent))
    S: a5 OK ...
    C: a6 STORE 4 FLAGS ()
    S: a6 BAD ...
    C: a7 UID STORE 4 FLAGS ()
    S: a7 OK ...
    C: a8 STORE 1 +FLAGS (\Recent)
    S: a8 BAD ...
    C: a9 STORE 1 +FLAGS (\Bogus)
    S: a9 BAD ...
    C: b1 EXAMINE INBOX
    S: * OK [CLOSED] ...
    S: * FLAGS ...
    S: * OK [PERMANENTFLAGS ()] ...
    S: * 3 EXISTS
    S: * 0 RECENT
    S: * OK [UNSEEN 3] ...
    S: * OK [UIDVALIDITY 7] ...
    S: * OK [UIDNEXT 4] ...
    S: * OK [HIGHESTMODSEQ ...
    S: b1 OK [READ-ONLY] ...
    C: b2 STORE 1 FLAGS ()
    S: b2 NO ...
    C: b3 EXPUNGE
    S: b3 NO ...
    C: b4 MOVE 1 INBOX
    S: b4 NO ...
  )");
}

// ---- EXPUNGE, COPY, MOVE ------------------------------------------------------------------------

TEST_CASE("EXPUNGE renumbers at once: CLOSE expunges without a word, UNSELECT not at all") {
  Bench bench;
  bench.fill("INBOX", subjects(6));
  open(bench);
  bench.run(R"(
    C: a1 STORE 3,4 +FLAGS.SILENT \Deleted
    S: a1 OK ...
    C: a2 EXPUNGE
    S: * 3 EXPUNGE
    S: * 3 EXPUNGE
    S: a2 OK ...
    C: a3 STORE 1:2,4 +FLAGS.SILENT \Deleted
    S: a3 OK ...
    C: a4 UID EXPUNGE 2:5
    S: * 2 EXPUNGE
    S: a4 OK ...
    C: a5 UNSELECT
    S: a5 OK ...
  )");
  CHECK(bench.inbox().size() == 3);
  CHECK(bench.exchange(1, "a SELECT INBOX\r\nb CLOSE\r\n")
            .ends_with("b OK The mailbox is closed\r\n"));
  CHECK(bench.inbox().size() == 1);
  CHECK(bench.inbox().messages()[0].uid == 5);
}

TEST_CASE("COPY keeps flags and dates, says which UID became which, and is all or nothing") {
  Bench bench;
  bench.fill("INBOX", subjects(3));
  REQUIRE(bench.account().create("other"));
  open(bench);
  bench.run(R"(
    C: a1 STORE 2 +FLAGS.SILENT (\Flagged $Work)
    S: * FLAGS ...
    S: * OK [PERMANENTFLAGS ...
    S: a1 OK ...
    C: a2 COPY 2:3 other
    S: a2 OK [COPYUID 8 2:3 1:2] ...
    C: a3 UID COPY 1,9 other
    S: a3 OK [COPYUID 8 1 3] ...
    C: a4 UID COPY 9 other
    S: a4 OK There was nothing to do
    C: a5 COPY 1 nowhere
    S: a5 NO [TRYCREATE] ...
    C: a6 COPY 4 other
    S: a6 BAD ...
    C: a7 COPY 1:2 INBOX
    S: * 5 EXISTS
    S: * 5 RECENT
    S: a7 OK [COPYUID 7 1:2 4:5] ...
    C: a8 EXAMINE other
    S: * OK [CLOSED] ...
    S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $Work)
    S: * OK [PERMANENTFLAGS ()] ...
    S: * 3 EXISTS
    S: * 3 RECENT
    S: * OK [UNSEEN 1] ...
    S: * OK [UIDVALIDITY 8] ...
    S: * OK [UIDNEXT 4] ...
    S: * OK [HIGHESTMODSEQ ...
    S: a8 OK ...
    C: a9 FETCH 1 (FLAGS INTERNALDATE)
    S: * 1 FETCH (FLAGS (\Recent \Flagged $Work) INTERNALDATE " 2-Mar-2026 09:15:00 +0100")
    S: a9 OK ...
  )");
  bench.account().set_limits({.messages = 9});
  bench.run(R"(
    C: b1 SELECT INBOX
    S: * OK [CLOSED] ...
    S: * FLAGS ...
    S: * OK [PERMANENTFLAGS ...
    S: * 5 EXISTS
    S: * 0 RECENT
    S: * OK [UNSEEN 1] ...
    S: * OK [UIDVALIDITY 7] ...
    S: * OK [UIDNEXT 6] ...
    S: * OK [HIGHESTMODSEQ ...
    S: b1 OK ...
    C: b2 COPY 1:2 other
    S: b2 NO [OVERQUOTA] ...
    C: b3 MOVE 1:2 other
    S: * OK [COPYUID 8 1:2 4:5] ...
    S: * 1 EXPUNGE
    S: * 1 EXPUNGE
    S: b3 OK ...
  )");
}

TEST_CASE("MOVE to the same mailbox gives the message a new UID") {
  Bench bench;
  bench.fill("INBOX", subjects(2));
  open(bench);
  bench.run(R"(
    C: a1 UID MOVE 1 INBOX
    S: * OK [COPYUID 7 1 3] ...
    S: * 1 EXPUNGE
    S: * 2 EXISTS
    S: a1 OK ...
    C: a2 MOVE 1 nowhere
    S: a2 NO [TRYCREATE] ...
  )");
}

// ---- SEARCH -------------------------------------------------------------------------------------

TEST_CASE("SEARCH by numbers: sets, UIDs, *, NOT, OR and brackets") {
  Bench bench;
  bench.fill("INBOX", subjects(6));
  open(bench);
  bench.run(R"(
    C: a0 STORE 2 +FLAGS.SILENT \Deleted
    S: a0 OK ...
    C: a1 EXPUNGE
    S: * 2 EXPUNGE
    S: a1 OK ...
    C: a2 SEARCH ALL
    S: * SEARCH 1 2 3 4 5
    S: a2 OK ...
    C: a3 UID SEARCH ALL
    S: * SEARCH 1 3 4 5 6
    S: a3 OK ...
    C: a4 SEARCH 4:2
    S: * SEARCH 2 3 4
    S: a4 OK ...
    C: a5 SEARCH UID 1:3,5
    S: * SEARCH 1 2 4
    S: a5 OK ...
    C: a6 SEARCH 1:3 NOT UID 3
    S: * SEARCH 1 3
    S: a6 OK ...
    C: a7 SEARCH OR 1 (UID 3)
    S: * SEARCH 1 2
    S: a7 OK ...
    C: a8 SEARCH UID 7:*
    S: * SEARCH 5
    S: a8 OK ...
    C: a9 SEARCH *:3
    S: * SEARCH 3 4 5
    S: a9 OK ...
    C: b1 UID SEARCH UID 7:4294967295
    S: * SEARCH
    S: b1 OK ...
    C: b2 SEARCH 1000
    S: * SEARCH
    S: b2 OK ...
  )");
}

TEST_CASE("SEARCH by flags, recent and keywords") {
  Bench bench;
  bench.fill("INBOX", subjects(5));
  open(bench);
  bench.run(R"(
    C: a1 STORE 1,3 +FLAGS.SILENT (hello \Answered)
    S: * FLAGS ...
    S: * OK [PERMANENTFLAGS ...
    S: a1 OK ...
    C: a2 STORE 2 +FLAGS.SILENT (\Seen \Flagged \Draft \Deleted)
    S: a2 OK ...
    C: a3 SEARCH KEYWORD HELLO
    S: * SEARCH 1 3
    S: a3 OK ...
    C: a4 SEARCH UNKEYWORD hello UNKEYWORD other
    S: * SEARCH 2 4 5
    S: a4 OK ...
    C: a5 SEARCH SEEN FLAGGED DRAFT DELETED UNANSWERED
    S: * SEARCH 2
    S: a5 OK ...
    C: a6 SEARCH NEW
    S: * SEARCH 1 3 4 5
    S: a6 OK ...
    C: a7 SEARCH OLD
    S: * SEARCH
    S: a7 OK ...
    C: a8 SEARCH RECENT NOT ANSWERED
    S: * SEARCH 2 4 5
    S: a8 OK ...
  )");
}

TEST_CASE("SEARCH by texts, days and sizes, in the charset that it names") {
  Bench bench;
  bench.fill("INBOX", {"Hello beautiful world", "=?utf-8?q?Gr=C3=BC=C3=9Fe?="});
  open(bench);
  bench.run(R"(
    C: a1 SEARCH SUBJECT "EAUTIFUL WORL"
    S: * SEARCH 1
    S: a1 OK ...
    C: a2 SEARCH CHARSET UTF-8 SUBJECT {7}
    S: + ...
    C: grüße
    S: * SEARCH 2
    S: a2 OK ...
    C: a3 SEARCH CHARSET X-MARS TEXT a
    S: a3 NO [BADCHARSET...] ...
    C: a4 SEARCH FROM alice NOT BODY hello
    S: * SEARCH
    S: a4 OK ...
    C: a5 SEARCH HEADER X-None ""
    S: * SEARCH
    S: a5 OK ...
    C: a6 SEARCH SENTON 2-Mar-2026 SENTBEFORE 3-Mar-2026 SENTSINCE 2-Mar-2026
    S: * SEARCH 1 2
    S: a6 OK ...
    C: a7 SEARCH ON 2-Mar-2026 NOT BEFORE 2-Mar-2026 SINCE 1-Mar-2026
    S: * SEARCH 1 2
    S: a7 OK ...
    C: a8 SEARCH LARGER 10 SMALLER 100000
    S: * SEARCH 1 2
    S: a8 OK ...
    C: a9 SEARCH OR LARGER 100000 SUBJECT hello
    S: * SEARCH 1
    S: a9 OK ...
  )");
}

TEST_CASE("ESEARCH tells ends, counts and sets: SEARCHRES keeps what was found") {
  Bench bench;
  bench.fill("INBOX", subjects(6));
  open(bench);
  bench.run(R"(
    C: a0 STORE 4 +FLAGS.SILENT \Deleted
    S: a0 OK ...
    C: a1 EXPUNGE
    S: * 4 EXPUNGE
    S: a1 OK ...
    C: a2 SEARCH RETURN () ALL
    S: * ESEARCH (TAG "a2") ALL 1:5
    S: a2 OK ...
    C: a3 UID SEARCH RETURN (MIN MAX COUNT ALL) ALL
    S: * ESEARCH (TAG "a3") UID MIN 1 MAX 6 ALL 1:3,5:6 COUNT 5
    S: a3 OK ...
    C: a4 SEARCH RETURN (MIN COUNT) 1000
    S: * ESEARCH (TAG "a4") COUNT 0
    S: a4 OK ...
    C: a5 UID SEARCH RETURN (MAX) 1000
    S: * ESEARCH (TAG "a5") UID
    S: a5 OK ...
    C: a6 SEARCH RETURN (SAVE) UID 2,5
    S: a6 OK ...
    C: a7 FETCH $ UID
    S: * 2 FETCH (UID 2)
    S: * 4 FETCH (UID 5)
    S: a7 OK ...
    C: a8 UID SEARCH RETURN (SAVE MIN) 2:4
    S: * ESEARCH (TAG "a8") UID MIN 2
    S: a8 OK ...
    C: a9 UID STORE $ +FLAGS.SILENT \Deleted
    S: a9 OK ...
    C: b1 SEARCH NOT $
    S: * SEARCH 1 3 4 5
    S: b1 OK ...
    C: b2 UID EXPUNGE $
    S: * 2 EXPUNGE
    S: b2 OK ...
    C: b3 FETCH $ FLAGS
    S: b3 OK ...
    C: b4 SEARCH RETURN (SAVE) CHARSET X-MARS TEXT a
    S: b4 NO ...
  )");
}
