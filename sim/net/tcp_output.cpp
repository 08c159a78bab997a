// What a connection sends, and when (RFC 9293 §3.7.4, §3.8.6).
#include <algorithm>
#include <cassert>

#include "sim/net/network.hpp"
#include "sim/net/tcp_connection.hpp"
#include "sim/net/wire.hpp"

namespace mailscope::sim {

using namespace wire;

// Everything that windows, Nagle and the avoidance of small segments let go.
void TcpConnection::output() {
  switch (state_) {
    case TcpState::Established:
    case TcpState::CloseWait:
    case TcpState::FinWait1:
    case TcpState::Closing:
    case TcpState::LastAck:
      break;
    default:
      return;
  }
  // RFC 5681 §4.1: after idling for an RTO the path is unknown again.
  if (outstanding() == 0 && now() - last_sent_ > rto_) cwnd_ = std::min(cwnd_, initial_window());
  while (send_next()) {
  }
  // Nothing is on its way whose acknowledgment would open the window: ask (RFC 9293 §3.8.6.1).
  if (outstanding() == 0 && out_.size() > 0 && !retransmit_timer_.armed()) {
    probing_ = true;
    probe_backoff_ = 0;
    retransmit_timer_.arm_after(rto_);
  }
}

bool TcpConnection::send_next() {
  if (fin_sent_ && snd_nxt_ == fin_sequence_ + 1) return false;
  const std::uint64_t waiting = out_.size() - offset_of(snd_nxt_);
  // Limited transmit (RFC 3042): the first two duplicates each let one segment go.
  const std::uint32_t extra = recovering_ ? 0 : std::min(duplicates_, 2u) * mss_;
  const std::uint32_t window = std::min(snd_wnd_, cwnd_ + extra);
  const std::uint32_t flight = snd_nxt_ - snd_una_;
  const std::uint32_t usable = window > flight ? window - flight : 0;
  const auto octets =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(waiting, std::min(usable, mss_)));
  const bool fin = fin_queued_ && octets == waiting;
  if (!fin && !may_send(octets, waiting)) return false;
  send_data(snd_nxt_, octets, fin);
  snd_nxt_ += octets + (fin ? 1 : 0);
  return true;
}

// RFC 9293 §3.8.6.2.1, with Nagle's rule (§3.7.4) as Minshall mended it: a small segment waits for
// an earlier small one, not for full ones, which would only wait for a delayed acknowledgment.
bool TcpConnection::may_send(std::uint32_t octets, std::uint64_t waiting) const {
  if (octets == 0) return false;
  if (octets == mss_) return true;
  if (octets == waiting)
    return !options_.nagle || seq_at_most(small_end_, snd_una_) || seq_before(snd_nxt_, snd_max_);
  return std::uint64_t{octets} * 2 >= snd_wnd_max_;
}

std::uint64_t TcpConnection::offset_of(std::uint32_t sequence) const {
  return sequence - (snd_una_ == iss_ ? iss_ + 1 : snd_una_);
}

// SYN, or SYN and ACK, first or again. Options: MSS, and window scale unless the peer has none.
void TcpConnection::send_syn() {
  const bool passive = state_ == TcpState::SynReceived;
  FrameBuffer* frame = layer_.blank();
  std::uint8_t* option = frame->data + kTransportAt + kTcpHeader;
  put16(option, 0x0204);
  put16(option + 2, static_cast<std::uint16_t>(mss_offered_));
  std::uint32_t header = kTcpHeader + 4;
  if (options_.window_scaling) {
    put32(option + 4, 0x01030300u | static_cast<std::uint32_t>(rcv_scale_));
    header += 4;
  }
  const auto window = static_cast<std::uint16_t>(std::min<std::uint32_t>(receive_space(), 0xffff));
  rcv_edge_ = rcv_nxt_ + window;
  if (snd_max_ != iss_) {
    ++retransmissions_;
    timing_ = false;
  } else {
    timing_ = true;
    timed_sequence_ = iss_;
    timed_at_ = now();
  }
  snd_nxt_ = snd_max_ = iss_ + 1;
  ++segments_sent_;
  arm_retransmission();
  layer_.finish(frame, key_, iss_, passive ? rcv_nxt_ : 0, passive ? kSyn | kAck : kSyn, window,
                header, 0, 0);
}

