#include "sim/net/node.hpp"

#include <algorithm>
#include <iterator>

#include "sim/net/network.hpp"
#include "sim/net/port.hpp"

namespace mailscope::sim {

Node::Node(Network& network, Id id, std::string name, std::uint64_t seed)
    : network_(network),
      simulator_(network.simulator()),
      id_(id),
      name_(std::move(name)),
      random_(seed, "host " + name_),
      ip_(simulator_, network.frames(), static_cast<std::uint16_t>(random_.next())),
      udp_(ip_),
      tcp_(ip_, tcp_options_, random_.next(), *this),
      external_(tcp_options_, *this) {
  ip_.set_users(tcp_, udp_);
}

Node::~Node() = default;

void Node::set_default_gateway(IpAddress gateway) {
  add_route(gateway.v6 ? IpAddress{{}, true} : IpAddress{}, 0, gateway);
}

IpAddress Node::address() const {
  return interfaces().empty() ? IpAddress{} : interfaces().front().address();
}

bool Node::speaks(bool v6) const {
  return std::ranges::any_of(
      interfaces(), [v6](const Interface& interface) { return interface.first(v6) != nullptr; });
}

// ---- power ----

void Node::power_off() {
  if (!powered_) return;
  powered_ = false;
  tcp_.clear();
  external_.clear();
  udp_.clear();
  ip_.clear();
  for (const Interface& interface : interfaces()) interface.port->clear();
  if (observer_) observer_->on_power(*this, false);
}

void Node::power_on() {
  if (powered_) return;
  powered_ = true;
  if (observer_) observer_->on_power(*this, true);
}

// ---- streams and datagrams ----

Stream* Node::connect(const IpAddress& address, std::uint16_t port, StreamUser& user) {
  return powered_ ? tcp_.connect(address, port, user) : nullptr;
}

bool Node::listen(std::uint16_t port, StreamUser& user) {
  return powered_ && tcp_.listen(port, user);
}

ExternalStream* Node::accept_external(std::uint16_t port, ExternalPeer& peer, Endpoint remote) {
  if (!powered_) return nullptr;
  StreamUser* program = tcp_.listening(port);
  if (!program) return nullptr;
  return external_.accept(tcp_.new_id(), peer, *program, {address(), port}, remote);
}

std::uint16_t Node::bind(std::uint16_t port, DatagramUser& user) {
  return powered_ ? udp_.bind(port, user) : 0;
}

bool Node::send_to(std::uint16_t from_port, const IpAddress& address, std::uint16_t port,
                   std::string_view octets) {
  return powered_ && udp_.send(from_port, {address, port}, octets);
}

// ---- for inspectors ----

std::optional<SocketInfo> Node::socket(SocketId socket) const {
  if (auto info = external_.info(socket)) return info;
  return tcp_.info(socket);
}

std::vector<SocketInfo> Node::sockets() const {
  std::vector<SocketInfo> list = tcp_.infos();
  const auto place = static_cast<std::ptrdiff_t>(list.size());
  std::ranges::copy(external_.infos(), std::back_inserter(list));
  std::ranges::inplace_merge(list, list.begin() + place, {}, &SocketInfo::id);
  return list;
}

void Node::on_socket_state(SocketId socket, TcpState before, TcpState after) {
  if (observer_) observer_->on_socket_state(*this, socket, before, after);
}

std::string_view name(CloseReason reason) {
  switch (reason) {
    case CloseReason::Finished:
      return "finished";
    case CloseReason::Reset:
      return "reset";
    case CloseReason::TimedOut:
      return "timed out";
    case CloseReason::Refused:
      return "refused";
    case CloseReason::Unreachable:
      return "unreachable";
  }
  return "";
}

std::string_view name(TcpState state) {
  constexpr std::string_view kNames[] = {"CLOSED",      "LISTEN",     "SYN-SENT",   "SYN-RECEIVED",
                                         "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT",
                                         "CLOSING",     "LAST-ACK",   "TIME-WAIT"};
  return kNames[static_cast<std::size_t>(state)];
}

}  // namespace mailscope::sim
