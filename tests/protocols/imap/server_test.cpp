// The server engine, as dialogues: who comes in, what is switched on, what breaks off.
#include "protocols/imap/server.hpp"

#include <catch2/catch.hpp>

#include "dialogue.hpp"
#include "protocols/mime/base64.hpp"

using namespace mailscope;
using namespace mailscope::imap;
using namespace mailscope::imap::test;

namespace {

constexpr std::string_view kGreeting =
    "S: * OK [CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL+ SASL-IR ID ENABLE AUTH=PLAIN] "
    "mail.beta.example IMAP4rev1 server ready\n";

}  // namespace

TEST_CASE("Who logs in hears what is offered before and behind it, in any chunking") {
  for (const std::size_t chunk : {0, 1, 3}) {
    Bench bench;
    bench.connect();
    bench.run(std::string(kGreeting) + R"(
      C: a1 CAPABILITY
      S: * CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL+ SASL-IR ID ENABLE AUTH=PLAIN
      S: a1 OK ...
      C: a2 SELECT INBOX
      S: a2 BAD Not in the NOT AUTHENTICATED state
      C: a3 LOGIN bob wrong
      S: a3 NO [AUTHENTICATIONFAILED] User or password is wrong
      C: a4 LOGIN nobody wrong
      S: a4 NO [AUTHENTICATIONFAILED] User or password is wrong
      C: a5 login "bob" {6}
      S: + ...
      C: secret
      S: a5 OK [CAPABILITY IMAP4rev1 IMAP4rev2 ... APPENDLIMIT=67108864] bob is logged in
      C: a6 LOGIN bob secret
      S: a6 BAD ...
      C: a7 LOGOUT
      S: * BYE ...
      S: a7 OK ...
    )",
              chunk);
    CHECK(bench.server(1).wants_close());
    CHECK(bench.server(1).state() == State::Logout);
    CHECK(bench.log == std::vector<std::string>{"closed"});
  }
}

TEST_CASE("The third failed log-in is the last one") {
  Bench bench;
  bench.connect();
  bench.run(std::string(kGreeting) + R"(
    C: a1 LOGIN bob a
    S: a1 NO ...
    C: a2 AUTHENTICATE PLAIN
    S: +...
    C: *
    S: a2 BAD ...
    C: a3 LOGIN bob c
    S: a3 NO ...
    S: * BYE Too many failed log-ins
  )");
  CHECK(bench.log == std::vector<std::string>{"closed before log-in"});
}

TEST_CASE("AUTHENTICATE goes by every mechanism, with and without an initial response") {
  ServerOptions options;
  options.auth_mechanisms = {"SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN"};
  options.sasl_challenge = "<1896.697170952@mail.beta.example>";
  options.sasl_nonce = "3rfcNHYJY1ZVvWVs7j";
  options.sasl_salt_key = "key";
  for (const sasl::Mechanism mechanism : sasl::mechanisms())
    for (const bool at_once : {false, true})
      for (const bool right : {false, true}) {
        if (at_once && !sasl::client_begins(mechanism)) continue;
        Bench bench(options);
        bench.connect();
        bench.exchange(1, "");
        sasl::Client client(mechanism, {"bob", right ? "secret" : "guess"},
                            "fyko+d2lbbFgONRv9qkxdawL");
        std::string line = "a AUTHENTICATE " + std::string(sasl::name(mechanism));
        auto initial = client.initial_response();
        if (at_once && initial) line += ' ' + mime::base64_encode(*std::exchange(initial, {}));
        std::string said = bench.exchange(1, line + "\r\n");
        while (said.starts_with("+ ")) {
          const std::string challenge = *sasl::decode_strictly(said.substr(2, said.size() - 4));
          const auto response =
              initial ? std::exchange(initial, std::nullopt) : client.respond(challenge);
          said = bench.exchange(1, (response ? mime::base64_encode(*response) : "*") + "\r\n");
        }
        INFO(sasl::name(mechanism) << " " << said);
        CHECK(said.starts_with(right ? "a OK [CAPABILITY" : "a NO [AUTHENTICATIONFAILED]"));
      }
}

TEST_CASE("A response that is no base64, and a mechanism that nobody offers, log nobody in") {
  Bench bench;
  bench.connect();
  bench.run(std::string(kGreeting) + R"(
    C: a1 AUTHENTICATE GSSAPI
    S: a1 NO [CANNOT] ...
    C: a2 AUTHENTICATE PLAIN !!!
    S: a2 BAD ...
    C: a3 AUTHENTICATE PLAIN
    S: +...
    C: not base64
    S: a3 BAD ...
    C: a4 AUTHENTICATE PLAIN =
    S: a4 BAD ...
  )");
}

TEST_CASE("PREAUTH needs no log-in") {
  Bench bench;
  Server server({.domain = "mail.beta.example"}, bench.account());
  CHECK(server.take_output().starts_with("* PREAUTH [CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL+"));
  CHECK(server.state() == State::Authenticated);
}

TEST_CASE("LOGIN can be switched off") {
  Bench bench({.login_disabled = true});
  bench.connect();
  bench.run(R"(
    S: * OK [CAPABILITY ... AUTH=PLAIN LOGINDISABLED] ...
    C: a1 LOGIN bob secret
    S: a1 NO [PRIVACYREQUIRED] ...
  )");
}

