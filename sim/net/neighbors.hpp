// Which MAC address has the next hop, and the packets that wait for the answer: ARP (RFC 826) for
// IPv4, neighbour discovery (RFC 4861 §7.2) for IPv6.
//
// A question is sent three times, a second apart (RFC 4861 §10: MAX_MULTICAST_SOLICIT,
// RETRANS_TIMER); then the waiting packets are dropped and the next hop counts as unreachable. At
// most 32 packets wait for one address, the oldest goes first. Entries do not age; clear() forgets
// them. What is learnt: the sender of a question to us, who answers, and a change of an address
// that is known. On a point-to-point link nobody is asked: the frame is for the other end.
//
// Not built: reachability detection (NUD), gratuitous ARP, router discovery, redirects.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "protocols/inet/icmpv6.hpp"
#include "sim/net/ip.hpp"

namespace mailscope::sim {

struct Neighbor {
  IpAddress address;
  MacAddress mac;
  bool resolved = false;
};

class NeighborCache {
 public:
  explicit NeighborCache(IpLayer& ip);
  ~NeighborCache();

  // Puts the Ethernet header in front and sends the frame, at once or when the answer is there.
  // Takes the frame.
  void send(int interface, const IpAddress& next_hop, FrameBuffer* frame);
  void receive_arp(int interface, const FrameBuffer& frame);
  void receive_icmpv6(int interface, const IpPacket& packet);
  void clear();
  std::vector<Neighbor> neighbors() const;  // in order of arrival

 private:
  enum class State : std::uint8_t { Empty, Asking, Known };
  struct Entry;

  Entry& entry(int interface, const IpAddress& address);
  Entry* find(int interface, const IpAddress& address) const;
  Entry* find_known(int interface, const IpAddress& address) const;
  void learn(Entry& entry, const MacAddress& mac);
  void ask(Entry& entry);
  void on_no_answer(Entry& entry);
  void drop_waiting(Entry& entry);
  void put_on(int interface, const MacAddress& to, std::uint16_t type, FrameBuffer* frame);
  void send_arp(int interface, const inet::Arp& arp);
  void solicit(const Entry& entry);
  void advertise(int interface, const IpAddress& to, const MacAddress& to_mac,
                 const IpAddress& target);
  void send_message(int interface, const MacAddress& to_mac, const IpAddress& from,
                    const IpAddress& to, const inet::NeighborMessage& message);
  const Interface& interface_of(int number) const {
    return ip_.interfaces()[static_cast<std::size_t>(number)];
  }

  IpLayer& ip_;
  std::vector<std::unique_ptr<Entry>>
      entries_;                    // stay for the cache's life: their timers may be queued
  mutable Entry* last_ = nullptr;  // the one found last
};

}  // namespace mailscope::sim
