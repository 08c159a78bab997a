#include "sim/net/node.hpp"

#include <algorithm>

#include "sim/net/arp.hpp"
#include "sim/net/external.hpp"
#include "sim/net/network.hpp"
#include "sim/net/port.hpp"
#include "sim/net/tcp.hpp"
#include "sim/net/udp.hpp"
#include "sim/net/wire.hpp"

namespace mailscope::sim {

using namespace wire;

namespace {

constexpr Time kLoopbackDelay = 10 * kMicrosecond;
constexpr std::uint32_t kLoopbackMtu = 1500;
constexpr int kLoopback = -1;

std::uint32_t mask_of(int prefix) {
  return prefix == 0 ? 0 : ~std::uint32_t{0} << (32 - prefix);
}

}  // namespace

Node::Node(Network& network, Id id, std::string name, std::uint64_t seed)
    : network_(network),
      simulator_(network.simulator()),
      id_(id),
      name_(std::move(name)),
      random_(seed, "host " + name_),
      ip_id_(static_cast<std::uint16_t>(random_.next())),
      arp_(std::make_unique<ArpTable>(*this)),
      udp_(std::make_unique<UdpLayer>(*this)),
      tcp_(std::make_unique<TcpLayer>(*this, random_.next())),
      external_(std::make_unique<ExternalSockets>(*this)) {}

Node::~Node() = default;

// ---- set-up ----

void Node::add_interface(Link& link, MacAddress mac, IpAddress address, int prefix) {
  assert(!address.v6 && prefix >= 0 && prefix <= 32);
  const auto number = static_cast<int>(interfaces_.size());
  interfaces_.push_back({&link, &link.attach(*this, number, mac), mac, address, prefix});
  const std::uint32_t value = address.v4_value();
  addresses_.push_back(value);
  insert_route({value & mask_of(prefix), mask_of(prefix), 0, number});
}

void Node::insert_route(const Route& route) {
  const auto place =
      std::ranges::find_if(routes_, [&](const Route& other) { return other.mask < route.mask; });
  routes_.insert(place, route);
}

// The gateway has to be on the network of an interface that is there already.
void Node::add_route(IpAddress network, int prefix, IpAddress gateway) {
  const Route* way = route_to(gateway.v4_value());
  assert(way && way->gateway == 0);
  if (!way) return;
  insert_route(
      {network.v4_value() & mask_of(prefix), mask_of(prefix), gateway.v4_value(), way->interface});
}

void Node::set_default_gateway(IpAddress gateway) {
  add_route(IpAddress::v4(0), 0, gateway);
}

IpAddress Node::address() const {
  return interfaces_.empty() ? IpAddress{} : interfaces_.front().address;
}

bool Node::has_address(IpAddress address) const {
  return !address.v6 && is_mine(address.v4_value());
}

bool Node::is_mine(std::uint32_t address) const {
  for (const std::uint32_t own : addresses_)
    if (own == address) return true;
  return address >> 24 == 127;
}

const Node::Route* Node::route_to(std::uint32_t destination) const {
  for (const Route& route : routes_)
    if ((destination & route.mask) == route.network) return &route;
  return nullptr;
}

std::uint32_t Node::source_for(std::uint32_t destination) const {
  if (is_mine(destination)) return destination;
  const Route* route = route_to(destination);
  return route ? addresses_[static_cast<std::size_t>(route->interface)] : 0;
}

std::uint32_t Node::mtu_to(std::uint32_t destination) const {
  if (is_mine(destination)) return kLoopbackMtu;
  const Route* route = route_to(destination);
  if (!route) return 0;
  return interfaces_[static_cast<std::size_t>(route->interface)].link->options().mtu;
}

std::uint32_t Node::next_hop_to(std::uint32_t destination) const {
  const Route* route = route_to(destination);
  if (!route) return 0;
  return route->gateway != 0 ? route->gateway : destination;
}

// ---- power ----

void Node::power_off() {
  if (!powered_) return;
  powered_ = false;
  ++power_epoch_;
  tcp_->clear();
  external_->clear();
  udp_->clear();
  arp_->clear();
  for (const Interface& interface : interfaces_) interface.port->clear();
  if (observer_) observer_->on_power(*this, false);
}

void Node::power_on() {
  if (powered_) return;
  powered_ = true;
  if (observer_) observer_->on_power(*this, true);
}

// ---- IP ----

bool Node::send_ip(FrameBuffer* frame, std::uint32_t destination) {
  if (is_mine(destination)) {
    frame->epoch = power_epoch_;
    simulator_.schedule_after(kLoopbackDelay, *this, reinterpret_cast<std::uintptr_t>(frame));
    return true;
  }
  const Route* route = route_to(destination);
  const Interface* out = route ? &interfaces_[static_cast<std::size_t>(route->interface)] : nullptr;
  if (!out || frame->octets - kEthernetHeader > out->link->options().mtu) {
    network_.frames().give_back(frame);
    return false;
  }
  arp_->send(route->interface, route->gateway != 0 ? route->gateway : destination, frame);
  return true;
}

void Node::on_event(std::uint64_t token) {
  auto* frame = reinterpret_cast<FrameBuffer*>(static_cast<std::uintptr_t>(token));
  if (powered_ && frame->epoch == power_epoch_) receive_ip(kLoopback, *frame);
  network_.frames().give_back(frame);
}

void Node::receive(int interface, FrameBuffer* frame) {
  if (frame->octets >= kEthernetHeader) {
    const std::uint16_t type = get16(frame->data + 12);
    if (type == kTypeIp) {
      if (!receive_ip(interface, *frame)) return;
    } else if (type == kTypeArp) {
      arp_->receive(interface, *frame);
    }
  }
  network_.frames().give_back(frame);
}

// False when the frame was sent on and is no longer the caller's.
bool Node::receive_ip(int interface, FrameBuffer& frame) {
  const std::uint8_t* ip = frame.data + kIpAt;
  if (frame.octets < kTransportAt || ip[0] >> 4 != 4) return true;
  const std::uint32_t header = (ip[0] & 15u) * 4;
  const std::uint32_t length = get16(ip + 2);
  if (header < kIpHeader || length < header || length > frame.octets - kEthernetHeader) return true;
  if (fold(sum(ip, header)) != 0xffff) return true;
  if ((get16(ip + 6) & 0x3fff) != 0) return true;  // a fragment
  const std::uint32_t destination = get32(ip + 16);
  if (is_mine(destination)) {
    deliver_up(frame, header, length);
    return true;
  }
  if (!forwarding_ || interface == kLoopback || frame.references > 1) return true;
  return !forward(frame);
}

void Node::deliver_up(FrameBuffer& frame, std::uint32_t header, std::uint32_t length) {
  const std::uint8_t* ip = frame.data + kIpAt;
  if (ip[9] == kProtocolTcp)
    tcp_->receive(frame, kIpAt + header, length - header);
  else if (ip[9] == kProtocolUdp)
    udp_->receive(ip, ip + header, length - header);
}

// Takes 1 from the TTL and mends the checksum (RFC 1624); the frame's buffer goes on as it is.
bool Node::forward(FrameBuffer& frame) {
  std::uint8_t* ip = frame.data + kIpAt;
  if (ip[8] <= 1) return false;
  const std::uint16_t before = get16(ip + 8);
  --ip[8];
  const std::uint32_t check = (~get16(ip + 10) & 0xffffu) + (~before & 0xffffu) + get16(ip + 8);
  put16(ip + 10, static_cast<std::uint16_t>(~fold(check)));
  frame.octets = kEthernetHeader + get16(ip + 2);  // without padding
  send_ip(&frame, get32(ip + 16));
  return true;
}

void Node::on_unreachable(std::uint32_t next_hop) {
  tcp_->on_unreachable(next_hop);
}

// ---- sockets ----

SocketId Node::listen(std::uint16_t port, StreamUser& user) {
  return powered_ ? tcp_->listen(port, user) : kNoSocket;
}
SocketId Node::connect(IpAddress address, std::uint16_t port, StreamUser& user) {
  if (!powered_ || address.v6) return kNoSocket;
  return tcp_->connect(address.v4_value(), port, user);
}
bool Node::send(SocketId socket, std::string octets) {
  if (external_->has(socket)) return external_->send(socket, std::move(octets));
  return tcp_->send(socket, std::move(octets));
}
void Node::close(SocketId socket) {
  external_->has(socket) ? external_->close(socket) : tcp_->close(socket);
}
void Node::abort(SocketId socket) {
  external_->has(socket) ? external_->abort(socket) : tcp_->abort(socket);
}
void Node::pause_reading(SocketId socket) {
  external_->has(socket) ? external_->read(socket, false) : tcp_->pause_reading(socket);
}
void Node::resume_reading(SocketId socket) {
  external_->has(socket) ? external_->read(socket, true) : tcp_->resume_reading(socket);
}
void Node::set_user(SocketId socket, StreamUser& user) {
  external_->has(socket) ? external_->set_user(socket, user) : tcp_->set_user(socket, user);
}
std::uint64_t Node::backlog(SocketId socket) const {
  return external_->has(socket) ? external_->backlog(socket) : tcp_->backlog(socket);
}
std::optional<SocketInfo> Node::socket(SocketId socket) const {
  if (external_->has(socket)) return external_->info(socket);
  return tcp_->info(socket);
}
std::vector<SocketInfo> Node::sockets() const {
  std::vector<SocketInfo> list = tcp_->infos();
  const auto place = static_cast<std::ptrdiff_t>(list.size());
  for (const SocketId id : external_->ids()) list.push_back(external_->info(id));
  std::ranges::inplace_merge(list, list.begin() + place, {}, &SocketInfo::id);
  return list;
}

SocketId Node::accept_external(std::uint16_t port, ExternalStream& stream, Endpoint remote) {
  if (!powered_) return kNoSocket;
  const auto listener = tcp_->listening(port);
  if (!listener) return kNoSocket;
  const SocketId id = tcp_->new_id();
  external_->accept(listener->first, id, stream, *listener->second, {address(), port}, remote);
  return id;
}
void Node::external_octets(SocketId socket, std::string_view octets) {
  external_->octets(socket, octets);
}
void Node::external_eof(SocketId socket) {
  external_->eof(socket);
}
void Node::external_writable(SocketId socket) {
  external_->writable(socket);
}
void Node::external_closed(SocketId socket, CloseReason reason) {
  external_->closed(socket, reason);
}
void Node::tell_socket_state(SocketId socket, TcpState before, TcpState after) {
  if (observer_) observer_->on_socket_state(*this, socket, before, after);
}

std::uint16_t Node::bind(std::uint16_t port, DatagramUser& user) {
  return powered_ ? udp_->bind(port, user) : 0;
}
void Node::unbind(std::uint16_t port) {
  udp_->unbind(port);
}
bool Node::send_to(std::uint16_t from_port, IpAddress address, std::uint16_t port,
                   std::string_view octets) {
  return powered_ && !address.v6 && udp_->send(from_port, address.v4_value(), port, octets);
}

std::vector<Node::Neighbor> Node::arp_cache() const {
  return arp_->neighbors();
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
