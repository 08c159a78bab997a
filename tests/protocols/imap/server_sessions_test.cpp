// The server engine, as dialogues of several sessions: when each is told of what the others do, in
// the classic way, with CONDSTORE and QRESYNC, and as IMAP4rev2.
#include <catch2/catch.hpp>

#include "dialogue.hpp"

using namespace mailscope;
using namespace mailscope::imap;
using namespace mailscope::imap::test;

namespace {

// INBOX with so many messages, selected by so many connections; what that says is taken.
void open(Bench& bench, int messages, std::size_t connections = 2, std::string_view first = "") {
  std::vector<std::string> subjects;
  for (int i = 1; i <= messages; ++i) subjects.push_back("s" + std::to_string(i));
  bench.fill("INBOX", subjects);
  for (std::size_t n = 1; n <= connections; ++n) {
    bench.enter();
    if (!first.empty()) bench.exchange(n, "x " + std::string(first) + "\r\n");
    const std::string said = bench.exchange(n, "x SELECT INBOX\r\n");
    REQUIRE(said.find("\r\nx OK") != std::string::npos);
  }
}

}  // namespace

TEST_CASE(
    "EXPUNGE is never told during FETCH, STORE and SEARCH, but during NOOP and UID commands") {
  Bench bench;
  open(bench, 8);
  bench.run(R"(
    C: a1 STORE 1,3 +FLAGS.SILENT \Deleted
    S: a1 OK ...
    C: a2 EXPUNGE
    S: * 1 EXPUNGE
    S: * 2 EXPUNGE
    S: a2 OK ...
    C2: b1 FETCH 2,4 UID
    S2: * 2 FETCH (UID 2)
    S2: * 4 FETCH (UID 4)
    S2: b1 OK ...
    C2: b2 STORE 2 FLAGS.SILENT \Seen
    S2: b2 OK ...
    C2: b3 SEARCH ALL
    S2: * SEARCH 2 4 5 6 7 8
    S2: b3 OK ...
    C2: b4 FETCH 1:2 UID
    S2: * 2 FETCH (UID 2)
    S2: b4 NO [EXPUNGEISSUED] ...
    C2: b5 STORE 1:2 +FLAGS \Flagged
    S2: * 2 FETCH (FLAGS (\Flagged \Seen))
    S2: b5 OK [EXPUNGEISSUED] ...
    C2: b6 COPY 1:2 INBOX
    S2: * 1 EXPUNGE
    S2: * 2 EXPUNGE
    S2: b6 NO [EXPUNGEISSUED] ...
    C2: b7 FETCH 1:2 UID
    S2: * 1 FETCH (UID 2)
    S2: * 2 FETCH (UID 4)
    S2: b7 OK ...
    C: a3 STORE 1 +FLAGS.SILENT \Deleted
    S: * 1 FETCH (FLAGS (\Recent \Flagged \Deleted \Seen))
    S: a3 OK ...
    C: a4 EXPUNGE
    S: * 1 EXPUNGE
    S: a4 OK ...
    C2: b8 UID FETCH 2,4 UID
    S2: * 2 FETCH (UID 4)
    S2: * 1 EXPUNGE
    S2: b8 OK ...
  )");
}

TEST_CASE("Flags that another session sets are told, once, and one's own silent ones are not") {
  Bench bench;
  open(bench, 3);
  bench.run(R"(
    C: a1 STORE 1:2 +FLAGS.SILENT ($New \Seen)
    S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $New)
    S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft $New \*)] ...
    S: a1 OK ...
    C: a2 NOOP
    S: a2 OK ...
    C2: b1 CHECK
    S2: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $New)
    S2: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft $New \*)] ...
    S2: * 1 FETCH (FLAGS (\Seen $New))
    S2: * 2 FETCH (FLAGS (\Seen $New))
    S2: b1 OK ...
    C2: b2 NOOP
    S2: b2 OK ...
    C: a3 STORE 3 FLAGS.SILENT $Newest
    S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $New $Newest)
    S: * OK [PERMANENTFLAGS ...
    S: a3 OK ...
    C2: b3 FETCH 3 FLAGS
    S2: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $New $Newest)
    S2: * OK [PERMANENTFLAGS ...
    S2: * 3 FETCH (FLAGS ($Newest))
    S2: b3 OK ...
    C: a3 STORE 3 FLAGS.SILENT ()
    S: a3 OK ...
    C2: b3 NOOP
    S2: * 3 FETCH (FLAGS ())
    S2: b3 OK ...
    C: a3 STORE 1 +FLAGS.SILENT \Answered
    S: a3 OK ...
    C2: b3 STORE 1 -FLAGS \Seen
    S2: * 1 FETCH (FLAGS (\Answered $New))
    S2: b3 OK ...
    C: a4 NOOP
    S: * 1 FETCH (FLAGS (\Recent \Answered $New))
    S: a4 OK ...
    C: a5 STORE 3 +FLAGS.SILENT \Flagged
    S: a5 OK ...
    C2: b4 STORE 3 +FLAGS.SILENT \Draft
    S2: * 3 FETCH (FLAGS (\Flagged \Draft))
    S2: b4 OK ...
  )");
}

