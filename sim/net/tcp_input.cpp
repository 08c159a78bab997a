// What a connection makes of a segment: RFC 9293 §3.10.7, in the RFC's order.
#include <algorithm>
#include <utility>

#include "sim/net/tcp_connection.hpp"

namespace mailscope::sim {

using namespace inet;

namespace {

constexpr Time kRtoAfterLostSyn = 3 * kSecond;  // RFC 6298 §5.7
constexpr std::size_t kHeldMax = 1024;          // segments kept out of order

TcpSending reset_at(std::uint32_t sequence) {
  TcpSending reset;
  reset.header.sequence = sequence;
  reset.header.flags = kRst;
  return reset;
}

}  // namespace

std::optional<TcpSending> refusal_of(const TcpSegment& segment) {
  if (segment.has(kRst)) return std::nullopt;
  if (segment.has(kAck)) return reset_at(segment.header.acknowledgment);
  TcpSending reset = reset_at(0);
  reset.header.flags = kRst | kAck;
  reset.header.acknowledgment = segment.header.sequence + segment.length();
  return reset;
}

std::optional<TcpSending> TcpConnection::process(const TcpSegment& segment, Time now) {
  ++segments_received_;
  processed_at_ = now;
  if (state_ == TcpState::SynSent) return in_syn_sent(segment, now);
  if (!acceptable(segment)) return in_unacceptable(segment, now);
  if (segment.has(kRst)) return in_reset(segment);
  if (segment.has(kSyn)) return acknowledgment();  // RFC 5961 §4: a challenge
  Sending answer;
  if (!segment.has(kAck) || !in_acknowledgment(segment, now, answer)) return answer;
  taking_ = true;
  in_text(segment);
  in_fin(segment);
  return answer;
}

// §3.10.7.3.
TcpConnection::Sending TcpConnection::in_syn_sent(const TcpSegment& segment, Time now) {
  const bool acknowledges = segment.has(kAck) && segment.header.acknowledgment == snd_max_;
  if (segment.has(kAck) && !acknowledges) return refusal_of(segment);
  if (segment.has(kRst)) {
    if (acknowledges) end(CloseReason::Refused);
    return std::nullopt;
  }
  if (!segment.has(kSyn)) return std::nullopt;
  negotiate(segment);
  if (!acknowledges) {  // both opened at the same time
    state_ = TcpState::SynReceived;
    return syn(now);
  }
  rcv_edge_ = rcv_nxt_ + std::min<std::uint32_t>(receive_space(), 0xffff);
  Sending none;
  on_new_acknowledgment(segment.header.acknowledgment, now, none);
  start_congestion_control();
  state_ = TcpState::Established;
  opened_ = TcpEvent::What::Connected;
  return acknowledgment();
}

// The peer's SYN: its sequence number, its window, its options.
void TcpConnection::negotiate(const TcpSegment& syn) {
  irs_ = syn.header.sequence;
  rcv_nxt_ = irs_ + 1;
  snd_wnd_ = snd_wnd_max_ = syn.header.window;
  snd_wl1_ = syn.header.sequence;
  snd_wl2_ = syn.has(kAck) ? syn.header.acknowledgment : snd_una_;
  const std::uint32_t offered = syn.options.mss.value_or(0);
  mss_ = std::max(std::min(offered != 0 ? offered : 536, mss_offered_), 1u);
  if (syn.options.window_scale && options_.window_scaling) {
    snd_scale_ = *syn.options.window_scale;
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
  const std::uint32_t begin = segment.header.sequence - rcv_nxt_;
  if (length == 0) return begin <= window;
  return begin < window || begin + length - 1 < window;
}

TcpConnection::Sending TcpConnection::in_unacceptable(const TcpSegment& segment, Time now) {
  if (segment.has(kRst)) return std::nullopt;
  const std::uint32_t sequence = segment.header.sequence;
  if (state_ == TcpState::SynReceived && segment.header.flags == kSyn && sequence == irs_)
    return syn(now);  // our SYN and ACK did not arrive
  if (state_ == TcpState::TimeWait) {
    if (segment.has(kFin)) at(TcpTimer::TimeWait) = now + options_.time_wait;
    return acknowledgment();
  }
  ack_now_ = taking_ = true;
  // With a closed window the text is refused and the acknowledgment is not.
  Sending answer;
  if (rcv_edge_ == rcv_nxt_ && sequence == rcv_nxt_ && segment.has(kAck) && !segment.has(kSyn))
    in_acknowledgment(segment, now, answer);
  return answer;
}

// Second: RFC 5961 §3, RFC 1337.
TcpConnection::Sending TcpConnection::in_reset(const TcpSegment& segment) {
  if (state_ == TcpState::TimeWait) return std::nullopt;
  if (segment.header.sequence != rcv_nxt_) return acknowledgment();
  end(state_ == TcpState::SynReceived ? CloseReason::Refused : CloseReason::Reset);
  return std::nullopt;
}

// Fifth. False when nothing more is to be done with the segment.
bool TcpConnection::in_acknowledgment(const TcpSegment& segment, Time now, Sending& answer) {
  const std::uint32_t acknowledgment_number = segment.header.acknowledgment;
  if (state_ == TcpState::SynReceived) return in_first_acknowledgment(segment, now, answer);
  if (seq_before(snd_max_, acknowledgment_number)) {
    answer = acknowledgment();
    return false;
  }
  if (probing_) tries_ = 0;  // the peer is there
  const bool duplicate = is_duplicate_acknowledgment(segment);
  if (seq_before(snd_una_, acknowledgment_number))
    on_new_acknowledgment(acknowledgment_number, now, answer);
  if (seq_at_most(snd_una_, acknowledgment_number)) update_send_window(segment);
  if (duplicate && congestion_.on_duplicate(snd_una_, snd_max_)) answer = first_again(now);
  if (fin_sent_ && snd_una_ == fin_sequence_ + 1) return on_fin_acknowledged(now);
  return true;
}

// The acknowledgment of our SYN, in SYN-RECEIVED.
bool TcpConnection::in_first_acknowledgment(const TcpSegment& segment, Time now, Sending& answer) {
  if (segment.header.acknowledgment != snd_max_) {
    answer = refusal_of(segment);
    return false;
  }
  on_new_acknowledgment(segment.header.acknowledgment, now, answer);
  start_congestion_control();
  snd_wnd_ = std::uint32_t{segment.header.window} << snd_scale_;
  snd_wnd_max_ = std::max(snd_wnd_max_, snd_wnd_);
  snd_wl1_ = segment.header.sequence;
  snd_wl2_ = segment.header.acknowledgment;
  state_ = TcpState::Established;
  opened_ = passive_ ? TcpEvent::What::Accepted : TcpEvent::What::Connected;
  return true;
}

void TcpConnection::start_congestion_control() {
  congestion_.start(mss_, initial_window());
  if (syn_retransmitted_) rtt_.restart(std::max(options_.rto_initial, kRtoAfterLostSyn));
}

// RFC 5681 §2.
bool TcpConnection::is_duplicate_acknowledgment(const TcpSegment& segment) const {
  return segment.header.acknowledgment == snd_una_ && segment.length() == 0 &&
         snd_nxt_ != snd_una_ && std::uint32_t{segment.header.window} << snd_scale_ == snd_wnd_;
}

void TcpConnection::on_new_acknowledgment(std::uint32_t acknowledgment_number, Time now,
                                          Sending& answer) {
  const std::uint32_t flight_before = outstanding();
  std::uint32_t octets = acknowledgment_number - snd_una_;
  if (snd_una_ == iss_) --octets;                                         // the SYN
  if (fin_sent_ && acknowledgment_number == fin_sequence_ + 1) --octets;  // the FIN
  if (timing_ && seq_before(timed_sequence_, acknowledgment_number)) {
    timing_ = false;
    rtt_.sample(now - timed_at_, options_.rto_min, options_.rto_max);
  }
  tries_ = 0;
  out_.consume(octets);
  octets_sent_ += octets;
  snd_una_ = acknowledgment_number;
  if (seq_before(snd_nxt_, snd_una_)) snd_nxt_ = snd_una_;
  if (outstanding() == 0) {
    at(TcpTimer::Retransmit) = kNever;
    probing_ = false;
  } else if (!congestion_.recovering()) {
    arm_retransmission(now);
  }
  if (!congestion_.recovering()) {
    if (seq_before(small_end_, snd_una_)) small_end_ = snd_una_;  // it stays near: numbers wrap
    return congestion_.on_acknowledgment(octets, snd_una_, flight_before);
  }
  const auto recovery = congestion_.on_recovery(octets, snd_una_, outstanding());
  if (recovery == CongestionControl::Recovery::Over) return;
  answer = first_again(now);
  if (recovery == CongestionControl::Recovery::FirstPartial) arm_retransmission(now);
}

void TcpConnection::update_send_window(const TcpSegment& segment) {
  const std::uint32_t sequence = segment.header.sequence;
  const bool newer = seq_before(snd_wl1_, sequence) ||
                     (snd_wl1_ == sequence && seq_at_most(snd_wl2_, segment.header.acknowledgment));
  if (!newer) return;
  snd_wnd_ = std::uint32_t{segment.header.window} << snd_scale_;
  snd_wnd_max_ = std::max(snd_wnd_max_, snd_wnd_);
  snd_wl1_ = sequence;
  snd_wl2_ = segment.header.acknowledgment;
}

bool TcpConnection::on_fin_acknowledged(Time now) {
  if (state_ == TcpState::FinWait1) state_ = TcpState::FinWait2;
  if (state_ == TcpState::Closing) {
    enter_time_wait(now);
    return false;
  }
  if (state_ != TcpState::LastAck) return true;
  end(CloseReason::Finished);
  return false;
}

bool TcpConnection::takes_text() const {
  return state_ == TcpState::Established || state_ == TcpState::FinWait1 ||
         state_ == TcpState::FinWait2;
}

// Seventh.
void TcpConnection::in_text(const TcpSegment& segment) {
  if (segment.text.empty() || !takes_text()) return;
  const std::uint32_t sequence = segment.header.sequence;
  const std::uint32_t skip = seq_before(sequence, rcv_nxt_) ? rcv_nxt_ - sequence : 0;
  if (skip >= segment.text.size()) {
    ack_now_ = true;
    return;
  }
  const std::uint32_t room = rcv_edge_ - (sequence + skip);
  const std::string_view text = segment.text.substr(skip, room);
  if (sequence + skip != rcv_nxt_) {
    hold(sequence + skip, text);
    ack_now_ = true;
    return;
  }
  // RFC 5681 §4.2: at least every second segment, and at once while a gap is being filled.
  if (++segments_unacknowledged_ >= 2 || !held_.empty() || options_.delayed_ack == 0)
    ack_now_ = true;
  text_ = text;
}

// What the same place already holds in full is not kept twice.
void TcpConnection::hold(std::uint32_t sequence, std::string_view text) {
  if (held_.size() == kHeldMax) return;
  const auto place = std::ranges::find_if(
      held_, [&](const Held& held) { return !seq_before(held.sequence, sequence); });
  if (place != held_.end() && place->sequence == sequence && place->text.size() >= text.size())
    return;
  held_.insert(place, {sequence, std::string(text)});
}

// Eighth: the FIN, only if its octets were taken up to the end of the window. Its turn comes once
// everything in front of it is here (take_fin).
void TcpConnection::in_fin(const TcpSegment& segment) {
  if (!segment.has(kFin) || fin_seen_) return;
  const auto at = segment.header.sequence + static_cast<std::uint32_t>(segment.text.size());
  if (!seq_at_most(rcv_nxt_, at) || !seq_before(at, rcv_edge_)) return;
  fin_seen_ = true;
  fin_seen_at_ = at;
  if (at != rcv_nxt_ + text_.size()) ack_now_ = true;
}

std::optional<TcpEvent> TcpConnection::take_fin() {
  ++rcv_nxt_;
  if (rcv_edge_ == rcv_nxt_ - 1) rcv_edge_ = rcv_nxt_;
  ack_now_ = eof_owed_ = true;
  if (state_ == TcpState::FinWait2) {
    enter_time_wait(processed_at_);
    taking_ = false;
    return std::nullopt;
  }
  state_ = state_ == TcpState::FinWait1 ? TcpState::Closing : TcpState::CloseWait;
  if (paused_ || !inbox_.empty()) return next_event();
  eof_owed_ = false;
  TcpEvent event;
  event.what = TcpEvent::What::Eof;
  return event;
}

}  // namespace mailscope::sim
