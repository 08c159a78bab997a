// Dialogues damaged at random, the same in every run: no engine may crash, hang, forget what it
// owes or grow without bounds.

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "dialogue.hpp"
#include "protocols/smtp/client.hpp"
#include "protocols/smtp/observer.hpp"

using namespace mailscope;
using namespace mailscope::smtp;
using namespace mailscope::smtp::test;
using namespace std::string_literals;

namespace {

// xorshift64*; no library's distribution, so that it is the same everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15u + 1) {}
  std::size_t below(std::size_t limit) {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return static_cast<std::size_t>((state_ * 0x2545f4914f6cdd1du) >> 33) % limit;
  }
  bool chance(std::size_t one_in) { return below(one_in) == 0; }

 private:
  std::uint64_t state_;
};

const std::vector<std::string>& client_pieces() {
  static const std::vector<std::string> pieces = {"EHLO a.example\r\n",
                                                  "HELO a.example\r\n",
                                                  "LHLO a\r\n",
                                                  "MAIL FROM:<a@b.example>\r\n",
                                                  "MAIL FROM:<> BODY=BINARYMIME RET=FULL\r\n",
                                                  "RCPT TO:<bob@beta.example>\r\n",
                                                  "RCPT TO:<green@beta.example>\r\n",
                                                  "RCPT TO:<bob@beta.example> NOTIFY=NEVER\r\n",
                                                  "DATA\r\n",
                                                  "text\r\n",
                                                  ".\r\n",
                                                  "\r\n.\r\n",
                                                  ".\n",
                                                  "..\r\n",
                                                  "BDAT 4\r\nab\r\n",
                                                  "BDAT 0 LAST\r\n",
                                                  "BDAT 99999\r\n",
                                                  "BDAT 3 LAST\r\nx\r\n",
                                                  "RSET\r\n",
                                                  "NOOP\r\n",
                                                  "VRFY bob\r\n",
                                                  "EXPN staff\r\n",
                                                  "HELP\r\n",
                                                  "HELP STATUS\r\n",
                                                  "QUIT\r\n",
                                                  "TURN\r\n",
                                                  "STARTTLS\r\n",
                                                  "AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n",
                                                  "AUTH PLAIN\r\n",
                                                  "AUTH LOGIN\r\n",
                                                  "AUTH CRAM-MD5\r\n",
                                                  "AUTH SCRAM-SHA-256 biwsbj11c2VyLHI9YWJj\r\n",
                                                  "*\r\n",
                                                  "=\r\n",
                                                  "dGlt\r\n",
                                                  "ETRN a.example\r\n",
                                                  "SEND FROM:<a@b.example>\r\n",
                                                  "\r",
                                                  "\n",
                                                  "\0"s,
                                                  "\xff\xfe",
                                                  " ",
                                                  "MAIL FROM:<\xc3\xb6@b.example> SMTPUTF8\r\n",
                                                  "FROB\r\n",
                                                  std::string(3000, 'x')};
  return pieces;
}

const std::vector<std::string>& server_pieces() {
  static const std::vector<std::string> pieces = {
      "220 b\r\n",
      "250 OK\r\n",
      "250-b\r\n250-SIZE 1000\r\n250-CHUNKING\r\n250 PIPELINING\r\n",
      "250-b\r\n250-AUTH PLAIN SCRAM-SHA-256 CRAM-MD5\r\n250-STARTTLS\r\n250-DSN\r\n250 ETRN\r\n",
      "250-b\r\n250-8BITMIME\r\n250-BINARYMIME\r\n250-CHUNKING\r\n250 SMTPUTF8\r\n",
      "334 \r\n",
      "334 PDE4OTYuNjk3MTcwOTUyQHg+\r\n",
      "334 cj1hYmNkZWYscz1XMjJaYUo=\r\n",
      "235 OK\r\n",
      "354 go\r\n",
      "421 bye\r\n",
      "450 later\r\n",
      "452 full\r\n",
      "500 what\r\n",
      "502 no\r\n",
      "503 no\r\n",
      "504 no\r\n",
      "535 no\r\n",
      "550 5.1.1 no\r\n",
      "554 no\r\n",
      "251 ok\r\n",
      "221 bye\r\n",
      "250-",
      "250",
      "2",
      "\r\n",
      "\n",
      "999 x\r\n",
      "\0"s,
      std::string(3000, 'y')};
  return pieces;
}

// Some pieces, some of their octets changed, left out or doubled.
std::string damaged(Random& random, const std::vector<std::string>& pieces, bool damage) {
  std::string octets;
  for (std::size_t i = 0, count = 1 + random.below(8); i < count; ++i)
    octets += pieces[random.below(pieces.size())];
  while (damage && random.chance(2)) {
    const std::size_t at = random.below(octets.size());
    switch (random.below(3)) {
      case 0:
        octets[at] = static_cast<char>(random.below(256));
        break;
      case 1:
        octets.erase(at, 1 + random.below(4));
        break;
      default:
        octets.insert(at, octets.substr(at, 1 + random.below(20)));
        break;
    }
    if (octets.empty()) octets = "x";
  }
  return octets;
}

