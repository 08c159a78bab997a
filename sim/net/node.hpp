// A host or router on the simulated network: interfaces, ARP (RFC 826), IPv4 (RFC 791), UDP (RFC
// 768), TCP (RFC 9293, tcp.hpp), routes, and a power switch.
//
// Everything it sends is real octets in Ethernet frames. Packets to the node's own addresses and to
// 127.0.0.0/8 are delivered to itself 10 microseconds later and are never on a wire: no tap sees
// them. Routing: longest prefix over the interfaces' own networks and the routes given. A node with
// forwarding on takes 1 from the TTL, mends the checksum and sends on; it sends no ICMP, so a
// packet that it cannot forward is gone without a word. Not built: IPv6, ICMP, fragments,
// multicast.
//
// Power off drops all memory: sockets (nobody is called back), ARP cache, bindings and listeners,
// waiting packets; frames to it are lost. What a host keeps on its disk is not the node's business.
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
#include "sim/net/link.hpp"
#include "sim/net/socket.hpp"

namespace mailscope::sim {

class Network;
class Node;
class ArpTable;
class ExternalSockets;
struct ExternalStream;
class TcpConnection;
class TcpLayer;
class UdpLayer;

struct Interface {
  Link* link = nullptr;
  Link::Port* port = nullptr;
  MacAddress mac;
  IpAddress address;
  int prefix = 24;
};

struct NodeObserver {
  virtual void on_socket_state(Node&, SocketId, TcpState before, TcpState after) = 0;
  virtual void on_power(Node&, bool on) { (void)on; }

 protected:
  ~NodeObserver() = default;
};

class Node final : private Handler {
 public:
  Node(Network& network, Id id, std::string name, std::uint64_t seed);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  Id id() const { return id_; }
  const std::string& name() const { return name_; }
  Network& network() { return network_; }
  Simulator& simulator() { return simulator_; }
  const std::vector<Interface>& interfaces() const { return interfaces_; }
  // Of the first interface.
  IpAddress address() const;
  bool has_address(IpAddress address) const;

  // ---- set-up ----
  void add_route(IpAddress network, int prefix, IpAddress gateway);
  void set_default_gateway(IpAddress gateway);
  void set_forwarding(bool on) { forwarding_ = on; }
  bool forwarding() const { return forwarding_; }
  TcpOptions& tcp_options() { return tcp_options_; }
  void set_observer(NodeObserver* observer) { observer_ = observer; }

  // ---- power ----
  void power_off();
  void power_on();
  bool powered() const { return powered_; }

  // ---- TCP ----
  // kNoSocket when the port is taken or the node is off. The user must live as long as the socket.
  SocketId listen(std::uint16_t port, StreamUser& user);
  // Local ports count up from 49152. Failure comes as on_closed. kNoSocket when the node is off.
  SocketId connect(IpAddress address, std::uint16_t port, StreamUser& user);
  // Takes any amount, also before on_connected. The octets' last segment carries PSH. False when
  // the socket is closed for sending; then nothing is taken.
  bool send(SocketId socket, std::string octets);
  // FIN after everything sent so far; receiving goes on. For a listener: no more are accepted.
  // Before the connection is made it is the same as abort().
  void close(SocketId socket);
  // RST; no callback follows.
  void abort(SocketId socket);
  // While paused nothing is delivered; what comes is held and the offered window shrinks.
  void pause_reading(SocketId socket);
  void resume_reading(SocketId socket);
  // Another user for the same socket (a server hands it to a session object).
  void set_user(SocketId socket, StreamUser& user);
  std::uint64_t backlog(SocketId socket) const;  // octets not yet acknowledged or not yet sent
  // Nothing for a socket that is gone.
  std::optional<SocketInfo> socket(SocketId socket) const;
  std::vector<SocketInfo> sockets() const;  // in order of their ids

  // ---- streams from outside the simulated network (external.hpp) ----
  // A socket of the program that listens on `port`; kNoSocket when none does or the node is off.
  // Everything above can be done with it. `stream` outlives it.
  SocketId accept_external(std::uint16_t port, ExternalStream& stream, Endpoint remote);
  void external_octets(SocketId socket, std::string_view octets);
  void external_eof(SocketId socket);
  void external_writable(SocketId socket);  // the backlog fell below TcpOptions::send_low_octets
  void external_closed(SocketId socket, CloseReason reason);

  // ---- UDP ----
  // Port 0: the next free one from 49152 up. Returns the port, 0 when it is taken.
  std::uint16_t bind(std::uint16_t port, DatagramUser& user);
  void unbind(std::uint16_t port);
  // False when there is no route, it is too long for the link (MTU - 28), or the node is off.
  bool send_to(std::uint16_t from_port, IpAddress address, std::uint16_t port,
               std::string_view octets);

  // ---- for inspectors ----
  struct Neighbor {
    IpAddress address;
    MacAddress mac;
    bool resolved = false;
  };
  std::vector<Neighbor> arp_cache() const;  // in order of arrival

 private:
  friend class Network;
  friend class Link;
  friend class ArpTable;
  friend class ExternalSockets;
  friend class TcpConnection;
  friend class TcpLayer;
  friend class UdpLayer;

  struct Route {
    std::uint32_t network;
    std::uint32_t mask;
    std::uint32_t gateway;  // 0: on the link
    int interface;
  };

  void on_event(std::uint64_t token) override;  // a loopback packet
  void add_interface(Link& link, MacAddress mac, IpAddress address, int prefix);
  void receive(int interface, FrameBuffer* frame);  // takes the frame
  bool receive_ip(int interface, FrameBuffer& frame);
  void deliver_up(FrameBuffer& frame, std::uint32_t header, std::uint32_t length);
  bool forward(FrameBuffer& frame);
  void insert_route(const Route& route);
  // The frame has IP header and payload in place behind room for the Ethernet header; takes it.
  bool send_ip(FrameBuffer* frame, std::uint32_t destination);
  const Route* route_to(std::uint32_t destination) const;
  // The address that a packet to `destination` is sent from; 0 without a route.
  std::uint32_t source_for(std::uint32_t destination) const;
  std::uint32_t mtu_to(std::uint32_t destination) const;
  std::uint32_t next_hop_to(std::uint32_t destination) const;
  bool is_mine(std::uint32_t address) const;
  void on_unreachable(std::uint32_t next_hop);
  void tell_socket_state(SocketId socket, TcpState before, TcpState after);

  Network& network_;
  Simulator& simulator_;
  Id id_;
  std::string name_;
  RandomStream random_;
  std::vector<Interface> interfaces_;
  std::vector<std::uint32_t> addresses_;  // theirs
  std::vector<Route> routes_;             // longest prefix first
  TcpOptions tcp_options_;
  NodeObserver* observer_ = nullptr;
  bool forwarding_ = false;
  bool powered_ = true;
  std::uint32_t power_epoch_ = 0;
  std::uint16_t ip_id_ = 0;
  std::unique_ptr<ArpTable> arp_;
  std::unique_ptr<UdpLayer> udp_;
  std::unique_ptr<TcpLayer> tcp_;
  std::unique_ptr<ExternalSockets> external_;
};

}  // namespace mailscope::sim
