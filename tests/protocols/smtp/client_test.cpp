#include "protocols/smtp/client.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace mailscope::smtp;

namespace {

Envelope to(std::vector<std::string> users) {
  Envelope envelope{*parse_reverse_path("<alice@alpha.example>"), {}};
  for (const std::string& user : users)
    envelope.recipients.push_back(*parse_forward_path("<" + user + "@beta.example>"));
  return envelope;
}

// A client, what it did, and what became of its messages.
struct Caller {
  Client client;
  std::vector<MessageAnswered> messages;
  std::vector<std::pair<std::size_t, int>> recipients;
  std::vector<int> refusals;
  bool ended = false, orderly = false, unreadable = false;

  explicit Caller(ClientOptions options = {.name = "alpha.example"}) : client(options) {}

  std::string hear(std::string_view replies) {
    client.receive(replies);
    return collect();
  }
  std::string lose() {
    client.receive_eof();
    return collect();
  }
  std::string collect() {
    while (auto event = client.next_event()) {
      if (auto* m = std::get_if<MessageAnswered>(&*event)) messages.push_back(*m);
      if (auto* r = std::get_if<RecipientAnswered>(&*event))
        recipients.emplace_back(r->index, r->reply.code);
      if (auto* r = std::get_if<SessionRefused>(&*event)) refusals.push_back(r->reply.code);
      if (auto* e = std::get_if<ConnectionEnded>(&*event)) ended = true, orderly = e->orderly;
      if (std::get_if<ReplyUnreadable>(&*event)) unreadable = true;
    }
    return client.take_output();
  }
};

const std::string kPlain = "250 beta.example\r\n";
const std::string kPipelining = "250-beta.example\r\n250 PIPELINING\r\n";

}  // namespace

TEST_CASE("A client waits for each reply where pipelining is not announced") {
  Caller caller;
  caller.client.deliver(to({"bob", "green"}), ".hidden\r\ntext");
  caller.client.quit();
  CHECK(caller.collect().empty());  // the server speaks first
  CHECK(caller.hear("220 beta.example\r\n") == "EHLO alpha.example\r\n");
  CHECK(caller.hear(kPlain) == "MAIL FROM:<alice@alpha.example>\r\n");
  CHECK(caller.hear("250 OK\r\n") == "RCPT TO:<bob@beta.example>\r\n");
  CHECK(caller.hear("250 OK\r\n") == "RCPT TO:<green@beta.example>\r\n");
  CHECK(caller.hear("550 No\r\n") == "DATA\r\n");
  CHECK(caller.hear("354 Go\r\n") == "..hidden\r\ntext\r\n.\r\n");
  CHECK(caller.hear("250 OK\r\n") == "QUIT\r\n");
  CHECK(caller.hear("221 Bye\r\n").empty());
  REQUIRE(caller.messages.size() == 1);
  CHECK(caller.messages[0].outcome == Outcome::Accepted);
  CHECK(caller.messages[0].accepted == std::vector<std::size_t>{0});
  CHECK(caller.recipients == std::vector<std::pair<std::size_t, int>>{{0, 250}, {1, 550}});
  CHECK(caller.client.wants_close());
  CHECK(caller.orderly);
}

TEST_CASE("With pipelining announced, MAIL, all RCPT and DATA go out together") {
  Caller caller;
  caller.client.deliver(to({"bob", "brown"}), "text\r\n");
  caller.hear("220 beta.example\r\n");
  CHECK(caller.hear(kPipelining) ==
        "MAIL FROM:<alice@alpha.example>\r\nRCPT TO:<bob@beta.example>\r\n"
        "RCPT TO:<brown@beta.example>\r\nDATA\r\n");
  CHECK(caller.hear("250 OK\r\n250 OK\r\n250 O").empty());
  CHECK(caller.hear("K\r\n354 Go\r\n") == "text\r\n.\r\n");
  caller.hear("250 OK\r\n");
  CHECK(caller.messages[0].outcome == Outcome::Accepted);
}

