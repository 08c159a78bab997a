// Client and server joined in memory: what one sends, the other receives, in pieces of any size,
// with an observer between them.

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "dialogue.hpp"
#include "protocols/smtp/client.hpp"
#include "protocols/smtp/observer.hpp"

using namespace mailscope;
using namespace mailscope::smtp;
using namespace mailscope::smtp::test;

namespace {

struct Wire {
  Client client;
  Server server;
  Host host;
  Observer observer;
  Direction towards_server = Direction::ToServer;  // as the observer is told
  std::vector<MessageAnswered> answered;
  std::string seen;                   // the observer's events, a line each
  std::vector<std::string> contents;  // messages that the observer saw

  Wire(ClientOptions client_options, ServerOptions server_options)
      : client(std::move(client_options)), server(std::move(server_options)) {}

  void watch() {
    while (const auto event = observer.next_event()) {
      switch (event->kind) {
        case Observed::Kind::Command:
          seen += std::string(name(static_cast<Verb>(event->word))) + " ";
          if (event->flags != 0) seen += "flags ";
          break;
        case Observed::Kind::Continuation:
          seen += event->flags == Observed::kSecret ? "secret " : "not secret ";
          break;
        case Observed::Kind::Reply:
          seen += std::to_string(event->word) + "/" +
                  std::string(name(static_cast<Verb>(event->answers))) + " ";
          break;
        case Observed::Kind::ContentBegin:
          contents.emplace_back();
          break;
        case Observed::Kind::Content:
          contents.back() += event->text;
          break;
        case Observed::Kind::ContentEnd:
          break;
        default:
          seen += "? ";
      }
    }
  }

  void run(std::size_t chunk) {
    server.greet();
    bool moved = true;
    while (moved) {
      moved = false;
      host.serve(server);
      for (const bool to_server : {false, true}) {
        const Direction direction = to_server ? towards_server : other(towards_server);
        const std::string octets = to_server ? client.take_output() : server.take_output();
        for (std::size_t at = 0; at < octets.size(); at += chunk) {
          const std::string_view piece = std::string_view(octets).substr(at, chunk);
          observer.receive(direction, piece);
          watch();
          if (to_server) {
            server.receive(piece);
            host.serve(server);
          } else {
            client.receive(piece);
          }
          moved = true;
        }
      }
      while (auto event = client.next_event())
        if (auto* message = std::get_if<MessageAnswered>(&*event)) answered.push_back(*message);
    }
  }
};

Envelope envelope(const std::vector<std::string>& users) {
  Envelope made{*parse_reverse_path("<smith@alpha.example>"), {}};
  for (const std::string& user : users)
    made.recipients.push_back(*parse_forward_path("<" + user + "@beta.example>"));
  return made;
}

}  // namespace

TEST_CASE(
    "Messages arrive octet for octet, with and without the extensions, however the octets are "
    "cut") {
  const std::vector<std::string> contents = {"Subject: one\r\n\r\ntext\r\n", ".\r\n..\r\n.x\r\n",
                                             "", "caf\xc3\xa9\r\n\r\n.\r\n"};
  for (const bool extended : {true, false})
    for (const bool pipelining : {true, false})
      for (const std::size_t chunk : {std::size_t{1}, std::size_t{5}, std::size_t{1 << 20}}) {
        ServerOptions options = beta();
        options.extended = extended;
        options.pipelining = pipelining;
        Wire line({.name = "alpha.example", .eight_bit_anyway = true}, options);
        for (const std::string& content : contents)
          line.client.deliver(envelope({"jones", "green", "brown"}), content);
        line.client.quit();
        line.run(chunk);
        REQUIRE(line.host.messages.size() == contents.size());
        for (std::size_t i = 0; i < contents.size(); ++i) {
          CHECK(line.host.messages[i].content == contents[i]);
          CHECK(line.host.messages[i].envelope.reverse_path == envelope({}).reverse_path);
          CHECK(line.host.messages[i].envelope.recipients ==
                envelope({"jones", "brown"}).recipients);
          CHECK(line.answered[i].outcome == Outcome::Accepted);
          CHECK(line.answered[i].accepted == std::vector<std::size_t>{0, 2});
        }
        CHECK(line.contents == contents);
        CHECK(line.client.wants_close());
        CHECK(line.server.wants_close());
        CHECK(line.client.session().outstanding() == 0);
      }
}