TEST_CASE("What arrives is told to all: one session has it as recent") {
  Bench bench;
  open(bench, 0, 3);
  bench.run(R"(
    C3: c1 CLOSE
    S3: c1 OK ...
    C: a1 APPEND INBOX (\Seen \Flagged) {~}
    C: Subject: 1
    C:
    C: .
    S: * 1 EXISTS
    S: * 1 RECENT
    S: a1 OK [APPENDUID 7 1] ...
    C2: b1 NOOP
    S2: * 1 EXISTS
    S2: b1 OK ...
    C3: c2 STATUS INBOX (MESSAGES RECENT UNSEEN)
    S3: * STATUS INBOX (MESSAGES 1 RECENT 0 UNSEEN 0)
    S3: c2 OK ...
    C2: b2 FETCH 1 FLAGS
    S2: * 1 FETCH (FLAGS (\Flagged \Seen))
    S2: b2 OK ...
    C3: c3 APPEND INBOX {~}
    C3: Subject: 2
    C3:
    C3: .
    S3: c3 OK [APPENDUID 7 2] ...
    C2: b3 SEARCH NEW
    S2: * SEARCH
    S2: * 2 EXISTS
    S2: * 1 RECENT
    S2: b3 OK ...
    C2: b4 SEARCH NEW
    S2: * SEARCH 2
    S2: b4 OK ...
  )");
}

TEST_CASE("What comes and goes untold is never told") {
  Bench bench;
  open(bench, 1);
  bench.run(R"(
    C: a1 APPEND INBOX (\Deleted) {~}
    C: Subject: 1
    C:
    C: .
    S: * 2 EXISTS
    S: * 2 RECENT
    S: a1 OK ...
    C: a2 EXPUNGE
    S: * 2 EXPUNGE
    S: a2 OK ...
    C2: b1 NOOP
    S2: b1 OK ...
  )");
}

TEST_CASE("Both expunge the same message: each is told once") {
  Bench bench;
  open(bench, 2);
  bench.run(R"(
    C: a1 STORE 1 +FLAGS.SILENT \Deleted
    S: a1 OK ...
    C2: b1 STORE 1 +FLAGS.SILENT \Deleted
    S2: * 1 FETCH (FLAGS (\Deleted))
    S2: b1 OK ...
    C: a2 EXPUNGE
    S: * 1 EXPUNGE
    S: a2 OK ...
    C2: b2 EXPUNGE
    S2: * 1 EXPUNGE
    S2: b2 OK ...
  )");
}

TEST_CASE("IDLE: the other's doings come at once, until DONE") {
  Bench bench;
  open(bench, 3);
  bench.run(R"(
    C: a1 IDLE
    S: + idling
    C2: b1 STORE 1 +FLAGS.SILENT \Deleted
    S2: b1 OK ...
    S: * 1 FETCH (FLAGS (\Recent \Deleted))
    C2: b2 EXPUNGE
    S2: * 1 EXPUNGE
    S2: b2 OK ...
    S: * 1 EXPUNGE
    C2: b3 APPEND INBOX {~+}
    C2: Subject: 1
    C2:
    C2: .
    S2: * 3 EXISTS
    S2: * 1 RECENT
    S2: b3 OK ...
    S: * 3 EXISTS
    S: * 2 RECENT
    C: done
    S: a1 OK ...
    C: a2 IDLE
    S: + idling
    C: NOOP
    S: a2 BAD ...
    C: a3 NOOP
    S: a3 OK ...
  )");
  CHECK(bench.wakes == 3);
}

