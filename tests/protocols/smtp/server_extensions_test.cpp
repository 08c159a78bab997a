// The server's extensions: CHUNKING, DSN, SMTPUTF8, enhanced codes, STARTTLS, ETRN, TURN, and the
// verbs of 1982.

#include <catch2/catch.hpp>
#include <string>

#include "dialogue.hpp"

using namespace mailscope;
using namespace mailscope::smtp;
using namespace mailscope::smtp::test;
using namespace std::string_literals;

namespace {

// A server that has greeted and heard EHLO; nothing is in its output.
struct Talk {
  Server server;
  Host host;

  explicit Talk(const ServerOptions& options, std::string_view hello = "EHLO a.example\r\n")
      : server(options) {
    server.greet();
    (void)say(hello);
  }
  std::string say(std::string_view octets, std::size_t chunk = 1 << 20) {
    for (std::size_t at = 0; at < octets.size(); at += chunk) {
      server.receive(octets.substr(at, chunk));
      host.serve(server);
    }
    return server.take_output();
  }
};

const std::string kEnvelope = "MAIL FROM:<a@alpha.example>\r\nRCPT TO:<bob@beta.example>\r\n";
const std::string kEnvelopeTaken = "250 2.1.0 OK\r\n250 2.1.5 OK\r\n";

ServerOptions only(bool ServerOptions::*option) {
  ServerOptions options = beta();
  options.*option = true;
  return options;
}

}  // namespace

TEST_CASE("EHLO announces all that is switched on, and under TLS no STARTTLS") {
  ServerOptions options = beta_with_all();
  const std::string front =
      "250-beta.example greets a.example\r\n250-SIZE 100000\r\n250-8BITMIME\r\n"
      "250-PIPELINING\r\n250-CHUNKING\r\n250-BINARYMIME\r\n250-DSN\r\n250-SMTPUTF8\r\n"
      "250-ENHANCEDSTATUSCODES\r\n";
  const std::string back =
      "250-AUTH SCRAM-SHA-256 CRAM-MD5 PLAIN LOGIN\r\n250-ETRN\r\n250-TURN\r\n250-SEND\r\n"
      "250-SOML\r\n250-SAML\r\n250-EXPN\r\n250 HELP\r\n";
  Talk clear(options, "");
  (void)clear.server.take_output();
  CHECK(clear.say("EHLO a.example\r\n") == front + "250-STARTTLS\r\n" + back);
  options.tls = true;
  Talk secure(options, "");
  (void)secure.server.take_output();
  CHECK(secure.say("EHLO a.example\r\n") == front + back);
}

TEST_CASE("BINARYMIME is not announced without CHUNKING, nor SMTPUTF8 without 8BITMIME") {
  Talk talk(only(&ServerOptions::binary_mime), "");
  CHECK(talk.say("EHLO a\r\n").find("BINARYMIME") == std::string::npos);
  ServerOptions options = only(&ServerOptions::smtputf8);
  options.eight_bit_mime = false;
  Talk narrow(options, "");
  CHECK(narrow.say("EHLO a\r\n").find("SMTPUTF8") == std::string::npos);
  CHECK(narrow.say("MAIL FROM:<a@b.example> SMTPUTF8\r\n").starts_with("555"));
}

TEST_CASE("What is switched off is not known") {
  Talk talk(beta());
  for (const std::string word : {"BDAT 0 LAST", "AUTH PLAIN", "STARTTLS", "ETRN a.example", "TURN",
                                 "SEND FROM:<a@b.example>", "SOML FROM:<a@b.example>",
                                 "SAML FROM:<a@b.example>", "LHLO a"}) {
    INFO(word);
    CHECK(talk.say(word + "\r\n") == "502 Command not implemented\r\n");
  }
  for (const std::string parameter :
       {"BODY=BINARYMIME", "SMTPUTF8", "RET=FULL", "ENVID=x", "AUTH=<>"})
    CHECK(talk.say("MAIL FROM:<a@b.example> " + parameter + "\r\n").starts_with("5"));
  CHECK(talk.say("MAIL FROM:<\xc3\xa9@b.example>\r\n").starts_with("501"));
  CHECK(talk.say("MAIL FROM:<a@b.example>\r\n") == "250 OK\r\n");
  CHECK(talk.say("RCPT TO:<bob@beta.example> NOTIFY=NEVER\r\n").starts_with("555"));
}

// ---- BDAT ---------------------------------------------------------------------------------------

