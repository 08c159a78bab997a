// The client's extensions: log-in, chunks, DSN, SMTPUTF8, STARTTLS, ETRN, TURN.

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "protocols/mime/base64.hpp"
#include "protocols/smtp/client.hpp"

using namespace mailscope;
using namespace mailscope::smtp;
using namespace std::string_literals;

namespace {

Envelope to_bob() {
  return {*parse_reverse_path("<alice@alpha.example>"),
          {*parse_forward_path("<bob@beta.example>")}};
}

// A client that has sent EHLO, and what it tells its host.
struct Caller {
  Client client;
  std::vector<MessageAnswered> messages;
  std::vector<LoginRefused> log_ins_refused;
  std::vector<EtrnAnswered> etrns;
  std::vector<TurnRefused> turns_refused;
  std::vector<std::string> mechanisms;
  std::vector<SessionRefused> refusals;
  int greeted = 0, tls_wanted = 0, turned = 0, ended = 0;

  explicit Caller(const ClientOptions& options) : client(options) {}

  std::string hear(std::string_view replies) {
    client.receive(replies);
    return collect();
  }
  std::string collect() {
    while (auto event = client.next_event()) {
      if (auto* e = std::get_if<MessageAnswered>(&*event)) messages.push_back(*e);
      if (auto* e = std::get_if<LoginRefused>(&*event)) log_ins_refused.push_back(*e);
      if (auto* e = std::get_if<EtrnAnswered>(&*event)) etrns.push_back(*e);
      if (auto* e = std::get_if<TurnRefused>(&*event)) turns_refused.push_back(*e);
      if (auto* e = std::get_if<ClientLoggedIn>(&*event)) mechanisms.push_back(e->mechanism);
      if (auto* e = std::get_if<SessionRefused>(&*event)) refusals.push_back(*e);
      greeted += std::holds_alternative<Greeted>(*event);
      tls_wanted += std::holds_alternative<TlsWanted>(*event);
      turned += std::holds_alternative<Turned>(*event);
      ended += std::holds_alternative<ConnectionEnded>(*event);
    }
    return client.take_output();
  }
  // The greeting and the answer to EHLO.
  std::string greet(const std::vector<std::string>& extensions) {
    (void)hear("220 b\r\n");
    return hear(announcing(extensions));
  }
  static std::string announcing(const std::vector<std::string>& extensions) {
    std::string reply = extensions.empty() ? "250 b\r\n" : "250-b\r\n";
    for (std::size_t i = 0; i < extensions.size(); ++i)
      reply += (i + 1 < extensions.size() ? "250-" : "250 ") + extensions[i] + "\r\n";
    return reply;
  }
};

ClientOptions alpha() {
  return {.name = "alpha.example"};
}
ClientOptions tim(std::vector<std::string> mechanisms, bool required = true) {
  ClientOptions options = alpha();
  options.auth = ClientAuth{"tim", "tanstaaftanstaaf", std::move(mechanisms),
                            "rOprNGfwEbeRWgbNEkqO", required};
  return options;
}

const std::string kMail = "MAIL FROM:<alice@alpha.example>\r\n";
const std::string kRcpt = "RCPT TO:<bob@beta.example>\r\n";

}  // namespace

// ---- log-in -------------------------------------------------------------------------------------

TEST_CASE("A client logs in with PLAIN before it delivers") {
  Caller caller(tim({"PLAIN"}));
  caller.client.deliver(to_bob(), "x\r\n");
  CHECK(caller.greet({"AUTH LOGIN PLAIN"}) == "AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n");
  CHECK(caller.hear("235 2.7.0 Welcome\r\n") == kMail);
  CHECK(caller.mechanisms == std::vector<std::string>{"PLAIN"});
  CHECK(caller.client.logged_in());
}

