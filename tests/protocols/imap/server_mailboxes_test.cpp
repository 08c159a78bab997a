// The server engine, as dialogues: mailboxes are made, named, told of and opened; APPEND.
#include <catch2/catch.hpp>

#include "dialogue.hpp"

using namespace mailscope;
using namespace mailscope::imap;
using namespace mailscope::imap::test;

TEST_CASE("SELECT tells all of a mailbox, and only the first session has its messages as recent") {
  Bench bench;
  bench.fill("INBOX", {"one", "two"});
  bench.run(R"(
    C: a1 EXAMINE inbox
    S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
    S: * OK [PERMANENTFLAGS ()] ...
    S: * 2 EXISTS
    S: * 2 RECENT
    S: * OK [UNSEEN 1] ...
    S: * OK [UIDVALIDITY 7] ...
    S: * OK [UIDNEXT 3] ...
    S: * OK [HIGHESTMODSEQ 3] ...
    S: a1 OK [READ-ONLY] ...
    C: a2 CLOSE
    S: a2 OK ...
    C: a3 STATUS INBOX (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN)
    S: * STATUS INBOX (MESSAGES 2 RECENT 2 UIDNEXT 3 UIDVALIDITY 7 UNSEEN 2)
    S: a3 OK ...
    C: a4 SELECT INBOX
    S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
    S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft \*)] ...
    S: * 2 EXISTS
    S: * 2 RECENT
    S: * OK [UNSEEN 1] ...
    S: * OK [UIDVALIDITY 7] ...
    S: * OK [UIDNEXT 3] ...
    S: * OK [HIGHESTMODSEQ 3] ...
    S: a4 OK [READ-WRITE] ...
    C2: b1 SELECT INBOX
    S2: * FLAGS ...
    S2: * OK [PERMANENTFLAGS ...
    S2: * 2 EXISTS
    S2: * 0 RECENT
    S2: * OK [UNSEEN 1] ...
    S2: * OK [UIDVALIDITY 7] ...
    S2: * OK [UIDNEXT 3] ...
    S2: * OK [HIGHESTMODSEQ 3] ...
    S2: b1 OK [READ-WRITE] ...
    C: a5 UNSELECT
    S: a5 OK ...
    C: a6 STATUS INBOX (RECENT)
    S: * STATUS INBOX (RECENT 0)
    S: a6 OK ...
  )");
}

