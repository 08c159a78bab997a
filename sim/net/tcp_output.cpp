// What a connection sends, and when (RFC 9293 §3.7.4, §3.8.6), and what it does when nothing comes
// back (RFC 6298).
#include <algorithm>
#include <cassert>
#include <utility>

#include "sim/net/tcp_connection.hpp"

namespace mailscope::sim {

using namespace inet;

bool TcpConnection::may_output() const {
  switch (state_) {
    case TcpState::Established:
    case TcpState::CloseWait:
    case TcpState::FinWait1:
    case TcpState::Closing:
    case TcpState::LastAck:
      return !end_;
    default:
      return false;
  }
}

// RFC 9293 §3.8.6.2.1, with Nagle's rule (§3.7.4) as Minshall mended it: a small segment waits for
// an earlier small one, not for full ones, which would only wait for a delayed acknowledgment.
inline bool TcpConnection::may_send(std::uint32_t octets, std::uint64_t waiting) const {
  if (octets == 0) return false;
  if (octets == mss_) return true;
  if (octets == waiting)
    return !options_.nagle || seq_at_most(small_end_, snd_una_) || seq_before(snd_nxt_, snd_max_);
  return std::uint64_t{octets} * 2 >= snd_wnd_max_;
}

inline std::uint64_t TcpConnection::offset_of(std::uint32_t sequence) const {
  return sequence - (snd_una_ == iss_ ? iss_ + 1 : snd_una_);
}

// What windows, Nagle and the avoidance of small segments let go.
inline std::optional<TcpConnection::Due> TcpConnection::next_due(Time now) {
  // RFC 5681 §4.1: after idling for an RTO the path is unknown again.
  if (outstanding() == 0 && now - last_sent_ > rtt_.timeout())
    congestion_.restart(initial_window());
  if (fin_sent_ && snd_nxt_ == fin_sequence_ + 1) return std::nullopt;
  const std::uint64_t waiting = out_.size() - offset_of(snd_nxt_);
  const std::uint32_t window = std::min(snd_wnd_, congestion_.allowed());
  const std::uint32_t flight = snd_nxt_ - snd_una_;
  const std::uint32_t usable = window > flight ? window - flight : 0;
  const auto octets =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(waiting, std::min(usable, mss_)));
  const bool fin = fin_queued_ && octets == waiting;
  if (!fin && !may_send(octets, waiting)) return std::nullopt;
  return Due{octets, fin};
}

std::optional<TcpSending> TcpConnection::dispatch(Time now) {
  if (may_output()) {
    if (const auto due = next_due(now)) {
      const std::uint32_t sequence = snd_nxt_;
      snd_nxt_ += due->octets + (due->fin ? 1 : 0);
      return data(sequence, *due, now);
    }
    // Nothing is on its way whose acknowledgment would open the window: ask (RFC 9293 §3.8.6.1).
    if (outstanding() == 0 && out_.size() > 0 && at(TcpTimer::Retransmit) == kNever) {
      probing_ = true;
      probe_backoff_ = 0;
      at(TcpTimer::Retransmit) = now + rtt_.timeout();
    }
  }
  if (taking_) return std::nullopt;
  const bool news = std::exchange(check_window_, false) && window_is_news();
  if (ack_now_ || news) return acknowledgment();
  if (segments_unacknowledged_ > 0 && at(TcpTimer::Acknowledge) == kNever)
    at(TcpTimer::Acknowledge) = now + options_.delayed_ack;
  return std::nullopt;
}

// RFC 6928 §2; one segment after a lost SYN.
std::uint32_t TcpConnection::initial_window() const {
  if (syn_retransmitted_) return mss_;
  const std::uint32_t segments = options_.initial_window_segments;
  return std::min(segments * mss_, std::max(2 * mss_, segments * 1460));
}

std::optional<TcpSending> TcpConnection::with(std::uint32_t sequence, std::uint8_t flags,
                                              std::uint16_t window) {
  ++segments_sent_;
  Sending sending(std::in_place);
  sending->header.sequence = sequence;
  sending->header.acknowledgment = (flags & kAck) != 0 ? rcv_nxt_ : 0;
  sending->header.flags = flags;
  sending->header.window = window;
  if ((flags & (kAck | kRst | kSyn)) == kAck) {  // it acknowledges: none is owed any more
    ack_now_ = false;
    segments_unacknowledged_ = 0;
    at(TcpTimer::Acknowledge) = kNever;
  }
  return sending;
}

