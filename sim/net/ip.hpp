// A node's IP: its interfaces and addresses, routes, packets to itself, forwarding. RFC 791
// (IPv4), RFC 8200 (IPv6).
//
// Routing: longest prefix over the interfaces' own networks and the routes given. Packets to the
// node's own addresses are delivered to itself 10 microseconds later and are never on a wire. With
// forwarding on, a packet for others loses one of its hops and goes on; no ICMP error is sent, so
// what cannot be forwarded is gone without a word. An interface with an IPv6 address has a
// link-local one as well (RFC 4291 §2.8) and listens to its addresses' solicited-node groups.
//
// Not built: fragments, options and extension headers, multicast beyond neighbour discovery, router
// advertisements, duplicate address detection, ICMP errors.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "protocols/base/address.hpp"
#include "protocols/inet/ip.hpp"
#include "sim/kernel/simulator.hpp"
#include "sim/net/address.hpp"
#include "sim/net/frame_pool.hpp"
#include "sim/net/link.hpp"

namespace mailscope::sim {

class NeighborCache;

struct InterfaceAddress {
  IpAddress address;
  int prefix = 24;
};

struct Interface {
  Link* link = nullptr;
  Link::Port* port = nullptr;
  MacAddress mac;
  std::vector<InterfaceAddress> addresses;  // as given; not the link-local ones

  const IpAddress& address() const { return addresses.front().address; }
  // The first of this version; null when there is none.
  const InterfaceAddress* first(bool v6) const;
};

// A packet that came for this node.
struct IpPacket {
  IpAddress source, destination;
  std::uint8_t protocol = 0;
  std::uint8_t hops_left = 0;  // TTL or hop limit, as it came
  const std::uint8_t* payload = nullptr;
  std::uint32_t octets = 0;
};

// Who takes the packets of a protocol.
struct IpUser {
  virtual void on_packet(const IpPacket& packet) = 0;
  // Nobody answers for this next hop of the interface.
  virtual void on_unreachable(int interface, const IpAddress& next_hop) {
    (void)interface, (void)next_hop;
  }

 protected:
  ~IpUser() = default;
};

class IpLayer final : private Handler {
 public:
  static constexpr int kLoopback = -1;  // the interface of packets to oneself

  struct Flow {
    IpAddress source, destination;
    std::uint8_t protocol = 0;
    std::uint8_t hops = 64;
  };

  // `id` is the first IPv4 identification.
  IpLayer(Simulator& simulator, FramePool& frames, std::uint16_t id);
  ~IpLayer();

  // ---- set-up ----
  int add_interface(Link& link, Link::Port& port, MacAddress mac);
  void add_address(int interface, IpAddress address, int prefix);
  // The gateway is on the network of an interface, or a link-local address on `interface`.
  void add_route(IpAddress network, int prefix, IpAddress gateway, int interface = kLoopback);
  void set_forwarding(bool on) { forwarding_ = on; }
  bool forwarding() const { return forwarding_; }
  void set_users(IpUser& tcp, IpUser& udp) { tcp_ = &tcp, udp_ = &udp; }

  const std::vector<Interface>& interfaces() const { return interfaces_; }
  Simulator& simulator() const { return simulator_; }
  NeighborCache& neighbors() { return *neighbors_; }
  const NeighborCache& neighbors() const { return *neighbors_; }

  // ---- what is known ----
  // One's own, a loopback address, or a group that one listens to.
  bool is_mine(const IpAddress& address) const;
  // The address that a packet to `destination` is sent from; nothing without a route.
  std::optional<IpAddress> source_for(const IpAddress& destination) const;
  std::uint32_t mtu_to(const IpAddress& destination) const;  // 0 without a route
  bool goes_anywhere(const IpAddress& destination) const { return route_to(destination); }
  bool goes_by(const IpAddress& destination, int interface, const IpAddress& next_hop) const;

  // ---- sending ----
  FrameBuffer* blank() { return frames_.take(); }
  void give_back(FrameBuffer* frame) { frames_.give_back(frame); }
  static std::uint32_t header_octets(const IpAddress& to) {
    return to.v6 ? inet::Ipv6::kOctets : inet::Ipv4::kOctets;
  }
  static std::uint8_t* payload_of(FrameBuffer& frame, const IpAddress& to) {
    return frame.data + inet::Ethernet::kOctets + header_octets(to);
  }
  // `octets` of payload are in their place. Takes the frame; false when it goes nowhere.
  bool send(FrameBuffer* frame, const Flow& flow, std::uint32_t octets);
  // Writes the IP header alone: for who knows the way (neighbour discovery).
  void write_header(FrameBuffer& frame, const Flow& flow, std::uint32_t octets);

  // ---- receiving ----
  void receive(int interface, FrameBuffer* frame);  // takes the frame
  void on_unreachable(int interface, const IpAddress& next_hop);
  void clear();  // power is gone

 private:
  struct Route {
    IpAddress network;
    int prefix;
    IpAddress gateway;
    bool direct;  // on the link, without a gateway
    int interface;
  };

  void on_event(std::uint64_t token) override;  // a packet to oneself
  // Where a destination is: here, or by a route (null: nowhere).
  struct Way {
    IpAddress destination;
    bool mine = false;
    const Route* route = nullptr;
  };

  void insert_route(const Route& route);
  const Route* route_to(const IpAddress& destination) const;
  const Way& way_to(const IpAddress& destination);
  bool route(FrameBuffer* frame, const IpAddress& destination);
  bool receive_ipv4(int interface, FrameBuffer& frame);
  bool receive_ipv6(int interface, FrameBuffer& frame);
  void deliver(int interface, const IpPacket& packet);
  bool may_forward(int interface, const FrameBuffer& frame, const IpAddress& destination) const;

  Simulator& simulator_;
  FramePool& frames_;
  std::uint16_t id_;
  std::uint32_t epoch_ = 0;  // goes up with each loss of power
  bool forwarding_ = false;
  std::vector<Interface> interfaces_;
  std::vector<IpAddress> own_;   // and groups
  std::vector<Route> routes_;    // longest prefix first
  std::optional<Way> last_way_;  // the one asked for last: mostly it is asked for again
  IpUser* tcp_ = nullptr;
  IpUser* udp_ = nullptr;
  std::unique_ptr<NeighborCache> neighbors_;
};

}  // namespace mailscope::sim
