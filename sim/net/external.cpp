#include "sim/net/external.hpp"

#include <cassert>
#include <utility>

#include "sim/net/tcp.hpp"

namespace mailscope::sim {

ExternalSockets::Socket* ExternalSockets::find(SocketId socket) {
  const auto found = sockets_.find(socket);
  return found == sockets_.end() ? nullptr : &found->second;
}

void ExternalSockets::set_state(SocketId id, Socket& socket, TcpState state) {
  const TcpState before = std::exchange(socket.state, state);
  if (before != state) watcher_.on_socket_state(id, before, state);
}

// ---- what comes ----

void ExternalSockets::accept(SocketId listener, SocketId socket, ExternalStream& stream,
                             StreamUser& user, Endpoint local, Endpoint remote) {
  sockets_.emplace(socket, Socket{&stream, &user, local, remote});
  watcher_.on_socket_state(socket, TcpState::Listen, TcpState::Established);
  user.on_accepted(listener, socket);
}

void ExternalSockets::octets(SocketId id, std::string_view octets) {
  Socket* socket = find(id);
  if (!socket) return;
  socket->octets_received += octets.size();
  socket->user->on_octets(id, octets);
}

void ExternalSockets::eof(SocketId id) {
  Socket* socket = find(id);
  if (!socket) return;
  const bool we_closed = socket->state != TcpState::Established;
  set_state(id, *socket, we_closed ? TcpState::TimeWait : TcpState::CloseWait);
  socket->user->on_eof(id);
}

void ExternalSockets::writable(SocketId id) {
  Socket* socket = find(id);
  if (!socket || !socket->backlog_high) return;
  socket->backlog_high = false;
  socket->user->on_writable(id);
}

void ExternalSockets::closed(SocketId id, CloseReason reason) {
  Socket* socket = find(id);
  if (!socket) return;
  set_state(id, *socket, TcpState::Closed);
  StreamUser* user = socket->user;
  sockets_.erase(id);
  user->on_closed(id, reason);
}

// ---- what the program does ----

bool ExternalSockets::send(SocketId id, std::string octets) {
  Socket* socket = find(id);
  assert(socket);
  if (socket->state != TcpState::Established && socket->state != TcpState::CloseWait) return false;
  socket->octets_sent += octets.size();
  socket->stream->external_send(std::move(octets));
  if (socket->stream->external_backlog() >= options_.send_low_octets) socket->backlog_high = true;
  return true;
}

void ExternalSockets::close(SocketId id) {
  Socket* socket = find(id);
  assert(socket);
  if (socket->state != TcpState::Established && socket->state != TcpState::CloseWait) return;
  const bool peer_closed = socket->state == TcpState::CloseWait;
  set_state(id, *socket, peer_closed ? TcpState::LastAck : TcpState::FinWait1);
  socket->stream->external_close();
}

void ExternalSockets::abort(SocketId id) {
  Socket* socket = find(id);
  assert(socket);
  set_state(id, *socket, TcpState::Closed);
  ExternalStream* stream = socket->stream;
  sockets_.erase(id);
  stream->external_abort();
}

void ExternalSockets::read(SocketId id, bool on) {
  find(id)->stream->external_read(on);
}

void ExternalSockets::set_user(SocketId id, StreamUser& user) {
  find(id)->user = &user;
}

std::uint64_t ExternalSockets::backlog(SocketId id) const {
  return sockets_.at(id).stream->external_backlog();
}

SocketInfo ExternalSockets::info(SocketId id) const {
  const Socket& socket = sockets_.at(id);
  SocketInfo info;
  info.id = id;
  info.state = socket.state;
  info.local = socket.local;
  info.remote = socket.remote;
  info.unsent = socket.stream->external_backlog();
  info.octets_sent = socket.octets_sent - info.unsent;
  info.octets_received = socket.octets_received;
  return info;
}

std::vector<SocketId> ExternalSockets::ids() const {
  std::vector<SocketId> ids;
  for (const auto& [id, socket] : sockets_) ids.push_back(id);
  return ids;
}

void ExternalSockets::clear() {
  for (const auto& [id, socket] : std::exchange(sockets_, {})) socket.stream->external_abort();
}

}  // namespace mailscope::sim
