// The IMAP engine alone on a port of this machine, for ImapTest and for measuring: one account in
// memory for each user who comes, password "pass".
//
//   test-serve-imap PORT [MESSAGES]     so many messages in each INBOX
#include <utility>

#include <boost/asio.hpp>
#include <chrono>
#include <cstdio>
#include <list>
#include <map>

#include "protocols/imap/server.hpp"
#include "protocols/mailbox/account.hpp"

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace mailscope;

mailbox::InternalDate now() {
  return {std::chrono::duration_cast<std::chrono::seconds>(
              std::chrono::system_clock::now().time_since_epoch())
              .count(),
          0};
}

class Accounts {
 public:
  explicit Accounts(std::size_t messages) : messages_(messages) {}
  mailbox::Account& of(const std::string& user) {
    auto& account = accounts_[user];
    if (!account) {
      account = mailbox::account_in_memory(user, static_cast<std::uint32_t>(now().seconds));
      std::vector<mailbox::NewMessage> letters;
      for (std::size_t i = 0; i < messages_; ++i) letters.push_back({letter(i), now(), {}});
      if (messages_ > 0 && !account->inbox().append(std::move(letters))) std::abort();
    }
    return *account;
  }

 private:
  static std::string letter(std::size_t i) {
    std::string text = "From: alice@alpha.example\r\nTo: bob@beta.example\r\nSubject: letter " +
                       std::to_string(i) + "\r\nMessage-ID: <" + std::to_string(i) +
                       "@alpha.example>\r\nDate: Mon, 02 Mar 2026 09:15:00 +0100\r\n\r\n";
    for (int line = 0; line < 20; ++line) text += "Some words about nothing in particular.\r\n";
    return text;
  }

  std::size_t messages_;
  std::map<std::string, std::unique_ptr<mailbox::Account>> accounts_;
};

class Connection {
 public:
  Connection(tcp::socket socket, Accounts& accounts)
      : socket_(std::move(socket)), accounts_(accounts), server_(options()) {
    socket_.set_option(tcp::no_delay(true));
    run();
  }
  bool over() const { return over_ && !reading_ && !writing_; }

 private:
  imap::ServerOptions options() {
    imap::ServerOptions options;
    options.now = now;
    options.wake = [this] {
      asio::post(socket_.get_executor(), [this] { run(); });
    };
    return options;
  }
  void answer(const imap::LoginAsked& asked) {
    if (!asked.proven && asked.password != "pass") return server_.refuse_login("Wrong password");
    server_.accept_login(accounts_.of(asked.user));
  }
  void answer(const imap::PasswordAsked&) { server_.give_password("pass"); }
  void answer(const imap::SessionClosed&) {}
  void answer_all() {
    while (auto event = server_.next_event())
      std::visit([this](const auto& asked) { answer(asked); }, *event);
  }

  void run() {
    if (over_) return;
    answer_all();
    if (!writing_) write();
    if (!reading_ && server_.wants_input() && !over_) read();
  }
  void write() {
    out_ = server_.take_output();
    answer_all();
    if (out_.empty()) {
      if (server_.wants_close()) over_ = true, socket_.close();
      return;
    }
    writing_ = true;
    asio::async_write(socket_, asio::buffer(out_), [this](auto error, std::size_t) {
      writing_ = false;
      if (error) over_ = true;
      run();
    });
  }
  void read() {
    reading_ = true;
    socket_.async_read_some(asio::buffer(in_), [this](auto error, std::size_t octets) {
      reading_ = false;
      if (error)
        server_.receive_eof(), over_ = true;
      else
        server_.receive({in_.data(), octets});
      run();
    });
  }

  tcp::socket socket_;
  Accounts& accounts_;
  imap::Server server_;
  std::array<char, 65536> in_{};
  std::string out_;
  bool reading_ = false, writing_ = false, over_ = false;
};

class Listener {
 public:
  Listener(asio::io_context& io, std::uint16_t port, Accounts& accounts)
      : acceptor_(io, {asio::ip::make_address("127.0.0.1"), port}), accounts_(accounts) {
    accept();
  }

 private:
  void accept() {
    acceptor_.async_accept([this](auto error, tcp::socket socket) {
      if (error) return;
      connections_.remove_if([](const Connection& connection) { return connection.over(); });
      connections_.emplace_back(std::move(socket), accounts_);
      accept();
    });
  }
  tcp::acceptor acceptor_;
  Accounts& accounts_;
  std::list<Connection> connections_;
};

}  // namespace

int main(int count, char** words) {
  if (count < 2) return std::fprintf(stderr, "usage: test-serve-imap PORT [MESSAGES]\n"), 2;
  asio::io_context io;
  Accounts accounts(count > 2 ? std::stoul(words[2]) : 0);
  Listener listener(io, static_cast<std::uint16_t>(std::stoul(words[1])), accounts);
  std::printf("127.0.0.1:%s\n", words[1]);
  std::fflush(stdout);
  io.run();
}