TEST_CASE("A failed SELECT leaves nothing selected") {
  Bench bench;
  bench.run(R"(
    C: a1 SELECT INBOX
    S: * FLAGS ...
    S: * OK [PERMANENTFLAGS ...
    S: * 0 EXISTS
    S: * 0 RECENT
    S: * OK [UIDVALIDITY ...
    S: * OK [UIDNEXT 1] ...
    S: * OK [HIGHESTMODSEQ ...
    S: a1 OK [READ-WRITE] ...
    C: a2 SELECT nowhere
    S: * OK [CLOSED] ...
    S: a2 NO [NONEXISTENT] ...
    C: a3 FETCH 1 FLAGS
    S: a3 BAD Not in the AUTHENTICATED state
  )");
}

TEST_CASE("CREATE, DELETE and RENAME: parents come with children and stay without messages") {
  Bench bench;
  bench.run(R"(
    C: a1 CREATE owatagusiam/
    S: a1 OK ...
    C: a2 CREATE owatagusiam/blurdybloop
    S: a2 OK ...
    C: a3 CREATE owatagusiam
    S: a3 NO [ALREADYEXISTS] ...
    C: a4 CREATE inbox
    S: a4 NO [ALREADYEXISTS] ...
    C: a5 DELETE owatagusiam
    S: a5 OK ...
    C: a6 LIST "" owat*
    S: * LIST (\Noselect \HasChildren) "/" owatagusiam
    S: * LIST (\HasNoChildren) "/" owatagusiam/blurdybloop
    S: a6 OK ...
    C: a7 SELECT owatagusiam
    S: a7 NO [NONEXISTENT] ...
    C: a8 DELETE owatagusiam
    S: a8 NO [HASCHILDREN] ...
    C: a9 RENAME owatagusiam/blurdybloop zowie
    S: a9 OK ...
    C: b1 DELETE nowhere
    S: b1 NO [NONEXISTENT] ...
    C: b2 DELETE INBOX
    S: b2 NO ...
    C: b3 RENAME nowhere somewhere
    S: b3 NO [NONEXISTENT] ...
    C: b4 CREATE a//b
    S: b4 NO [CANNOT] ...
  )");
  CHECK(bench.account().has("zowie"));
}

TEST_CASE("RENAME of INBOX moves its messages and leaves it empty") {
  Bench bench;
  bench.fill("INBOX", {"one", "two"});
  bench.run(R"(
    C: a1 RENAME INBOX old-mail
    S: a1 OK ...
    C: a2 STATUS INBOX (MESSAGES)
    S: * STATUS INBOX (MESSAGES 0)
    S: a2 OK ...
    C: a3 STATUS old-mail (MESSAGES)
    S: * STATUS old-mail (MESSAGES 2)
    S: a3 OK ...
  )");
}

TEST_CASE("A mailbox that is made again has another UIDVALIDITY") {
  Bench bench;
  bench.run(R"(
    C: a1 CREATE x
    S: a1 OK ...
    C: a2 APPEND x {~+}
    C: Subject: 1
    C:
    C: .
    S: a2 OK [APPENDUID 8 1] ...
    C: a3 DELETE x
    S: a3 OK ...
    C: a4 CREATE x
    S: a4 OK ...
    C: a5 APPEND x {~+}
    C: Subject: 1
    C:
    C: .
    S: a5 OK [APPENDUID 9 1] ...
  )");
}

TEST_CASE("LIST: % stops at a level, * does not, and INBOX is found in any case") {
  Bench bench;
  for (const char* name : {"foo", "foo/bar", "foo/bar/deep", "fob"})
    REQUIRE(bench.account().create(name));
  bench.run(R"(
    C: a1 LIST "" ""
    S: * LIST (\Noselect) "/" ""
    S: a1 OK ...
    C: a2 LIST "" %
    S: * LIST (\HasNoChildren) "/" INBOX
    S: * LIST (\HasNoChildren) "/" fob
    S: * LIST (\HasChildren) "/" foo
    S: a2 OK ...
    C: a3 LIST foo/ *
    S: * LIST (\HasChildren) "/" foo/bar
    S: * LIST (\HasNoChildren) "/" foo/bar/deep
    S: a3 OK ...
    C: a4 LIST "" f%/%
    S: * LIST (\HasChildren) "/" foo/bar
    S: a4 OK ...
    C: a5 LIST "" inB%
    S: * LIST (\HasNoChildren) "/" INBOX
    S: a5 OK ...
    C: a6 LIST "" nothing
    S: a6 OK ...
    C: a6 LIST "" "&'*"
    S: a6 OK ...
    C: a7 LIST "" *e*p
    S: * LIST (\HasNoChildren) "/" foo/bar/deep
    S: a7 OK ...
  )");
}

// RFC 5258 §5's tree of fruit.
TEST_CASE("LIST-EXTENDED: several patterns, subscriptions, children, and CHILDINFO where it adds") {
  Bench bench;
  for (const char* name :
       {"Fruit/Apple", "Fruit/Banana", "Tofu", "Vegetable", "Vegetable/Broccoli", "Vegetable/Corn"})
    REQUIRE(bench.account().create(name));
  for (const char* name :
       {"INBOX", "Fruit/Banana", "Fruit/Peach", "Vegetable", "Vegetable/Broccoli"})
    REQUIRE(bench.account().subscribe(name));
  bench.run(R"(
    C: a1 LIST (SUBSCRIBED) "" *
    S: * LIST (\HasNoChildren \Subscribed) "/" Fruit/Banana
    S: * LIST (\NonExistent \HasNoChildren \Subscribed) "/" Fruit/Peach
    S: * LIST (\HasNoChildren \Subscribed) "/" INBOX
    S: * LIST (\HasChildren \Subscribed) "/" Vegetable
    S: * LIST (\HasNoChildren \Subscribed) "/" Vegetable/Broccoli
    S: a1 OK ...
    C: a2 LIST (SUBSCRIBED RECURSIVEMATCH) "" %
    S: * LIST (\Noselect \HasChildren) "/" Fruit ("CHILDINFO" ("SUBSCRIBED"))
    S: * LIST (\HasNoChildren \Subscribed) "/" INBOX
    S: * LIST (\HasChildren \Subscribed) "/" Vegetable ("CHILDINFO" ("SUBSCRIBED"))
    S: a2 OK ...
    C: a3 LIST (SUBSCRIBED RECURSIVEMATCH) "" (Fruit Fruit/%)
    S: * LIST (\HasNoChildren \Subscribed) "/" Fruit/Banana
    S: * LIST (\NonExistent \HasNoChildren \Subscribed) "/" Fruit/Peach
    S: a3 OK ...
    C: a4 LIST "" (INBOX Tofu "") RETURN (SUBSCRIBED CHILDREN)
    S: * LIST (\HasNoChildren \Subscribed) "/" INBOX
    S: * LIST (\HasNoChildren) "/" Tofu
    S: a4 OK ...
    C: a5 LIST (RECURSIVEMATCH) "" *
    S: a5 BAD ...
    C: a6 LIST (REMOTE RECURSIVEMATCH) "" *
    S: a6 BAD ...
    C: a7 LIST (SUBSCRIBED REMOTE) "" Tofu
    S: a7 OK ...
    C: a8 LIST (IMAGINARY) "" *
    S: a8 BAD ...
    C: a9 LSUB "" %
    S: * LSUB (\Noselect) "/" Fruit
    S: * LSUB () "/" INBOX
    S: * LSUB () "/" Vegetable
    S: a9 OK ...
    C: b1 LSUB "" *an*
    S: * LSUB () "/" Fruit/Banana
    S: b1 OK ...
    C: b2 UNSUBSCRIBE Fruit/Banana
    S: b2 OK ...
    C: b3 SUBSCRIBE Fruit/Fig
    S: b3 OK ...
    C: b4 LSUB Fruit/ %
    S: * LSUB () "/" Fruit/Fig
    S: * LSUB () "/" Fruit/Peach
    S: b4 OK ...
  )");
}

TEST_CASE(
    "LIST-STATUS: STATUS behind each name that has messages: SIZE is the sum of their sizes") {
  Bench bench;
  bench.fill("a/b", {"one", "two"});
  const std::string octets = std::to_string(2 * letter("one").size());
  bench.run(R"(
    C: a1 LIST "" a* RETURN (STATUS (MESSAGES SIZE UNSEEN))
    S: * LIST (\Noselect \HasChildren) "/" a
    S: * LIST (\HasNoChildren) "/" a/b
    S: * STATUS a/b (MESSAGES 2 UNSEEN 2 SIZE )" +
            octets + R"()
    S: a1 OK ...
    C: a2 STATUS a/b (SIZE APPENDLIMIT HIGHESTMODSEQ DELETED)
    S: * STATUS a/b (DELETED 0 SIZE )" +
            octets + R"( HIGHESTMODSEQ 3 APPENDLIMIT 67108864)
    S: a2 OK ...
    C: a3 STATUS nowhere (MESSAGES)
    S: a3 NO [NONEXISTENT] ...
  )");
}

TEST_CASE("Special uses are told of, asked for, and given once") {
  Bench bench;
  REQUIRE(bench.account().create("Sent", mailbox::kSent));
  bench.run(R"(
    C: a1 CREATE Junk (USE (\Junk))
    S: a1 OK ...
    C: a2 CREATE Spam (USE (\Junk))
    S: a2 NO [USEATTR] ...
    C: a3 LIST (SPECIAL-USE) "" *
    S: * LIST (\HasNoChildren \Junk) "/" Junk
    S: * LIST (\HasNoChildren \Sent) "/" Sent
    S: a3 OK ...
    C: a4 LIST "" Se% RETURN (SPECIAL-USE)
    S: * LIST (\HasNoChildren \Sent) "/" Sent
    S: a4 OK ...
  )");
}

TEST_CASE("Names are modified UTF-7 until the client takes UTF-8") {
  Bench bench;
  bench.run(R"(
    C: a1 CREATE Entw&APw-rfe
    S: a1 OK ...
    C: a2 LIST "" Ent*
    S: * LIST (\HasNoChildren) "/" Entw&APw-rfe
    S: a2 OK ...
    C: a3 CREATE Entw&APw-rfe
    S: a3 NO [ALREADYEXISTS] ...
    C: a4 STATUS Entw&APw-rfe (MESSAGES)
    S: * STATUS Entw&APw-rfe (MESSAGES 0)
    S: a4 OK ...
    C: a5 CREATE x&y
    S: a5 NO [CANNOT] ...
    C: a6 ENABLE UTF8=ACCEPT
    S: * ENABLED UTF8=ACCEPT
    S: a6 OK ...
    C: a7 LIST "" "Entwü*"
    S: * LIST (\HasNoChildren) "/" "Entwürfe"
    S: a7 OK ...
  )");
  CHECK(bench.account().has("Entwürfe"));
}

TEST_CASE("Quota: the account is its one root, and SETQUOTA is not for users") {
  Bench bench;
  bench.fill("INBOX", {"one"});
  bench.run(R"(
    C: a1 GETQUOTAROOT INBOX
    S: * QUOTAROOT INBOX ""
    S: * QUOTA "" ()
    S: a1 OK ...
  )");
  bench.account().set_limits({.octets = 2048, .messages = 2, .message_octets = 1000});
  bench.run(R"(
    C: a1 GETQUOTA ""
    S: * QUOTA "" (STORAGE 1 2 MESSAGE 1 2)
    S: a1 OK ...
    C: a2 GETQUOTA other
    S: a2 NO [NONEXISTENT] ...
    C: a3 SETQUOTA "" (STORAGE 1000000)
    S: a3 NO [NOPERM] ...
    C: a4 APPEND INBOX {1001}
    S: a4 NO [TOOBIG] ...
    C: a5 APPEND INBOX {~}
    C: Subject: two
    C:
    C: .
    S: a5 OK [APPENDUID 7 2] ...
    C: a6 APPEND INBOX {~}
    C: Subject: three
    C:
    C: .
    S: a6 NO [OVERQUOTA] ...
  )");
}

// ---- APPEND -------------------------------------------------------------------------------------

TEST_CASE("APPEND keeps flags and date, and says which UID it gave") {
  Bench bench;
  bench.run(R"(
    C: A003 APPEND INBOX (\Seen $Work) "17-Jul-1996 02:44:25 -0700" {~}
    C: Date: Mon, 7 Feb 1994 21:52:25 -0800 (PST)
    C: From: Fred Foobar <foobar@Blurdybloop.example>
    C:
    C: Hello Joe, do you think we can meet at 3:30 tomorrow?
    C: .
    S: A003 OK [APPENDUID 7 1] ...
    C: a1 APPEND INBOX {~+}
    C: Subject: now
    C:
    C: .
    S: a1 OK [APPENDUID 7 2] ...
    C: a2 EXAMINE INBOX
    S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $Work)
    S: * OK [PERMANENTFLAGS ()] ...
    S: * 2 EXISTS
    S: * 2 RECENT
    S: * OK [UNSEEN 2] ...
    S: * OK [UIDVALIDITY 7] ...
    S: * OK [UIDNEXT 3] ...
    S: * OK [HIGHESTMODSEQ ...
    S: a2 OK ...
    C: a3 FETCH 1:2 (FLAGS INTERNALDATE RFC822.SIZE)
    S: * 1 FETCH (FLAGS (\Recent \Seen $Work) INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 149)
    S: * 2 FETCH (FLAGS (\Recent) INTERNALDATE " 2-Mar-2026 09:15:00 +0100" RFC822.SIZE 16)
    S: a3 OK ...
  )");
}

TEST_CASE("APPEND to a mailbox that is not there says that CREATE would help") {
  Bench bench;
  bench.run(R"(
    C: a1 APPEND nowhere {~+}
    C: Subject: x
    C:
    C: .
    S: a1 NO [TRYCREATE] ...
    C: a1 APPEND nowhere (\Seen) {1000000}
    S: a1 NO [TRYCREATE] ...
    C: a2 APPEND INBOX {0}
    S: + ...
    C:
    S: a2 ...
  )");
}

TEST_CASE("MULTIAPPEND is all or nothing") {
  Bench bench;
  bench.account().set_limits({.messages = 3});
  bench.run(R"(
    C: a1 APPEND INBOX (\Seen) {~}
    C: Subject: one
    C:
    C: . (\Flagged) "17-Jul-1996 02:44:25 -0700" {~}
    C: Subject: two
    C:
    C: .
    S: a1 OK [APPENDUID 7 1:2] ...
    C: a2 APPEND INBOX {~}
    C: Subject: three
    C:
    C: . {~}
    C: Subject: four
    C:
    C: .
    S: a2 NO [OVERQUOTA] ...
  )");
  CHECK(bench.inbox().size() == 2);
}

TEST_CASE("A NUL comes in a literal8 only, and goes out as base64 or by BINARY") {
  Bench bench;
  bench.enter();
  const std::string message =
      "Mime-Version: 1.0\r\nContent-Type: application/octet-stream\r\n"
      "Content-Transfer-Encoding: binary\r\n\r\n" +
      std::string("\0-\xff\r\n\0", 6);
  const std::string count = std::to_string(message.size());
  CHECK(bench.exchange(1, "a APPEND INBOX {" + count + "+}\r\n" + message + "\r\n")
            .starts_with("a BAD"));
  CHECK(bench.exchange(1, "a APPEND INBOX ~{" + count + "+}\r\n" + message + "\r\n")
            .starts_with("a OK [APPENDUID 7 1]"));
  bench.exchange(1, "a EXAMINE INBOX\r\n");
  const std::string said = bench.exchange(1, "a FETCH 1 (BODY[1] BINARY.SIZE[1] BINARY[1])\r\n");
  CHECK(said == "* 1 FETCH (BODY[1] {10}\r\nAC3/DQoA\r\n BINARY.SIZE[1] 6 BINARY[1] ~{6}\r\n" +
                    std::string("\0-\xff\r\n\0", 6) + ")\r\na OK That is all\r\n");
  // Where there is no part to encode it cannot be kept.
  CHECK(bench.exchange(1, std::string("b APPEND INBOX ~{14+}\r\nSubject: \0\r\n\r\n\r\n", 39))
            .starts_with("b NO [UNKNOWN-CTE]"));
}

TEST_CASE("A header in UTF-8 is for those who take UTF-8") {
  Bench bench;
  bench.run(R"(
    C: a1 APPEND INBOX {~+}
    C: Subject: Grüße
    C:
    C: .
    S: a1 NO [CANNOT] ...
    C: a2 ENABLE UTF8=ACCEPT
    S: * ENABLED UTF8=ACCEPT
    S: a2 OK ...
    C: a3 APPEND INBOX UTF8 (~{~+}
    C: Subject: Grüße
    C:
    C: .)
    S: a3 OK [APPENDUID 7 1] ...
    C: a4 SELECT INBOX
    S: * FLAGS ...
    S: * OK [PERMANENTFLAGS ...
    S: * 1 EXISTS
    S: * 1 RECENT
    S: * OK [UNSEEN 1] ...
    S: * OK [UIDVALIDITY 7] ...
    S: * OK [UIDNEXT 2] ...
    S: * OK [HIGHESTMODSEQ ...
    S: a4 OK ...
    C: a5 FETCH 1 ENVELOPE
    S: * 1 FETCH (ENVELOPE (NIL "Grüße" NIL NIL NIL NIL NIL NIL NIL NIL))
    S: a5 OK ...
  )");
}
