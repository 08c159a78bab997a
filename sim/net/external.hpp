// Streams that come from outside the simulated network: behind such a socket of a node stands
// somebody else's connection (sim/live: a real one), and the programs on the node cannot tell it
// from any other.
//
// Node::accept_external() finds the program that listens and hands it a socket. From then on what
// the program does with the socket goes to the ExternalStream, and what comes goes in by the node's
// external_octets(), external_eof(), external_writable() and, last, external_closed(), all called
// from the event loop. A stream calls nobody back from within its own functions. It lives until
// external_closed() was called or external_abort() was.
//
// No frames are made here and no tap hears of them; on_socket_state is told as for any socket.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/net/socket.hpp"

namespace mailscope::sim {

struct SocketWatcher;

struct ExternalStream {
  virtual void external_send(std::string octets) = 0;
  virtual void external_close() = 0;  // the end, behind everything sent so far
  virtual void external_abort() = 0;  // a reset; the node has forgotten the stream
  // While reading is off nothing may be handed in.
  virtual void external_read(bool on) = 0;
  virtual std::uint64_t external_backlog() const = 0;  // octets sent and not yet gone

 protected:
  ~ExternalStream() = default;
};

// A node's external sockets. `options` and `watcher` outlive them. Their ids are given by the node,
// so that they are unique on it.
class ExternalSockets {
 public:
  ExternalSockets(const TcpOptions& options, SocketWatcher& watcher)
      : options_(options), watcher_(watcher) {}

  bool has(SocketId socket) const { return sockets_.contains(socket); }
  void accept(SocketId listener, SocketId socket, ExternalStream& stream, StreamUser& user,
              Endpoint local, Endpoint remote);
  void octets(SocketId socket, std::string_view octets);
  void eof(SocketId socket);
  void writable(SocketId socket);
  void closed(SocketId socket, CloseReason reason);

  bool send(SocketId socket, std::string octets);
  void close(SocketId socket);
  void abort(SocketId socket);
  void read(SocketId socket, bool on);
  void set_user(SocketId socket, StreamUser& user);
  std::uint64_t backlog(SocketId socket) const;
  SocketInfo info(SocketId socket) const;
  std::vector<SocketId> ids() const;  // ascending
  void clear();                       // power is gone: every stream is aborted

 private:
  struct Socket {
    ExternalStream* stream = nullptr;
    StreamUser* user = nullptr;
    Endpoint local, remote;
    TcpState state = TcpState::Established;
    std::uint64_t octets_sent = 0, octets_received = 0;
    bool backlog_high = false;  // on_writable is owed
  };
  Socket* find(SocketId socket);
  void set_state(SocketId id, Socket& socket, TcpState state);

  const TcpOptions& options_;
  SocketWatcher& watcher_;
  std::map<SocketId, Socket> sockets_;
};

}  // namespace mailscope::sim