TEST_CASE("A message in one chunk, and one in three (RFC 3030 section 4)") {
  play_in_pieces(only(&ServerOptions::chunking), R"(
      S: 220 beta.example Service ready
      C: EHLO a.example
      S: 250-beta.example greets a.example
      S: 250-SIZE 100000
      S: 250-8BITMIME
      S: 250-PIPELINING
      S: 250-CHUNKING
      S: 250-EXPN
      S: 250 HELP
      C: MAIL FROM:<a@alpha.example>
      C: RCPT TO:<bob@beta.example>
      S: 250 OK
      S: 250 OK
      C: BDAT 13 LAST
      C: .dot
      C: text.
      S: 250 OK
      C: MAIL FROM:<a@alpha.example>
      C: RCPT TO:<bob@beta.example>
      C: BDAT 6
      C: 1234
      C: BDAT 4
      C: .X
      S: 250 OK
      S: 250 OK
      S: 250 OK
      S: 250 OK
      C: bdat 0 last
      S: 250 OK
    )",
                 [](const Server&, const Host& host) {
                   REQUIRE(host.messages.size() == 2);
                   CHECK(host.messages[0].content == ".dot\r\ntext.\r\n");
                   CHECK(host.messages[0].by == Verb::BdatLast);
                   CHECK(host.messages[1].content == "1234\r\n.X\r\n");
                   CHECK(host.chunks == std::vector<std::uint64_t>{6, 4});
                   CHECK(host.aborted.empty());
                 });
}

TEST_CASE("Trap 16: BDAT carries raw octets, with dots, end-of-data marks and commands in them") {
  const std::string content = "a\r\n.\r\nQUIT\r\n..x\r\n";
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{3}, std::size_t{1000}}) {
    Talk talk(beta_with_all());
    CHECK(talk.say(kEnvelope + "BDAT " + std::to_string(content.size()) + " LAST\r\n" + content +
                       "NOOP\r\n",
                   chunk) == kEnvelopeTaken + "250 2.0.0 OK\r\n250 2.0.0 OK\r\n");
    REQUIRE(talk.host.messages.size() == 1);
    CHECK(talk.host.messages[0].content == content);
  }
}

TEST_CASE("Trap 16: BDAT after LAST, and DATA after BDAT, draw 503") {
  Talk talk(beta_with_all());
  CHECK(talk.say(kEnvelope + "BDAT 3\r\nx\r\nDATA\r\n") ==
        kEnvelopeTaken + "250 2.0.0 OK\r\n503 5.5.1 Bad sequence of commands\r\n");
  CHECK(talk.say("RCPT TO:<bob@beta.example>\r\n") == "503 5.5.1 Bad sequence of commands\r\n");
  CHECK(talk.say("BDAT 3 LAST\r\ny\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n") ==
        "250 2.0.0 OK\r\n503 5.5.1 Bad sequence of commands\r\n250 2.0.0 OK\r\n");
  REQUIRE(talk.host.messages.size() == 1);
  CHECK(talk.host.messages[0].content == "x\r\ny\r\n");
  CHECK_FALSE(talk.host.quit);
}

TEST_CASE("A refused chunk is eaten all the same, wherever it stands") {
  const std::string chunk = "BDAT 6 LAST\r\nQUIT\r\n";
  Talk talk(beta_with_all(), "");
  (void)talk.server.take_output();
  CHECK(talk.say(chunk) == "503 5.5.1 Bad sequence of commands\r\n");  // before EHLO
  (void)talk.say("EHLO a\r\n");
  CHECK(talk.say(chunk) == "503 5.5.1 Bad sequence of commands\r\n");  // before MAIL
  CHECK(talk.say("MAIL FROM:<a@alpha.example>\r\nRCPT TO:<green@beta.example>\r\n" + chunk) ==
        "250 2.1.0 OK\r\n550 5.1.1 No such user here\r\n554 5.5.1 No valid recipients\r\n");
  CHECK_FALSE(talk.host.quit);
  (void)talk.say("HELO a\r\n");
  (void)talk.say("MAIL FROM:<a@alpha.example>\r\nRCPT TO:<bob@beta.example>\r\n");
  CHECK(talk.say(chunk) == "503 5.5.1 Bad sequence of commands\r\n");  // HELO promised no CHUNKING
  CHECK_FALSE(talk.host.quit);
}

TEST_CASE("After a refused chunk the next ones are eaten, until RSET") {
  Talk talk(beta_with_all());
  (void)talk.say(kEnvelope);
  const std::string first(452, 'x'), second = "QUIT\r\n";  // the host refuses a chunk of 452
  CHECK(talk.say("BDAT 452\r\n" + first + "BDAT 6 LAST\r\n" + second +
                 "DATA\r\nRCPT TO:<bob@"
                 "beta.example>\r\n") ==
        "452 4.3.1 Insufficient system storage\r\n"
        "503 5.5.1 Bad sequence of commands: RSET has to come first\r\n"
        "503 5.5.1 Bad sequence of commands\r\n503 5.5.1 Bad sequence of commands\r\n");
  CHECK(talk.say("RSET\r\n" + kEnvelope + "BDAT 3 LAST\r\nz\r\n") ==
        "250 2.0.0 OK\r\n" + kEnvelopeTaken + "250 2.0.0 OK\r\n");
  REQUIRE(talk.host.messages.size() == 1);
  CHECK(talk.host.messages[0].content == "z\r\n");
}