TEST_CASE("If DATA drew 354 with no valid recipient, the lone dot is sent") {
  Caller caller;
  caller.client.deliver(to({"green"}), "text\r\n");
  caller.hear("220 beta.example\r\n");
  caller.hear(kPipelining);
  CHECK(caller.hear("250 OK\r\n550 No\r\n354 Go\r\n") == ".\r\n");
  CHECK(caller.hear("250 OK, to nobody\r\n").empty());
  REQUIRE(caller.messages.size() == 1);
  CHECK(caller.messages[0].outcome == Outcome::Refused);
  CHECK(caller.messages[0].at == Verb::Rcpt);
  CHECK(caller.messages[0].reply.code == 550);
}

TEST_CASE("If all recipients are refused, RSET and no DATA") {
  Caller caller;
  caller.client.deliver(to({"green", "grey"}), "text\r\n");
  caller.client.deliver(to({"bob"}), "text\r\n");
  caller.hear("220 beta.example\r\n");
  caller.hear(kPlain);
  caller.hear("250 OK\r\n");
  caller.hear("550 No\r\n");
  CHECK(caller.hear("450 Not now\r\n") == "RSET\r\n");
  CHECK(caller.hear("250 OK\r\n") == "MAIL FROM:<alice@alpha.example>\r\n");
  REQUIRE(caller.messages.size() == 1);
  CHECK(caller.messages[0].outcome == Outcome::Refused);
}

TEST_CASE("A refused sender settles the message, pipelined or not") {
  Caller plain;
  plain.client.deliver(to({"bob"}), "text\r\n");
  plain.hear("220 b\r\n");
  plain.hear(kPlain);
  CHECK(plain.hear("553 No\r\n").empty());
  CHECK(plain.messages[0].at == Verb::Mail);
  CHECK(plain.messages[0].reply.code == 553);

  Caller grouped;
  grouped.client.deliver(to({"bob"}), "text\r\n");
  grouped.hear("220 b\r\n");
  grouped.hear(kPipelining);
  CHECK(grouped.hear("553 No\r\n503 Order\r\n503 Order\r\n").empty());
  REQUIRE(grouped.messages.size() == 1);
  CHECK(grouped.messages[0].at == Verb::Mail);
  CHECK(grouped.recipients.empty());
}

TEST_CASE("A refused DATA is followed by RSET") {
  for (const std::string& hello : {kPlain, kPipelining}) {
    Caller caller;
    caller.client.deliver(to({"bob"}), "text\r\n");
    caller.hear("220 b\r\n");
    caller.hear(hello);
    caller.hear("250 OK\r\n");
    caller.hear("250 OK\r\n");
    CHECK(caller.hear("451 Later\r\n") == "RSET\r\n");
    caller.hear("250 OK\r\n");
    REQUIRE(caller.messages.size() == 1);
    CHECK(caller.messages[0].at == Verb::Data);
    CHECK(caller.messages[0].reply.code == 451);
  }
}

TEST_CASE("EHLO falls back to HELO on 500 and 502, and no other code") {
  for (const std::string code : {"500", "502"}) {
    Caller caller;
    caller.hear("220 b\r\n");
    CHECK(caller.hear(code + " What?\r\n") == "HELO alpha.example\r\n");
  }
  Caller caller;
  caller.client.deliver(to({"bob"}), "text\r\n");
  caller.hear("220 b\r\n");
  CHECK(caller.hear("550 Not you\r\n") == "QUIT\r\n");
  CHECK(caller.refusals == std::vector<int>{550});
  CHECK(caller.messages[0].outcome == Outcome::NotSent);
}

TEST_CASE("A greeting of 554 is answered by QUIT, one of 421 by closing") {
  Caller polite;
  polite.client.deliver(to({"bob"}), "text\r\n");
  CHECK(polite.hear("554 No mail here\r\n") == "QUIT\r\n");
  polite.hear("221 Bye\r\n");
  CHECK(polite.client.wants_close());
  CHECK(polite.messages[0].reply.code == 554);
  Caller quick;
  CHECK(quick.hear("421 Busy\r\n").empty());
  CHECK(quick.client.wants_close());
  CHECK_FALSE(quick.orderly);
}