TEST_CASE("A client takes the first of its mechanisms that is announced") {
  Caller caller(tim({"SCRAM-SHA-256", "CRAM-MD5", "PLAIN"}));
  CHECK(caller.greet({"AUTH PLAIN cram-md5"}) == "AUTH CRAM-MD5\r\n");
  CHECK(caller.hear("334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+\r\n") ==
        "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\r\n");
  CHECK(caller.hear("235 OK\r\n").empty());
  CHECK(caller.mechanisms == std::vector<std::string>{"CRAM-MD5"});
}

TEST_CASE("A client says LOGIN's two words when it is asked") {
  Caller caller(tim({"LOGIN"}));
  CHECK(caller.greet({"AUTH LOGIN"}) == "AUTH LOGIN\r\n");
  CHECK(caller.hear("334 VXNlcm5hbWU6\r\n") == "dGlt\r\n");
  CHECK(caller.hear("334 UGFzc3dvcmQ6\r\n") == "dGFuc3RhYWZ0YW5zdGFhZg==\r\n");
  CHECK(caller.hear("235 OK\r\n").empty());
  CHECK(caller.client.logged_in());
}

TEST_CASE("Where a mechanism is not wanted the next one is tried") {
  for (const std::string code : {"504", "534", "538"}) {
    Caller caller(tim({"CRAM-MD5", "PLAIN"}));
    CHECK(caller.greet({"AUTH CRAM-MD5 PLAIN"}) == "AUTH CRAM-MD5\r\n");
    CHECK(caller.hear(code + " No\r\n").starts_with("AUTH PLAIN "));
    CHECK(caller.log_ins_refused.empty());
  }
}

TEST_CASE("A wrong password is not tried again, and nothing is offered") {
  Caller caller(tim({"CRAM-MD5", "PLAIN"}));
  caller.client.deliver(to_bob(), "x\r\n");
  (void)caller.greet({"AUTH PLAIN"});
  CHECK(caller.hear("535 5.7.8 No\r\n") == "QUIT\r\n");
  REQUIRE(caller.log_ins_refused.size() == 1);
  CHECK(caller.log_ins_refused[0].mechanism == "PLAIN");
  CHECK(caller.log_ins_refused[0].reply.code == 535);
  REQUIRE(caller.messages.size() == 1);
  CHECK(caller.messages[0].outcome == Outcome::NotSent);
  CHECK(caller.messages[0].at == Verb::Auth);
  CHECK(caller.messages[0].reply.code == 535);
}

TEST_CASE("Where log-in is not demanded a client goes on without it") {
  Caller caller(tim({"PLAIN"}, false));
  caller.client.deliver(to_bob(), "x\r\n");
  CHECK(caller.greet({}) == kMail);
  REQUIRE(caller.log_ins_refused.size() == 1);
  CHECK(caller.log_ins_refused[0].mechanism.empty());
  CHECK(caller.log_ins_refused[0].reply.code == 0);
  Caller demanding(tim({"PLAIN"}));
  CHECK(demanding.greet({"AUTH CRAM-MD5"}) == "QUIT\r\n");
}

TEST_CASE("A challenge that is no base64 is answered with an asterisk") {
  Caller caller(tim({"CRAM-MD5"}));
  (void)caller.greet({"AUTH CRAM-MD5"});
  CHECK(caller.hear("334 not base64\r\n") == "*\r\n");
  CHECK(caller.hear("501 Cancelled\r\n") == "QUIT\r\n");
  CHECK(caller.log_ins_refused.at(0).reply.code == 0);
}

TEST_CASE("A SCRAM client does not believe 235 before the server has proved itself") {
  Caller caller(tim({"SCRAM-SHA-256"}));
  const std::string first = caller.greet({"AUTH SCRAM-SHA-256"});
  CHECK(first ==
        "AUTH SCRAM-SHA-256 " + mime::base64_encode("n,,n=tim,r=rOprNGfwEbeRWgbNEkqO") + "\r\n");
  CHECK(caller.hear("235 2.7.0 Come in\r\n") == "QUIT\r\n");
  CHECK_FALSE(caller.client.logged_in());
  CHECK(caller.log_ins_refused.size() == 1);
}