TEST_CASE(
    "A chunk without a recipient fails the transaction: a recipient who comes later gets no rest "
    "of it") {
  Talk talk(beta_with_all());
  CHECK(talk.say("MAIL FROM:<a@alpha.example>\r\nBDAT 3\r\nx\r\nRCPT TO:<bob@beta.example>\r\n"
                 "BDAT 3 LAST\r\ny\r\n") ==
        "250 2.1.0 OK\r\n554 5.5.1 No valid recipients\r\n503 5.5.1 Bad sequence of commands\r\n"
        "503 5.5.1 Bad sequence of commands: RSET has to come first\r\n");
  CHECK(talk.host.messages.empty());
}

TEST_CASE("A message that its host refuses after BDAT LAST needs RSET too") {
  Talk talk(beta_with_all());
  CHECK(talk.say(kEnvelope + "BDAT 7 LAST\r\nVIRUS\r\nMAIL FROM:<a@alpha.example>\r\nRSET\r\n") ==
        kEnvelopeTaken +
            "550 5.7.1 No viruses, please\r\n503 5.5.1 Bad sequence of commands\r\n"
            "250 2.0.0 OK\r\n");
}

TEST_CASE("Chunks are counted against the limit, and what is beyond it is not kept") {
  ServerOptions options = beta_with_all();
  options.message_octets_max = 10;
  Talk talk(options);
  (void)talk.say(kEnvelope);
  CHECK(talk.say("BDAT 8\r\n123456\r\nBDAT 2 LAST\r\n\r\n") == "250 2.0.0 OK\r\n250 2.0.0 OK\r\n");
  (void)talk.say(kEnvelope);
  CHECK(talk.say("BDAT 9\r\n1234567\r\nBDAT 2 LAST\r\n\r\nNOOP\r\n") ==
        "250 2.0.0 OK\r\n552 5.3.4 Too much mail data\r\n250 2.0.0 OK\r\n");
  CHECK(talk.host.messages.size() == 1);
  (void)talk.say("RSET\r\n" + kEnvelope);
  CHECK(talk.say("BDAT 9999999999999\r\n").empty());
  for (int i = 0; i < 100; ++i) CHECK(talk.say(std::string(100000, 'x')).empty());
  CHECK_FALSE(talk.server.wants_close());
}

TEST_CASE("A BDAT that cannot be read is no chunk") {
  Talk talk(beta_with_all());
  (void)talk.say(kEnvelope);
  for (const std::string bad : {"BDAT", "BDAT x", "BDAT -1", "BDAT 5 FIRST", "BDAT 5LAST",
                                "BDAT 99999999999999999999 LAST", "BDAT 5 LAST LAST"}) {
    INFO(bad);
    CHECK(talk.say(bad + "\r\nNOOP\r\n").substr(0, 10) == "501 5.5.4 ");
  }
}

TEST_CASE(
    "BINARYMIME may have anything in it and needs BDAT, other messages are lines in any case") {
  const std::string content = "a\nb\rc\0d"s + std::string(3000, 'x');
  const std::string chunk = "BDAT " + std::to_string(content.size()) + " LAST\r\n" + content;
  const std::string binary =
      "MAIL FROM:<a@alpha.example> BODY=BINARYMIME\r\nRCPT TO:<bob@beta.example>\r\n";
  Talk talk(beta_with_all());
  CHECK(talk.say(binary + "DATA\r\n") == kEnvelopeTaken + "503 5.5.1 Bad sequence of commands\r\n");
  CHECK(talk.say("RSET\r\n" + binary + chunk) ==
        "250 2.0.0 OK\r\n" + kEnvelopeTaken + "250 2.0.0 OK\r\n");
  REQUIRE(talk.host.messages.size() == 1);
  CHECK(talk.host.messages[0].content == content);
  CHECK(talk.host.messages[0].envelope.options.body == MailOptions::Body::BinaryMime);
  for (const std::string& bad : {"a\nb\r\n"s, "a\rb\r\n"s, "a\r\r\n"s, "\n"s, "\r"s}) {
    Talk text(beta_with_all());
    CHECK(text.say(kEnvelope + "BDAT " + std::to_string(bad.size()) + " LAST\r\n" + bad) ==
          kEnvelopeTaken +
              "554 5.6.0 Transaction failed: the message has a CR or LF by itself\r\n");
  }
  Talk longer(beta_with_all());
  CHECK(longer.say(kEnvelope + "BDAT 1001 LAST\r\n" + std::string(999, 'x') + "\r\n") ==
        kEnvelopeTaken + "500 5.6.0 Line too long\r\n");
  Talk fits(beta_with_all());
  CHECK(fits.say(kEnvelope + "BDAT 1000 LAST\r\n" + std::string(998, 'x') + "\r\n") ==
        kEnvelopeTaken + "250 2.0.0 OK\r\n");
}