// SYN, or SYN and ACK, first or again. Options: MSS, and window scale unless the peer has none.
std::optional<TcpSending> TcpConnection::syn(Time now) {
  const auto window = static_cast<std::uint16_t>(std::min<std::uint32_t>(receive_space(), 0xffff));
  rcv_edge_ = rcv_nxt_ + window;
  if (snd_max_ != iss_) {
    ++retransmissions_;
    timing_ = false;
  } else {
    timing_ = true;
    timed_sequence_ = iss_;
    timed_at_ = now;
  }
  snd_nxt_ = snd_max_ = iss_ + 1;
  arm_retransmission(now);
  Sending sending = with(iss_, state_ == TcpState::SynReceived ? kSyn | kAck : kSyn, window);
  sending->options.mss = static_cast<std::uint16_t>(mss_offered_);
  if (options_.window_scaling)
    sending->options.window_scale = static_cast<std::uint8_t>(rcv_scale_);
  return sending;
}

// One segment from `sequence` on; snd_nxt_ is the caller's.
std::optional<TcpSending> TcpConnection::data(std::uint32_t sequence, Due due, Time now) {
  const auto [octets, fin] = due;
  const std::uint64_t offset = offset_of(sequence);
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
    timed_at_ = now;
  }
  if (seq_before(snd_max_, end)) snd_max_ = end;
  if (octets > 0 && octets < mss_) small_end_ = end;
  last_sent_ = now;
  if (at(TcpTimer::Retransmit) == kNever || probing_) arm_retransmission(now);
  if (fin && !fin_sent_) {
    fin_sent_ = true;
    fin_sequence_ = sequence + octets;
    state_ = state_ == TcpState::CloseWait ? TcpState::LastAck : TcpState::FinWait1;
  }
  const std::uint16_t window = window_to_offer();
  Sending sending = with(sequence, flags, window);
  sending->offset = offset;
  sending->octets = octets;
  return sending;
}

// The first segment that is not acknowledged.
std::optional<TcpSending> TcpConnection::first_again(Time now) {
  const std::uint64_t sent = std::min<std::uint64_t>(out_.size(), outstanding());
  const auto octets = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(sent, std::min(mss_, std::max(snd_wnd_, 1u))));
  const bool fin = fin_sent_ && octets == out_.size();
  return data(snd_una_, {octets, fin}, now);
}

std::optional<TcpSending> TcpConnection::acknowledgment() {
  const std::uint16_t window = window_to_offer();
  return with(snd_nxt_, kAck, window);
}

std::uint32_t TcpConnection::receive_space() const {
  const std::size_t held = std::min<std::size_t>(inbox_.size(), options_.receive_window);
  return options_.receive_window - static_cast<std::uint32_t>(held);
}

// RFC 9293 §3.8.6.2.2: the sender is told once the window has grown enough.
bool TcpConnection::window_is_news() const {
  const std::uint32_t offered = rcv_edge_ - rcv_nxt_;
  return state_ != TcpState::TimeWait &&
         receive_space() >= offered + std::min(2 * mss_, options_.receive_window / 2);
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

// ---- time ----

void TcpConnection::arm_retransmission(Time now) {
  probing_ = false;
  at(TcpTimer::Retransmit) = now + rtt_.timeout();
}

// Nothing when the connection ends by it: next_event() says so.
std::optional<TcpSending> TcpConnection::on_timer(TcpTimer timer, Time now) {
  at(timer) = kNever;
  if (timer == TcpTimer::Retransmit) return on_retransmission_timeout(now);
  assert(timer == TcpTimer::Acknowledge);
  return acknowledgment();
}

// RFC 6298 §5.4-5.7, RFC 5681 §3.1: everything not acknowledged is sent again, beginning slowly.
TcpConnection::Sending TcpConnection::on_retransmission_timeout(Time now) {
  if (++tries_ > (is_opening() ? options_.syn_retries : options_.retries)) {
    end(CloseReason::TimedOut);
    return std::nullopt;
  }
  if (probing_) return probe_window(now);
  rtt_.back_off(options_.rto_max);
  if (is_opening()) {
    syn_retransmitted_ = true;
    return syn(now);
  }
  congestion_.on_timeout(tries_ == 1, snd_una_, snd_max_);
  Sending again = first_again(now);
  snd_nxt_ = snd_una_ + again->octets + (again->header.has(kFin) ? 1 : 0);
  arm_retransmission(now);
  return again;
}

// One octet beyond the window makes the peer say what its window is. It counts as sent (snd_max_)
// and is sent again with the others, so snd_nxt_ stays.
TcpConnection::Sending TcpConnection::probe_window(Time now) {
  Sending probe;
  if (const std::uint64_t offset = offset_of(snd_nxt_); out_.size() > offset) {
    const auto octets = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(std::clamp(snd_wnd_, 1u, mss_), out_.size() - offset));
    probe = data(snd_nxt_, {octets, false}, now);
    timing_ = false;
  }
  ++probe_backoff_;
  probing_ = true;
  at(TcpTimer::Retransmit) =
      now + std::min(rtt_.timeout() << std::min(probe_backoff_, 16u), options_.rto_max);
  return probe;
}

}  // namespace mailscope::sim