TEST_CASE("An initial response that does not fit into a command line waits to be asked for") {
  ClientOptions options = tim({"PLAIN"});
  options.auth->password = std::string(400, 'x');
  Caller caller(options);
  CHECK(caller.greet({"AUTH PLAIN"}) == "AUTH PLAIN\r\n");
  CHECK(caller.hear("334 \r\n") ==
        mime::base64_encode("\0tim\0"s + std::string(400, 'x')) + "\r\n");
}

// ---- chunks -------------------------------------------------------------------------------------

TEST_CASE("Content goes in chunks where that is wanted and announced") {
  ClientOptions options = alpha();
  options.chunking = true;
  options.chunk_octets_max = 6;
  Caller caller(options);
  caller.client.deliver(to_bob(), ".dot\r\nlast");
  CHECK(caller.greet({"CHUNKING"}) == kMail);
  CHECK(caller.hear("250 OK\r\n") == kRcpt);
  CHECK(caller.hear("250 OK\r\n") == "BDAT 6\r\n.dot\r\n");
  CHECK(caller.hear("250 OK\r\n") == "BDAT 6 LAST\r\nlast\r\n");
  CHECK(caller.hear("250 OK\r\n").empty());
  REQUIRE(caller.messages.size() == 1);
  CHECK(caller.messages[0].outcome == Outcome::Accepted);
  CHECK(caller.messages[0].at == Verb::BdatLast);
  Caller without(options);
  without.client.deliver(to_bob(), "x\r\n");
  (void)without.greet({});
  (void)without.hear("250 OK\r\n");
  CHECK(without.hear("250 OK\r\n") == "DATA\r\n");
}

TEST_CASE("With pipelining the first chunk waits for all replies, and none follows a refused one") {
  ClientOptions options = alpha();
  options.chunking = true;
  options.chunk_octets_max = 4;
  Caller caller(options);
  caller.client.deliver(to_bob(), "12\r\n34\r\n");
  caller.client.deliver(to_bob(), "56\r\n");
  CHECK(caller.greet({"PIPELINING", "CHUNKING"}) == kMail + kRcpt);
  CHECK(caller.hear("250 OK\r\n").empty());
  CHECK(caller.hear("250 OK\r\n") == "BDAT 4\r\n12\r\n");
  CHECK(caller.hear("452 Full\r\n") == "RSET\r\n");
  CHECK(caller.messages.empty());
  CHECK(caller.hear("250 OK\r\n") == kMail + kRcpt);
  REQUIRE(caller.messages.size() == 1);
  CHECK(caller.messages[0].outcome == Outcome::Refused);
  CHECK(caller.messages[0].at == Verb::Bdat);
  CHECK(caller.messages[0].reply.code == 452);
  CHECK(caller.hear("250 OK\r\n250 OK\r\n") == "BDAT 4 LAST\r\n56\r\n");
  CHECK(caller.hear("554 No\r\n") == "RSET\r\n");
  (void)caller.hear("250 OK\r\n");
  CHECK(caller.messages.at(1).at == Verb::BdatLast);
}

TEST_CASE("A later chunk that is refused is followed by RSET too") {
  ClientOptions options = alpha();
  options.chunking = true;
  options.chunk_octets_max = 4;
  for (const bool last : {false, true}) {
    Caller caller(options);
    caller.client.deliver(to_bob(), last ? "12\r\n34\r\n" : "12\r\n34\r\n56\r\n");
    (void)caller.greet({"CHUNKING"});
    (void)caller.hear("250 OK\r\n");
    (void)caller.hear("250 OK\r\n");
    CHECK(caller.hear("250 OK\r\n").starts_with("BDAT 4"));
    CHECK(caller.hear("452 Full\r\n") == "RSET\r\n");
    (void)caller.hear("250 OK\r\n");
    REQUIRE(caller.messages.size() == 1);
    CHECK(caller.messages[0].outcome == Outcome::Refused);
    CHECK(caller.messages[0].at == (last ? Verb::BdatLast : Verb::Bdat));
  }
}