TEST_CASE("A connection that ends within a chunk delivers nothing") {
  Talk talk(beta_with_all());
  (void)talk.say(kEnvelope + "BDAT 100 LAST\r\nhalf of it");
  talk.server.receive_eof();
  talk.host.serve(talk.server);
  CHECK(talk.host.messages.empty());
  CHECK(talk.host.aborted == std::vector<Verb>{Verb::Unknown});
  CHECK(talk.server.wants_close());
}

// ---- DSN ----------------------------------------------------------------------------------------

TEST_CASE("The parameters of DSN reach the host decoded (RFC 3461 section 10)") {
  Talk talk(beta_with_all());
  CHECK(talk.say("MAIL FROM:<Alice@Example.ORG> RET=HDRS ENVID=QQ314159\r\n"
                 "RCPT TO:<Bob@Example.COM> NOTIFY=SUCCESS,FAILURE "
                 "ORCPT=rfc822;Bob@Example.COM\r\n"
                 "RCPT TO:<bob@beta.example> NOTIFY=never ORCPT=rfc822;a+2Bb+20c@beta.example\r\n"
                 "RCPT TO:<brown@beta.example> NOTIFY=DELAY\r\n") ==
        "250 2.1.0 OK\r\n250 2.1.5 OK\r\n250 2.1.5 OK\r\n250 2.1.5 OK\r\n");
  (void)talk.say("DATA\r\nx\r\n.\r\n");
  REQUIRE(talk.host.messages.size() == 1);
  const Envelope& envelope = talk.host.messages[0].envelope;
  CHECK(envelope.options.ret == MailOptions::Return::Headers);
  CHECK(envelope.options.envelope_id == "QQ314159");
  REQUIRE(envelope.recipients.size() == 3);
  CHECK(envelope.recipients[0].options ==
        RecipientOptions{kNotifySuccess | kNotifyFailure, "rfc822", "Bob@Example.COM"});
  CHECK(envelope.recipients[1].options ==
        RecipientOptions{kNotifyNever, "rfc822", "a+b c@beta.example"});
  CHECK(envelope.recipients[2].options == RecipientOptions{kNotifyDelay, "", ""});
  CHECK(talk.host.recipients[1].path.options.original_recipient == "a+b c@beta.example");
}

TEST_CASE("Parameters of DSN that are not in order draw 501, and one that comes twice too") {
  Talk talk(beta_with_all());
  for (const std::string bad :
       {"RET=SOME", "RET", "ENVID", "ENVID=a+", "ENVID=a+2", "ENVID=a+2b", "ENVID=a+00b",
        "ENVID=a+E9", "RET=FULL RET=HDRS", "ENVID=a ENVID=a", "SIZE=1 SIZE=1", "SMTPUTF8=yes"}) {
    INFO(bad);
    CHECK(talk.say("MAIL FROM:<a@alpha.example> " + bad + "\r\n").substr(0, 10) == "501 5.5.4 ");
  }
  CHECK(talk.say("MAIL FROM:<a@alpha.example> ENVID=" + std::string(101, 'x') + "\r\n")
            .starts_with("501"));
  CHECK(talk.say("MAIL FROM:<a@alpha.example> ENVID=" + std::string(100, 'x') + "\r\n")
            .starts_with("250"));
  for (const std::string bad :
       {"NOTIFY", "NOTIFY=", "NOTIFY=NEVER,FAILURE", "NOTIFY=SUCCESS,,FAILURE", "NOTIFY=ALWAYS",
        "ORCPT=bob@beta.example", "ORCPT=;bob", "ORCPT=rfc822;a+zz", "NOTIFY=NEVER NOTIFY=NEVER",
        "ORCPT=rfc822;a ORCPT=rfc822;a"}) {
    INFO(bad);
    CHECK(talk.say("RCPT TO:<bob@beta.example> " + bad + "\r\n").starts_with("501 "));
  }
  CHECK(talk.say("RCPT TO:<bob@beta.example> SIZE=4\r\n").starts_with("555 5.5.4 "));
}