TEST_CASE("What is left out is neither announced nor obeyed") {
  ServerOptions options;
  options.without = {Extension::Idle,    Extension::Move,    Extension::UidPlus,
                     Extension::Enable,  Extension::Esearch, Extension::CondStore,
                     Extension::QResync, Extension::Quota,   Extension::ListExtended};
  Bench bench(options);
  bench.fill("INBOX", {"one"});
  const std::string said = (bench.enter(), bench.exchange(1, "a CAPABILITY\r\n"));
  for (const char* word : {"IDLE", "MOVE", "UIDPLUS", "ENABLE", "ESEARCH", "CONDSTORE", "QUOTA"})
    CHECK(said.find(word) == std::string::npos);
  bench.run(R"(
    C: a1 IDLE
    S: a1 BAD Unknown command
    C: a2 ENABLE CONDSTORE
    S: a2 BAD Unknown command
    C: a3 GETQUOTAROOT INBOX
    S: a3 BAD Unknown command
    C: a4 LIST (SUBSCRIBED) "" *
    S: a4 BAD ...
    C: a5 SELECT INBOX
    S: * FLAGS ...
    S: * OK [PERMANENTFLAGS ...
    S: * 1 EXISTS
    S: * 1 RECENT
    S: * OK [UNSEEN 1] ...
    S: * OK [UIDVALIDITY 7] ...
    S: * OK [UIDNEXT 2] ...
    S: a5 OK [READ-WRITE] ...
    C: a6 MOVE 1 INBOX
    S: a6 BAD Unknown command
    C: a7 UID EXPUNGE 1
    S: a7 BAD ...
    C: a8 SEARCH RETURN (MIN) ALL
    S: a8 BAD ...
    C: a9 FETCH 1 MODSEQ
    S: a9 BAD ...
  )");
}

TEST_CASE("ENABLE says what is on now, and passes over what it does not know") {
  Bench bench;
  bench.run(R"(
    C: a1 ENABLE X-GOOD-IDEA
    S: * ENABLED
    S: a1 OK ...
    C: a2 ENABLE qresync X-GOOD-IDEA UTF8=ACCEPT
    S: * ENABLED QRESYNC UTF8=ACCEPT
    S: a2 OK ...
  )");
}

TEST_CASE("ID tells who this is, NAMESPACE how names begin") {
  Bench bench;
  bench.run(R"(
    C: a1 ID ("name" "mutt" "version" NIL)
    S: * ID ("name" "MailScope")
    S: a1 OK ...
    C: a2 NAMESPACE
    S: * NAMESPACE (("" "/")) NIL NIL
    S: a2 OK ...
  )");
}

TEST_CASE("What is no command is BAD, and twenty of them in a row end the session") {
  Bench bench;
  bench.run(R"(
    C: a1 FROBNICATE
    S: a1 BAD ...
    C: *
    S: * BAD ...
    C: a2 STARTTLS
    S: a2 BAD ...
    C: a3 NOOP
    S: a3 OK ...
  )");
  std::string said;
  for (int i = 0; i < 19; ++i) said = bench.exchange(1, "x y\r\n");
  CHECK(said.find("BYE") == std::string::npos);
  said = bench.exchange(1, "x y\r\nz NOOP\r\n");
  CHECK(said.find("* BYE Too many errors in a row\r\n") != std::string::npos);
  CHECK(said.find("z OK") == std::string::npos);
  CHECK(bench.server(1).wants_close());
}

TEST_CASE("A line without end, a bare LF, a NUL: BAD, and what follows is read") {
  Bench bench;
  bench.enter();
  CHECK(bench.exchange(1, "a NOOP " + std::string(200'000, 'x') + "\r\nb NOOP\r\n").find("b OK") !=
        std::string::npos);
  CHECK(bench.exchange(1, "a NOOP\nb NOOP\r\nc NOOP\r\n").find("c OK") != std::string::npos);
  CHECK(bench.exchange(1, std::string("a NO\0OP\r\nc NOOP\r\n", 18)).find("c OK") !=
        std::string::npos);
}

TEST_CASE("A literal that is too long is refused before it is sent") {
  Bench bench({.append_octets_max = 1000});
  bench.run(R"(
    C: a1 APPEND INBOX {1001}
    S: a1 NO [TOOBIG] ...
    C: a2 LIST "" {65537}
    S: a2 BAD ...
    C: a3 NOOP
    S: a3 OK ...
  )");
  // One that does not wait is passed over.
  const std::string said =
      bench.exchange(1, "a4 APPEND INBOX {1001+}\r\n" + std::string(1001, 'x') + "\r\na5 NOOP\r\n");
  CHECK(said.starts_with("a4 NO [TOOBIG]"));
  CHECK(said.find("a5 OK") != std::string::npos);
  CHECK(bench.inbox().size() == 0);
}

TEST_CASE("Input is held while a log-in is asked about, up to a limit") {
  Bench bench;
  Server& server = bench.connect();
  server.take_output();
  server.receive("a LOGIN bob secret\r\nb NOOP\r\n");
  CHECK(!server.wants_input());
  CHECK(server.take_output().empty());
  REQUIRE(server.next_event());
  server.accept_login(bench.account());
  const std::string said = server.take_output();
  CHECK(said.starts_with("a OK"));
  CHECK(said.find("b OK") != std::string::npos);

  Server& other = bench.connect();
  other.take_output();
  other.receive("a LOGIN bob secret\r\n");
  for (int i = 0; i < 20 && !other.wants_close(); ++i) other.receive(std::string(100'000, 'x'));
  CHECK(other.wants_close());
  CHECK(other.take_output().starts_with("* BYE"));
}

TEST_CASE("A host can end a session at any time") {
  Bench bench;
  bench.enter();
  bench.server(1).shut_down("Half an hour of silence");
  CHECK(bench.exchange(1, "a NOOP\r\n") == "* BYE Half an hour of silence\r\n");
  CHECK(bench.log == std::vector<std::string>{"closed"});
}
