// How fast a connection sends, and what it does when nothing comes back: RFC 5681, 6298, 6582.
#include <algorithm>
#include <cassert>

#include "sim/net/network.hpp"
#include "sim/net/tcp_connection.hpp"

namespace mailscope::sim {
namespace {

constexpr Time kClockGranularity = kMillisecond;  // G of RFC 6298
constexpr Time kRtoAfterLostSyn = 3 * kSecond;    // RFC 6298 §5.7
constexpr std::uint32_t kWindowMax = 1u << 30;
constexpr unsigned kDuplicatesForLoss = 3;

}  // namespace

// RFC 6928 §2; one segment after a lost SYN.
std::uint32_t TcpConnection::initial_window() const {
  if (syn_retransmitted_) return mss_;
  const std::uint32_t segments = options_.initial_window_segments;
  return std::min(segments * mss_, std::max(2 * mss_, segments * 1460));
}

void TcpConnection::start_congestion_control() {
  cwnd_ = initial_window();
  ssthresh_ = kWindowMax;
  if (syn_retransmitted_) rto_ = std::max(options_.rto_initial, kRtoAfterLostSyn);
}

// RFC 6298 §2.
void TcpConnection::on_rtt_sample(Time rtt) {
  if (srtt_ == 0) {
    srtt_ = rtt;
    rttvar_ = rtt / 2;
  } else {
    rttvar_ += (std::max(srtt_ - rtt, rtt - srtt_) - rttvar_) / 4;
    srtt_ += (rtt - srtt_) / 8;
  }
  rto_ = std::clamp(srtt_ + std::max(kClockGranularity, 4 * rttvar_), options_.rto_min,
                    options_.rto_max);
}

// RFC 5681 §3.1, only while the window is what limits the sender.
void TcpConnection::grow_window(std::uint32_t acked, std::uint32_t flight_before) {
  if (cwnd_ < ssthresh_) {
    if (std::uint64_t{flight_before} * 2 < cwnd_) return;
    cwnd_ += std::min(acked, mss_);
  } else {
    if (flight_before + mss_ < cwnd_) return;
    acked_in_avoidance_ += acked;
    if (acked_in_avoidance_ < cwnd_) return;
    acked_in_avoidance_ -= cwnd_;
    cwnd_ += mss_;
  }
  cwnd_ = std::min(cwnd_, kWindowMax);
}

// RFC 5681 §3.2, RFC 6582 §3.2.
void TcpConnection::on_duplicate_acknowledgment() {
  ++duplicates_;
  if (recovering_) {
    cwnd_ = std::min(cwnd_ + mss_, kWindowMax);
    return;
  }
  // Not again for losses of a window that has been retransmitted already.
  if (duplicates_ != kDuplicatesForLoss || !seq_before(recover_, snd_una_)) return;
  ssthresh_ = std::max(outstanding() / 2, 2 * mss_);
  recover_ = snd_max_;
  recovering_ = true;
  first_partial_ = true;
  retransmit_first();
  cwnd_ = ssthresh_ + kDuplicatesForLoss * mss_;
}

// New octets were acknowledged while recovering; snd_una_ has moved already.
void TcpConnection::on_recovery_acknowledgment(std::uint32_t acked) {
  if (!seq_before(snd_una_, recover_)) {
    recovering_ = false;
    duplicates_ = 0;
    cwnd_ = std::min(ssthresh_, std::max(outstanding(), mss_) + mss_);
    return;
  }
  // A partial acknowledgment: the next hole begins right here.
  retransmit_first();
  cwnd_ -= std::min(acked, cwnd_);
  if (acked >= mss_) cwnd_ += mss_;
  cwnd_ = std::max(cwnd_, mss_);
  if (first_partial_) arm_retransmission();
  first_partial_ = false;
}

void TcpConnection::arm_retransmission() {
  probing_ = false;
  retransmit_timer_.arm_after(rto_);
}

// RFC 6298 §5.4-5.7, RFC 5681 §3.1: everything not acknowledged is sent again, beginning slowly.
void TcpConnection::on_retransmission_timeout() {
  const bool opening = state_ == TcpState::SynSent || state_ == TcpState::SynReceived;
  if (++tries_ > (opening ? options_.syn_retries : options_.retries))
    return finish(CloseReason::TimedOut);
  if (probing_) return probe_window();
  rto_ = std::min(2 * rto_, options_.rto_max);
  if (opening) {
    syn_retransmitted_ = true;
    return send_syn();
  }
  if (tries_ == 1) ssthresh_ = std::max(outstanding() / 2, 2 * mss_);
  cwnd_ = mss_;
  acked_in_avoidance_ = 0;
  recovering_ = false;
  duplicates_ = 0;
  recover_ = snd_max_;
  snd_nxt_ = snd_una_ + retransmit_first();
  arm_retransmission();
}

// One octet beyond the window makes the peer say what its window is. It counts as sent (snd_max_)
// and is sent again with the others, so snd_nxt_ stays.
void TcpConnection::probe_window() {
  if (out_.size() > offset_of(snd_nxt_)) {
    const std::uint32_t force = std::clamp(snd_wnd_, 1u, mss_);
    const auto octets = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(force, out_.size() - offset_of(snd_nxt_)));
    send_data(snd_nxt_, octets, false);
    timing_ = false;
  }
  ++probe_backoff_;
  probing_ = true;
  retransmit_timer_.arm_after(std::min(rto_ << std::min(probe_backoff_, 16u), options_.rto_max));
}

}  // namespace mailscope::sim
