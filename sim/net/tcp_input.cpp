// What a connection makes of a segment: RFC 9293 §3.10.7, in the RFC's order.
#include <algorithm>
#include <cassert>
#include <utility>

#include "sim/net/network.hpp"
#include "sim/net/tcp_connection.hpp"
#include "sim/net/wire.hpp"

namespace mailscope::sim {

using namespace wire;

namespace {

constexpr std::size_t kHeldMax = 1024;  // segments kept out of order

}  // namespace

void TcpConnection::receive(const TcpSegment& segment) {
  ++segments_received_;
  if (state_ == TcpState::SynSent) return in_syn_sent(segment);
  if (!acceptable(segment)) return in_unacceptable(segment);
  if (segment.has(kRst)) return in_reset(segment);
  if (segment.has(kSyn)) return send_acknowledgment();  // RFC 5961 §4: a challenge
  if (!segment.has(kAck) || !in_acknowledgment(segment)) return;
  if (!in_text(segment)) return;
  if (segment.has(kFin) && !fin_seen_) {
    // Only if its octets were taken up to the end of the window.
    const std::uint32_t at = segment.sequence + segment.octets;
    if (seq_at_most(rcv_nxt_, at) && seq_before(at, rcv_edge_)) {
      fin_seen_ = true;
      fin_seen_at_ = at;
      if (at != rcv_nxt_) ack_now_ = true;
    }
  }
  if (!in_fin()) return;
  after_input();
}

// §3.10.7.3.
void TcpConnection::in_syn_sent(const TcpSegment& segment) {
  const bool acknowledges = segment.has(kAck) && segment.acknowledgment == snd_max_;
  if (segment.has(kAck) && !acknowledges) {
    if (!segment.has(kRst))
      layer_.finish(layer_.blank(), key_, segment.acknowledgment, 0, kRst, 0, kTcpHeader, 0, 0);
    return;
  }
  if (segment.has(kRst)) {
    if (acknowledges) finish(CloseReason::Refused);
    return;
  }
  if (!segment.has(kSyn)) return;
  negotiate(segment);
  if (!acknowledges) {  // both opened at the same time
    set_state(TcpState::SynReceived);
    send_syn();
    return;
  }
  rcv_edge_ = rcv_nxt_ + std::min<std::uint32_t>(receive_space(), 0xffff);
  on_new_acknowledgment(segment.acknowledgment);
  start_congestion_control();
  set_state(TcpState::Established);
  send_acknowledgment();
  const SocketId id = id_;
  user_->on_connected(id);
  if (alive(id)) output();
}

// The peer's SYN: its sequence number, its window, its options.
void TcpConnection::negotiate(const TcpSegment& syn) {
  irs_ = syn.sequence;
  rcv_nxt_ = irs_ + 1;
  snd_wnd_ = snd_wnd_max_ = syn.window;
  snd_wl1_ = syn.sequence;
  snd_wl2_ = syn.has(kAck) ? syn.acknowledgment : snd_una_;
  mss_ = std::min(syn.mss != 0 ? syn.mss : 536, mss_offered_);
  mss_ = std::max(mss_, 1u);
  if (syn.scale >= 0 && options_.window_scaling) {
    snd_scale_ = syn.scale;
  } else {
    options_.window_scaling = false;
    rcv_scale_ = snd_scale_ = 0;
    options_.receive_window = std::min<std::uint32_t>(options_.receive_window, 0xffff);
  }
}

// §3.10.7.4, first: the four cases. A segment without text may also stand at the window's end.
bool TcpConnection::acceptable(const TcpSegment& segment) const {
  const std::uint32_t window = rcv_edge_ - rcv_nxt_;
  const std::uint32_t length = segment.length();
  if (length == 0) return segment.sequence - rcv_nxt_ <= window;
  return segment.sequence - rcv_nxt_ < window || segment.sequence + length - 1 - rcv_nxt_ < window;
}

void TcpConnection::in_unacceptable(const TcpSegment& segment) {
  if (segment.has(kRst)) return;
  if (state_ == TcpState::SynReceived && segment.flags == kSyn && segment.sequence == irs_)
    return send_syn();  // our SYN and ACK did not arrive
  if (state_ == TcpState::TimeWait) {
    if (segment.has(kFin)) time_wait_timer_.arm_background_after(options_.time_wait);
    return send_acknowledgment();
  }
  ack_now_ = true;
  // With a closed window the text is refused and the acknowledgment is not.
  if (rcv_edge_ == rcv_nxt_ && segment.sequence == rcv_nxt_ && segment.has(kAck) &&
      !segment.has(kSyn) && !in_acknowledgment(segment))
    return;
  after_input();
}

// Second: RFC 5961 §3, RFC 1337.
void TcpConnection::in_reset(const TcpSegment& segment) {
  if (state_ == TcpState::TimeWait) return;
  if (segment.sequence != rcv_nxt_) return send_acknowledgment();
  finish(state_ == TcpState::SynReceived ? CloseReason::Refused : CloseReason::Reset);
}

// Fifth. False when nothing more is to be done with the segment.
bool TcpConnection::in_acknowledgment(const TcpSegment& segment) {
  if (state_ == TcpState::SynReceived) {
    if (!in_first_acknowledgment(segment)) return false;
  } else if (seq_before(snd_max_, segment.acknowledgment)) {
    send_acknowledgment();
    return false;
  }
  if (probing_) tries_ = 0;  // the peer is there
  const bool duplicate = is_duplicate_acknowledgment(segment);
  if (seq_before(snd_una_, segment.acknowledgment)) on_new_acknowledgment(segment.acknowledgment);
  if (seq_at_most(snd_una_, segment.acknowledgment)) update_send_window(segment);
  if (duplicate) on_duplicate_acknowledgment();
  if (fin_sent_ && snd_una_ == fin_sequence_ + 1) return on_fin_acknowledged();
  return true;
}

// The acknowledgment of our SYN, in SYN-RECEIVED.
bool TcpConnection::in_first_acknowledgment(const TcpSegment& segment) {
  if (segment.acknowledgment != snd_max_) {
    layer_.finish(layer_.blank(), key_, segment.acknowledgment, 0, kRst, 0, kTcpHeader, 0, 0);
    return false;
  }
  on_new_acknowledgment(segment.acknowledgment);
  start_congestion_control();
  snd_wnd_ = segment.window << snd_scale_;
  snd_wnd_max_ = std::max(snd_wnd_max_, snd_wnd_);
  snd_wl1_ = segment.sequence;
  snd_wl2_ = segment.acknowledgment;
  set_state(TcpState::Established);
  const SocketId id = id_;
  const SocketId listener = std::exchange(listener_, kNoSocket);
  if (listener == kNoSocket) {  // opened from both sides
    user_->on_connected(id);
  } else if (layer_.listener_of(listener)) {
    user_->on_accepted(listener, id);
  } else {
    abort();  // nobody listens any more
  }
  return alive(id);
}

// RFC 5681 §2.
bool TcpConnection::is_duplicate_acknowledgment(const TcpSegment& segment) const {
  return segment.acknowledgment == snd_una_ && segment.length() == 0 && snd_nxt_ != snd_una_ &&
         segment.window << snd_scale_ == snd_wnd_;
}

void TcpConnection::on_new_acknowledgment(std::uint32_t acknowledgment) {
  const std::uint32_t flight_before = outstanding();
  std::uint32_t octets = acknowledgment - snd_una_;
  if (snd_una_ == iss_) --octets;                                  // the SYN
  if (fin_sent_ && acknowledgment == fin_sequence_ + 1) --octets;  // the FIN
  if (timing_ && seq_before(timed_sequence_, acknowledgment)) {
    timing_ = false;
    on_rtt_sample(now() - timed_at_);
  }
  tries_ = 0;
  out_.consume(octets);
  octets_sent_ += octets;
  snd_una_ = acknowledgment;
  if (seq_before(snd_nxt_, snd_una_)) snd_nxt_ = snd_una_;
  if (outstanding() == 0) {
    retransmit_timer_.cancel();
    probing_ = false;
  } else if (!recovering_) {
    arm_retransmission();
  }
  if (recovering_) return on_recovery_acknowledgment(octets);
  duplicates_ = 0;
  // These stay near: numbers wrap.
  if (seq_before(recover_, snd_una_)) recover_ = snd_una_ - 1;
  if (seq_before(small_end_, snd_una_)) small_end_ = snd_una_;
  if (octets > 0) grow_window(octets, flight_before);
}

void TcpConnection::update_send_window(const TcpSegment& segment) {
  const bool newer =
      seq_before(snd_wl1_, segment.sequence) ||
      (snd_wl1_ == segment.sequence && seq_at_most(snd_wl2_, segment.acknowledgment));
  if (!newer) return;
  snd_wnd_ = segment.window << snd_scale_;
  snd_wnd_max_ = std::max(snd_wnd_max_, snd_wnd_);
  snd_wl1_ = segment.sequence;
  snd_wl2_ = segment.acknowledgment;
}

bool TcpConnection::on_fin_acknowledged() {
  if (state_ == TcpState::FinWait1) set_state(TcpState::FinWait2);
  if (state_ == TcpState::Closing) {
    enter_time_wait();
    return false;
  }
  if (state_ != TcpState::LastAck) return true;
  finish(CloseReason::Finished);
  return false;
}

// Seventh.
bool TcpConnection::in_text(const TcpSegment& segment) {
  if (segment.octets == 0) return true;
  if (state_ != TcpState::Established && state_ != TcpState::FinWait1 &&
      state_ != TcpState::FinWait2)
    return true;
  const std::uint32_t skip =
      seq_before(segment.sequence, rcv_nxt_) ? rcv_nxt_ - segment.sequence : 0;
  if (skip >= segment.octets) {
    ack_now_ = true;
    return true;
  }
  const std::uint32_t room = rcv_edge_ - (segment.sequence + skip);
  const std::uint32_t octets = std::min(segment.octets - skip, room);
  if (segment.sequence + skip != rcv_nxt_) {
    hold(segment, skip, octets);
    ack_now_ = true;
    return true;
  }
  // RFC 5681 §4.2: at least every second segment, and at once while a gap is being filled.
  if (++segments_unacknowledged_ >= 2 || !held_.empty() || options_.delayed_ack == 0)
    ack_now_ = true;
  return deliver(segment.payload + skip, octets) && deliver_held();
}

bool TcpConnection::deliver(const std::uint8_t* payload, std::uint32_t octets) {
  const std::string_view view(reinterpret_cast<const char*>(payload), octets);
  rcv_nxt_ += octets;
  octets_received_ += octets;
  if (paused_ || !inbox_.empty()) {
    inbox_ += view;
    return true;
  }
  const SocketId id = id_;
  user_->on_octets(id, view);
  return alive(id);
}

bool TcpConnection::deliver_held() {
  const SocketId id = id_;
  while (!held_.empty() && seq_at_most(held_.front().sequence, rcv_nxt_)) {
    const Held first = held_.front();
    held_.erase(held_.begin());
    const std::uint32_t skip = rcv_nxt_ - first.sequence;
    if (skip < first.octets) deliver(first.payload + skip, first.octets - skip);
    layer_.node_.network_.frames().give_back(first.frame);
    if (!alive(id)) return false;
  }
  return true;
}

// Keeps the frame itself. What the same place already holds in full is not kept twice.
void TcpConnection::hold(const TcpSegment& segment, std::uint32_t skip, std::uint32_t octets) {
  const std::uint32_t sequence = segment.sequence + skip;
  if (held_.size() == kHeldMax) return;
  const auto place = std::ranges::find_if(
      held_, [&](const Held& held) { return !seq_before(held.sequence, sequence); });
  if (place != held_.end() && place->sequence == sequence && place->octets >= octets) return;
  ++segment.frame->references;
  held_.insert(place, {sequence, octets, segment.payload + skip, segment.frame});
}

void TcpConnection::drop_held() {
  for (const Held& held : held_) layer_.node_.network_.frames().give_back(held.frame);
  held_.clear();
}

// Eighth: the FIN, once everything in front of it is here.
bool TcpConnection::in_fin() {
  if (!fin_seen_ || fin_seen_at_ != rcv_nxt_) return true;
  if (state_ != TcpState::Established && state_ != TcpState::FinWait1 &&
      state_ != TcpState::FinWait2)
    return true;
  const SocketId id = id_;
  ++rcv_nxt_;
  if (rcv_edge_ == rcv_nxt_ - 1) rcv_edge_ = rcv_nxt_;
  ack_now_ = true;
  eof_owed_ = true;
  if (state_ == TcpState::FinWait2) {
    send_acknowledgment();
    enter_time_wait();
    return false;
  }
  set_state(state_ == TcpState::FinWait1 ? TcpState::Closing : TcpState::CloseWait);
  if (!paused_ && inbox_.empty()) {
    eof_owed_ = false;
    user_->on_eof(id);
  }
  return alive(id);
}

// What the segment made possible or necessary.
void TcpConnection::after_input() {
  const SocketId id = id_;
  if (backlog_high_ && out_.size() < options_.send_low_octets) {
    backlog_high_ = false;
    if (user_) user_->on_writable(id);
    if (!alive(id)) return;
  }
  output();
  if (ack_now_)
    send_acknowledgment();
  else if (segments_unacknowledged_ > 0 && !ack_timer_.armed())
    ack_timer_.arm_after(options_.delayed_ack);
}

}  // namespace mailscope::sim
