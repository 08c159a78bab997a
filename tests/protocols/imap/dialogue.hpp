// IMAP servers in memory for the tests: a script of C: and S: lines is run against them, with a
// little host behind that has one user, his account, and his password.
//
//   C: a1 NOOP          the first connection's client sends; C2:, C3: ... are others'
//   S: a1 OK ...        what the server answers; "..." takes any text, also in the middle
//   S2: * 3 EXISTS
//   C: a2 APPEND x {~}  "{~}", "{~+}": the count of the octets in the next C lines, up to "C: ."
//
// Each S line is one line of output, in this order, and behind the last one before a C line of the
// same connection nothing more may have come. A literal's lines are lines.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/imap/server.hpp"
#include "protocols/mailbox/account.hpp"

namespace mailscope::imap::test {

// The fields and the text of a little message, its lines ended by CRLF.
inline std::string letter(std::string_view subject, std::string_view text = "Hello\r\n") {
  return "From: Alice <alice@alpha.example>\r\nTo: bob@beta.example\r\nSubject: " +
         std::string(subject) + "\r\nDate: Mon, 02 Mar 2026 09:15:00 +0100\r\n\r\n" +
         std::string(text);
}

class Bench {
 public:
  explicit Bench(ServerOptions options = {}) : options_(std::move(options)) {
    options_.domain = "mail.beta.example";
    options_.now = [] { return mailbox::InternalDate{1772439300, 60}; };
  }

  mailbox::Account& account() { return *account_; }
  mailbox::Mailbox& inbox() { return account_->inbox(); }
  // Messages with these subjects in a mailbox, which is created where it has to be.
  void fill(std::string_view mailbox, std::vector<std::string> subjects) {
    if (!account_->has(mailbox)) REQUIRE(account_->create(mailbox));
    for (const std::string& subject : subjects)
      REQUIRE((*account_->find(mailbox))->append(mailbox::NewMessage{letter(subject), {1772439300, 60}, {}}));
  }

  // A connection without account: it has to log in. From 1.
  Server& connect() { return add(std::make_unique<Server>(with_wake())); }
  // Already logged in, its greeting taken.
  Server& enter() {
    Server& server = add(std::make_unique<Server>(with_wake(), *account_));
    server.take_output();
    return server;
  }
  Server& server(std::size_t number) { return *connections_.at(number - 1)->server; }

  void run(std::string_view script, std::size_t chunk = 0);
  // The octets as they are, and all that comes back.
  std::string exchange(std::size_t number, std::string_view octets);
  std::vector<std::string> log;  // what the servers asked and told
  int wakes = 0;

 private:
  struct Connection {
    std::unique_ptr<Server> server;
    std::string output;
  };

  ServerOptions with_wake() {
    ServerOptions options = options_;
    options.wake = [this] { ++wakes; };
    return options;
  }
  Server& add(std::unique_ptr<Server> server) {
    connections_.push_back(std::make_unique<Connection>(Connection{std::move(server), {}}));
    return *connections_.back()->server;
  }
  void serve(Connection& connection);
  void send(Connection& connection, std::string_view octets, std::size_t chunk);
  void expect(Connection& connection, std::string_view line);

  ServerOptions options_;
  std::unique_ptr<mailbox::Account> account_ = mailbox::account_in_memory("bob", 7);
  std::vector<std::unique_ptr<Connection>> connections_;
};

// ---- a script -----------------------------------------------------------------------------------

inline std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    while (line.starts_with(' ')) line.remove_prefix(1);
    if (!line.empty()) lines.emplace_back(line);
  }
  return lines;
}

