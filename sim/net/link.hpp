// A link: an Ethernet segment (LINKTYPE_ETHERNET) between two or more interfaces, with a rate, a
// delay and faults.
//
// Full duplex: each port has its own transmit queue with tail drop. A frame is put on the link when
// the port is free, occupies it for octets * 8 / rate (without preamble, FCS and gap; frames are
// not padded), and is at the other end `latency` (+ jitter) later. A unicast frame is delivered to
// the port with its destination MAC, as a switch would; a broadcast to every other port. Faults
// come from the link's own random stream, in the order in which frames are put on it.
//
// Not built: collisions, switches' learning, fragmentation (a router drops what does not fit).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/kernel/random.hpp"
#include "sim/kernel/simulator.hpp"
#include "sim/net/address.hpp"
#include "sim/net/frame_pool.hpp"
#include "sim/net/tap.hpp"

namespace mailscope::sim {

class Network;
class Node;

struct LinkOptions {
  std::string kind = "lan";                // the preset's name
  Time latency = 50 * kMicrosecond;        // one way
  std::uint64_t rate_bps = 1'000'000'000;  // each way
  std::uint32_t queue_octets = 262'144;    // each port; waiting frames, not the one being sent
  double loss = 0;                         // probabilities for each frame, 0..1
  double duplication = 0;
  double reordering = 0;      // probability that a frame is held back by reordering_delay
  Time reordering_delay = 0;  // 0: latency / 2 + 4 full frames' transmission
  Time jitter = 0;            // up to so much more latency, uniform; order is kept
  std::uint32_t mtu = 1500;   // largest IP packet, at most 1500
  // With two stations: whatever one sends is for the other, so nobody asks for addresses (no ARP).
  // The frames have Ethernet headers here all the same: one kind of frame for all captures.
  bool point_to_point = false;
};

// A kind of link by its name (link_presets.cpp has the table); nothing for another name.
std::optional<LinkOptions> link_preset(std::string_view name);
std::vector<std::string_view> link_preset_names();

// Time for which `octets` occupy a port: octets * 8 / rate_bps, rounded up.
Time transmission_time(std::uint64_t octets, std::uint64_t rate_bps);

class Link {
 public:
  class Port;  // one interface's end of the link

  Link(Network& network, Id id, std::string name, LinkOptions options, std::uint64_t seed);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  Id id() const { return id_; }
  const std::string& name() const { return name_; }
  const LinkOptions& options() const { return options_; }
  // Holds for frames that are put on the link from now on.
  void set_options(const LinkOptions& options);
  // A cut cable: frames in flight and frames sent from now on are lost.
  void set_up(bool up);
  bool up() const { return up_; }
  // The next `frames` frames put on the link (sent by `from`, or by anyone) are lost.
  void drop_next(unsigned frames, Id from = kNone);

  std::vector<Id> hosts() const;  // in order of attachment
  std::uint64_t frames_sent() const { return frames_sent_; }

  // ---- for interfaces ----
  Port& attach(Node& node, int interface, MacAddress mac);
  void transmit(Port& from, FrameBuffer* frame);  // takes the frame
  // The other end, where there is just one.
  const Port* peer_of(const Port& port) const;

 private:
  void put_on(Port& from, FrameBuffer* frame);
  void announce(const Port& from, FrameBuffer* frame, const Port* to, Id duplicate_of);
  void fly(const Port& from, Port* to, FrameBuffer* frame, Time leaves);
  Time arrival(Port& to, Time leaves);
  void arrive(Port& at, FrameBuffer* frame);
  void lose(FrameBuffer* frame, Loss why);
  Port* port_for(const FrameBuffer& frame) const;  // null: for all, or nobody
  bool must_drop(Id from);

  Network& network_;
  Id id_;
  std::string name_;
  LinkOptions options_;
  RandomStream random_;
  std::vector<std::unique_ptr<Port>> ports_;
  bool up_ = true;
  std::uint32_t epoch_ = 0;  // goes up when the link goes down: frames of an earlier one are lost
  unsigned drop_next_ = 0;
  Id drop_from_ = kNone;
  std::uint64_t frames_sent_ = 0;
};

}  // namespace mailscope::sim
