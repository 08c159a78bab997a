// A node's TCP: the table of its connections and listeners, and which segment belongs to whom.
//
// RFC 9293, with RFC 5681 (congestion control), 6298 (RTO), 6582 (NewReno), 6928 (initial window),
// 7323 §2 (window scale), 3042 (limited transmit), 5961 (challenge ACKs), 1337 (RST in TIME-WAIT),
// 6528 (initial sequence numbers). One connection is TcpConnection. Not built: SACK, time stamps,
// urgent data, ECN, keep-alive, path MTU discovery, a limit on half-open connections.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/net/node.hpp"

namespace mailscope::sim {

class TcpConnection;
struct TcpSegment;

// The four-tuple, seen from this node.
struct TcpKey {
  std::uint32_t local_address = 0, remote_address = 0;
  std::uint16_t local_port = 0, remote_port = 0;

  friend bool operator==(const TcpKey&, const TcpKey&) = default;
  std::uint64_t hash() const;
};

// Open addressing with linear probing; never walked in its own order.
class TcpTable {
 public:
  TcpTable() : slots_(64) {}
  TcpConnection* find(const TcpKey& key) const;
  void insert(TcpConnection& connection);
  void erase(const TcpConnection& connection);
  void clear();

 private:
  std::size_t home(const TcpKey& key) const { return key.hash() & (slots_.size() - 1); }
  std::vector<TcpConnection*> slots_;  // a power of two, at most half full
  std::size_t used_ = 0;
};

class TcpLayer {
 public:
  TcpLayer(Node& node, std::uint64_t secret);
  ~TcpLayer();

  SocketId listen(std::uint16_t port, StreamUser& user);
  // Who listens on a port, for streams that do not come in segments; and an id for such a one.
  std::optional<std::pair<SocketId, StreamUser*>> listening(std::uint16_t port);
  SocketId new_id();
  SocketId connect(std::uint32_t address, std::uint16_t port, StreamUser& user);
  bool send(SocketId socket, std::string octets);
  void close(SocketId socket);
  void abort(SocketId socket);
  void pause_reading(SocketId socket);
  void resume_reading(SocketId socket);
  void set_user(SocketId socket, StreamUser& user);
  std::uint64_t backlog(SocketId socket) const;
  std::optional<SocketInfo> info(SocketId socket) const;
  std::vector<SocketInfo> infos() const;

  // The segment is the frame's octets [at, at + octets).
  void receive(FrameBuffer& frame, std::uint32_t at, std::uint32_t octets);
  void on_unreachable(std::uint32_t next_hop);
  void clear();  // without a word to anybody: power is gone

 private:
  friend class TcpConnection;

  struct Listener {
    SocketId id;
    std::uint16_t port;
    StreamUser* user;
  };

  Listener* listener_on(std::uint16_t port);
  Listener* listener_of(SocketId id);
  TcpConnection* connection_of(SocketId id) const;
  TcpConnection& open(const TcpKey& key, StreamUser* user);
  void release(TcpConnection& connection);  // its id is gone; the block is used again
  void accept(const TcpKey& key, const TcpSegment& segment, const Listener& listener);
  void refuse(const TcpKey& key, const TcpSegment& segment);
  std::uint16_t free_port(std::uint32_t local, std::uint32_t remote, std::uint16_t remote_port);
  std::uint32_t initial_sequence(const TcpKey& key) const;
  // A frame with room for headers; finish() completes TCP and IP header and sends it. `header` is
  // of TCP, `sum` the checksum sum of the payload already in place.
  FrameBuffer* blank();
  void finish(FrameBuffer* frame, const TcpKey& key, std::uint32_t sequence,
              std::uint32_t acknowledgment, std::uint8_t flags, std::uint16_t window,
              std::uint32_t header, std::uint32_t payload, std::uint64_t sum);

  Node& node_;
  std::uint64_t secret_;
  std::uint16_t next_port_ = 49152;
  TcpTable table_;
  std::vector<Listener> listeners_;
  std::vector<TcpConnection*> by_id_;                   // null: a listener, or gone
  std::vector<std::unique_ptr<TcpConnection>> blocks_;  // stay: their timers may be queued
  std::vector<TcpConnection*> free_;
};

}  // namespace mailscope::sim
