#include "sim/net/tcp_connection.hpp"

#include <algorithm>
#include <utility>

namespace mailscope::sim {

using namespace inet;

TcpConnection::TcpConnection(const TcpOptions& options, std::uint32_t isn, std::uint32_t mss_max)
    : options_(options),
      iss_(isn),
      snd_una_(isn),
      snd_nxt_(isn),
      snd_max_(isn),
      mss_offered_(std::min(options.mss, mss_max)),
      small_end_(isn),
      congestion_(isn),
      rtt_(options.rto_initial) {
  if (options.window_scaling)
    while (options.receive_window >> rcv_scale_ > 0xffff && rcv_scale_ < 14) ++rcv_scale_;
  else
    options_.receive_window = std::min<std::uint32_t>(options.receive_window, 0xffff);
}

std::optional<TcpSending> TcpConnection::connect(Time now) {
  state_ = TcpState::SynSent;
  return syn(now);
}

std::optional<TcpSending> TcpConnection::accept(const TcpSegment& segment, Time now) {
  ++segments_received_;
  negotiate(segment);
  passive_ = true;
  state_ = TcpState::SynReceived;
  return syn(now);
}

void TcpConnection::fail(CloseReason reason) {
  state_ = TcpState::SynSent;
  end(reason);
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
  return true;
}

void TcpConnection::close() {
  if (state_ == TcpState::Established || state_ == TcpState::CloseWait) fin_queued_ = true;
}

std::optional<TcpSending> TcpConnection::abort() {
  if (state_ == TcpState::SynSent) return std::nullopt;
  return with(snd_nxt_, kRst | kAck, 0);
}

bool TcpConnection::unpause() {
  return std::exchange(paused_, false);
}

void TcpConnection::resume() {
  if (paused_) return;
  resuming_ = check_window_ = true;
}

bool TcpConnection::gives_way_to(const TcpSegment& segment) const {
  return state_ == TcpState::TimeWait && segment.has(kSyn) && !segment.has(kAck) &&
         !segment.has(kRst) && seq_before(rcv_nxt_, segment.header.sequence);
}

// Both FINs are through; the pair of ports waits for stray segments (RFC 9293 §3.6.1).
void TcpConnection::enter_time_wait(Time now) {
  state_ = TcpState::TimeWait;
  at(TcpTimer::Retransmit) = at(TcpTimer::Acknowledge) = kNever;
  at(TcpTimer::TimeWait) = now + options_.time_wait;
  held_.clear();
  end(CloseReason::Finished);
}

void TcpConnection::describe(SocketInfo& info) const {
  info.state = state_;
  info.congestion_window = congestion_.window();
  info.slow_start_threshold = congestion_.threshold();
  info.send_window = snd_wnd_;
  info.receive_window = rcv_edge_ - rcv_nxt_;
  info.mss = mss_;
  info.smoothed_rtt = rtt_.smoothed();
  info.rtt_variation = rtt_.variation();
  info.rto = rtt_.timeout();
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
}

// ---- what the program is to be told ----

std::optional<TcpEvent> TcpConnection::next_event() {
  const bool usual = !text_.empty() && !opened_ && !end_ && !resuming_ && !paused_;
  if (usual && inbox_.empty()) return whole_segment();
  if (opened_) {
    TcpEvent event;
    event.what = *std::exchange(opened_, std::nullopt);
    return event;
  }
  // The acknowledgment of the last FIN goes in front of what the program does at the end.
  if (state_ == TcpState::TimeWait && ack_now_) {
    taking_ = false;
    return std::nullopt;
  }
  if (resuming_ || end_)
    if (auto kept = next_kept()) return kept;
  if (end_) return ended();
  if (auto text = next_text()) return text;
  if (fin_seen_ && fin_seen_at_ == rcv_nxt_ && takes_text()) return take_fin();
  if (backlog_high_ && out_.size() < options_.send_low_octets) {
    backlog_high_ = false;
    TcpEvent event;
    event.what = TcpEvent::What::Writable;
    return event;
  }
  taking_ = false;
  return std::nullopt;
}

// Nothing stands in front of this segment's text.
std::optional<TcpEvent> TcpConnection::whole_segment() {
  std::optional<TcpEvent> event(std::in_place);
  event->what = TcpEvent::What::Octets;
  event->view = std::exchange(text_, {});
  rcv_nxt_ += static_cast<std::uint32_t>(event->view.size());
  octets_received_ += event->view.size();
  return event;
}

// Text in order: of this segment, then what was held behind it.
std::optional<TcpEvent> TcpConnection::next_text() {
  TcpEvent event;
  event.what = TcpEvent::What::Octets;
  if (!text_.empty()) {
    event.view = std::exchange(text_, {});
    if (!keeps(event)) return event;
  }
  while (!held_.empty() && seq_at_most(held_.front().sequence, rcv_nxt_)) {
    const std::uint32_t skip = rcv_nxt_ - held_.front().sequence;
    event.kept = std::move(held_.front().text);
    event.view = {};
    held_.erase(held_.begin());
    if (skip >= event.kept.size()) continue;
    event.kept.erase(0, skip);
    if (!keeps(event)) return event;
  }
  return std::nullopt;
}

// Counts it as received. True when it stays here, because reading is paused.
bool TcpConnection::keeps(TcpEvent& text) {
  const std::string_view octets = text.octets();
  rcv_nxt_ += static_cast<std::uint32_t>(octets.size());
  octets_received_ += octets.size();
  if (!paused_ && inbox_.empty()) return false;
  inbox_ += octets;
  return true;
}

// What was kept while reading was paused: the octets, then the end.
std::optional<TcpEvent> TcpConnection::next_kept() {
  if (end_ && *end_ != CloseReason::Finished) return std::nullopt;
  TcpEvent event;
  if (!inbox_.empty()) {
    event.what = TcpEvent::What::Octets;
    event.kept = std::exchange(inbox_, {});
    return event;
  }
  resuming_ = false;
  if (!std::exchange(eof_owed_, false)) return std::nullopt;
  event.what = TcpEvent::What::Eof;
  return event;
}

std::optional<TcpEvent> TcpConnection::ended() {
  TcpEvent event;
  event.reason = *std::exchange(end_, std::nullopt);
  if (state_ != TcpState::TimeWait) state_ = TcpState::Closed;
  return event;
}

}  // namespace mailscope::sim