TEST_CASE("A refused sender, or no recipient, sends no chunk") {
  ClientOptions options = alpha();
  options.chunking = true;
  for (const std::string replies : {"550 No\r\n503 No\r\n", "250 OK\r\n550 No\r\n"}) {
    Caller caller(options);
    caller.client.deliver(to_bob(), "12\r\n");
    (void)caller.greet({"PIPELINING", "CHUNKING"});
    const std::string output = caller.hear(replies);
    CHECK(output == (replies.starts_with("250") ? "RSET\r\n" : ""));
    if (!output.empty()) (void)caller.hear("250 OK\r\n");
    REQUIRE(caller.messages.size() == 1);
    CHECK(caller.messages[0].outcome == Outcome::Refused);
    CHECK(caller.messages[0].reply.code == 550);
  }
}

TEST_CASE("A connection lost behind the last chunk leaves a doubt, and before it none") {
  ClientOptions options = alpha();
  options.chunking = true;
  options.chunk_octets_max = 4;
  for (const bool last : {false, true}) {
    Caller caller(options);
    caller.client.deliver(to_bob(), "12\r\n34\r\n");
    (void)caller.greet({"CHUNKING"});
    (void)caller.hear("250 OK\r\n");
    (void)caller.hear("250 OK\r\n");
    if (last) (void)caller.hear("250 OK\r\n");
    caller.client.receive_eof();
    (void)caller.collect();
    REQUIRE(caller.messages.size() == 1);
    CHECK(caller.messages[0].outcome == (last ? Outcome::InDoubt : Outcome::NotSent));
  }
}

TEST_CASE("Binary content goes in chunks as it is, or not at all") {
  Envelope envelope = to_bob();
  envelope.options.body = MailOptions::Body::BinaryMime;
  Caller caller(alpha());
  caller.client.deliver(envelope, "a\n\0b"s);
  CHECK(caller.greet({"CHUNKING", "BINARYMIME", "8BITMIME"}) ==
        "MAIL FROM:<alice@alpha.example> BODY=BINARYMIME\r\n");
  (void)caller.hear("250 OK\r\n");
  CHECK(caller.hear("250 OK\r\n") == "BDAT 4 LAST\r\na\n\0b"s);
  for (const std::vector<std::string>& less :
       {std::vector<std::string>{"CHUNKING"}, {"BINARYMIME"}, {"8BITMIME"}}) {
    Caller unfit(alpha());
    unfit.client.deliver(envelope, "a\n\0b"s);
    CHECK(unfit.greet(less).empty());
    REQUIRE(unfit.messages.size() == 1);
    CHECK(unfit.messages[0].outcome == Outcome::Unfit);
    CHECK(enhanced_code(unfit.messages[0].reply) == EnhancedCode{5, 6, 3});
  }
}

// ---- parameters ---------------------------------------------------------------------------------

TEST_CASE("What DSN asks is said where it is announced and dropped where not") {
  Envelope envelope = to_bob();
  envelope.options.ret = MailOptions::Return::Headers;
  envelope.options.envelope_id = "QQ 1";
  envelope.recipients[0].options = {kNotifySuccess | kNotifyDelay, "rfc822", "b+b@beta.example"};
  Caller caller(alpha());
  caller.client.deliver(envelope, "x\r\n");
  CHECK(caller.greet({"DSN"}) == "MAIL FROM:<alice@alpha.example> RET=HDRS ENVID=QQ+201\r\n");
  CHECK(caller.hear("250 OK\r\n") ==
        "RCPT TO:<bob@beta.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b+2Bb@beta.example\r\n");
  Caller without(alpha());
  without.client.deliver(envelope, "x\r\n");
  CHECK(without.greet({}) == kMail);
  CHECK(without.hear("250 OK\r\n") == kRcpt);
}

