// AUTH as a server takes part in it (RFC 4954), and submission (RFC 6409).

#include <catch2/catch.hpp>
#include <string>

#include "dialogue.hpp"
#include "protocols/mime/base64.hpp"

using namespace mailscope;
using namespace mailscope::smtp;
using namespace mailscope::smtp::test;
using namespace std::string_literals;

namespace {

ServerOptions with(std::vector<std::string> mechanisms) {
  ServerOptions options = beta_with_all();
  options.auth_mechanisms = std::move(mechanisms);
  return options;
}

constexpr std::string_view kHello = R"(
      S: 220 beta.example Service ready
      C: EHLO a.example
      S: 250-beta.example greets a.example
      S: 250-SIZE 100000
      S: 250-8BITMIME
      S: 250-PIPELINING
      S: 250-ENHANCEDSTATUSCODES
)";

// EHLO with AUTH and enhanced codes alone, then the script; in pieces of all sizes.
template <typename After>
void log_in(std::string_view mechanisms, std::string_view script, After after) {
  ServerOptions options = beta();
  options.enhanced_status_codes = true;
  options.sasl_challenge = beta_with_all().sasl_challenge;
  options.sasl_nonce = beta_with_all().sasl_nonce;
  for (std::string_view rest = mechanisms; !rest.empty();) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    options.auth_mechanisms.emplace_back(word);
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  }
  const std::string all = std::string(kHello) + "S: 250-AUTH " + std::string(mechanisms) +
                          "\nS: 250-EXPN\nS: 250 HELP\n" + std::string(script);
  play_in_pieces(options, all, after);
}
void log_in(std::string_view mechanisms, std::string_view script) {
  log_in(mechanisms, script, [](const Server&, const Host&) {});
}

}  // namespace

TEST_CASE("PLAIN with an initial response lets in who knows the password (RFC 4616 section 4)") {
  log_in("PLAIN", R"(
      C: AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm
      S: 235 2.7.0 Authentication successful
      C: MAIL FROM:<tim@alpha.example>
      S: 250 2.1.0 OK
      C: RCPT TO:<bob@beta.example>
      S: 250 2.1.5 OK
      C: DATA
      S: 354 Start mail input; end with <CRLF>.<CRLF>
      C: text
      C: .
      S: 250 2.0.0 OK
    )",
         [](const Server& server, const Host& host) {
           CHECK(server.user() == "tim");
           CHECK(host.logged_in == std::vector<std::string>{"tim"});
           REQUIRE(host.messages.size() == 1);
           CHECK(host.messages[0].transport.with() == "ESMTPA");
         });
}

TEST_CASE("PLAIN without an initial response draws the empty challenge, a space behind its code") {
  log_in("PLAIN",
         "C: AUTH PLAIN\n"
         "S: 334 \n"
         "C: AHRpbQB0YW5zdGFhZnRhbnN0YWFm\n"
         "S: 235 2.7.0 Authentication successful\n");
}

TEST_CASE("CRAM-MD5 as RFC 2195 shows it") {
  log_in("CRAM-MD5", R"(
      C: AUTH CRAM-MD5
      S: 334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+
      C: dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw
      S: 235 2.7.0 Authentication successful
    )");
}

TEST_CASE("LOGIN asks for the name and for the password") {
  log_in("LOGIN", R"(
      C: AUTH LOGIN
      S: 334 VXNlcm5hbWU6
      C: dGlt
      S: 334 UGFzc3dvcmQ6
      C: dGFuc3RhYWZ0YW5zdGFhZg==
      S: 235 2.7.0 Authentication successful
    )");
  log_in("LOGIN", R"(
      C: AUTH LOGIN dGlt
      S: 334 UGFzc3dvcmQ6
      C: dGFuc3RhYWZ0YW5zdGFhZg==
      S: 235 2.7.0 Authentication successful
    )");
}

TEST_CASE("SCRAM-SHA-256 ends with the server's own proof and an empty line") {
  Server server(with({"SCRAM-SHA-256"}));
  Host host;
  server.greet();
  server.receive("EHLO a.example\r\n");
  host.serve(server);
  (void)server.take_output();
  sasl::Client client(sasl::Mechanism::ScramSha256, {"tim", "tanstaaftanstaaf"},
                      "fyko+d2lbbFgONRv");
  const auto exchange = [&](const std::string& line) {
    server.receive(line + "\r\n");
    host.serve(server);
    return server.take_output();
  };
  std::string reply =
      exchange("AUTH SCRAM-SHA-256 " + mime::base64_encode(*client.initial_response()));
  for (int step = 0; step < 2; ++step) {
    REQUIRE(reply.starts_with("334 "));
    const auto challenge =
        sasl::decode_strictly(std::string_view(reply).substr(4, reply.size() - 6));
    REQUIRE(challenge);
    reply = exchange(mime::base64_encode(client.respond(*challenge).value()));
  }
  CHECK(client.complete());
  CHECK(reply == "235 2.7.0 Authentication successful\r\n");
  CHECK(host.logged_in == std::vector<std::string>{"tim"});
}

