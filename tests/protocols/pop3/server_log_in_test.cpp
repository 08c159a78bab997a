// AUTH, response codes and UTF8, seen from the client's end of the line.

#include <catch2/catch.hpp>

#include "dialogue.hpp"
#include "protocols/mime/base64.hpp"
#include "protocols/pop3/server.hpp"

using namespace mailscope;
using namespace mailscope::pop3;
using namespace mailscope::pop3::test;

namespace {

const std::string kUtf8 =
    "Subject: Gr\xc3\xbc\xc3\x9f"
    "e\r\n\r\nhello\r\n";
const std::string kEightBitBody =
    "Subject: x\r\n\r\nGr\xc3\xbc\xc3\x9f"
    "e\r\n";

Host bob() {
  Host host;
  host.boxes["bob"] = {"secret", {"Subject: One\r\n\r\nx\r\n", kUtf8, kEightBitBody}, false};
  return host;
}

Server with_everything() {
  ServerOptions options;
  options.domain = "mail.beta.example";
  options.mechanisms = {sasl::mechanisms().begin(), sasl::mechanisms().end()};
  options.sasl = {"<1.2@mail.beta.example>", "servernonce", "salt", {}, sasl::kIterationsMin};
  options.utf8 = true;
  return Server(options);
}

std::string plain(std::string_view user, std::string_view password) {
  std::string octets;
  octets.append(1, '\0').append(user).append(1, '\0').append(password);
  return mime::base64_encode(octets);
}

// Logs in as a client library would; the server's last answer.
std::string log_in(Server& server, Host& host, sasl::Mechanism mechanism, bool initial,
                   std::string password) {
  sasl::Client client(mechanism, {"bob", std::move(password)}, "clientnonce");
  const auto say = [&](std::string line) {
    server.receive(line + "\r\n");
    host.serve(server);
    std::string said = server.take_output();
    said.resize(said.find("\r\n"));
    return said;
  };
  (void)server.take_output();
  std::optional<std::string> first = client.initial_response();
  std::string command = "AUTH " + std::string(sasl::name(mechanism));
  if (first && initial) command += ' ' + mime::base64_encode(*first);
  std::string said = say(command);
  if (first && !initial) {
    CHECK(said == "+ ");
    said = say(mime::base64_encode(*first));
  }
  while (said.starts_with("+ ")) {
    const auto response = client.respond(*sasl::decode_strictly(said.substr(2)));
    said = say(response ? mime::base64_encode(*response) : "*");
  }
  return said;
}

}  // namespace

TEST_CASE("Every SASL mechanism logs in, with an initial response and without") {
  for (const sasl::Mechanism mechanism : sasl::mechanisms())
    for (const bool initial : {true, false}) {
      INFO(sasl::name(mechanism));
      Host host = bob();
      Server server = with_everything();
      CHECK(log_in(server, host, mechanism, initial, "secret").starts_with("+OK"));
      CHECK(server.state() == State::Transaction);
      CHECK(server.user() == "bob");
      run(server, host, "C: STAT\nS: +OK 3...\nC: QUIT\nS: +OK...");

      Server other = with_everything();
      CHECK(log_in(other, host, mechanism, initial, "wrong").starts_with("-ERR [AUTH] "));
      CHECK(other.state() == State::Authorization);
      run(other, host, "C: USER bob\nS: +OK...\nC: PASS secret\nS: +OK...");
    }
}

TEST_CASE("AUTH is cancelled by a star, and refuses what is not base64 or not offered") {
  Host host = bob();
  Server server = with_everything();
  run(server, host, R"(
    S: +OK...
    C: AUTH
    S: -ERR...
    C: AUTH GSSAPI
    S: -ERR...
    C: AUTH login
    S: + VXNlcm5hbWU6
    C: *
    S: -ERR the log-in is cancelled
    C: AUTH PLAIN
    S: +...
    C: QUIT!
    S: -ERR...
    C: AUTH PLAIN AA=A
    S: -ERR...
    C: AUTH PLAIN =
    S: -ERR...
    C: AUTH CRAM-MD5 Ym9i
    S: -ERR...
  )");
  run(server, host, "C: AUTH PLAIN " + plain("nobody", "secret") + "\nS: -ERR [AUTH]...");
  run(server, host, "C: AUTH PLAIN " + plain("bob", "secret") + "\nS: +OK...");
  run(server, host, "C: AUTH PLAIN " + plain("bob", "secret") + "\nS: -ERR...\nC: NOOP\nS: +OK...");
}

