#include "sim/net/ip.hpp"

#include <algorithm>
#include <cassert>

#include "sim/net/neighbors.hpp"
#include "sim/net/port.hpp"

namespace mailscope::sim {

using namespace inet;

namespace {

constexpr Time kLoopbackDelay = 10 * kMicrosecond;
constexpr std::uint32_t kLoopbackMtu = 1500;
constexpr int kLinkLocalPrefix = 64;

}  // namespace

const InterfaceAddress* Interface::first(bool v6) const {
  const auto found = std::ranges::find_if(
      addresses, [v6](const InterfaceAddress& own) { return own.address.v6 == v6; });
  return found == addresses.end() ? nullptr : &*found;
}

IpLayer::IpLayer(Simulator& simulator, FramePool& frames, std::uint16_t id)
    : simulator_(simulator),
      frames_(frames),
      id_(id),
      neighbors_(std::make_unique<NeighborCache>(*this)) {}

IpLayer::~IpLayer() = default;

// ---- set-up ----

int IpLayer::add_interface(Link& link, Link::Port& port, MacAddress mac) {
  interfaces_.push_back({&link, &port, mac, {}});
  return static_cast<int>(interfaces_.size()) - 1;
}

void IpLayer::add_address(int interface, IpAddress address, int prefix) {
  assert(prefix >= 0 && prefix <= address.bits());
  Interface& to = interfaces_[static_cast<std::size_t>(interface)];
  last_way_.reset();
  const auto listen = [&](const IpAddress& own, int bits) {
    own_.push_back(own);
    insert_route({own.network(bits), bits, {}, true, interface});
    if (own.v6) own_.push_back(solicited_node(own));
  };
  if (address.v6 && !to.first(true)) listen(link_local(to.mac), kLinkLocalPrefix);
  to.addresses.push_back({address, prefix});
  listen(address, prefix);
}

void IpLayer::insert_route(const Route& route) {
  last_way_.reset();
  const auto place = std::ranges::find_if(
      routes_, [&](const Route& other) { return other.prefix < route.prefix; });
  routes_.insert(place, route);
}

void IpLayer::add_route(IpAddress network, int prefix, IpAddress gateway, int interface) {
  if (interface == kLoopback) {
    const Route* way = route_to(gateway);
    assert(way && way->direct);
    if (!way) return;
    interface = way->interface;
  }
  insert_route({network.network(prefix), prefix, gateway, false, interface});
}

// ---- what is known ----

bool IpLayer::is_mine(const IpAddress& address) const {
  for (const IpAddress& own : own_)
    if (same(own, address)) return true;
  return address.is_loopback();
}

const IpLayer::Route* IpLayer::route_to(const IpAddress& destination) const {
  for (const Route& route : routes_)
    if (destination.is_within(route.network, route.prefix)) return &route;
  return nullptr;
}

std::optional<IpAddress> IpLayer::source_for(const IpAddress& destination) const {
  if (is_mine(destination)) return destination;
  const Route* route = route_to(destination);
  if (!route) return std::nullopt;
  const Interface& out = interfaces_[static_cast<std::size_t>(route->interface)];
  if (destination.v6 && destination.is_link_local()) return link_local(out.mac);
  const InterfaceAddress* own = out.first(destination.v6);
  return own ? std::optional(own->address) : std::nullopt;
}

std::uint32_t IpLayer::mtu_to(const IpAddress& destination) const {
  if (is_mine(destination)) return kLoopbackMtu;
  const Route* route = route_to(destination);
  return route ? interfaces_[static_cast<std::size_t>(route->interface)].link->options().mtu : 0;
}

bool IpLayer::goes_by(const IpAddress& destination, int interface,
                      const IpAddress& next_hop) const {
  const Route* route = route_to(destination);
  return route && route->interface == interface &&
         (route->direct ? destination : route->gateway) == next_hop;
}

// ---- sending ----

void IpLayer::write_header(FrameBuffer& frame, const Flow& flow, std::uint32_t octets) {
  std::uint8_t* at = frame.data + Ethernet::kOctets;
  const std::uint32_t header = header_octets(flow.destination);
  frame.octets = Ethernet::kOctets + header + octets;
  if (flow.destination.v6) {
    Ipv6 ip;
    ip.payload_octets = static_cast<std::uint16_t>(octets);
    ip.next_header = flow.protocol;
    ip.hop_limit = flow.hops;
    ip.source = flow.source;
    ip.destination = flow.destination;
    return ip.emit(at);
  }
  Ipv4 ip;
  ip.total_octets = static_cast<std::uint16_t>(header + octets);
  ip.id = id_++;
  ip.dont_fragment = true;
  ip.ttl = flow.hops;
  ip.protocol = flow.protocol;
  ip.source = flow.source;
  ip.destination = flow.destination;
  ip.emit(at);
}

bool IpLayer::send(FrameBuffer* frame, const Flow& flow, std::uint32_t octets) {
  write_header(*frame, flow, octets);
  return route(frame, flow.destination);
}

const IpLayer::Way& IpLayer::way_to(const IpAddress& destination) {
  if (!last_way_ || !same(last_way_->destination, destination)) {
    const bool mine = is_mine(destination);
    last_way_ = Way{destination, mine, mine ? nullptr : route_to(destination)};
  }
  return *last_way_;
}

// Takes the frame.
bool IpLayer::route(FrameBuffer* frame, const IpAddress& destination) {
  const Way& way = way_to(destination);
  if (way.mine) {
    frame->epoch = epoch_;
    simulator_.schedule_after(kLoopbackDelay, *this, reinterpret_cast<std::uintptr_t>(frame));
    return true;
  }
  const Route* route = way.route;
  const Interface* out = route ? &interfaces_[static_cast<std::size_t>(route->interface)] : nullptr;
  if (!out || frame->octets - Ethernet::kOctets > out->link->options().mtu) {
    frames_.give_back(frame);
    return false;
  }
  neighbors_->send(route->interface, route->direct ? destination : route->gateway, frame);
  return true;
}

// ---- receiving ----

void IpLayer::on_event(std::uint64_t token) {
  auto* frame = reinterpret_cast<FrameBuffer*>(static_cast<std::uintptr_t>(token));
  if (frame->epoch == epoch_) {
    const bool v6 = frame->data[Ethernet::kOctets] >> 4 == 6;
    v6 ? receive_ipv6(kLoopback, *frame) : receive_ipv4(kLoopback, *frame);
  }
  frames_.give_back(frame);
}

void IpLayer::receive(int interface, FrameBuffer* frame) {
  if (frame->octets >= Ethernet::kOctets) {
    const std::uint16_t type = get16(frame->data + 12);
    bool ours = true;
    if (type == kEtherIpv4) ours = receive_ipv4(interface, *frame);
    if (type == kEtherIpv6) ours = receive_ipv6(interface, *frame);
    if (type == kEtherArp) neighbors_->receive_arp(interface, *frame);
    if (!ours) return;
  }
  frames_.give_back(frame);
}

bool IpLayer::may_forward(int interface, const FrameBuffer& frame,
                          const IpAddress& destination) const {
  return forwarding_ && interface != kLoopback && frame.references == 1 &&
         !destination.is_multicast() && !destination.is_link_local();
}

// False when the frame was sent on and is no longer the caller's.
bool IpLayer::receive_ipv4(int interface, FrameBuffer& frame) {
  std::uint8_t* at = frame.data + Ethernet::kOctets;
  const std::uint32_t there = frame.octets - Ethernet::kOctets;
  if (Ipv4::check({at, there})) return true;
  const Ipv4 ip = Ipv4::read(at);
  if (ip.total_octets < ip.header_octets || ip.total_octets > there) return true;
  if (ip.is_fragment() || !Ipv4::is_good_at(at)) return true;
  if (is_mine(ip.destination)) {
    deliver(interface, {ip.source, ip.destination, ip.protocol, ip.ttl, at + ip.header_octets,
                        static_cast<std::uint32_t>(ip.total_octets - ip.header_octets)});
    return true;
  }
  if (!may_forward(interface, frame, ip.destination) || !Ipv4::take_hop(at)) return true;
  frame.octets = Ethernet::kOctets + ip.total_octets;  // without padding
  route(&frame, ip.destination);
  return false;
}

bool IpLayer::receive_ipv6(int interface, FrameBuffer& frame) {
  std::uint8_t* at = frame.data + Ethernet::kOctets;
  const std::uint32_t there = frame.octets - Ethernet::kOctets;
  const auto ip = Ipv6::parse({at, there});
  if (!ip || Ipv6::kOctets + ip->payload_octets > there) return true;
  if (is_mine(ip->destination)) {
    deliver(interface, {ip->source, ip->destination, ip->next_header, ip->hop_limit,
                        at + Ipv6::kOctets, ip->payload_octets});
    return true;
  }
  if (!may_forward(interface, frame, ip->destination) || ip->source.is_link_local() ||
      !Ipv6::take_hop(at))
    return true;
  frame.octets = Ethernet::kOctets + Ipv6::kOctets + ip->payload_octets;
  route(&frame, ip->destination);
  return false;
}

void IpLayer::deliver(int interface, const IpPacket& packet) {
  if (packet.protocol == kTcp && tcp_) return tcp_->on_packet(packet);
  if (packet.protocol == kUdp && udp_) return udp_->on_packet(packet);
  if (packet.protocol == kIcmpv6 && packet.destination.v6 && interface != kLoopback)
    neighbors_->receive_icmpv6(interface, packet);
}

void IpLayer::on_unreachable(int interface, const IpAddress& next_hop) {
  if (tcp_) tcp_->on_unreachable(interface, next_hop);
}

void IpLayer::clear() {
  ++epoch_;
  neighbors_->clear();
}

}  // namespace mailscope::sim