TEST_CASE("Extensions lengthen the command lines to which they add parameters") {
  Talk talk(beta_with_all());
  const std::string path = "RCPT TO:<bob@beta.example> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;";
  CHECK(talk.say("MAIL FROM:<a@alpha.example>\r\n") == "250 2.1.0 OK\r\n");
  CHECK(talk.say(path + std::string(493, 'x') + "\r\n") == "250 2.1.5 OK\r\n");  // 500 in all
  CHECK(talk.say(path + std::string(494, 'x') + "\r\n").starts_with("501 5.5.4 ORCPT"));
  CHECK(talk.say(path + std::string(1000, 'x') + "\r\n") == "500 5.5.2 Line too long\r\n");
  CHECK(talk.say("NOOP " + std::string(506, 'x') + "\r\n") == "500 5.5.2 Line too long\r\n");
  Talk without(beta());
  (void)without.say("MAIL FROM:<a@alpha.example>\r\n");
  CHECK(without.say(path + std::string(493, 'x') + "\r\n") == "500 Line too long\r\n");
}

// ---- SMTPUTF8 -----------------------------------------------------------------------------------

TEST_CASE("Addresses in UTF-8 are taken where MAIL says SMTPUTF8, and not elsewhere") {
  Talk talk(beta_with_all());
  const std::string sender = "MAIL FROM:<андрей@пример.example>";
  CHECK(talk.say(sender + "\r\n") == "550 5.6.7 That address needs SMTPUTF8\r\n");
  CHECK(talk.say("MAIL FROM:<a@alpha.example>\r\nRCPT TO:<börje@beta.example>\r\nRSET\r\n") ==
        "250 2.1.0 OK\r\n553 5.6.7 That address needs SMTPUTF8\r\n250 2.0.0 OK\r\n");
  CHECK(talk.say(sender + " BODY=8BITMIME SMTPUTF8\r\nRCPT TO:<börje@bücher.example>\r\n"
                          "RCPT TO:<\"bö rje\"@beta.example> ORCPT=utf-8;b\\x{F6}rje@b\r\n"
                          "DATA\r\nSubject: grüße\r\n\r\n.\r\n") ==
        "250 2.1.0 OK\r\n250 2.1.5 OK\r\n250 2.1.5 OK\r\n"
        "354 Start mail input; end with <CRLF>.<CRLF>\r\n250 2.0.0 OK\r\n");
  REQUIRE(talk.host.messages.size() == 1);
  const MessageReceived& message = talk.host.messages[0];
  CHECK(message.envelope.reverse_path.text() == "<андрей@пример.example>");
  CHECK(message.envelope.recipients[0].text() == "<börje@bücher.example>");
  CHECK(message.envelope.recipients[1].text() == "<\"bö rje\"@beta.example>");
  CHECK(message.envelope.recipients[1].options.original_recipient == "börje@b");
  CHECK(message.envelope.options.smtputf8);
  CHECK(message.transport.with() == "UTF8SMTP");
}

TEST_CASE("What is no UTF-8 is no address either") {
  Talk talk(beta_with_all());
  for (const std::string bad :
       {"\xe9@alpha.example", "a\xc3@alpha.example", "\xc0\xaf@alpha.example",
        "a@\xed\xa0\x80.example", "\"\xff\"@alpha.example"})
    CHECK(talk.say("MAIL FROM:<" + bad + "> SMTPUTF8\r\n").starts_with("501 5.1.7 "));
}

TEST_CASE("VRFY and EXPN may ask for UTF-8 in their answers") {
  Server server(beta_with_all());
  server.greet();
  server.receive("EHLO a\r\n");
  (void)server.next_event();
  server.accept();
  server.receive("VRFY börje SMTPUTF8\r\n");
  const auto event = server.next_event();
  CHECK(std::get<VerifyAsked>(*event).text == "börje");
  CHECK(std::get<VerifyAsked>(*event).smtputf8);
  server.answer(Reply(250, "2.1.5 <börje@beta.example>"));
  CHECK(server.take_output().ends_with("250 2.1.5 <börje@beta.example>\r\n"));
}

TEST_CASE("No answer holds UTF-8 that was not asked for (RFC 6531 section 3.7.4)") {
  Talk talk(beta_with_all());
  const auto answered = [&](std::string_view command, Reply reply) {
    talk.server.receive(command);
    while (talk.server.next_event() && !talk.server.awaits_answer()) {
    }
    talk.server.answer(std::move(reply));
    return talk.server.take_output();
  };
  const std::string would_need = "The answer would need UTF-8: send SMTPUTF8 with the command\r\n";
  CHECK(answered("VRFY börje\r\n", Reply(250, "2.1.5 <börje@beta.example>")) ==
        "252 2.6.8 " + would_need);
  CHECK(answered("EXPN staff\r\n", Reply(250, "2.1.5 <bob@b.example>\n2.1.5 <börje@b.example>")) ==
        "252 2.6.8 " + would_need);
  CHECK(answered("VRFY börje\r\n", Reply(550, "5.1.1 No such user here: börje")) ==
        "550 5.1.1 No: the reason would need UTF-8\r\n");
  CHECK(answered("VRFY börje\r\n", Reply(551, "5.1.6 please try <börje@b.example>")) ==
        "550 5.1.6 No: the reason would need UTF-8\r\n");
  (void)talk.say("MAIL FROM:<a@alpha.example>\r\n");
  CHECK(answered("RCPT TO:<bob@beta.example>\r\n", Reply(251, "forward to <börje@b.example>")) ==
        "250 2.1.5 OK\r\n");
  CHECK(answered("RCPT TO:<bob@beta.example>\r\n", Reply(551, "please try <börje@b.example>")) ==
        "550 5.6.8 No: the reason would need UTF-8\r\n");
}

