#include "sim/net/tcp_congestion.hpp"

#include <algorithm>

#include "protocols/inet/tcp.hpp"

namespace mailscope::sim {
namespace {

using inet::seq_before;

constexpr Time kClockGranularity = kMillisecond;  // G of RFC 6298
constexpr std::uint32_t kWindowMax = 1u << 30;
constexpr unsigned kDuplicatesForLoss = 3;

}  // namespace

void CongestionControl::start(std::uint32_t mss, std::uint32_t initial_window) {
  mss_ = mss;
  window_ = initial_window;
  threshold_ = kWindowMax;
}

void CongestionControl::restart(std::uint32_t initial_window) {
  window_ = std::min(window_, initial_window);
}

void CongestionControl::on_acknowledgment(std::uint32_t acked, std::uint32_t una,
                                          std::uint32_t flight) {
  duplicates_ = 0;
  if (seq_before(recover_, una)) recover_ = una - 1;  // it stays near: numbers wrap
  if (acked > 0) grow(acked, flight);
}

// RFC 5681 §3.1, only while the window is what limits the sender.
void CongestionControl::grow(std::uint32_t acked, std::uint32_t flight) {
  if (window_ < threshold_) {
    if (std::uint64_t{flight} * 2 < window_) return;
    window_ += std::min(acked, mss_);
  } else {
    if (flight + mss_ < window_) return;
    acked_in_avoidance_ += acked;
    if (acked_in_avoidance_ < window_) return;
    acked_in_avoidance_ -= window_;
    window_ += mss_;
  }
  window_ = std::min(window_, kWindowMax);
}

// RFC 5681 §3.2, RFC 6582 §3.2.
bool CongestionControl::on_duplicate(std::uint32_t una, std::uint32_t next) {
  ++duplicates_;
  if (recovering_) {
    window_ = std::min(window_ + mss_, kWindowMax);
    return false;
  }
  // Not again for losses of a window that has been retransmitted already.
  if (duplicates_ != kDuplicatesForLoss || !seq_before(recover_, una)) return false;
  threshold_ = std::max((next - una) / 2, 2 * mss_);
  recover_ = next;
  recovering_ = first_partial_ = true;
  window_ = threshold_ + kDuplicatesForLoss * mss_;
  return true;
}

// A partial acknowledgment says that the next hole begins right behind it.
CongestionControl::Recovery CongestionControl::on_recovery(std::uint32_t acked, std::uint32_t una,
                                                           std::uint32_t flight) {
  if (!seq_before(una, recover_)) {
    recovering_ = false;
    duplicates_ = 0;
    window_ = std::min(threshold_, std::max(flight, mss_) + mss_);
    return Recovery::Over;
  }
  window_ -= std::min(acked, window_);
  if (acked >= mss_) window_ += mss_;
  window_ = std::max(window_, mss_);
  const bool first = first_partial_;
  first_partial_ = false;
  return first ? Recovery::FirstPartial : Recovery::Partial;
}

// RFC 5681 §3.1: beginning slowly.
void CongestionControl::on_timeout(bool first, std::uint32_t una, std::uint32_t next) {
  if (first) threshold_ = std::max((next - una) / 2, 2 * mss_);
  window_ = mss_;
  acked_in_avoidance_ = 0;
  recovering_ = false;
  duplicates_ = 0;
  recover_ = next;
}

// RFC 6298 §2.
void RoundTripTime::sample(Time round_trip, Time timeout_min, Time timeout_max) {
  if (smoothed_ == 0) {
    smoothed_ = round_trip;
    variation_ = round_trip / 2;
  } else {
    const Time error = std::max(smoothed_ - round_trip, round_trip - smoothed_);
    variation_ += (error - variation_) / 4;
    smoothed_ += (round_trip - smoothed_) / 8;
  }
  timeout_ =
      std::clamp(smoothed_ + std::max(kClockGranularity, 4 * variation_), timeout_min, timeout_max);
}

void RoundTripTime::back_off(Time timeout_max) {
  timeout_ = std::min(2 * timeout_, timeout_max);
}

}  // namespace mailscope::sim
