#include "sim/hosts/maa_client.hpp"

#include <fmt/format.h>

namespace mailscope::sim {

MaaClient::MaaClient(Machine& machine, std::uint16_t port)
    : Process(machine, trace::AgentKind::MaaClient, "MAA client"), port_(port) {}

void MaaClient::start() {
  become(State::Idle, "the MAA client runs when its user looks for mail");
}

void MaaClient::stop() {
  engine_.reset();
  stream_ = nullptr;
}

void MaaClient::fetch(UserAgent& user_agent, const std::string& host, bool keep) {
  std::vector<IpAddress> addresses = machine_.hosts.to_try(host, machine_.network());
  if (engine_ || addresses.empty()) {
    tell({VariableKind::Fetch, user_agent.user().name}, State::PassedOver,
         engine_ ? "a fetch is still under way" : fmt::format("{} is not known here", host));
    return;
  }
  become(State::Running,
         fmt::format("{} looks for mail: the MAA client starts", user_agent.user().name));
  user_agent_ = &user_agent;
  pop3::ClientOptions options;
  options.user = user_agent.user().name;
  options.password = user_agent.user().password;
  options.keep = keep;
  options.uidl = keep;
  engine_.emplace(options);
  addresses_ = std::move(addresses);
  next_ = 0;
  call();
}

void MaaClient::call() {
  const IpAddress& address = addresses_[next_++];
  socket_call(Syscall::Socket);
  socket_call(Syscall::Connect, {address, port_});
  stream_ = machine_.network().connect(address, port_, *this);
  if (!stream_) finish("this host has no port left: the MAA client ends");
}

void MaaClient::on_connected(Stream& stream) {
  if (&stream != stream_) return;
  addresses_.clear();
  run();
}

void MaaClient::on_octets(Stream& stream, std::string_view octets) {
  if (&stream != stream_) return;
  socket_call(Syscall::Recv, octets.size());
  engine_->receive(octets);
  run();
}

// A connection that is being closed has still its FIN to tell when the next one is open already.
void MaaClient::on_eof(Stream& stream) {
  if (&stream != stream_) return;
  engine_->receive_eof();
  run();
}

void MaaClient::run() {
  while (auto event = engine_->next_event())
    if (auto* message = std::get_if<pop3::MessageRetrieved>(&*event))
      user_agent_->receive(std::move(message->content));
  send(*stream_, engine_->take_output());
  if (!engine_->wants_close()) return;
  socket_call(Syscall::Close);
  stream_->close();
  finish("the MAA client ends");
}

void MaaClient::on_closed(Stream& stream, CloseReason reason) {
  if (&stream != stream_) return;
  if (next_ < addresses_.size()) return call();
  finish(fmt::format("the connection is over: {}", sim::name(reason)));
}

void MaaClient::finish(std::string text) {
  stream_ = nullptr;
  engine_.reset();
  become(State::Idle, std::move(text));
}

}  // namespace mailscope::sim