// ---- enhanced codes -----------------------------------------------------------------------------

TEST_CASE("Trap 19: enhanced codes stand in all replies but the greeting, EHLO's and 3yz") {
  play_in_pieces(only(&ServerOptions::enhanced_status_codes), R"(
      S: 220 beta.example Service ready
      C: NOOP
      S: 250 2.0.0 OK
      C: LHLO a.example
      S: 502 5.5.1 Command not implemented
      C: EHLO evil.example
      S: 550 Not you
      C: EHLO a.example
      S: 250-beta.example greets a.example
      S: 250-SIZE 100000
      S: 250-8BITMIME
      S: 250-PIPELINING
      S: 250-ENHANCEDSTATUSCODES
      S: 250-EXPN
      S: 250 HELP
      C: FROB
      S: 500 5.5.2 Syntax error, command unrecognized
      C: MAIL
      S: 501 5.5.4 FROM:<sender> has to follow
      C: MAIL FROM:<a@>
      S: 501 5.1.7 The domain is not in order
      C: MAIL FROM:<a@alpha.example> SIZE=
      S: 501 5.5.4 The parameters are not in order
      C: RCPT TO:<bob@beta.example>
      S: 503 5.5.1 Bad sequence of commands
      C: MAIL FROM:<spam@alpha.example>
      S: 553 5.1.7 Not that sender
      C: MAIL FROM:<a@alpha.example> SIZE=451
      S: 451 4.3.0 Local error in processing
      C: MAIL FROM:<a@alpha.example> SIZE=100001
      S: 552 5.3.4 Message size exceeds fixed maximum message size
      C: MAIL FROM:<a@alpha.example>
      S: 250 2.1.0 OK
      C: RCPT TO:<green@beta.example>
      S: 550 5.1.1 No such user here
      C: RCPT TO:<bob@beta.example> NOTIFY=
      S: 501 5.5.4 The parameters are not in order
      C: DATA
      S: 554 5.5.1 No valid recipients
      C: RCPT TO:<busy@beta.example>
      S: 450 4.2.1 Mailbox busy
      C: RCPT TO:<full@beta.example>
      S: 552 5.2.2 Mailbox full
      C: RCPT TO:<gone@beta.example>
      S: 551 5.1.6 User not local; please try <x@y.example>
      C: RCPT TO:<moved@beta.example>
      S: 251 2.1.5 User not local; will forward to <x@y.example>
      C: VRFY somebody
      S: 252 2.0.0 Cannot VRFY user, but will accept message and attempt delivery
      C: EXPN staff
      S: 250-2.1.5 <bob@beta.example>
      S: 250 2.1.5 <brown@beta.example>
      C: HELP FROB
      S: 504 5.5.4 No help on that
      C: DATA
      S: 354 Start mail input; end with <CRLF>.<CRLF>
      C: text
      C: .
      S: 250 2.0.0 OK
      C: HELO a.example
      S: 250 beta.example
      C: NOOP
      S: 250 2.0.0 OK
      C: QUIT
      S: 221 2.0.0 beta.example Service closing transmission channel
    )");
}

TEST_CASE("Enhanced codes stand in 421, but where it is the greeting") {
  Server server(only(&ServerOptions::enhanced_status_codes));
  SECTION("of a server that shuts down") {
    server.greet();
    (void)server.take_output();
    server.shut_down("Bye");
    CHECK(server.take_output() == "421 4.3.2 beta.example Bye\r\n");
  }
  SECTION("of a client that says nothing") {
    server.greet();
    (void)server.take_output();
    server.shut_down("Bye", {4, 4, 2});
    CHECK(server.take_output() == "421 4.4.2 beta.example Bye\r\n");
  }
  SECTION("not in place of the greeting") {
    server.shut_down("Bye");
    CHECK(server.take_output() == "421 beta.example Bye\r\n");
  }
}

