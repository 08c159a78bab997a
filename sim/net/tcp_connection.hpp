// One TCP connection: the RFC 9293 state machine with its variables under the RFC's names.
//
// The block is pooled by TcpLayer and used again for another connection, under another SocketId; so
// after each callback the code checks that it still works for the same one (`alive`).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/kernel/timer.hpp"
#include "sim/net/send_buffer.hpp"
#include "sim/net/tcp.hpp"

namespace mailscope::sim {

// A segment as it came. Sequence arithmetic is modulo 2^32.
struct TcpSegment {
  std::uint32_t sequence = 0, acknowledgment = 0;
  std::uint32_t window = 0;  // as in the header, not scaled
  std::uint8_t flags = 0;
  const std::uint8_t* payload = nullptr;
  std::uint32_t octets = 0;
  std::uint32_t mss = 0;  // option, 0: none
  int scale = -1;         // option, -1: none
  FrameBuffer* frame = nullptr;

  bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
  std::uint32_t length() const { return octets + (has(1) ? 1 : 0) + (has(2) ? 1 : 0); }
};

inline bool seq_before(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b) < 0;
}
inline bool seq_at_most(std::uint32_t a, std::uint32_t b) {
  return !seq_before(b, a);
}

// What a connection knows; a value, so that a pooled block begins anew by assignment.
struct TcpVariables {
  SocketId id_ = kNoSocket;
  SocketId listener_ = kNoSocket;  // while a passive connection is not yet accepted
  TcpKey key_;
  StreamUser* user_ = nullptr;
  TcpState state_ = TcpState::Closed;
  TcpOptions options_;

  // Send sequence space (RFC 9293 §3.3.1).
  std::uint32_t iss_ = 0, snd_una_ = 0, snd_nxt_ = 0;
  std::uint32_t snd_max_ = 0;  // beyond everything ever sent; snd_nxt_ goes back on a timeout
  std::uint32_t snd_wnd_ = 0, snd_wl1_ = 0, snd_wl2_ = 0;
  std::uint32_t snd_wnd_max_ = 0;
  std::uint32_t mss_ = 536;  // of what we send
  std::uint32_t mss_offered_ = 0;
  int snd_scale_ = 0, rcv_scale_ = 0;
  std::uint32_t small_end_ = 0;  // end of the last segment sent that was not full
  SendBuffer out_;               // begins at snd_una_, or behind it while that is the SYN
  bool fin_queued_ = false;
  bool fin_sent_ = false;
  std::uint32_t fin_sequence_ = 0;
  bool backlog_high_ = false;  // on_writable is owed

  // Congestion control.
  std::uint32_t cwnd_ = 0, ssthresh_ = 0, recover_ = 0;
  std::uint32_t acked_in_avoidance_ = 0;
  unsigned duplicates_ = 0;
  bool recovering_ = false, first_partial_ = false;
  Time last_sent_ = 0;

  // Round-trip time: one segment at a time, never one sent twice (Karn).
  Time srtt_ = 0, rttvar_ = 0, rto_ = 0;
  bool timing_ = false;
  std::uint32_t timed_sequence_ = 0;
  Time timed_at_ = 0;
  unsigned tries_ = 0;
  bool syn_retransmitted_ = false;
  bool probing_ = false;  // the timer runs for window probes
  unsigned probe_backoff_ = 0;

  // Receive sequence space.
  std::uint32_t irs_ = 0, rcv_nxt_ = 0;
  std::uint32_t rcv_edge_ = 0;  // right edge of the window offered
  struct Held {
    std::uint32_t sequence, octets;
    const std::uint8_t* payload;
    FrameBuffer* frame;  // one reference
  };
  std::vector<Held> held_;  // out of order, ascending by sequence
  bool fin_seen_ = false;
  std::uint32_t fin_seen_at_ = 0;
  bool paused_ = false, eof_owed_ = false, failure_owed_ = false;
  std::string inbox_;  // in order, while paused
  unsigned segments_unacknowledged_ = 0;
  bool ack_now_ = false;

