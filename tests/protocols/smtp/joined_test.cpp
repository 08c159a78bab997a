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
      for (const Direction direction : {Direction::ToClient, Direction::ToServer}) {
        const bool to_server = direction == Direction::ToServer;
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