TEST_CASE("IDLE without a mailbox, and with news that waited") {
  Bench bench;
  open(bench, 1);
  bench.run(R"(
    C: a1 STORE 1 +FLAGS.SILENT \Seen
    S: a1 OK ...
    C2: b1 IDLE
    S2: * 1 FETCH (FLAGS (\Seen))
    S2: + idling
    C2: DONE
    S2: b1 OK ...
    C2: b2 CLOSE
    S2: b2 OK ...
    C2: b3 IDLE
    S2: + idling
    C2: DONE
    S2: b3 OK ...
  )");
}

TEST_CASE("A mailbox that is removed ends the sessions that have it open") {
  Bench bench;
  bench.fill("x", {"1"});
  bench.enter();
  bench.enter();
  bench.exchange(1, "x SELECT x\r\n");
  bench.run(R"(
    C2: b1 DELETE x
    S2: b1 OK ...
    C: a1 NOOP
    S: * BYE ...
  )");
  CHECK(bench.server(1).wants_close());
}

// ---- CONDSTORE (RFC 7162 §3.1) ------------------------------------------------------------------

TEST_CASE("A CONDSTORE command switches MODSEQ on: from then on it is told with the flags") {
  Bench bench;
  open(bench, 3);
  bench.run(R"(
    C: a1 FETCH 1 MODSEQ
    S: * OK [HIGHESTMODSEQ 4] ...
    S: * 1 FETCH (MODSEQ (2))
    S: a1 OK ...
    C2: b1 STORE 2 +FLAGS \Seen
    S2: * 2 FETCH (FLAGS (\Seen))
    S2: b1 OK ...
    C: a2 NOOP
    S: * 2 FETCH (UID 2 FLAGS (\Recent \Seen) MODSEQ (5))
    S: a2 OK ...
    C: a3 STORE 1,3 +FLAGS.SILENT \Flagged
    S: * 1 FETCH (UID 1 MODSEQ (6))
    S: * 3 FETCH (UID 3 MODSEQ (6))
    S: a3 OK ...
    C: a4 FETCH 1:* FLAGS (CHANGEDSINCE 5)
    S: * 1 FETCH (FLAGS (\Recent \Flagged) MODSEQ (6))
    S: * 3 FETCH (FLAGS (\Recent \Flagged) MODSEQ (6))
    S: a4 OK ...
    C: a5 STORE 1:3 (UNCHANGEDSINCE 5) +FLAGS.SILENT \Deleted
    S: * 1 FETCH (UID 1 FLAGS (\Recent \Flagged) MODSEQ (6))
    S: * 2 FETCH (UID 2 FLAGS (\Recent \Deleted \Seen) MODSEQ (7))
    S: * 3 FETCH (UID 3 FLAGS (\Recent \Flagged) MODSEQ (6))
    S: a5 OK [MODIFIED 1,3] ...
    C: a6 UID STORE 1 (UNCHANGEDSINCE 0) +FLAGS \Seen
    S: * 1 FETCH (UID 1 FLAGS (\Recent \Flagged) MODSEQ (6))
    S: a6 OK [MODIFIED 1] ...
    C: a7 STORE 2 +FLAGS.SILENT \Deleted
    S: * 2 FETCH (UID 2 MODSEQ (7))
    S: a7 OK ...
    C: a8 SEARCH MODSEQ 7
    S: * SEARCH 2 (MODSEQ 7)
    S: a8 OK ...
    C: a9 SEARCH RETURN (MIN MAX) MODSEQ "/flags/\\seen" all 1
    S: * ESEARCH (TAG "a9") MIN 1 MAX 3 MODSEQ 6
    S: a9 OK ...
    C: b1 SEARCH MODSEQ 8
    S: * SEARCH
    S: b1 OK ...
    C: b2 STATUS INBOX (HIGHESTMODSEQ)
    S: * STATUS INBOX (HIGHESTMODSEQ 7)
    S: b2 OK ...
  )");
}

// ---- QRESYNC (RFC 7162 §3.2) --------------------------------------------------------------------

TEST_CASE("QRESYNC has to be enabled before it is used") {
  Bench bench;
  open(bench, 1, 1);
  bench.run(R"(
    C: a1 UID FETCH 1 FLAGS (CHANGEDSINCE 1 VANISHED)
    S: a1 BAD ...
    C: a2 SELECT INBOX (QRESYNC (7 1))
    S: a2 BAD ...
    C: a3 NOOP
    S: a3 OK ...
  )");
}

