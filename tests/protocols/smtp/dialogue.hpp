// Dialogues for tests: a host with a few mailboxes for smtp::Server, and a script of C: and S:
// lines.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocols/smtp/server.hpp"

namespace mailscope::smtp::test {

// Answers a server's questions: bob, jones and brown have mailboxes at beta.example, green has
// none; tim logs in with tanstaaftanstaaf.
struct Host {
  std::vector<MessageReceived> messages;
  std::vector<SenderOffered> offers;
  std::vector<RecipientOffered> recipients;
  std::vector<std::string> logged_in;
  std::vector<std::string> log_ins_failed;
  std::vector<std::uint64_t> chunks;
  std::vector<Verb> aborted;
  std::vector<std::string> senders;
  bool quit = false, ended = false;
  int questions = 0;

  void serve(Server& server) {
    while (const auto event = server.next_event()) {
      questions += is_question(*event) ? 1 : 0;
      std::visit([&](const auto& e) { answer(server, e); }, *event);
    }
  }

 private:
  static void answer(Server& server, const HeloSeen& helo) {
    if (helo.name == "evil.example") return server.refuse(550, "Not you");
    server.accept();
  }
  void answer(Server& server, const SenderOffered& offer) {
    senders.push_back(offer.path.text());
    offers.push_back(offer);
    if (offer.path.text() == "<spam@alpha.example>") return server.refuse(553, "Not that sender");
    if (offer.size && *offer.size == 451) return server.refuse(451, "Local error in processing");
    server.accept();
  }
  void answer(Server& server, const RecipientOffered& offer) {
    recipients.push_back(offer);
    const std::string& user = offer.path.mailbox.local_part;
    if (user == "green") return server.refuse(550, "No such user here");
    if (user == "moved")
      return server.answer(Reply(251, "User not local; will forward to <x@y.example>"));
    if (user == "gone")
      return server.answer(Reply(551, "User not local; please try <x@y.example>"));
    if (user == "busy") return server.refuse(450, "Mailbox busy");
    if (user == "full") return server.refuse(552, "Mailbox full");
    if (user == "shutdown") return server.shut_down();
    server.accept();
  }
  static void answer(Server& server, const DataAsked&) { server.accept(); }
  static void answer(Server& server, const VerifyAsked& asked) {
    if (asked.text == "bob") return server.answer(Reply(250, "Bob <bob@beta.example>"));
    if (asked.text == "nobody") return server.refuse(550, "String does not match anything");
    if (asked.expand && asked.text == "staff")
      return server.answer(Reply(250, "<bob@beta.example>\n<brown@beta.example>"));
    server.accept();
  }
  void answer(Server& server, const MessageReceived& message) {
    messages.push_back(message);
    if (message.content.find("VIRUS") != std::string::npos)
      return server.refuse(550, "No viruses, please");
    server.accept();
  }
  void answer(Server& server, const ChunkReceived& chunk) {
    chunks.push_back(chunk.octets);
    if (chunk.octets == 452) return server.refuse(452, "Insufficient system storage");
    server.accept();
  }
  static void answer(Server& server, const PasswordAsked& asked) {
    if (asked.user == "later") return server.refuse(454, "Temporary authentication failure");
    if (asked.user == "tim") return server.give_password("tanstaaftanstaaf");
    server.give_password(std::nullopt);
  }
  static void answer(Server& server, const EtrnAsked& asked) {
    if (asked.node == "example.org") return server.answer(Reply(251, "OK, no messages waiting"));
    if (asked.node == "full.example") return server.answer(Reply(253, "OK, 14 pending messages"));
    if (asked.node == "busy.example") return server.refuse(458, "Unable to queue messages");
    if (asked.node == "evil.example") return server.refuse(459, "Node not allowed");
    server.accept();
  }
  static void answer(Server& server, const TurnAsked&) { server.accept(); }
  static void answer(Server& server, const StarttlsAsked&) { server.accept(); }
  void answer(Server&, const LoggedIn& event) { logged_in.push_back(event.user); }
  void answer(Server&, const LogInFailed& event) { log_ins_failed.push_back(event.user); }
  void answer(Server&, const TransactionAborted& event) { aborted.push_back(event.by); }
  void answer(Server&, const QuitSeen&) { quit = true; }
  void answer(Server&, const InputEnded&) { ended = true; }
};

inline std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\r' ? std::string("\\r") : std::string(1, c);
  return out;
}

// Plays a script. Lines that begin with "C: " are sent, a run of them at once, in chunks of the
// given size; the "S: " lines behind them are what has to come back then.
inline void play(Server& server, Host& host, std::string_view script, std::size_t chunk = 1000000) {
  std::string sent, expected;
  const auto exchange = [&] {
    for (std::size_t at = 0; at < sent.size(); at += chunk) {
      server.receive(std::string_view(sent).substr(at, chunk));
      host.serve(server);
    }
    CHECK(escaped(server.take_output()) == escaped(expected));
    sent.clear();
    expected.clear();
  };
  while (!script.empty()) {
    const std::size_t end = script.find('\n');
    std::string_view line = script.substr(0, end);
    script.remove_prefix(end == std::string_view::npos ? script.size() : end + 1);
    while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    if (line.empty()) continue;
    const bool client = line.starts_with("C:");
    REQUIRE((client || line.starts_with("S:")));
    line.remove_prefix(line.size() > 2 ? 3 : 2);
    if (client && !expected.empty()) exchange();
    (client ? sent : expected).append(line).append("\r\n");
  }
  exchange();
}

// The same script with a new server and host each time, its input cut into pieces of 1, 2, 7 and
// all octets: nothing may differ. `after` looks at what the host has got.
template <typename After>
void play_in_pieces(const ServerOptions& options, std::string_view script, After after) {
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{2}, std::size_t{7}, script.size()}) {
    INFO("in pieces of " << chunk);
    Server server(options);
    Host host;
    server.greet();
    play(server, host, script, chunk);
    after(server, host);
  }
}
inline void play_in_pieces(const ServerOptions& options, std::string_view script) {
  play_in_pieces(options, script, [](const Server&, const Host&) {});
}

inline ServerOptions beta() {
  ServerOptions options;
  options.domain = "beta.example";
  options.message_octets_max = 100000;
  return options;
}

// All that can be announced is.
inline ServerOptions beta_with_all() {
  ServerOptions options = beta();
  options.chunking = options.binary_mime = options.dsn = options.smtputf8 = true;
  options.enhanced_status_codes = options.etrn = options.starttls = options.turn = true;
  options.historic = true;
  options.auth_mechanisms = {"SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN"};
  options.sasl_challenge = "<1896.697170952@postoffice.reston.mci.net>";
  options.sasl_nonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  options.sasl_salt_key = "of beta.example";
  return options;
}

}  // namespace mailscope::smtp::test