TEST_CASE("The observer sees the classic dialogue as it was") {
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{1 << 20}}) {
    ServerOptions options = beta();
    options.pipelining = false;
    Wire line({.name = "alpha.example", .extended = false}, options);
    line.client.deliver(envelope({"jones", "green", "brown"}), "Blah\r\n");
    line.client.quit();
    line.run(chunk);
    CHECK(line.seen ==
          "220/CONNECT HELO 250/HELO MAIL 250/MAIL RCPT 250/RCPT RCPT 550/RCPT RCPT 250/RCPT DATA "
          "354/DATA 250/END OF DATA QUIT 221/QUIT ");
  }
}

TEST_CASE("The observer matches pipelined replies to their commands") {
  Wire line({.name = "alpha.example"}, beta());
  line.client.deliver(envelope({"green", "brown"}), "Blah\r\n");
  line.client.deliver(envelope({"green"}), "to nobody\r\n");
  line.client.quit();
  line.run(1 << 20);
  CHECK(line.seen ==
        "220/CONNECT EHLO 250/EHLO MAIL RCPT RCPT DATA 250/MAIL 550/RCPT 250/RCPT 354/DATA "
        "250/END OF DATA MAIL RCPT DATA 250/MAIL 550/RCPT 554/DATA RSET 250/RSET QUIT 221/QUIT ");
  CHECK(line.contents == std::vector<std::string>{"Blah\r\n"});
}

TEST_CASE("Log-in by each mechanism, however the octets are cut, and the observer sees secrets") {
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"PLAIN", "AUTH flags 235/AUTH "},
      {"LOGIN", "AUTH 334/AUTH secret 334/AUTH secret 235/AUTH "},
      {"CRAM-MD5", "AUTH 334/AUTH secret 235/AUTH "},
      {"SCRAM-SHA-256", "AUTH flags 334/AUTH secret 334/AUTH secret 235/AUTH "}};
  for (const auto& [mechanism, seen] : expected)
    for (const bool right : {true, false})
      for (const std::size_t chunk : {std::size_t{1}, std::size_t{7}, std::size_t{1 << 20}}) {
        INFO(mechanism << " " << right << " " << chunk);
        ClientOptions options{.name = "alpha.example"};
        options.auth = ClientAuth{"tim", right ? "tanstaaftanstaaf" : "guess", {mechanism}, "abc"};
        Wire line(options, beta_with_all());
        line.client.deliver(envelope({"jones"}), "Subject: x\r\n\r\ntext\r\n");
        line.client.quit();
        line.run(chunk);
        CHECK(line.client.logged_in() == right);
        CHECK(line.host.messages.size() == (right ? 1 : 0));
        if (right) {
          CHECK(line.seen.starts_with("220/CONNECT EHLO 250/EHLO " + seen + "MAIL "));
          CHECK(line.host.messages[0].transport.with() == "ESMTPA");
        } else {
          CHECK(line.seen.find("535/AUTH QUIT 221/QUIT") != std::string::npos);
          CHECK(line.answered.at(0).reply.code == 535);
        }
      }
}

TEST_CASE("Chunks, DSN and UTF-8 arrive as they were sent, however the octets are cut") {
  Envelope sent = envelope({"jones"});
  sent.reverse_path = *parse_reverse_path("<\xc3\xb6@alpha.example>", Charset::Utf8);
  sent.options.envelope_id = "id with space";
  sent.options.ret = MailOptions::Return::Full;
  sent.recipients[0].options = {kNotifySuccess | kNotifyFailure, "utf-8", "j\xc3\xb6nes@x"};
  const std::vector<std::string> contents = {"Subject: one\r\n\r\ntext\r\n", ".\r\n..\r\n.x\r\n",
                                             "", "caf\xc3\xa9\r\n\r\n.\r\n", "QUIT\r\nRSET\r\n"};
  for (const bool pipelining : {true, false})
    for (const std::size_t chunk_octets : {std::size_t{1}, std::size_t{3}, std::size_t{1000}})
      for (const std::size_t chunk : {std::size_t{1}, std::size_t{5}, std::size_t{1 << 20}}) {
        ClientOptions options{.name = "alpha.example"};
        options.chunking = true;
        options.chunk_octets_max = chunk_octets;
        ServerOptions server_options = beta_with_all();
        server_options.pipelining = pipelining;
        Wire line(options, server_options);
        for (const std::string& content : contents) line.client.deliver(sent, content);
        line.client.quit();
        line.run(chunk);
        REQUIRE(line.host.messages.size() == contents.size());
        for (std::size_t i = 0; i < contents.size(); ++i) {
          const MessageReceived& message = line.host.messages[i];
          CHECK(message.content == contents[i]);
          CHECK(message.envelope.recipients == sent.recipients);
          CHECK(message.envelope.recipients[0].options == sent.recipients[0].options);
          CHECK(message.envelope.reverse_path == sent.reverse_path);
          CHECK(message.envelope.options.envelope_id == "id with space");
          CHECK(message.envelope.options.ret == MailOptions::Return::Full);
          CHECK(message.transport.with() == "UTF8SMTP");
        }
        CHECK(line.contents == contents);
        CHECK(line.client.session().outstanding() == 0);
      }
}