TEST_CASE("A long response is taken, a long command is not") {
  Host host = bob();
  Server server = with_everything();
  const std::string long_name(2000, 'x');
  run(server, host, "S: +OK...\nC: AUTH PLAIN\nS: +...");
  run(server, host, "C: " + plain(long_name, "x") + "\nS: -ERR [AUTH]...");
  run(server, host, "C: AUTH PLAIN " + plain(long_name, "x") + "\nS: -ERR line too long");
  run(server, host, "C: AUTH PLAIN\nS: +...\nC: " + std::string(20'000, 'A') + "\nS: -ERR...");
}

TEST_CASE("Commands that were pipelined behind a log-in by AUTH are answered in order") {
  Host host = bob();
  Server server = with_everything();
  (void)server.take_output();
  server.receive("AUTH PLAIN\r\n" + plain("bob", "secret") + "\r\nSTAT\r\nQUIT\r\n");
  host.serve(server);
  const std::string said = server.take_output();
  CHECK(said.starts_with("+ \r\n+OK bob's maildrop"));
  CHECK(said.find("\r\n+OK 3 ") != std::string::npos);
  CHECK(said.ends_with("+OK bye\r\n"));
}

TEST_CASE("A refused log-in says why to programs") {
  constexpr std::pair<ResponseCode, std::string_view> kCodes[] = {
      {ResponseCode::InUse, "-ERR [IN-USE] not now"},
      {ResponseCode::LoginDelay, "-ERR [LOGIN-DELAY] not now"},
      {ResponseCode::SysTemp, "-ERR [SYS/TEMP] not now"},
      {ResponseCode::SysPerm, "-ERR [SYS/PERM] not now"}};
  for (const auto& [code, answer] : kCodes) {
    Host host = bob();
    host.refuse_all = code;
    Server server = with_everything();
    run(server, host,
        "S: +OK...\nC: USER bob\nS: +OK...\nC: PASS secret\nS: " + std::string(answer));
    run(server, host, "C: AUTH PLAIN " + plain("bob", "secret") + "\nS: " + std::string(answer));
  }
  Host host = bob();
  host.fail_update = true;
  Server server = with_everything();
  run(server, host,
      "S: +OK...\nC: USER bob\nS: +OK...\nC: PASS secret\nS: +OK...\nC: QUIT\n"
      "S: -ERR [SYS/TEMP] some messages were not removed");
}

TEST_CASE("After ten failed log-ins the server hangs up: a locked mailbox is none of them") {
  Host host = bob();
  Server server = with_everything();
  (void)server.take_output();
  const auto try_once = [&](std::string_view password) {
    server.receive("USER bob\r\nPASS " + std::string(password) + "\r\n");
    host.serve(server);
    return server.take_output();
  };
  host.refuse_all = ResponseCode::InUse;
  for (int i = 0; i < 12; ++i) CHECK(try_once("secret").find("[IN-USE]") != std::string::npos);
  for (int i = 0; i < 9; ++i) (void)try_once("wrong");
  CHECK_FALSE(server.wants_close());
  CHECK(
      try_once("wrong").ends_with("-ERR [AUTH] too many failed log-ins, closing the "
                                  "connection\r\n"));
  CHECK(server.wants_close());
}

TEST_CASE("A header with octets that are no UTF-8 goes out as it came") {
  Host host = bob();
  host.boxes["bob"].messages[0] = "Subject: \xff\r\n\r\nx\r\n";
  Server server = with_everything();
  run(server, host,
      "S: +OK...\nC: USER bob\nS: +OK...\nC: PASS secret\nS: +OK...\nC: TOP 1 0\nS: +OK...\n"
      "S: Subject: \xff\nS:\nS: .");
}

TEST_CASE("A header beyond ASCII is for those who said UTF8") {
  Host host = bob();
  Server server = with_everything();
  run(server, host, R"(
    S: +OK...
    C: UTF8 now
    S: -ERR...
    C: USER bob
    S: +OK...
    C: PASS secret
    S: +OK...
    C: UTF8
    S: -ERR...
    C: RETR 2
    S: -ERR [UTF8]...
    C: TOP 2 0
    S: -ERR [UTF8]...
    C: TOP 3 0
    S: +OK...
    S: Subject: x
    S:
    S: .
    C: NOOP
    S: +OK...
    C: QUIT
    S: +OK...
  )");
  Server knows = with_everything();
  run(knows, host,
      "S: +OK...\nC: UTF8\nS: +OK...\nC: USER bob\nS: +OK...\nC: PASS secret\n"
      "S: +OK...\nC: TOP 2 0\nS: +OK...\nS: Subject: Gr\xc3\xbc\xc3\x9f"
      "e\nS:\nS: .");
}