TEST_CASE(
    "SMTPUTF8 is said where the message needs it, and a server without it is not offered it") {
  Envelope envelope = to_bob();
  envelope.recipients.push_back(*parse_forward_path("<börje@beta.example>", Charset::Utf8));
  envelope.recipients[1].options = {kNotifyNever, "utf-8", "börje@beta.example"};
  Caller caller(alpha());
  caller.client.deliver(envelope, "x\r\n");
  CHECK(caller.greet({"SMTPUTF8", "8BITMIME", "DSN"}) ==
        "MAIL FROM:<alice@alpha.example> SMTPUTF8\r\n");
  (void)caller.hear("250 OK\r\n");
  CHECK(caller.hear("250 OK\r\n") ==
        "RCPT TO:<börje@beta.example> NOTIFY=NEVER ORCPT=utf-8;börje@beta.example\r\n");
  Caller unfit(alpha());
  unfit.client.deliver(envelope, "x\r\n");
  CHECK(unfit.greet({"8BITMIME"}).empty());
  REQUIRE(unfit.messages.size() == 1);
  CHECK(unfit.messages[0].outcome == Outcome::Unfit);
  CHECK(unfit.messages[0].reply.code == 553);
  CHECK(enhanced_code(unfit.messages[0].reply) == EnhancedCode{5, 6, 7});
}

TEST_CASE(
    "A message that was said to need SMTPUTF8 and does not goes without (RFC 6531 section 3.4)") {
  Envelope envelope = to_bob();
  envelope.options.smtputf8 = true;
  Caller plain(alpha());
  plain.client.deliver(envelope, "Subject: x\r\n\r\ngr\xc3\xbc\xc3\x9f\x65\r\n");
  CHECK(plain.greet({"8BITMIME"}) == "MAIL FROM:<alice@alpha.example> BODY=8BITMIME\r\n");
  Caller needs(alpha());
  needs.client.deliver(envelope, "Subject: \xc3\xbc\r\n\r\nx\r\n");
  CHECK(needs.greet({"8BITMIME", "SMTPUTF8"}) ==
        "MAIL FROM:<alice@alpha.example> BODY=8BITMIME SMTPUTF8\r\n");
}

TEST_CASE("An original recipient in UTF-8 is written in ASCII where SMTPUTF8 is not in force") {
  Envelope envelope = to_bob();
  envelope.recipients[0].options = {0, "utf-8", "b\xc3\xb6+@b"};
  Caller caller(alpha());
  caller.client.deliver(envelope, "x\r\n");
  (void)caller.greet({"DSN", "SMTPUTF8"});
  CHECK(caller.hear("250 OK\r\n") ==
        "RCPT TO:<bob@beta.example> ORCPT=utf-8;b\\x{F6}\\x{2B}@b\r\n");
}

TEST_CASE("Eight bits and sizes that a server cannot take are told in its own codes") {
  Caller caller(alpha());
  caller.client.deliver(to_bob(), "caf\xc3\xa9\r\n");
  caller.client.deliver(to_bob(), std::string(100, 'x'));
  (void)caller.greet({"SIZE 50"});
  REQUIRE(caller.messages.size() == 2);
  CHECK(enhanced_code(caller.messages[0].reply) == EnhancedCode{5, 6, 3});
  CHECK(enhanced_code(caller.messages[1].reply) == EnhancedCode{5, 3, 4});
}

// ---- STARTTLS, ETRN, TURN -----------------------------------------------------------------------