TEST_CASE("With QRESYNC on, VANISHED stands for EXPUNGE") {
  Bench bench;
  open(bench, 8, 2, "ENABLE QRESYNC");
  bench.run(R"(
    C: a1 STORE 3,4,7 +FLAGS.SILENT \Deleted
    S: * 3 FETCH (UID 3 MODSEQ (10))
    S: * 4 FETCH (UID 4 MODSEQ (10))
    S: * 7 FETCH (UID 7 MODSEQ (10))
    S: a1 OK ...
    C: a2 EXPUNGE
    S: * VANISHED 3:4,7
    S: a2 OK [HIGHESTMODSEQ 11] ...
    C2: b1 FETCH 1 UID
    S2: * 1 FETCH (UID 1)
    S2: b1 OK ...
    C2: b2 NOOP
    S2: * VANISHED 3:4,7
    S2: b2 OK ...
    C2: b3 UID FETCH 1:* FLAGS (CHANGEDSINCE 9 VANISHED)
    S2: * VANISHED (EARLIER) 3:4,7
    S2: b3 OK ...
    C2: b4 UID FETCH 4:6 FLAGS (CHANGEDSINCE 10 VANISHED)
    S2: * VANISHED (EARLIER) 4
    S2: b4 OK ...
    C2: b5 FETCH 1 FLAGS (CHANGEDSINCE 10 VANISHED)
    S2: b5 BAD ...
  )");
}

TEST_CASE("SELECT (QRESYNC ...) tells what was missed") {
  Bench bench;
  open(bench, 8, 1, "ENABLE QRESYNC");
  bench.exchange(
      1, "a STORE 2,5,8 +FLAGS.SILENT \\Deleted\r\nb EXPUNGE\r\nc STORE 1 FLAGS \\Seen\r\n");
  constexpr std::string_view kOpening = R"(
    S: * OK [CLOSED] ...
    S: * FLAGS ...
    S: * OK [PERMANENTFLAGS ...
    S: * 5 EXISTS
    S: * 0 RECENT
    S: * OK [UNSEEN 2] ...
    S: * OK [UIDVALIDITY 7] ...
    S: * OK [UIDNEXT 9] ...
    S: * OK [HIGHESTMODSEQ 12] ...
  )";
  const auto script = [&](std::string_view select, std::string_view missed) {
    return "C: a1 " + std::string(select) + "\n" + std::string(kOpening) + std::string(missed) +
           "S: a1 OK [READ-WRITE] ...\n";
  };
  bench.run(script("SELECT INBOX (QRESYNC (7 9))", R"(
    S: * VANISHED (EARLIER) 2,5,8
    S: * 1 FETCH (UID 1 FLAGS (\Seen) MODSEQ (12))
  )"));
  bench.run(script("SELECT INBOX (QRESYNC (7 9 3:8))", "S: * VANISHED (EARLIER) 5,8\n"));
  bench.run(
      script("SELECT INBOX (QRESYNC (7 11))", "S: * 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (12))\n"));
  bench.run(script("SELECT INBOX (QRESYNC (8 1))", ""));
  // The client knows that message 2 is UID 3 and message 4 UID 6, but takes 5 to be UID 8.
  bench.run(script("SELECT INBOX (QRESYNC (7 9 1:8 (2,4,5 3,6,8)))", R"(
    S: * VANISHED (EARLIER) 8
    S: * 1 FETCH (UID 1 FLAGS (\Seen) MODSEQ (12))
  )"));
}

// ---- IMAP4rev2 (RFC 9051 appendix E) ------------------------------------------------------------

TEST_CASE("Who enables IMAP4rev2 gets its answers: no recent, ESEARCH, LIST at SELECT, UTF-8") {
  Bench bench;
  bench.fill("Entwürfe", {"1", "2"});
  bench.run(R"(
    C: a1 ENABLE IMAP4rev2
    S: * ENABLED IMAP4REV2
    S: a1 OK ...
    C: a2 SELECT "Entwürfe"
    S: * FLAGS ...
    S: * OK [PERMANENTFLAGS ...
    S: * 2 EXISTS
    S: * OK [UIDVALIDITY 8] ...
    S: * OK [UIDNEXT 3] ...
    S: * OK [HIGHESTMODSEQ ...
    S: * LIST () "/" "Entwürfe"
    S: a2 OK [READ-WRITE] ...
    C: a3 SEARCH ALL
    S: * ESEARCH (TAG "a3") ALL 1:2
    S: a3 OK ...
    C: a4 FETCH 1 FLAGS
    S: * 1 FETCH (FLAGS ())
    S: a4 OK ...
    C: a5 APPEND "Entwürfe" {~+}
    C: Subject: 3
    C:
    C: .
    S: * 3 EXISTS
    S: a5 OK ...
  )");
}