// "..." takes any text.
inline bool fits(std::string_view pattern, std::string_view text) {
  const std::size_t dots = pattern.find("...");
  if (dots == std::string_view::npos) return pattern == text;
  if (!text.starts_with(pattern.substr(0, dots))) return false;
  pattern.remove_prefix(dots + 3);
  text.remove_prefix(dots);
  if (pattern.empty()) return true;
  for (; text.size() >= pattern.size() || pattern.find("...") != std::string_view::npos;
       text.remove_prefix(1)) {
    if (fits(pattern, text)) return true;
    if (text.empty()) return false;
  }
  return false;
}

inline void Bench::serve(Connection& connection) {
  struct Answer {
    Bench& bench;
    Server& server;
    void operator()(const LoginAsked& asked) const {
      if (asked.proven || (asked.user == "bob" && asked.password == "secret"))
        return server.accept_login(*bench.account_);
      server.refuse_login("User or password is wrong");
    }
    void operator()(const PasswordAsked& asked) const {
      server.give_password(asked.user == "bob" ? std::optional<std::string>("secret")
                                               : std::nullopt);
    }
    void operator()(const SessionClosed& closed) const {
      bench.log.emplace_back(closed.logged_in ? "closed" : "closed before log-in");
    }
  };
  for (;;) {
    while (const auto event = connection.server->next_event())
      std::visit(Answer{*this, *connection.server}, *event);
    const std::string output = connection.server->take_output();
    if (output.empty()) return;
    connection.output += output;
  }
}

inline void Bench::send(Connection& connection, std::string_view octets, std::size_t chunk) {
  for (std::size_t at = 0; at < octets.size(); at += chunk == 0 ? octets.size() : chunk) {
    connection.server->receive(octets.substr(at, chunk == 0 ? octets.size() : chunk));
    serve(connection);
  }
}

inline std::string Bench::exchange(std::size_t number, std::string_view octets) {
  Connection& connection = *connections_.at(number - 1);
  send(connection, octets, 0);
  serve(connection);
  return std::exchange(connection.output, {});
}

inline void Bench::expect(Connection& connection, std::string_view line) {
  serve(connection);
  const std::size_t end = connection.output.find("\r\n");
  REQUIRE(end != std::string::npos);
  const std::string said = connection.output.substr(0, end);
  connection.output.erase(0, end + 2);
  INFO("said:     " << said);
  REQUIRE(fits(line, said));
}

inline void Bench::run(std::string_view script, std::size_t chunk) {
  while (connections_.empty()) enter();
  const std::vector<std::string> lines = lines_of(script);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    INFO(lines[i]);
    const std::size_t colon = lines[i].find(':');
    REQUIRE(colon != std::string::npos);
    const std::size_t number = colon == 1 ? 1 : std::stoul(lines[i].substr(1, colon - 1));
    while (connections_.size() < number) enter();
    Connection& connection = *connections_[number - 1];
    std::string text = lines[i].size() > colon + 2 ? lines[i].substr(colon + 2) : std::string();
    if (lines[i].front() == 'S') {
      expect(connection, text);
      continue;
    }
    REQUIRE(lines[i].front() == 'C');
    serve(connection);
    CHECK(connection.output == "");
    // The lines up to "." are a literal; what follows the "." goes on with the command.
    for (std::size_t count = text.find("{~"); count != std::string::npos; count = text.find("{~")) {
      const bool waits = text.find("+}", count) == std::string::npos;
      std::string literal, rest;
      for (++i; i < lines.size(); ++i) {
        const std::string line = lines[i].size() > colon + 2 ? lines[i].substr(colon + 2) : "";
        if (line.starts_with('.')) {
          rest = line.substr(1);
          break;
        }
        literal += line + "\r\n";
      }
      text.replace(count + 1, 1, std::to_string(literal.size()));
      send(connection, text + "\r\n", chunk);
      if (waits) expect(connection, "+ ...");
      send(connection, literal, chunk);
      text = rest;
    }
    send(connection, text + "\r\n", chunk);
  }
  for (const auto& connection : connections_) {
    serve(*connection);
    CHECK(connection->output == "");
  }
}

}  // namespace mailscope::imap::test
