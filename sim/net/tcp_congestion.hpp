// How fast a connection sends: congestion control (RFC 5681) with NewReno's recovery (RFC 6582) and
// limited transmit (RFC 3042), and the round-trip time (RFC 6298). All sizes are octets.
//
// It knows numbers only: what was acknowledged, how much is in flight. The connection tells it, and
// asks it how much may be in flight and whether the first segment is to be sent again.
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/kernel/time.hpp"

namespace mailscope::sim {

class CongestionControl {
 public:
  CongestionControl() = default;
  // Before the connection is made nothing is sent; `isn` is where recovery would begin.
  explicit CongestionControl(std::uint32_t isn) : recover_(isn) {}

  // The handshake is over.
  void start(std::uint32_t mss, std::uint32_t initial_window);
  // Nothing was sent for longer than the RTO: the path is unknown again (RFC 5681 §4.1).
  void restart(std::uint32_t initial_window);

  // What may be in flight; while nothing is lost, two segments more for two duplicates.
  std::uint32_t window() const { return window_; }
  std::uint32_t allowed() const {
    return window_ + (recovering_ ? 0 : std::min(duplicates_, 2u) * mss_);
  }
  std::uint32_t threshold() const { return threshold_; }
  bool recovering() const { return recovering_; }

  // `acked` octets of text were acknowledged and the first that was not is now `una`. `flight` was
  // in flight before.
  void on_acknowledgment(std::uint32_t acked, std::uint32_t una, std::uint32_t flight);
  // The same while recovering, `flight` being what is in flight now.
  enum class Recovery : std::uint8_t { Over, FirstPartial, Partial };
  Recovery on_recovery(std::uint32_t acked, std::uint32_t una, std::uint32_t flight);
  // True when the first segment is lost, as it seems; `next` is behind everything ever sent.
  bool on_duplicate(std::uint32_t una, std::uint32_t next);
  // Nothing came back in time; `first` not after another time-out for the same segment.
  void on_timeout(bool first, std::uint32_t una, std::uint32_t next);

 private:
  void grow(std::uint32_t acked, std::uint32_t flight);

  std::uint32_t mss_ = 0;
  std::uint32_t window_ = 0, threshold_ = 0;  // cwnd, ssthresh
  std::uint32_t recover_ = 0;                 // RFC 6582: until it is acknowledged
  std::uint32_t acked_in_avoidance_ = 0;
  unsigned duplicates_ = 0;
  bool recovering_ = false, first_partial_ = false;
};

// Smoothed round-trip time and retransmission time-out.
class RoundTripTime {
 public:
  RoundTripTime() = default;
  explicit RoundTripTime(Time initial_timeout) : timeout_(initial_timeout) {}

  void sample(Time round_trip, Time timeout_min, Time timeout_max);
  void back_off(Time timeout_max);
  void restart(Time timeout) { timeout_ = timeout; }

  Time smoothed() const { return smoothed_; }
  Time variation() const { return variation_; }
  Time timeout() const { return timeout_; }

 private:
  Time smoothed_ = 0, variation_ = 0, timeout_ = 0;
};

}  // namespace mailscope::sim
