#include "sim/net/tcp_connection.hpp"

#include <cassert>
#include <utility>

#include "sim/net/network.hpp"
#include "sim/net/wire.hpp"

namespace mailscope::sim {

namespace {

constexpr int kTokenBits = 2;  // under the socket id in the token of an event without a Timer

}  // namespace

TcpConnection::TcpConnection(TcpLayer& layer)
    : layer_(layer),
      retransmit_timer_(layer.node_.simulator_, *this, kRetransmit),
      ack_timer_(layer.node_.simulator_, *this, kDelayedAck),
      time_wait_timer_(layer.node_.simulator_, *this, kTimeWait) {}

Simulator& TcpConnection::simulator() {
  return layer_.node_.simulator_;
}
Time TcpConnection::now() {
  return simulator().now();
}

void TcpConnection::begin(SocketId id, const TcpKey& key, StreamUser* user,
                          const TcpOptions& options, std::uint32_t isn, std::uint32_t mtu) {
  static_cast<TcpVariables&>(*this) = TcpVariables{};
  id_ = id;
  key_ = key;
  user_ = user;
  options_ = options;
  const std::uint32_t headers = wire::kIpHeader + wire::kTcpHeader;
  mss_offered_ = mtu > headers ? std::min(options.mss, mtu - headers) : options.mss;
  if (options.window_scaling)
    while (options.receive_window >> rcv_scale_ > 0xffff && rcv_scale_ < 14) ++rcv_scale_;
  else
    options_.receive_window = std::min<std::uint32_t>(options.receive_window, 0xffff);
  iss_ = snd_una_ = snd_nxt_ = snd_max_ = recover_ = small_end_ = isn;
  rto_ = options.rto_initial;
}

void TcpConnection::connect() {
  set_state(TcpState::SynSent);
  send_syn();
}

void TcpConnection::connect_fails() {
  set_state(TcpState::SynSent);
  failure_owed_ = true;
  simulator().schedule_after(0, *this, kOwed | std::uint64_t{id_} << kTokenBits);
}

void TcpConnection::accept(SocketId listener, const TcpSegment& syn) {
  listener_ = listener;
  ++segments_received_;
  negotiate(syn);
  set_state(TcpState::SynReceived);
  send_syn();
}

bool TcpConnection::send(std::string octets) {
  switch (state_) {
    case TcpState::SynSent:
    case TcpState::SynReceived:
    case TcpState::Established:
    case TcpState::CloseWait:
      break;
    default:
      return false;
  }
  if (fin_queued_) return false;
  out_.append(std::move(octets));
  if (out_.size() >= options_.send_low_octets) backlog_high_ = true;
  output();
  return true;
}

void TcpConnection::close() {
  if (state_ == TcpState::SynSent || state_ == TcpState::SynReceived) return abort();
  if (state_ != TcpState::Established && state_ != TcpState::CloseWait) return;
  fin_queued_ = true;
  output();
}

void TcpConnection::abort() {
  if (state_ == TcpState::TimeWait) return;
  if (state_ != TcpState::SynSent) send_reset(snd_nxt_);
  layer_.release(*this);
  forget();
}

// Without a word: no callback, nothing sent.
void TcpConnection::forget() {
  set_state(TcpState::Closed);
  cancel_timers();
  drop_held();
  out_.clear();
  inbox_.clear();
  user_ = nullptr;
  id_ = kNoSocket;
}

// The user is told last, when nothing of this connection is left: the callback may open another one
// in the same block.
void TcpConnection::finish(CloseReason reason) {
  const SocketId id = id_;
  const bool known = listener_ == kNoSocket;  // a passive one that never opened is nobody's
  if (reason == CloseReason::Finished) {
    deliver_owed();
    if (!alive(id)) return;
  }
  StreamUser* user = user_;
  layer_.release(*this);
  forget();
  if (user && known) user->on_closed(id, reason);
}

// What waits because reading is paused comes before the end.
void TcpConnection::deliver_owed() {
  const SocketId id = id_;
  if (!user_) return;
  if (!inbox_.empty()) {
    const std::string octets = std::exchange(inbox_, {});
    user_->on_octets(id, octets);
    if (!alive(id) || !user_) return;
  }
  if (std::exchange(eof_owed_, false)) user_->on_eof(id);
}

void TcpConnection::resume_reading() {
  if (!std::exchange(paused_, false)) return;
  simulator().schedule_after(0, *this, kOwed | std::uint64_t{id_} << kTokenBits);
}

void TcpConnection::on_event(std::uint64_t token) {
  const SocketId id = static_cast<SocketId>(token >> kTokenBits);
  switch (token & ((1 << kTokenBits) - 1)) {
    case kRetransmit:
      return on_retransmission_timeout();
    case kDelayedAck:
      return send_acknowledgment();
    case kTimeWait:
      layer_.release(*this);
      return forget();
    default:
      break;
  }
  if (!alive(id)) return;
  if (failure_owed_) return finish(CloseReason::Unreachable);
  if (paused_) return;
  deliver_owed();
  if (!alive(id) || state_ == TcpState::TimeWait) return;
  // RFC 9293 §3.8.6.2.2: tell the sender once the window has grown enough.
  const std::uint32_t offered = rcv_edge_ - rcv_nxt_;
  if (receive_space() >= offered + std::min(2 * mss_, options_.receive_window / 2))
    send_acknowledgment();
}

void TcpConnection::set_state(TcpState state) {
  const TcpState before = std::exchange(state_, state);
  NodeObserver* observer = layer_.node_.observer_;
  if (observer && before != state) observer->on_socket_state(layer_.node_, id_, before, state);
}

void TcpConnection::cancel_timers() {
  retransmit_timer_.cancel();
  ack_timer_.cancel();
  time_wait_timer_.cancel();
}

// Both FINs are through; the pair of ports waits for stray segments (RFC 9293 §3.6.1).
void TcpConnection::enter_time_wait() {
  const SocketId id = id_;
  set_state(TcpState::TimeWait);
  cancel_timers();
  drop_held();
  time_wait_timer_.arm_background_after(options_.time_wait);
  deliver_owed();
  if (!alive(id)) return;
  if (StreamUser* user = std::exchange(user_, nullptr)) user->on_closed(id, CloseReason::Finished);
}

bool TcpConnection::gives_way_to(const TcpSegment& segment) const {
  return state_ == TcpState::TimeWait && segment.has(wire::kSyn) && !segment.has(wire::kAck) &&
         !segment.has(wire::kRst) && seq_before(rcv_nxt_, segment.sequence);
}

SocketInfo TcpConnection::info() const {
  SocketInfo info;
  info.id = id_;
  info.state = state_;
  info.local = {IpAddress::v4(key_.local_address), key_.local_port};
  info.remote = {IpAddress::v4(key_.remote_address), key_.remote_port};
  info.congestion_window = cwnd_;
  info.slow_start_threshold = ssthresh_;
  info.send_window = snd_wnd_;
  info.receive_window = rcv_edge_ - rcv_nxt_;
  info.mss = mss_;
  info.smoothed_rtt = srtt_;
  info.rtt_variation = rttvar_;
  info.rto = rto_;
  const std::uint32_t base = snd_una_ == iss_ ? iss_ + 1 : snd_una_;
  info.unacked =
      std::min<std::uint64_t>(out_.size(), seq_before(base, snd_max_) ? snd_max_ - base : 0);
  info.unsent = out_.size() - info.unacked;
  info.held = inbox_.size();
  info.octets_sent = octets_sent_;
  info.octets_received = octets_received_;
  info.segments_sent = segments_sent_;
  info.segments_received = segments_received_;
  info.retransmissions = retransmissions_;
  return info;
}

}  // namespace mailscope::sim
