// ARP (RFC 826): which MAC address has the next hop, and the packets that wait for the answer.
//
// A request is sent three times, a second apart; then the waiting packets are dropped and the node
// is told that the next hop cannot be reached. At most 32 packets wait for one address, the oldest
// goes first. Entries do not age; power_off() forgets them. What is learnt: the sender of a request
// or reply to us, and a change of an address that we know. On a point-to-point link nobody is
// asked: the frame is for the other end.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/kernel/timer.hpp"
#include "sim/net/node.hpp"

namespace mailscope::sim {

class ArpTable {
 public:
  explicit ArpTable(Node& node);
  ~ArpTable();

  // Puts the Ethernet header in front and sends the frame, at once or when the answer is there.
  // Takes the frame.
  void send(int interface, std::uint32_t next_hop, FrameBuffer* frame);
  void receive(int interface, const FrameBuffer& frame);
  void clear();
  std::vector<Node::Neighbor> neighbors() const;

 private:
  enum class State : std::uint8_t { Empty, Asking, Known };
  struct Entry;

  Entry& entry(int interface, std::uint32_t address);
  Entry* find(int interface, std::uint32_t address) const;
  void learn(Entry& entry, const std::uint8_t* mac);
  void ask(Entry& entry);
  void on_no_answer(Entry& entry);
  void drop_waiting(Entry& entry);
  void put_on(int interface, const std::uint8_t* mac, FrameBuffer* frame);
  void send_packet(int interface, std::uint16_t operation, const std::uint8_t* to_mac,
                   std::uint32_t to_address);

  Node& node_;
  std::vector<std::unique_ptr<Entry>>
      entries_;                    // stay for the table's life: their timers may be queued
  mutable Entry* last_ = nullptr;  // the one found last
};

}  // namespace mailscope::sim
