#include "sim/net/external.hpp"

#include <utility>

#include "sim/net/tcp.hpp"

namespace mailscope::sim {

void ExternalStream::set_state(TcpState state) {
  const TcpState before = std::exchange(state_, state);
  if (before != state) owner_.watcher().on_socket_state(id_, before, state);
}

// ---- what comes ----

void ExternalStream::octets(std::string_view octets) {
  octets_received_ += octets.size();
  user_->on_octets(*this, octets);
}

void ExternalStream::eof() {
  const bool we_closed = state_ != TcpState::Established;
  set_state(we_closed ? TcpState::TimeWait : TcpState::CloseWait);
  user_->on_eof(*this);
}

void ExternalStream::writable() {
  if (std::exchange(backlog_high_, false)) user_->on_writable(*this);
}

void ExternalStream::closed(CloseReason reason) {
  set_state(TcpState::Closed);
  const std::unique_ptr<ExternalStream> self = owner_.take_out(id_);
  user_->on_closed(*this, reason);
}

// ---- what the program does ----

bool ExternalStream::may_send() const {
  return state_ == TcpState::Established || state_ == TcpState::CloseWait;
}

bool ExternalStream::send(std::string octets) {
  if (!may_send()) return false;
  octets_sent_ += octets.size();
  peer_.external_send(std::move(octets));
  if (backlog() >= owner_.options().send_low_octets) backlog_high_ = true;
  return true;
}

void ExternalStream::close() {
  if (!may_send()) return;
  set_state(state_ == TcpState::CloseWait ? TcpState::LastAck : TcpState::FinWait1);
  peer_.external_close();
}

void ExternalStream::abort() {
  const std::unique_ptr<ExternalStream> self = owner_.take_out(id_);
  if (!self) return;  // it is being closed
  set_state(TcpState::Closed);
  peer_.external_abort();
}

SocketInfo ExternalStream::info() const {
  SocketInfo info;
  info.id = id_;
  info.state = state_;
  info.local = local_;
  info.remote = remote_;
  info.unsent = backlog();
  info.octets_sent = octets_sent_ - info.unsent;
  info.octets_received = octets_received_;
  return info;
}

// ---- all of them ----

ExternalStream* ExternalStreams::accept(SocketId id, ExternalPeer& peer, StreamUser& user,
                                        Endpoint local, Endpoint remote) {
  auto made = std::make_unique<ExternalStream>(*this, id, peer, user, local, remote);
  ExternalStream& stream = *streams_.emplace(id, std::move(made)).first->second;
  watcher_.on_socket_state(id, TcpState::Listen, TcpState::Established);
  user.on_accepted(stream);
  return streams_.contains(id) ? &stream : nullptr;
}

std::optional<SocketInfo> ExternalStreams::info(SocketId id) const {
  const auto found = streams_.find(id);
  if (found == streams_.end()) return std::nullopt;
  return found->second->info();
}

std::vector<SocketInfo> ExternalStreams::infos() const {
  std::vector<SocketInfo> list;
  for (const auto& [id, stream] : streams_) list.push_back(stream->info());
  return list;
}

std::unique_ptr<ExternalStream> ExternalStreams::take_out(SocketId id) {
  auto found = streams_.extract(id);
  return found.empty() ? nullptr : std::move(found.mapped());
}

void ExternalStreams::clear() {
  while (!streams_.empty()) streams_.begin()->second->abort();
}

}  // namespace mailscope::sim
