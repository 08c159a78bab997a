#include "sim/net/arp.hpp"

#include <cstring>
#include <deque>

#include "sim/net/network.hpp"
#include "sim/net/port.hpp"
#include "sim/net/wire.hpp"

namespace mailscope::sim {
namespace {

using namespace wire;

constexpr std::uint16_t kRequest = 1, kReply = 2;
constexpr unsigned kRequestsMax = 3;
constexpr Time kRequestInterval = kSecond;
constexpr std::size_t kWaitingMax = 32;
// Offsets in the packet.
constexpr std::uint32_t kOperation = 6, kSenderMac = 8, kSenderIp = 14, kTargetMac = 18,
                        kTargetIp = 24;

}  // namespace

struct ArpTable::Entry final : Handler {
  Entry(ArpTable& owner, int number, std::uint32_t ip)
      : table(owner), interface(number), address(ip), timer(owner.node_.simulator(), *this, 0) {}
  void on_event(std::uint64_t) override { table.on_no_answer(*this); }

  ArpTable& table;
  int interface;
  std::uint32_t address;
  std::uint8_t mac[6] = {};
  State state = State::Empty;
  unsigned requests = 0;
  Timer timer;
  std::deque<FrameBuffer*> waiting;
};

ArpTable::ArpTable(Node& node) : node_(node) {}

ArpTable::~ArpTable() = default;

ArpTable::Entry* ArpTable::find(int interface, std::uint32_t address) const {
  if (last_ && last_->address == address && last_->interface == interface) return last_;
  for (const auto& entry : entries_)
    if (entry->address == address && entry->interface == interface) return last_ = entry.get();
  return nullptr;
}

ArpTable::Entry& ArpTable::entry(int interface, std::uint32_t address) {
  if (Entry* found = find(interface, address)) return *found;
  entries_.push_back(std::make_unique<Entry>(*this, interface, address));
  return *entries_.back();
}

void ArpTable::send(int interface, std::uint32_t next_hop, FrameBuffer* frame) {
  const Interface& out = node_.interfaces_[static_cast<std::size_t>(interface)];
  if (const Link::Port* peer = out.link->peer_of(*out.port))
    return put_on(interface, peer->mac.octets.data(), frame);
  Entry& to = entry(interface, next_hop);
  if (to.state == State::Known) return put_on(interface, to.mac, frame);
  if (to.waiting.size() == kWaitingMax) {
    node_.network().frames().give_back(to.waiting.front());
    to.waiting.pop_front();
  }
  to.waiting.push_back(frame);
  if (to.state == State::Asking) return;
  to.state = State::Asking;
  to.requests = 0;
  ask(to);
}

void ArpTable::ask(Entry& to) {
  ++to.requests;
  to.timer.arm_after(kRequestInterval);
  send_packet(to.interface, kRequest, nullptr, to.address);
}

void ArpTable::on_no_answer(Entry& to) {
  if (to.requests < kRequestsMax) return ask(to);
  to.state = State::Empty;
  drop_waiting(to);
  node_.on_unreachable(to.address);
}

void ArpTable::drop_waiting(Entry& to) {
  for (FrameBuffer* frame : to.waiting) node_.network().frames().give_back(frame);
  to.waiting.clear();
}

void ArpTable::learn(Entry& from, const std::uint8_t* mac) {
  std::memcpy(from.mac, mac, 6);
  from.state = State::Known;
  from.timer.cancel();
  std::deque<FrameBuffer*> waiting;
  waiting.swap(from.waiting);
  for (FrameBuffer* frame : waiting) put_on(from.interface, from.mac, frame);
}

// RFC 826, Packet Reception.
void ArpTable::receive(int interface, const FrameBuffer& frame) {
  if (frame.octets < kEthernetHeader + kArpPacket) return;
  const std::uint8_t* arp = frame.data + kEthernetHeader;
  if (get16(arp) != 1 || get16(arp + 2) != kTypeIp || arp[4] != 6 || arp[5] != 4) return;
  const std::uint32_t sender = get32(arp + kSenderIp);
  const bool for_us = node_.interfaces_[static_cast<std::size_t>(interface)].address.v4_value() ==
                      get32(arp + kTargetIp);
  Entry* known = find(interface, sender);
  if (known && known->state == State::Empty) known = nullptr;
  if (!known && for_us) known = &entry(interface, sender);
  if (known) learn(*known, arp + kSenderMac);
  if (for_us && get16(arp + kOperation) == kRequest)
    send_packet(interface, kReply, arp + kSenderMac, sender);
}

void ArpTable::put_on(int interface, const std::uint8_t* mac, FrameBuffer* frame) {
  const Interface& out = node_.interfaces_[static_cast<std::size_t>(interface)];
  std::memcpy(frame->data, mac, 6);
  std::memcpy(frame->data + 6, out.mac.octets.data(), 6);
  put16(frame->data + 12, kTypeIp);
  out.link->transmit(*out.port, frame);
}

// Without `to_mac` a broadcast whose target hardware address is unknown, that is zero.
void ArpTable::send_packet(int interface, std::uint16_t operation, const std::uint8_t* to_mac,
                           std::uint32_t to_address) {
  const Interface& out = node_.interfaces_[static_cast<std::size_t>(interface)];
  FrameBuffer* frame = node_.network().frames().take();
  frame->octets = kEthernetHeader + kArpPacket;
  std::memset(frame->data, 0, frame->octets);
  if (to_mac)
    std::memcpy(frame->data, to_mac, 6);
  else
    std::memset(frame->data, 0xff, 6);
  std::memcpy(frame->data + 6, out.mac.octets.data(), 6);
  put16(frame->data + 12, kTypeArp);
  std::uint8_t* arp = frame->data + kEthernetHeader;
  put16(arp, 1);
  put16(arp + 2, kTypeIp);
  arp[4] = 6;
  arp[5] = 4;
  put16(arp + kOperation, operation);
  std::memcpy(arp + kSenderMac, out.mac.octets.data(), 6);
  put32(arp + kSenderIp, out.address.v4_value());
  if (to_mac) std::memcpy(arp + kTargetMac, to_mac, 6);
  put32(arp + kTargetIp, to_address);
  out.link->transmit(*out.port, frame);
}

void ArpTable::clear() {
  for (const auto& entry : entries_) {
    drop_waiting(*entry);
    entry->timer.cancel();
    entry->state = State::Empty;
  }
}

std::vector<Node::Neighbor> ArpTable::neighbors() const {
  std::vector<Node::Neighbor> list;
  for (const auto& entry : entries_) {
    if (entry->state == State::Empty) continue;
    Node::Neighbor& neighbor = list.emplace_back();
    neighbor.address = IpAddress::v4(entry->address);
    std::memcpy(neighbor.mac.octets.data(), entry->mac, 6);
    neighbor.resolved = entry->state == State::Known;
  }
  return list;
}

}  // namespace mailscope::sim