TEST_CASE("A client goes under TLS where it is announced, and says EHLO again") {
  ClientOptions options = tim({"PLAIN"});
  options.starttls = ClientOptions::Tls::WhereAnnounced;
  Caller caller(options);
  caller.client.deliver(to_bob(), "x\r\n");
  CHECK(caller.greet({"STARTTLS", "DSN"}) == "STARTTLS\r\n");
  // What stands behind the 220 in the clear is not believed.
  CHECK(caller.hear("220 Go\r\n250 injected\r\n").empty());
  CHECK(caller.tls_wanted == 1);
  CHECK(caller.hear("250 injected\r\n").empty());
  caller.client.tls_established();
  CHECK(caller.collect() == "EHLO alpha.example\r\n");
  CHECK_FALSE(caller.client.announced("DSN"));
  CHECK(caller.hear("250-b\r\n250 AUTH PLAIN\r\n").starts_with("AUTH PLAIN "));
  CHECK(caller.hear("235 OK\r\n") == kMail);
  CHECK(caller.greeted == 2);
}

TEST_CASE("A client that needs TLS gives up without it, and another goes on") {
  ClientOptions options = alpha();
  options.starttls = ClientOptions::Tls::Required;
  Caller demanding(options);
  CHECK(demanding.greet({}) == "QUIT\r\n");
  CHECK(demanding.refusals.at(0).at == Verb::Starttls);
  Caller refused(options);
  (void)refused.greet({"STARTTLS"});
  CHECK(refused.hear("454 Not now\r\n") == "QUIT\r\n");
  CHECK(refused.refusals.at(0).reply.code == 454);
  options.starttls = ClientOptions::Tls::WhereAnnounced;
  Caller easy(options);
  easy.client.deliver(to_bob(), "x\r\n");
  (void)easy.greet({"STARTTLS"});
  CHECK(easy.hear("454 Not now\r\n") == kMail);
}

TEST_CASE("ETRN goes out before messages, and is answered without being sent where unknown") {
  Caller caller(alpha());
  caller.client.etrn("alpha.example");
  caller.client.deliver(to_bob(), "x\r\n");
  CHECK(caller.greet({"ETRN", "PIPELINING"}) == "ETRN alpha.example\r\n");
  CHECK_FALSE(caller.client.idle());
  CHECK(caller.hear("253 OK, 3 pending messages\r\n").starts_with(kMail));
  REQUIRE(caller.etrns.size() == 1);
  CHECK(caller.etrns[0].node == "alpha.example");
  CHECK(caller.etrns[0].reply.code == 253);
  Caller without(alpha());
  without.client.etrn("alpha.example");
  CHECK(without.greet({}).empty());
  CHECK(without.etrns.at(0).reply.code == 502);
}

TEST_CASE("TURN goes out when all is delivered, and what follows 250 is not read") {
  Caller caller(alpha());
  caller.client.deliver(to_bob(), "x\r\n");
  caller.client.turn();
  caller.client.quit();
  (void)caller.greet({"PIPELINING"});
  (void)caller.hear("250 OK\r\n250 OK\r\n354 Go\r\n");
  CHECK(caller.hear("250 OK\r\n") == "TURN\r\n");
  CHECK(caller.hear("250 OK\r\nEHLO beta.example\r\n").empty());
  CHECK(caller.turned == 1);
  CHECK(caller.client.turned());
  CHECK_FALSE(caller.client.wants_close());
  CHECK(caller.client.take_input() == "EHLO beta.example\r\n");
  caller.client.deliver(to_bob(), "y\r\n");
  (void)caller.collect();
  CHECK(caller.messages.at(1).outcome == Outcome::NotSent);
}

TEST_CASE("A refused TURN leaves the session as it was") {
  Caller caller(alpha());
  caller.client.turn();
  caller.client.quit();
  CHECK(caller.greet({}) == "TURN\r\n");
  CHECK(caller.hear("502 No\r\n") == "QUIT\r\n");
  REQUIRE(caller.turns_refused.size() == 1);
  CHECK(caller.turns_refused[0].reply.code == 502);
}