TEST_CASE("A mixture of refusals in chunks keeps client, server and observer in step") {
  for (const bool pipelining : {true, false})
    for (const std::size_t chunk : {std::size_t{1}, std::size_t{1 << 20}}) {
      ClientOptions options{.name = "alpha.example"};
      options.chunking = true;
      options.chunk_octets_max = 452;  // which the host refuses
      ServerOptions server_options = beta_with_all();
      server_options.pipelining = pipelining;
      Wire line(options, server_options);
      line.client.deliver(envelope({"jones"}), std::string(450, 'x') + "\r\nmore\r\n");
      line.client.deliver(envelope({"green"}), "to nobody\r\n");
      line.client.deliver(envelope({"green", "jones"}), "VIRUS\r\n");
      line.client.deliver(envelope({"jones"}), "fine\r\n");
      line.client.quit();
      line.run(chunk);
      REQUIRE(line.answered.size() == 4);
      CHECK(line.answered[0].reply.code == 452);
      CHECK(line.answered[1].reply.code == 550);
      CHECK(line.answered[2].at == Verb::BdatLast);
      CHECK(line.answered[3].outcome == Outcome::Accepted);
      CHECK(line.host.messages.back().content == "fine\r\n");
      CHECK(line.client.session().outstanding() == 0);
      CHECK(line.seen.find('?') == std::string::npos);
    }
}

TEST_CASE("TURN: mail goes one way and then the other over one connection (RFC 821 section 3.8)") {
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{1 << 20}}) {
    Wire there({.name = "alpha.example"}, beta_with_all());
    there.client.deliver(envelope({"jones"}), "to beta\r\n");
    there.client.turn();
    there.run(chunk);
    REQUIRE(there.client.turned());
    REQUIRE(there.server.wants_turn());
    CHECK(there.host.messages.size() == 1);
    CHECK(there.client.take_input().empty());
    CHECK(there.server.take_input().empty());
    // The streams stay: what beta says now is commands.
    ServerOptions alpha = beta();
    alpha.domain = "alpha.example";
    Wire back({.name = "beta.example"}, alpha);
    back.observer = there.observer;
    back.towards_server = Direction::ToClient;
    back.client.deliver(envelope({"brown"}), "to alpha\r\n");
    back.client.quit();
    back.run(chunk);
    REQUIRE(back.host.messages.size() == 1);
    CHECK(back.host.messages[0].content == "to alpha\r\n");
    CHECK(back.contents == std::vector<std::string>{"to alpha\r\n"});
    CHECK(back.seen ==
          "220/CONNECT EHLO 250/EHLO MAIL RCPT DATA 250/MAIL 250/RCPT 354/DATA 250/END OF DATA "
          "QUIT 221/QUIT ");
  }
}

TEST_CASE("A message for five thousand goes to all whom the server takes") {
  ServerOptions options = beta();
  options.recipients_max = 4500;
  Wire line({.name = "alpha.example"}, options);
  line.client.deliver(envelope(std::vector<std::string>(5000, "jones")), "x\r\n");
  line.client.quit();
  line.run(1 << 20);
  REQUIRE(line.answered.size() == 1);
  CHECK(line.answered[0].outcome == Outcome::Accepted);
  CHECK(line.answered[0].accepted.size() == 4500);
  CHECK(line.host.messages.at(0).envelope.recipients.size() == 4500);
}
