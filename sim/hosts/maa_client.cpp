#include "sim/hosts/maa_client.hpp"

#include <fmt/format.h>

#include "protocols/base/ascii.hpp"
#include "sim/hosts/fresh_words.hpp"

namespace mailscope::sim {

MaaClient::MaaClient(Machine& machine, std::uint16_t port)
    : Process(machine, trace::AgentKind::MaaClient, "MAA client"),
      port_(port),
      patience_(machine.simulator(), *this, 0) {}

void MaaClient::start() {
  become(State::Idle, "the MAA client runs when its user looks for mail");
}

void MaaClient::stop() {
  engine_.reset();
  stream_ = nullptr;
  patience_.cancel();
}

void MaaClient::fetch(UserAgent& user_agent, const std::string& host, const FetchOptions& wanted) {
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
  options.log_in = wanted.log_in;
  options.sasl_nonce = fresh_words(machine_, "MAA client", ++fetches_).nonce;
  options.keep = wanted.keep;
  options.uidl = wanted.uidl;
  if (wanted.uidl) options.known_uids = user_agent.fetched_from(host);
  options.whole_octets_max = wanted.octets_max;
  host_ = host;
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

// The server says nothing: the line may be cut, or the server itself be gone.
void MaaClient::on_event(std::uint64_t) {
  if (!stream_) return;
  tell_failed("no answer came for too long: the client hangs up, and the server deletes nothing");
  socket_call(Syscall::Close);
  stream_->close();
  finish("the MAA client ends");
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
  patience_.arm_after(machine_.config.client.reply_timeout);
  while (auto event = engine_->next_event()) take(*event);
  send(*stream_, engine_->take_output());
  if (!engine_->wants_close()) return;
  socket_call(Syscall::Close);
  stream_->close();
  finish("the MAA client ends");
}

void MaaClient::take(pop3::ClientEvent& event) {
  if (auto* message = std::get_if<pop3::MessageRetrieved>(&event)) {
    if (!message->uid.empty()) user_agent_->remember(host_, std::move(message->uid));
    user_agent_->receive(std::move(message->content));
  } else if (const auto* header = std::get_if<pop3::HeaderRetrieved>(&event)) {
    user_agent_->show_header(header->content, header->octets);
  } else if (const auto* refusal = std::get_if<pop3::Refused>(&event)) {
    tell_failed(fmt::format("{} was refused: {}", pop3::name(refusal->verb),
                            printable_utf8(refusal->text)));
  } else if (std::holds_alternative<pop3::ConnectionClosed>(event)) {
    tell_failed("the connection was closed before QUIT was answered: the server deletes nothing");
  }
}

void MaaClient::tell_failed(std::string text) {
  tell({VariableKind::Fetch, user_agent_->user().name}, State::Failed, std::move(text));
}

void MaaClient::on_closed(Stream& stream, CloseReason reason) {
  if (&stream != stream_) return;
  if (next_ < addresses_.size()) return call();
  tell_failed(
      fmt::format("the connection is over before QUIT was answered: {}", sim::name(reason)));
  finish(fmt::format("the connection is over: {}", sim::name(reason)));
}

void MaaClient::finish(std::string text) {
  patience_.cancel();
  stream_ = nullptr;
  engine_.reset();
  become(State::Idle, std::move(text));
}

}  // namespace mailscope::sim