TEST_CASE("421 at any point closes, and the message is refused for the moment") {
  const std::vector<std::string> replies = {"220 b\r\n", kPlain, "250 OK\r\n", "250 OK\r\n",
                                            "354 Go\r\n"};
  for (std::size_t steps = 0; steps <= replies.size(); ++steps) {
    Caller caller;
    caller.client.deliver(to({"bob"}), "text\r\n");
    for (std::size_t i = 0; i < steps; ++i) caller.hear(replies[i]);
    CHECK(caller.hear("421 Shutting down\r\n").empty());
    CHECK(caller.client.wants_close());
    CHECK(caller.refusals == std::vector<int>{421});
    REQUIRE(caller.messages.size() == 1);
    CHECK(caller.messages[0].outcome == (steps < 2 ? Outcome::NotSent : Outcome::Refused));
    CHECK(caller.messages[0].reply.code == 421);
    CHECK(caller.ended);
  }
}

TEST_CASE(
    "A connection lost before the final dot sent nothing, and one lost behind it leaves a doubt") {
  const std::vector<std::string> replies = {"220 b\r\n", kPlain, "250 OK\r\n", "250 OK\r\n",
                                            "354 Go\r\n"};
  for (std::size_t steps = 0; steps <= replies.size(); ++steps) {
    Caller caller;
    caller.client.deliver(to({"bob"}), "text\r\n");
    caller.client.deliver(to({"brown"}), "text\r\n");
    for (std::size_t i = 0; i < steps; ++i) caller.hear(replies[i]);
    caller.lose();
    REQUIRE(caller.messages.size() == 2);
    CHECK(caller.messages[0].outcome ==
          (steps == replies.size() ? Outcome::InDoubt : Outcome::NotSent));
    CHECK(caller.messages[1].outcome == Outcome::NotSent);
    CHECK(caller.messages[1].message == 1);
    CHECK(caller.ended);
    CHECK_FALSE(caller.orderly);
  }
}

TEST_CASE("SIZE and BODY are said where they are announced") {
  Caller caller;
  caller.client.deliver(to({"bob"}), "caf\xc3\xa9");
  caller.hear("220 b\r\n");
  CHECK(caller.hear("250-b\r\n250-SIZE 1000\r\n250 8BITMIME\r\n") ==
        "MAIL FROM:<alice@alpha.example> SIZE=7 BODY=8BITMIME\r\n");
  CHECK(caller.client.announced("size") == "1000");
  CHECK_FALSE(caller.client.announced("DSN"));
}

TEST_CASE("A message that the server cannot take is not offered to it") {
  Caller caller;
  caller.client.deliver(to({"bob"}), std::string(2000, 'x'));
  caller.client.deliver(to({"bob"}), "caf\xc3\xa9");
  caller.client.deliver(to({"bob"}), "fine\r\n");
  caller.hear("220 b\r\n");
  CHECK(caller.hear("250-b\r\n250 SIZE 1000\r\n") == "MAIL FROM:<alice@alpha.example> SIZE=6\r\n");
  REQUIRE(caller.messages.size() == 2);
  CHECK(caller.messages[0].outcome == Outcome::Unfit);
  CHECK(caller.messages[0].reply.code == 552);
  CHECK(caller.messages[1].outcome == Outcome::Unfit);
  CHECK(caller.messages[1].reply.code == 554);
}

TEST_CASE("A reply that is none, or that nothing asked for, ends the connection") {
  Caller garbage;
  garbage.hear("SSH-2.0-OpenSSH\r\n");
  CHECK(garbage.unreadable);
  CHECK(garbage.client.wants_close());
  Caller unasked;
  unasked.hear("220 b\r\n");
  unasked.hear("250 OK\r\n");
  unasked.hear("250 OK again\r\n");
  CHECK(unasked.unreadable);
}

TEST_CASE("How the replies are cut into chunks changes nothing") {
  const std::string replies =
      "220-a\r\n220 b\r\n" + kPipelining + "250 OK\r\n250 OK\r\n354 Go\r\n250 OK\r\n221 Bye\r\n";
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{2}, std::size_t{1000}}) {
    Caller caller;
    caller.client.deliver(to({"bob"}), "text\r\n");
    caller.client.quit();
    std::string output;
    for (std::size_t at = 0; at < replies.size(); at += chunk)
      output += caller.hear(std::string_view(replies).substr(at, chunk));
    CHECK(output ==
          "EHLO alpha.example\r\nMAIL FROM:<alice@alpha.example>\r\nRCPT TO:<bob@beta.example>\r\n"
          "DATA\r\ntext\r\n.\r\nQUIT\r\n");
    CHECK(caller.orderly);
  }
}