TEST_CASE("Trap 18: an equals sign is the empty initial response") {
  // PLAIN cannot be empty: it is read, and then not as the mechanism demands.
  log_in("PLAIN", R"(
      C: AUTH PLAIN =
      S: 501 5.5.2 The response is not as the mechanism demands
    )");
  // As a later response it is no base64.
  log_in("LOGIN", R"(
      C: AUTH LOGIN
      S: 334 VXNlcm5hbWU6
      C: =
      S: 501 5.5.2 Cannot decode the response: that is no base64
    )");
}

TEST_CASE("Trap 18: an asterisk cancels the exchange with 501, and another one may follow") {
  log_in("LOGIN PLAIN", R"(
      C: AUTH LOGIN
      S: 334 VXNlcm5hbWU6
      C: *
      S: 501 5.7.0 Authentication cancelled
      C: NOOP
      S: 250 2.0.0 OK
      C: AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm
      S: 235 2.7.0 Authentication successful
    )");
}

TEST_CASE("Trap 18: a second AUTH draws 503, and so does one within a transaction") {
  log_in("PLAIN", R"(
      C: MAIL FROM:<alice@alpha.example>
      S: 250 2.1.0 OK
      C: AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm
      S: 503 5.5.1 Bad sequence of commands
      C: RSET
      S: 250 2.0.0 OK
      C: AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm
      S: 235 2.7.0 Authentication successful
      C: AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm
      S: 503 5.5.1 Bad sequence: you are logged in
    )");
}

TEST_CASE("AUTH before EHLO, or after HELO, draws 503") {
  ServerOptions options = beta();
  options.auth_mechanisms = {"PLAIN"};
  play_in_pieces(options, R"(
      S: 220 beta.example Service ready
      C: AUTH PLAIN
      S: 503 Bad sequence of commands
      C: HELO a.example
      S: 250 beta.example
      C: AUTH PLAIN
      S: 503 Bad sequence: EHLO comes first
    )");
}

TEST_CASE("What is no base64 draws 501 and ends the exchange") {
  for (const std::string bad : {"!", "AHRpbQB0YW5zdGFhZnRhbnN0YWF", "AHRp=QB0", "AHRp bQB0"}) {
    INFO(bad);
    log_in("PLAIN", "C: AUTH PLAIN " + bad +
                        "\nS: 501 5.5.2 Cannot decode the response: that is no base64\n"
                        "C: AUTH PLAIN\nS: 334 \nC: " +
                        bad +
                        "\nS: 501 5.5.2 Cannot decode the response: that is no base64\n"
                        "C: NOOP\nS: 250 2.0.0 OK\n");
  }
}

TEST_CASE("An unknown user and a wrong password look alike") {
  log_in("PLAIN CRAM-MD5", R"(
      C: AUTH PLAIN AG5vYm9keQB0YW5zdGFhZnRhbnN0YWFm
      S: 535 5.7.8 Authentication credentials invalid
      C: AUTH PLAIN AHRpbQB3cm9uZw==
      S: 535 5.7.8 Authentication credentials invalid
    )",
         [](const Server& server, const Host& host) {
           CHECK(server.user().empty());
           CHECK(host.log_ins_failed == std::vector<std::string>{"nobody", "tim"});
         });
}

TEST_CASE("The third failed log-in closes the connection") {
  log_in("PLAIN", R"(
      C: AUTH PLAIN AHRpbQB3cm9uZw==
      C: AUTH PLAIN AHRpbQB3cm9uZw==
      C: AUTH PLAIN AHRpbQB3cm9uZw==
      C: AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm
      S: 535 5.7.8 Authentication credentials invalid
      S: 535 5.7.8 Authentication credentials invalid
      S: 421 4.7.0 beta.example Too many failed log-ins
    )",
         [](const Server& server, const Host&) { CHECK(server.wants_close()); });
}

TEST_CASE("Exchanges that are cancelled count as failed") {
  log_in("LOGIN", R"(
      C: AUTH LOGIN
      C: *
      C: AUTH LOGIN
      C: !
      C: AUTH LOGIN
      C: *
      S: 334 VXNlcm5hbWU6
      S: 501 5.7.0 Authentication cancelled
      S: 334 VXNlcm5hbWU6
      S: 501 5.5.2 Cannot decode the response: that is no base64
      S: 334 VXNlcm5hbWU6
      S: 421 4.7.0 beta.example Too many failed log-ins
    )");
}

