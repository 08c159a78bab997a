#include "sim/net/node.hpp"

#include <algorithm>

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

bool Node::speaks_ipv6() const {
  return std::ranges::any_of(interfaces(),
                             [](const Interface& one) { return one.first(true) != nullptr; });
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

// ---- sockets ----

SocketId Node::listen(std::uint16_t port, StreamUser& user) {
  return powered_ ? tcp_.listen(port, user) : kNoSocket;
}
SocketId Node::connect(IpAddress address, std::uint16_t port, StreamUser& user) {
  return powered_ ? tcp_.connect(address, port, user) : kNoSocket;
}
bool Node::send(SocketId socket, std::string octets) {
  if (external_.has(socket)) return external_.send(socket, std::move(octets));
  return tcp_.send(socket, std::move(octets));
}
void Node::close(SocketId socket) {
  external_.has(socket) ? external_.close(socket) : tcp_.close(socket);
}
void Node::abort(SocketId socket) {
  external_.has(socket) ? external_.abort(socket) : tcp_.abort(socket);
}
void Node::pause_reading(SocketId socket) {
  external_.has(socket) ? external_.read(socket, false) : tcp_.pause_reading(socket);
}
void Node::resume_reading(SocketId socket) {
  external_.has(socket) ? external_.read(socket, true) : tcp_.resume_reading(socket);
}
void Node::set_user(SocketId socket, StreamUser& user) {
  external_.has(socket) ? external_.set_user(socket, user) : tcp_.set_user(socket, user);
}
std::uint64_t Node::backlog(SocketId socket) const {
  return external_.has(socket) ? external_.backlog(socket) : tcp_.backlog(socket);
}
std::optional<SocketInfo> Node::socket(SocketId socket) const {
  if (external_.has(socket)) return external_.info(socket);
  return tcp_.info(socket);
}
std::vector<SocketInfo> Node::sockets() const {
  std::vector<SocketInfo> list = tcp_.infos();
  const auto place = static_cast<std::ptrdiff_t>(list.size());
  for (const SocketId id : external_.ids()) list.push_back(external_.info(id));
  std::ranges::inplace_merge(list, list.begin() + place, {}, &SocketInfo::id);
  return list;
}

SocketId Node::accept_external(std::uint16_t port, ExternalStream& stream, Endpoint remote) {
  if (!powered_) return kNoSocket;
  const auto listener = tcp_.listening(port);
  if (!listener) return kNoSocket;
  const SocketId id = tcp_.new_id();
  external_.accept(listener->first, id, stream, *listener->second, {address(), port}, remote);
  return id;
}
void Node::external_octets(SocketId socket, std::string_view octets) {
  external_.octets(socket, octets);
}
void Node::external_eof(SocketId socket) {
  external_.eof(socket);
}
void Node::external_writable(SocketId socket) {
  external_.writable(socket);
}
void Node::external_closed(SocketId socket, CloseReason reason) {
  external_.closed(socket, reason);
}
void Node::on_socket_state(SocketId socket, TcpState before, TcpState after) {
  if (observer_) observer_->on_socket_state(*this, socket, before, after);
}

std::uint16_t Node::bind(std::uint16_t port, DatagramUser& user) {
  return powered_ ? udp_.bind(port, user) : 0;
}
void Node::unbind(std::uint16_t port) {
  udp_.unbind(port);
}
bool Node::send_to(std::uint16_t from_port, IpAddress address, std::uint16_t port,
                   std::string_view octets) {
  return powered_ && udp_.send(from_port, {address, port}, octets);
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
