// Delivers the message on standard input with smtp::Client over a real socket, for tests against
// other people's servers:
//
//   deliver HOST PORT REVERSE-PATH FORWARD-PATH... [--user NAME --password WORD] [--no-pipelining]
//
// Prints a line a recipient ("250 <bob@beta.example>") and the outcome ("accepted 250"). Exit code:
// 0 accepted, 1 not.
#include <fmt/format.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <iostream>
#include <iterator>
#include <string>
#include <variant>
#include <vector>

#include "protocols/smtp/client.hpp"

namespace {

using boost::asio::ip::tcp;
using namespace mailscope;

struct Task {
  std::string host, port;
  smtp::ClientOptions options;
  smtp::Envelope envelope;
};

Task read_arguments(std::vector<std::string> words) {
  Task task;
  task.options.name = "client.alpha.example";
  smtp::ClientAuth auth;
  std::vector<std::string> places;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--user") {
      auth.user = words.at(++i);
    } else if (words[i] == "--password") {
      auth.password = words.at(++i);
    } else if (words[i] == "--no-pipelining") {
      task.options.pipelining = false;
    } else {
      places.push_back(words[i]);
    }
  }
  if (!auth.user.empty()) {
    auth.nonce = "fyko+d2lbbFgONRv9qkxdawL";
    task.options.auth = auth;
  }
  task.host = places.at(0);
  task.port = places.at(1);
  task.envelope.reverse_path = smtp::parse_reverse_path("<" + places.at(2) + ">").value();
  for (std::size_t i = 3; i < places.size(); ++i)
    task.envelope.recipients.push_back(smtp::parse_forward_path("<" + places[i] + ">").value());
  return task;
}

// Prints what the event says; true when the message was accepted.
bool tell(const smtp::ClientEvent& event, const Task& task) {
  if (const auto* one = std::get_if<smtp::RecipientAnswered>(&event))
    fmt::print("{} <{}>\n", one->reply.code, task.envelope.recipients[one->index].mailbox.text());
  const auto* answered = std::get_if<smtp::MessageAnswered>(&event);
  if (!answered) return false;
  const bool accepted = answered->outcome == smtp::Outcome::Accepted;
  fmt::print("{} {}\n", accepted ? "accepted" : "not accepted", answered->reply.code);
  return accepted;
}

bool deliver(const Task& task, std::string content) {
  boost::asio::io_context io;
  tcp::socket socket(io);
  boost::asio::connect(socket, tcp::resolver(io).resolve(task.host, task.port));
  smtp::Client client(task.options);
  client.deliver(task.envelope, std::move(content));
  client.quit();
  bool accepted = false;
  char buffer[16 << 10];
  while (!client.wants_close()) {
    boost::system::error_code failed;
    const std::size_t count = socket.read_some(boost::asio::buffer(buffer), failed);
    if (failed)
      client.receive_eof();
    else
      client.receive({buffer, count});
    while (const auto event = client.next_event()) accepted |= tell(*event, task);
    const std::string output = client.take_output();
    boost::asio::write(socket, boost::asio::buffer(output), failed);
    if (failed) client.receive_eof();
  }
  while (const auto event = client.next_event()) accepted |= tell(*event, task);
  return accepted;
}

}  // namespace

int main(int count, char** values) {
  try {
    const Task task = read_arguments({values + 1, values + count});
    std::string content(std::istreambuf_iterator<char>(std::cin), {});
    return deliver(task, std::move(content)) ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "deliver: {}\n", error.what());
    return 2;
  }
}
