// A host or router on the simulated network: IP (ip.hpp) with ARP and neighbour discovery
// (neighbors.hpp), UDP (RFC 768), TCP (RFC 9293, tcp.hpp), and a power switch.
//
// Everything it sends is real octets in Ethernet frames. Packets to the node's own addresses and to
// 127.0.0.0/8 or ::1 are delivered to itself and are never on a wire: no tap sees them.
//
// Power off drops all memory: sockets (nobody is called back), neighbours, bindings and listeners,
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
#include "sim/net/external.hpp"
#include "sim/net/ip.hpp"
#include "sim/net/link.hpp"
#include "sim/net/neighbors.hpp"
#include "sim/net/socket.hpp"
#include "sim/net/tcp.hpp"
#include "sim/net/transport.hpp"
#include "sim/net/udp.hpp"

namespace mailscope::sim {

class Network;
class Node;

struct NodeObserver {
  virtual void on_socket_state(Node&, SocketId, TcpState before, TcpState after) = 0;
  virtual void on_power(Node&, bool on) { (void)on; }

 protected:
  ~NodeObserver() = default;
};

class Node final : public Transport, private SocketWatcher {
 public:
  Node(Network& network, Id id, std::string name, std::uint64_t seed);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  Id id() const { return id_; }
  const std::string& name() const { return name_; }
  Network& network() { return network_; }
  Simulator& simulator() { return simulator_; }
  const std::vector<Interface>& interfaces() const { return ip_.interfaces(); }
  // The first of the first interface.
  IpAddress address() const;

  // ---- set-up (interfaces: Network::attach) ----
  // A link-local gateway needs the interface that it is to be reached by.
  void add_route(IpAddress network, int prefix, IpAddress gateway,
                 int interface = IpLayer::kLoopback) {
    ip_.add_route(network, prefix, gateway, interface);
  }
  void set_default_gateway(IpAddress gateway);
  void set_forwarding(bool on) { ip_.set_forwarding(on); }
  bool forwarding() const { return ip_.forwarding(); }
  TcpOptions& tcp_options() { return tcp_options_; }
  void set_observer(NodeObserver* observer) { observer_ = observer; }

  // ---- power ----
  void power_off();
  void power_on();
  bool powered() const { return powered_; }

  // ---- what programs ask (Transport) ----
  Stream* connect(const IpAddress& address, std::uint16_t port, StreamUser& user) override;
  bool listen(std::uint16_t port, StreamUser& user) override;
  void stop_listening(std::uint16_t port) override { tcp_.stop_listening(port); }
  std::uint16_t bind(std::uint16_t port, DatagramUser& user) override;
  void unbind(std::uint16_t port) override { udp_.unbind(port); }
  bool send_to(std::uint16_t from_port, const IpAddress& address, std::uint16_t port,
               std::string_view octets) override;
  bool has_address(const IpAddress& address) const override { return ip_.is_mine(address); }
  bool speaks_ipv4() const override { return speaks(false); }
  bool speaks_ipv6() const override { return speaks(true); }

  // ---- streams from outside the simulated network (external.hpp) ----
  // For the program that listens on `port`; null when none does, the node is off, or the program
  // aborts it at once. `peer` outlives it.
  ExternalStream* accept_external(std::uint16_t port, ExternalPeer& peer, Endpoint remote);

  // ---- for inspectors ----
  // Nothing for a socket that is gone.
  std::optional<SocketInfo> socket(SocketId socket) const;
  std::vector<SocketInfo> sockets() const;  // listeners too, in order of their ids
  std::vector<Neighbor> neighbors() const { return ip_.neighbors().neighbors(); }

  // ---- for the network ----
  IpLayer& ip() { return ip_; }
  void receive(int interface, FrameBuffer* frame) { ip_.receive(interface, frame); }

 private:
  void on_socket_state(SocketId socket, TcpState before, TcpState after) override;
  bool speaks(bool v6) const;

  Network& network_;
  Simulator& simulator_;
  Id id_;
  std::string name_;
  RandomStream random_;
  TcpOptions tcp_options_;
  NodeObserver* observer_ = nullptr;
  bool powered_ = true;
  IpLayer ip_;
  UdpLayer udp_;
  TcpLayer tcp_;
  ExternalStreams external_;
};

}  // namespace mailscope::sim
