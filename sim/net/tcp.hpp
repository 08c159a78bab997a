// A node's TCP: its sockets and listeners, which segment belongs to whom, and what stands between a
// connection (tcp_connection.hpp) and the world: frames, timers, the program.
//
// RFC 9293, with RFC 5681 (congestion control), 6298 (RTO), 6582 (NewReno), 6928 (initial window),
// 7323 §2 (window scale), 3042 (limited transmit), 5961 (challenge ACKs), 1337 (RST in TIME-WAIT),
// 6528 (initial sequence numbers). Not built: SACK, time stamps, urgent data, ECN, keep-alive, path
// MTU discovery, a limit on half-open connections.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sim/kernel/timer.hpp"
#include "sim/net/ip.hpp"
#include "sim/net/tcp_connection.hpp"
#include "sim/net/tcp_table.hpp"

namespace mailscope::sim {

// Who is told when a socket's state changes.
struct SocketWatcher {
  virtual void on_socket_state(SocketId socket, TcpState before, TcpState after) = 0;

 protected:
  ~SocketWatcher() = default;
};

class TcpLayer final : public IpUser {
 public:
  // `options` are what sockets begin with; they may change later. `secret` makes sequence numbers.
  TcpLayer(IpLayer& ip, const TcpOptions& options, std::uint64_t secret, SocketWatcher& watcher);
  ~TcpLayer();

  // As Transport says. Each socket is a Stream.
  Stream* connect(const IpAddress& address, std::uint16_t port, StreamUser& user);
  bool listen(std::uint16_t port, StreamUser& user);
  void stop_listening(std::uint16_t port);
  // Who listens on a port, for streams that do not come in segments (null: nobody); and an id for
  // such a one.
  StreamUser* listening(std::uint16_t port);
  SocketId new_id();
  std::optional<SocketInfo> info(SocketId socket) const;
  std::vector<SocketInfo> infos() const;

  void on_packet(const IpPacket& packet) override;
  void on_unreachable(int interface, const IpAddress& next_hop) override;
  void clear();  // without a word to anybody: power is gone

 private:
  struct Socket;
  struct Listener {
    SocketId id;
    std::uint16_t port;
    StreamUser* user;
  };

  Listener* listener_on(std::uint16_t port);
  Listener* listener_of(SocketId id);
  Socket* socket_of(SocketId id) const;
  Socket& open(const TcpKey& key, StreamUser* user);
  void close(Socket& socket);
  void abort(Socket& socket);
  void release(Socket& socket);    // forgets it and gives it back
  void forget(Socket& socket);     // the connection is no more
  void give_back(Socket& socket);  // the block is used again
  std::uint16_t free_port(const IpAddress& local, const IpAddress& remote,
                          std::uint16_t remote_port);
  std::uint32_t initial_sequence(const TcpKey& key) const;
  Time now() const { return ip_.simulator().now(); }

  void on_timer(Socket& socket, TcpTimer timer);
  void on_owed(Socket& socket);
  void work(Socket& socket, std::optional<TcpSending> first);
  void send_waiting(Socket& socket);
  void tell(Socket& socket, const TcpEvent& event);
  void tell_state(Socket& socket);
  void tell_closed(Socket& socket, CloseReason reason);
  void accepted(Socket& socket);
  void set_timers(Socket& socket);
  void emit(Socket& socket, TcpSending& sending);
  void emit(const TcpKey& key, TcpSending& sending, TcpConnection* text);  // fills in the ports

  IpLayer& ip_;
  const TcpOptions& options_;
  std::uint64_t secret_;
  SocketWatcher& watcher_;
  std::uint16_t next_port_ = 49152;
  TcpTable<Socket> table_;
  std::vector<Listener> listeners_;
  std::vector<Socket*> by_id_;                   // null: a listener, or gone
  std::vector<std::unique_ptr<Socket>> blocks_;  // stay: their timers may be queued
  std::vector<Socket*> free_;
};

}  // namespace mailscope::sim