TEST_CASE(
    "Trap 19: a host's own code is kept if its class agrees, and taken out where none are "
    "announced") {
  const auto refused = [](bool codes, const std::string& text) {
    Server server(codes ? only(&ServerOptions::enhanced_status_codes) : beta());
    server.greet();
    server.receive("HELO a\r\n");
    (void)server.next_event();
    server.accept();
    server.receive("MAIL FROM:<a@alpha.example>\r\n");
    (void)server.next_event();
    (void)server.take_output();
    server.refuse(550, text);
    return server.take_output();
  };
  CHECK(refused(true, "5.7.26 Not signed") == "550 5.7.26 Not signed\r\n");
  CHECK(refused(false, "5.7.26 Not signed") == "550 Not signed\r\n");
  CHECK(refused(true, "4.7.1 Wait") == "550 5.7.1 Wait\r\n");
  CHECK(refused(true, "5.7.1 One\n5.7.1 Two") == "550-5.7.1 One\r\n550 5.7.1 Two\r\n");
  CHECK(refused(true, "5.7.26 One\nTwo") == "550-5.7.26 One\r\n550 5.7.26 Two\r\n");
  CHECK(refused(true, "5.4 is no code") == "550 5.7.1 5.4 is no code\r\n");
  CHECK(refused(true, "5.1.1.1 neither") == "550 5.7.1 5.1.1.1 neither\r\n");
}

TEST_CASE("No reply line is longer than 512 octets, and none can be broken by its text") {
  Server server(beta());
  server.greet(Reply(220, std::string(2000, 'x') + "\nevil\r221 2.0.0 bye"));
  const std::string output = server.take_output();
  CHECK(output == "220-" + std::string(506, 'x') + "\r\n220 evil 221 2.0.0 bye\r\n");
}

// ---- STARTTLS -----------------------------------------------------------------------------------

TEST_CASE("Trap 17: input behind STARTTLS is dropped, and what EHLO said is forgotten") {
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{5}, std::size_t{1000}}) {
    ServerOptions options = beta_with_all();
    Talk talk(options);
    (void)talk.say("AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n");
    CHECK(talk.server.user() == "tim");
    CHECK(talk.say("STARTTLS\r\nMAIL FROM:<injected@alpha.example>\r\nRSET", chunk) ==
          "220 2.0.0 Ready to start TLS\r\n");
    CHECK(talk.server.wants_tls());
    CHECK_FALSE(talk.server.wants_input());
    talk.server.tls_established();
    CHECK(talk.server.take_output().empty());
    CHECK(talk.server.user().empty());
    CHECK(talk.server.client_name().empty());
    CHECK_FALSE(talk.server.extended());
    CHECK(talk.say("MAIL FROM:<a@alpha.example>\r\n") == "503 5.5.1 Bad sequence of commands\r\n");
    CHECK(talk.say("EHLO a\r\n").find("STARTTLS") == std::string::npos);
    CHECK(talk.say("STARTTLS\r\n") == "503 5.5.1 Bad sequence of commands: TLS is on\r\n");
    CHECK(talk.say(kEnvelope) == kEnvelopeTaken);
    (void)talk.say("DATA\r\nx\r\n.\r\n");
    REQUIRE(talk.host.messages.size() == 1);
    CHECK(talk.host.messages[0].transport.with() == "ESMTPS");
    CHECK(talk.host.senders == std::vector<std::string>{"<a@alpha.example>"});
  }
}

TEST_CASE("STARTTLS that is refused goes on in the clear, nothing of the input lost") {
  Server server(beta_with_all());
  server.greet();
  server.receive("EHLO a\r\n");
  (void)server.next_event();
  server.accept();
  (void)server.take_output();
  server.receive("STARTTLS\r\nNOOP\r\n");
  CHECK(std::holds_alternative<StarttlsAsked>(server.next_event().value()));
  server.refuse(454, "TLS not available due to temporary reason");
  CHECK(server.take_output() ==
        "454 4.7.0 TLS not available due to temporary reason\r\n250 2.0.0 OK\r\n");
}

TEST_CASE("STARTTLS within a transaction draws 503, and with an argument 501") {
  Talk talk(beta_with_all());
  CHECK(talk.say("STARTTLS now\r\n") == "501 5.5.4 No argument is allowed here\r\n");
  CHECK(talk.say("MAIL FROM:<a@alpha.example>\r\nSTARTTLS\r\n") ==
        "250 2.1.0 OK\r\n503 5.5.1 Bad sequence of commands\r\n");
}

// ---- ETRN, TURN, 1982 ---------------------------------------------------------------------------

