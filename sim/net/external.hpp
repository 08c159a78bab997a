// Streams that come from outside the simulated network: behind them stands somebody else's
// connection (sim/live: a real one), and the programs on the node cannot tell them from any other.
//
// Node::accept_external() finds the program that listens and hands it an ExternalStream. From then
// on what the program does with the stream goes to the ExternalPeer, and what comes goes in by the
// stream's octets(), eof(), writable() and, last, closed(), all called from the event loop. A peer
// calls nobody back from within its own functions. The stream is good until closed() was called or
// the peer's external_abort() was; the peer has to live as long.
//
// No frames are made here and no tap hears of them; on_socket_state is told as for any socket.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/net/socket.hpp"
#include "sim/net/stream.hpp"

namespace mailscope::sim {

struct SocketWatcher;
class ExternalStreams;

struct ExternalPeer {
  virtual void external_send(std::string octets) = 0;
  virtual void external_close() = 0;  // the end, behind everything sent so far
  virtual void external_abort() = 0;  // a reset; the node has forgotten the stream
  // While reading is off nothing may be handed in.
  virtual void external_read(bool on) = 0;
  virtual std::uint64_t external_backlog() const = 0;  // octets sent and not yet gone

 protected:
  ~ExternalPeer() = default;
};

class ExternalStream final : public Stream {
 public:
  ExternalStream(ExternalStreams& owner, SocketId id, ExternalPeer& peer, StreamUser& user,
                 Endpoint local, Endpoint remote)
      : owner_(owner), id_(id), peer_(peer), user_(&user), local_(local), remote_(remote) {}

  // What comes.
  void octets(std::string_view octets);
  void eof();
  void writable();  // the backlog fell below TcpOptions::send_low_octets
  void closed(CloseReason reason);

  // The program's side.
  SocketId id() const override { return id_; }
  Endpoint local() const override { return local_; }
  Endpoint remote() const override { return remote_; }
  bool send(std::string octets) override;
  void close() override;
  void abort() override;
  void pause_reading() override { peer_.external_read(false); }
  void resume_reading() override { peer_.external_read(true); }
  std::uint64_t backlog() const override { return peer_.external_backlog(); }
  void set_user(StreamUser& user) override { user_ = &user; }

  SocketInfo info() const;

 private:
  bool may_send() const;
  void set_state(TcpState state);

  ExternalStreams& owner_;
  SocketId id_;
  ExternalPeer& peer_;
  StreamUser* user_;
  Endpoint local_, remote_;
  TcpState state_ = TcpState::Established;
  std::uint64_t octets_sent_ = 0, octets_received_ = 0;
  bool backlog_high_ = false;  // on_writable is owed
};

// A node's streams from outside. `options` and `watcher` outlive them. Their ids are given by the
// node, so that they are unique on it.
class ExternalStreams {
 public:
  ExternalStreams(const TcpOptions& options, SocketWatcher& watcher)
      : options_(options), watcher_(watcher) {}

  // The user is told. Null when it has aborted the stream at once.
  ExternalStream* accept(SocketId id, ExternalPeer& peer, StreamUser& user, Endpoint local,
                         Endpoint remote);
  std::optional<SocketInfo> info(SocketId id) const;
  std::vector<SocketInfo> infos() const;  // by id
  void clear();                           // power is gone: every stream is aborted

  // For the streams.
  const TcpOptions& options() const { return options_; }
  SocketWatcher& watcher() { return watcher_; }
  std::unique_ptr<ExternalStream> take_out(SocketId id);

 private:
  const TcpOptions& options_;
  SocketWatcher& watcher_;
  std::map<SocketId, std::unique_ptr<ExternalStream>> streams_;
};

}  // namespace mailscope::sim