TEST_CASE("A mechanism that is not offered draws 504, and an initial response to CRAM-MD5 501") {
  log_in("CRAM-MD5", R"(
      C: AUTH DIGEST-MD5
      S: 504 5.5.4 Unrecognized authentication type
      C: AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm
      S: 504 5.5.4 Unrecognized authentication type
      C: AUTH CRAM-MD5 dGlt
      S: 501 5.7.0 The server begins in this mechanism
      C: AUTH
      S: 501 5.5.4 An argument has to follow
    )");
}

TEST_CASE("Passwords that cannot be looked up draw 454, also from a host that merely accepts") {
  log_in("PLAIN", "C: AUTH PLAIN " + mime::base64_encode("\0later\0x"s) +
                      "\nS: 454 4.7.0 Temporary authentication failure\n");
  Server server(with({"PLAIN"}));
  server.greet();
  server.receive("EHLO a\r\n");
  (void)server.next_event();
  server.accept();
  server.receive("AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n");
  REQUIRE(std::holds_alternative<PasswordAsked>(server.next_event().value()));
  (void)server.take_output();
  server.accept();
  CHECK(server.take_output() == "454 4.7.0 Temporary authentication failure\r\n");
  CHECK(server.user().empty());
}

TEST_CASE("A response may have 12288 octets, and a longer one draws 500 5.5.6") {
  const std::string fits(12284, 'A'), longer(12288, 'A');
  log_in("LOGIN", "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: " + fits +
                      "\nS: 501 5.5.2 Cannot decode the response: that is no base64\n"
                      "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: " +
                      longer + "\nS: 500 5.5.6 Authentication exchange line is too long\n");
}

TEST_CASE("A password asked for at leisure holds the input behind it") {
  Server server(with({"PLAIN"}));
  server.greet();
  server.receive("EHLO a\r\n");
  (void)server.next_event();
  server.accept();
  (void)server.take_output();
  server.receive("AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\nNOOP\r\n");
  CHECK(std::get<PasswordAsked>(server.next_event().value()).mechanism == "PLAIN");
  CHECK(server.take_output().empty());
  CHECK_FALSE(server.wants_input());
  server.give_password("tanstaaftanstaaf");
  CHECK(server.take_output() == "235 2.7.0 Authentication successful\r\n250 2.0.0 OK\r\n");
}

TEST_CASE("A submission server takes no mail from who is not logged in (RFC 6409 section 4.3)") {
  ServerOptions options = beta();
  options.auth_mechanisms = {"PLAIN"};
  options.auth_required = true;
  options.enhanced_status_codes = true;
  play_in_pieces(options, std::string(kHello) + R"(
      S: 250-AUTH PLAIN
      S: 250-EXPN
      S: 250 HELP
      C: MAIL FROM:<alice@alpha.example>
      S: 530 5.7.0 Authentication required
      C: VRFY bob
      S: 530 5.7.0 Authentication required
      C: NOOP
      S: 250 2.0.0 OK
      C: AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm
      S: 235 2.7.0 Authentication successful
      C: MAIL FROM:<alice@alpha.example>
      S: 250 2.1.0 OK
    )");
}

TEST_CASE("Where log-in needs TLS it is neither announced nor obeyed in the clear") {
  ServerOptions options = beta();
  options.auth_mechanisms = {"PLAIN"};
  options.auth_only_over_tls = true;
  options.enhanced_status_codes = true;
  play_in_pieces(options, std::string(kHello) + R"(
      S: 250-EXPN
      S: 250 HELP
      C: AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm
      S: 538 5.7.11 Encryption required for requested authentication mechanism
    )");
  options.tls = true;
  play_in_pieces(options, std::string(kHello) + R"(
      S: 250-AUTH PLAIN
      S: 250-EXPN
      S: 250 HELP
      C: AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm
      S: 235 2.7.0 Authentication successful
    )");
}

TEST_CASE("The AUTH parameter of MAIL counts only from who is logged in (RFC 4954 section 5)") {
  log_in("PLAIN", R"(
      C: MAIL FROM:<e=mc2@example.com> AUTH=e+3Dmc2@example.com
      S: 250 2.1.0 OK
      C: RSET
      S: 250 2.0.0 OK
      C: AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm
      S: 235 2.7.0 Authentication successful
      C: MAIL FROM:<e=mc2@example.com> AUTH=e+3Dmc2@example.com
      S: 250 2.1.0 OK
      C: RSET
      S: 250 2.0.0 OK
      C: MAIL FROM:<john+@example.org> AUTH=<>
      S: 250 2.1.0 OK
      C: RSET
      S: 250 2.0.0 OK
      C: MAIL FROM:<john+@example.org> AUTH=nobody
      S: 501 5.5.4 AUTH needs a mailbox in xtext, or <>
    )",
         [](const Server&, const Host& host) {
           REQUIRE(host.offers.size() == 3);
           CHECK(host.offers[0].options.auth == "");
           CHECK(host.offers[1].options.auth == "e=mc2@example.com");
           CHECK(host.offers[2].options.auth == "");
         });
}