TEST_CASE("ETRN draws 250, 251, 253, 458, 459 and 501 (RFC 1985 section 5)") {
  Talk talk(beta_with_all());
  CHECK(talk.say("ETRN alpha.example\r\n") == "250 2.0.0 OK, queuing for that node started\r\n");
  CHECK(talk.say("ETRN example.org\r\n") == "251 2.0.0 OK, no messages waiting\r\n");
  CHECK(talk.say("ETRN full.example\r\n") == "253 2.0.0 OK, 14 pending messages\r\n");
  CHECK(talk.say("ETRN busy.example\r\n") == "458 4.3.0 Unable to queue messages\r\n");
  CHECK(talk.say("ETRN evil.example\r\n") == "459 4.7.1 Node not allowed\r\n");
  CHECK(talk.say("ETRN @alpha.example\r\n").starts_with("250 2.0.0 "));
  CHECK(talk.say("ETRN #uucp\r\n").starts_with("250 2.0.0 "));
  for (const std::string bad : {"ETRN", "ETRN -a", "ETRN @", "ETRN #", "ETRN a b", "ETRN @#x"})
    CHECK(talk.say(bad + "\r\n").starts_with("501 5.5.4 "));
  CHECK(talk.say("MAIL FROM:<a@alpha.example>\r\nETRN alpha.example\r\n") ==
        "250 2.1.0 OK\r\n503 5.5.1 Bad sequence of commands\r\n");
}

TEST_CASE("TURN hands the connection on, with the input that was not read") {
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{1000}}) {
    Talk talk(beta_with_all());
    CHECK(talk.say("TURN\r\n220 alpha.example Service ready\r\n", chunk) == "250 2.0.0 OK\r\n");
    CHECK(talk.server.wants_turn());
    CHECK_FALSE(talk.server.wants_input());
    CHECK_FALSE(talk.server.wants_close());
    CHECK(talk.server.take_input() == "220 alpha.example Service ready\r\n");
    CHECK(talk.server.take_input().empty());
  }
  Server refusing(beta_with_all());
  refusing.greet();
  refusing.receive("HELO a\r\n");
  (void)refusing.next_event();
  refusing.accept();
  refusing.receive("TURN\r\n");
  CHECK(std::holds_alternative<TurnAsked>(refusing.next_event().value()));
  (void)refusing.take_output();
  refusing.refuse(502, "Command not implemented");
  CHECK(refusing.take_output() == "502 5.5.1 Command not implemented\r\n");
  CHECK_FALSE(refusing.wants_turn());
}

TEST_CASE("SEND, SOML and SAML open a transaction as MAIL does, where they are obeyed") {
  for (const Verb verb : {Verb::Send, Verb::Soml, Verb::Saml}) {
    Talk talk(beta_with_all());
    const std::string word(name(verb));
    CHECK(talk.say(word + " FROM:<a@alpha.example>\r\nRCPT TO:<bob@beta.example>\r\n") ==
          kEnvelopeTaken);
    REQUIRE(talk.host.offers.size() == 1);
    CHECK(talk.host.offers[0].verb == verb);
    CHECK(talk.say(word + " FROM:<a@alpha.example>\r\n") ==
          "503 5.5.1 Bad sequence of commands\r\n");
    (void)talk.say("DATA\r\nx\r\n.\r\n");
    CHECK(talk.host.messages.size() == 1);
  }
}

TEST_CASE("HELP STATUS is 211 and tells how the session stands") {
  Talk talk(beta_with_all());
  (void)talk.say(kEnvelope);
  CHECK(talk.say("HELP STATUS\r\n") ==
        "211-2.0.0 beta.example status:\r\n"
        "211-2.0.0 The envelope has a sender and at least one recipient.\r\n"
        "211-2.0.0 You said that you are a.example\r\n"
        "211-2.0.0 Recipients so far: 1\r\n"
        "211 2.0.0 End of status\r\n");
}

TEST_CASE("A server that verifies nobody answers 252 to all alike (section 3.5.3)") {
  ServerOptions options = beta();
  options.verify = false;
  Talk talk(options);
  const int questions = talk.host.questions;
  CHECK(talk.say("VRFY bob\r\nVRFY nobody\r\nEXPN staff\r\n") ==
        "252 Cannot VRFY user, but will accept message and attempt delivery\r\n"
        "252 Cannot VRFY user, but will accept message and attempt delivery\r\n"
        "252 Cannot EXPN list, but will accept message and attempt delivery\r\n");
  CHECK(talk.host.questions == questions);
}

TEST_CASE("The words for Received are those of RFC 3848 and RFC 6531") {
  CHECK(Transport{false, false, false, false}.with() == "SMTP");
  CHECK(Transport{true, false, false, false}.with() == "ESMTP");
  CHECK(Transport{true, false, true, false}.with() == "ESMTPA");
  CHECK(Transport{true, true, false, false}.with() == "ESMTPS");
  CHECK(Transport{true, true, true, false}.with() == "ESMTPSA");
  CHECK(Transport{true, false, false, true}.with() == "UTF8SMTP");
  CHECK(Transport{true, true, true, true}.with() == "UTF8SMTPSA");
}