  std::uint64_t octets_sent_ = 0, octets_received_ = 0;
  std::uint64_t segments_sent_ = 0, segments_received_ = 0, retransmissions_ = 0;
};

class TcpConnection final : private Handler, private TcpVariables {
 public:
  explicit TcpConnection(TcpLayer& layer);

  // ---- life (tcp_connection.cpp) ----
  void begin(SocketId id, const TcpKey& key, StreamUser* user, const TcpOptions& options,
             std::uint32_t isn, std::uint32_t mtu);
  void connect();
  void connect_fails();  // no route: on_closed comes later
  void accept(SocketId listener, const TcpSegment& syn);
  bool send(std::string octets);
  void close();
  void abort();
  void pause_reading() { paused_ = true; }
  void resume_reading();
  void set_user(StreamUser& user) { user_ = &user; }
  void forget();  // power is gone
  void finish(CloseReason reason);

  SocketId id() const { return id_; }
  const TcpKey& key() const { return key_; }
  TcpState state() const { return state_; }
  std::uint64_t backlog() const { return out_.size(); }
  SocketInfo info() const;
  // A SYN may begin a new connection over this one, which is in TIME-WAIT (RFC 9293 §3.6.1).
  bool gives_way_to(const TcpSegment& segment) const;

  // ---- input (tcp_input.cpp) ----
  void receive(const TcpSegment& segment);

 private:
  enum Token : std::uint64_t { kRetransmit, kDelayedAck, kTimeWait, kOwed };

  void on_event(std::uint64_t token) override;
  Simulator& simulator();
  Time now();
  bool alive(SocketId id) const { return id_ == id; }
  void set_state(TcpState state);
  void enter_time_wait();

  void cancel_timers();
  void deliver_owed();

  // Input (tcp_input.cpp). Those that return bool call the user: false when the connection is gone.
  void in_syn_sent(const TcpSegment& segment);
  void negotiate(const TcpSegment& syn);
  bool acceptable(const TcpSegment& segment) const;
  void in_unacceptable(const TcpSegment& segment);
  void in_reset(const TcpSegment& segment);
  bool in_acknowledgment(const TcpSegment& segment);
  bool in_first_acknowledgment(const TcpSegment& segment);
  bool is_duplicate_acknowledgment(const TcpSegment& segment) const;
  void on_new_acknowledgment(std::uint32_t acknowledgment);
  bool on_fin_acknowledged();
  void update_send_window(const TcpSegment& segment);
  bool in_text(const TcpSegment& segment);
  bool deliver(const std::uint8_t* payload, std::uint32_t octets);
  bool deliver_held();
  void hold(const TcpSegment& segment, std::uint32_t skip, std::uint32_t octets);
  void drop_held();
  bool in_fin();
  void after_input();

  // Congestion control and the timers (tcp_congestion.cpp).
  void start_congestion_control();
  std::uint32_t initial_window() const;
  void on_rtt_sample(Time rtt);
  void grow_window(std::uint32_t acked, std::uint32_t flight_before);
  void on_duplicate_acknowledgment();
  void on_recovery_acknowledgment(std::uint32_t acked);
  void on_retransmission_timeout();
  void probe_window();
  void arm_retransmission();
  std::uint32_t outstanding() const { return snd_max_ - snd_una_; }

  // Output (tcp_output.cpp).
  void output();
  bool send_next();
  bool may_send(std::uint32_t octets, std::uint64_t waiting) const;
  void send_syn();
  void send_data(std::uint32_t sequence, std::uint32_t octets, bool fin);
  std::uint32_t retransmit_first();
  void send_acknowledgment();
  void send_reset(std::uint32_t sequence);
  void acknowledgment_went();
  std::uint16_t window_to_offer();
  std::uint32_t receive_space() const;
  std::uint64_t offset_of(std::uint32_t sequence) const;

  TcpLayer& layer_;
  Timer retransmit_timer_, ack_timer_, time_wait_timer_;
};

}  // namespace mailscope::sim
