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

class Node final : private SocketWatcher {
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
  bool has_address(const IpAddress& address) const { return ip_.is_mine(address); }
  // An interface has an address of this version, not counting link-local ones.
  bool speaks_ipv6() const;

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
  std::vector<Neighbor> neighbors() const { return ip_.neighbors().neighbors(); }

  // ---- for the network ----
  IpLayer& ip() { return ip_; }
  void receive(int interface, FrameBuffer* frame) { ip_.receive(interface, frame); }

 private:
  void on_socket_state(SocketId socket, TcpState before, TcpState after) override;

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
  ExternalSockets external_;
};

}  // namespace mailscope::sim
