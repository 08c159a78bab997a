#include "sim/net/neighbors.hpp"

#include <deque>
#include <utility>

#include "protocols/inet/checksum.hpp"
#include "sim/kernel/timer.hpp"
#include "sim/net/port.hpp"

namespace mailscope::sim {

using namespace inet;

namespace {

constexpr unsigned kQuestionsMax = 3;
constexpr Time kQuestionInterval = kSecond;
constexpr std::size_t kWaitingMax = 32;

}  // namespace

struct NeighborCache::Entry final : Handler {
  Entry(NeighborCache& owner, int number, const IpAddress& ip)
      : cache(owner), interface(number), address(ip), timer(owner.ip_.simulator(), *this, 0) {}
  void on_event(std::uint64_t) override { cache.on_no_answer(*this); }

  NeighborCache& cache;
  int interface;
  IpAddress address;
  MacAddress mac;
  State state = State::Empty;
  unsigned questions = 0;
  Timer timer;
  std::deque<FrameBuffer*> waiting;
};

NeighborCache::NeighborCache(IpLayer& ip) : ip_(ip) {}

NeighborCache::~NeighborCache() = default;

NeighborCache::Entry* NeighborCache::find(int interface, const IpAddress& address) const {
  if (last_ && same(last_->address, address) && last_->interface == interface) return last_;
  for (const auto& entry : entries_)
    if (same(entry->address, address) && entry->interface == interface) return last_ = entry.get();
  return nullptr;
}

NeighborCache::Entry* NeighborCache::find_known(int interface, const IpAddress& address) const {
  Entry* found = find(interface, address);
  return found && found->state != State::Empty ? found : nullptr;
}

NeighborCache::Entry& NeighborCache::entry(int interface, const IpAddress& address) {
  if (Entry* found = find(interface, address)) return *found;
  entries_.push_back(std::make_unique<Entry>(*this, interface, address));
  return *entries_.back();
}

void NeighborCache::send(int interface, const IpAddress& next_hop, FrameBuffer* frame) {
  const Interface& out = interface_of(interface);
  const std::uint16_t type = next_hop.v6 ? kEtherIpv6 : kEtherIpv4;
  if (const Link::Port* peer = out.link->peer_of(*out.port))
    return put_on(interface, peer->mac, type, frame);
  Entry& to = entry(interface, next_hop);
  if (to.state == State::Known) return put_on(interface, to.mac, type, frame);
  if (to.waiting.size() == kWaitingMax) {
    ip_.give_back(to.waiting.front());
    to.waiting.pop_front();
  }
  to.waiting.push_back(frame);
  if (to.state == State::Asking) return;
  to.state = State::Asking;
  to.questions = 0;
  ask(to);
}

void NeighborCache::ask(Entry& to) {
  ++to.questions;
  to.timer.arm_after(kQuestionInterval);
  if (to.address.v6) return solicit(to);
  const Interface& out = interface_of(to.interface);
  send_arp(to.interface, {Arp::kRequest, out.mac, out.first(false)->address, {}, to.address});
}

void NeighborCache::on_no_answer(Entry& to) {
  if (to.questions < kQuestionsMax) return ask(to);
  to.state = State::Empty;
  drop_waiting(to);
  ip_.on_unreachable(to.interface, to.address);
}

void NeighborCache::drop_waiting(Entry& to) {
  for (FrameBuffer* frame : to.waiting) ip_.give_back(frame);
  to.waiting.clear();
}

void NeighborCache::learn(Entry& from, const MacAddress& mac) {
  from.mac = mac;
  from.state = State::Known;
  from.timer.cancel();
  const std::uint16_t type = from.address.v6 ? kEtherIpv6 : kEtherIpv4;
  for (FrameBuffer* frame : std::exchange(from.waiting, {}))
    put_on(from.interface, from.mac, type, frame);
}

void NeighborCache::put_on(int interface, const MacAddress& to, std::uint16_t type,
                           FrameBuffer* frame) {
  const Interface& out = interface_of(interface);
  Ethernet{to, out.mac, type}.emit(frame->data);
  out.link->transmit(*out.port, frame);
}

void NeighborCache::clear() {
  for (const auto& entry : entries_) {
    drop_waiting(*entry);
    entry->timer.cancel();
    entry->state = State::Empty;
  }
}

std::vector<Neighbor> NeighborCache::neighbors() const {
  std::vector<Neighbor> list;
  for (const auto& entry : entries_)
    if (entry->state != State::Empty)
      list.push_back({entry->address, entry->mac, entry->state == State::Known});
  return list;
}

// ---- ARP ----

// RFC 826, Packet Reception.
void NeighborCache::receive_arp(int interface, const FrameBuffer& frame) {
  const auto arp = Arp::parse({frame.data + Ethernet::kOctets, frame.octets - Ethernet::kOctets});
  if (!arp) return;
  const Interface& in = interface_of(interface);
  const InterfaceAddress* own = in.first(false);
  const bool for_us = own && own->address == arp->target;
  Entry* known = find_known(interface, arp->sender);
  if (!known && for_us) known = &entry(interface, arp->sender);
  if (known) learn(*known, arp->sender_mac);
  if (for_us && arp->operation == Arp::kRequest)
    send_arp(interface, {Arp::kReply, in.mac, own->address, arp->sender_mac, arp->sender});
}

// A request goes to all, a reply to its target.
void NeighborCache::send_arp(int interface, const Arp& arp) {
  FrameBuffer* frame = ip_.blank();
  frame->octets = Ethernet::kOctets + Arp::kOctets;
  arp.emit(frame->data + Ethernet::kOctets);
  const bool request = arp.operation == Arp::kRequest;
  put_on(interface, request ? MacAddress::broadcast() : arp.target_mac, kEtherArp, frame);
}

// ---- neighbour discovery ----

// RFC 4861 §7.2.2: from the address of the packet that waits, if it is one of ours.
void NeighborCache::solicit(const Entry& to) {
  const Interface& out = interface_of(to.interface);
  IpAddress from = link_local(out.mac);
  if (!to.waiting.empty()) {
    const IpAddress prompting = Ipv6::read(to.waiting.front()->data + Ethernet::kOctets).source;
    for (const InterfaceAddress& own : out.addresses)
      if (own.address == prompting) from = prompting;
  }
  NeighborMessage message;
  message.target = to.address;
  message.mac = out.mac;
  const IpAddress group = solicited_node(to.address);
  send_message(to.interface, multicast_mac(group), from, group, message);
}

// RFC 4861 §7.1, §7.2.3, §7.2.5.
void NeighborCache::receive_icmpv6(int interface, const IpPacket& packet) {
  if (packet.hops_left != NeighborMessage::kHopLimit) return;
  if (!is_good_transport(packet.source, packet.destination, kIcmpv6, packet.payload, packet.octets))
    return;
  const auto message = NeighborMessage::parse({packet.payload, packet.octets});
  if (!message) return;
  if (message->advertisement) {
    Entry* known = find_known(interface, message->target);
    if (known && message->mac && (message->override_entry || known->state == State::Asking))
      learn(*known, *message->mac);
    return;
  }
  if (!message->mac || packet.source.is_unspecified() || !ip_.is_mine(message->target)) return;
  learn(entry(interface, packet.source), *message->mac);
  advertise(interface, packet.source, *message->mac, message->target);
}

// RFC 4861 §7.2.4.
void NeighborCache::advertise(int interface, const IpAddress& to, const MacAddress& to_mac,
                              const IpAddress& target) {
  NeighborMessage message;
  message.advertisement = message.solicited = message.override_entry = true;
  message.router = ip_.forwarding();
  message.target = target;
  message.mac = interface_of(interface).mac;
  send_message(interface, to_mac, target, to, message);
}

void NeighborCache::send_message(int interface, const MacAddress& to_mac, const IpAddress& from,
                                 const IpAddress& to, const NeighborMessage& message) {
  FrameBuffer* frame = ip_.blank();
  message.emit(IpLayer::payload_of(*frame, to), from, to);
  ip_.write_header(*frame, {from, to, kIcmpv6, NeighborMessage::kHopLimit}, message.octets());
  put_on(interface, to_mac, kEtherIpv6, frame);
}

}  // namespace mailscope::sim