constexpr int kRuns = 1500;

}  // namespace

TEST_CASE("A server survives damaged dialogues, and answers the same however they are cut") {
  for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
    Random random(seed);
    std::string dialogue = random.chance(8) ? "" : "EHLO a.example\r\n";
    for (int i = 0; i < 4; ++i) dialogue += damaged(random, client_pieces(), seed % 3 != 0);
    ServerOptions options = beta_with_all();
    options.message_octets_max = 5000;
    options.log_in_failures_max = 2;
    std::string whole;
    for (const std::size_t chunk : {dialogue.size(), std::size_t{1}, std::size_t{13}}) {
      Server server(options);
      Host host;
      server.greet();
      std::string output;
      for (std::size_t at = 0; at < dialogue.size(); at += chunk) {
        server.receive(std::string_view(dialogue).substr(at, chunk));
        host.serve(server);
        output += server.take_output();
      }
      server.receive_eof();
      host.serve(server);
      output += server.take_output();
      CHECK(host.ended + host.quit + server.wants_close() > 0);
      for (const MessageReceived& message : host.messages) {
        CHECK(message.content.size() <= 5000);
        CHECK_FALSE(message.envelope.recipients.empty());
      }
      output += "messages " + std::to_string(host.messages.size());
      if (whole.empty()) whole = output;
      if (output != whole) {
        INFO("seed " << seed);
        CHECK(output == whole);
      }
    }
  }
}

TEST_CASE("A client survives damaged replies, and answers for every message exactly once") {
  for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    ClientOptions options{.name = "alpha.example"};
    options.chunking = random.chance(2);
    options.chunk_octets_max = 1 + random.below(20);
    options.all_or_none = random.chance(3);
    if (random.chance(2)) options.starttls = ClientOptions::Tls::WhereAnnounced;
    if (random.chance(2))
      options.auth =
          ClientAuth{"tim", "x", {"SCRAM-SHA-256", "CRAM-MD5", "PLAIN"}, "abc", random.chance(2)};
    Client client(options);
    const std::size_t messages = 1 + random.below(3);
    for (std::size_t i = 0; i < messages; ++i) {
      Envelope envelope{
          *parse_reverse_path("<a@alpha.example>"),
          {*parse_forward_path("<bob@beta.example>"), *parse_forward_path("<green@beta.example>")}};
      if (random.chance(4)) envelope.options.body = MailOptions::Body::BinaryMime;
      client.deliver(envelope, random.chance(2) ? "x\r\n" : "caf\xc3\xa9\r\n.\r\n");
    }
    if (random.chance(3)) client.etrn("alpha.example");
    if (random.chance(3)) client.turn();
    if (random.chance(2)) client.quit();
    std::vector<int> answered(messages, 0);
    const auto listen = [&] {
      while (auto event = client.next_event()) {
        if (auto* message = std::get_if<MessageAnswered>(&*event)) ++answered[message->message];
        if (std::holds_alternative<TlsWanted>(*event) && random.chance(2)) client.tls_established();
      }
    };
    client.receive("220 b\r\n");
    for (int i = 0; i < 6; ++i) {
      client.receive(damaged(random, server_pieces(), seed % 3 != 0));
      listen();
      (void)client.take_output();
    }
    client.receive_eof();
    listen();
    CHECK(client.wants_close());
    for (const int count : answered) CHECK(count == 1);
  }
}

TEST_CASE("An observer survives damaged dialogues and counts every octet") {
  for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
    Random random(seed);
    Observer observer({random.chance(2)});
    std::uint64_t fed[2] = {0, 0};
    for (int i = 0; i < 12; ++i) {
      const Direction direction = random.chance(2) ? Direction::ToServer : Direction::ToClient;
      const auto& pieces = random.chance(10) == (direction == Direction::ToServer)
                               ? server_pieces()
                               : client_pieces();
      std::uint64_t& octets_fed = fed[static_cast<std::size_t>(direction)];
      if (random.chance(20)) {
        const std::size_t gap = 1 + random.below(100);
        observer.gap(direction, gap);
        octets_fed += gap;
      } else {
        const std::string octets = damaged(random, pieces, seed % 3 != 0);
        observer.receive(direction, octets);
        octets_fed += octets.size();
      }
      std::size_t events = 0;
      while (const auto event = observer.next_event()) {
        ++events;
        const bool in_range = event->begin <= event->end &&
                              event->end <= fed[static_cast<std::size_t>(event->direction)];
        if (!in_range) {
          INFO("seed " << seed << " kind " << static_cast<int>(event->kind));
          CHECK(in_range);
        }
      }
      CHECK(events < 20000);
    }
    observer.receive_eof(Direction::ToServer);
    observer.receive_eof(Direction::ToClient);
  }
}