// One segment from `sequence` on; snd_nxt_ is the caller's.
void TcpConnection::send_data(std::uint32_t sequence, std::uint32_t octets, bool fin) {
  const std::uint64_t offset = offset_of(sequence);
  FrameBuffer* frame = layer_.blank();
  const std::uint64_t payload_sum =
      out_.copy(offset, octets, frame->data + kTransportAt + kTcpHeader);
  std::uint8_t flags = kAck;
  if (octets > 0 && out_.push_within(offset, octets)) flags |= kPsh;
  if (fin) flags |= kFin;

  const std::uint32_t end = sequence + octets + (fin ? 1 : 0);
  if (seq_before(sequence, snd_max_)) {
    ++retransmissions_;
    timing_ = false;  // Karn: an acknowledgment could be of either copy
  } else if (!timing_) {
    timing_ = true;
    timed_sequence_ = sequence;
    timed_at_ = now();
  }
  if (seq_before(snd_max_, end)) snd_max_ = end;
  if (octets > 0 && octets < mss_) small_end_ = end;
  last_sent_ = now();
  if (!retransmit_timer_.armed() || probing_) arm_retransmission();
  if (fin && !fin_sent_) {
    fin_sent_ = true;
    fin_sequence_ = sequence + octets;
    set_state(state_ == TcpState::CloseWait ? TcpState::LastAck : TcpState::FinWait1);
  }
  const std::uint16_t window = window_to_offer();
  acknowledgment_went();
  ++segments_sent_;
  layer_.finish(frame, key_, sequence, rcv_nxt_, flags, window, kTcpHeader, octets, payload_sum);
}

// The first segment that is not acknowledged, again. Returns its length in sequence numbers.
std::uint32_t TcpConnection::retransmit_first() {
  const std::uint64_t sent = std::min<std::uint64_t>(out_.size(), outstanding());
  const auto octets = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(sent, std::min(mss_, std::max(snd_wnd_, 1u))));
  const bool fin = fin_sent_ && octets == out_.size();
  send_data(snd_una_, octets, fin);
  return octets + (fin ? 1 : 0);
}

void TcpConnection::send_acknowledgment() {
  const std::uint16_t window = window_to_offer();
  acknowledgment_went();
  ++segments_sent_;
  layer_.finish(layer_.blank(), key_, snd_nxt_, rcv_nxt_, kAck, window, kTcpHeader, 0, 0);
}

void TcpConnection::send_reset(std::uint32_t sequence) {
  ++segments_sent_;
  layer_.finish(layer_.blank(), key_, sequence, rcv_nxt_, kRst | kAck, 0, kTcpHeader, 0, 0);
}

// A segment with ACK is about to leave: none is owed any more.
void TcpConnection::acknowledgment_went() {
  ack_now_ = false;
  segments_unacknowledged_ = 0;
  if (ack_timer_.armed()) ack_timer_.cancel();
}

std::uint32_t TcpConnection::receive_space() const {
  const std::size_t held = std::min<std::size_t>(inbox_.size(), options_.receive_window);
  return options_.receive_window - static_cast<std::uint32_t>(held);
}

// The window field. Its right edge never moves back, and moves on only by a segment or half the
// buffer (RFC 9293 §3.8.6.2.2).
std::uint16_t TcpConnection::window_to_offer() {
  const std::uint32_t offered = rcv_edge_ - rcv_nxt_;
  const std::uint32_t space = receive_space();
  const bool grows =
      space >= offered && space - offered >= std::min(options_.receive_window / 2, mss_);
  const std::uint32_t unit = 1u << rcv_scale_;
  const std::uint32_t field = grows ? space >> rcv_scale_ : (offered + unit - 1) >> rcv_scale_;
  rcv_edge_ = rcv_nxt_ + (field << rcv_scale_);
  return static_cast<std::uint16_t>(std::min(field, 0xffffu));
}

}  // namespace mailscope::sim
