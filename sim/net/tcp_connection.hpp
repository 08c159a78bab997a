// One TCP connection: the RFC 9293 state machine with its variables under the RFC's names.
//
// A value without a network: it knows no clock, no node, no program. A segment goes into process(),
// which perhaps gives one back; next_event() says what that means to the program; dispatch() gives
// what there is to send, segment by segment. on_timer() is for when a deadline() has come. Nothing
// calls out, so nothing changes behind its back.
//
//   if (auto answer = connection.process(segment, now)) send(*answer);
//   for (;;) {
//     if (auto event = connection.next_event()) tell(*event);
//     else if (auto next = connection.dispatch(now)) send(*next);
//     else break;
//   }
//
// An acknowledgment that is owed waits until the events are taken: the program may have something
// to say that it travels with. The order of the loop is how the last acknowledgment gets in front
// of the end. The text of a TcpSending is not in it: copy_text() has it until the next change.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/inet/tcp.hpp"
#include "sim/net/send_buffer.hpp"
#include "sim/net/socket.hpp"
#include "sim/net/tcp_congestion.hpp"

namespace mailscope::sim {

// A segment as it came.
struct TcpSegment {
  inet::Tcp header;
  inet::TcpOptionList options;
  std::string_view text;

  bool has(std::uint8_t flag) const { return header.has(flag); }
  // In sequence numbers: SYN and FIN count.
  std::uint32_t length() const {
    return static_cast<std::uint32_t>(text.size()) + (has(inet::kSyn) ? 1 : 0) +
           (has(inet::kFin) ? 1 : 0);
  }
};

// A segment to be sent; who sends it fills in the ports.
struct TcpSending {
  inet::Tcp header;
  inet::TcpOptionList options;
  std::uint64_t offset = 0;  // of its text in what is not acknowledged
  std::uint32_t octets = 0;
};

// The RST to a segment of no connection; none to a RST. RFC 9293 §3.10.7.1.
std::optional<TcpSending> refusal_of(const TcpSegment& segment);

struct TcpEvent {
  enum class What : std::uint8_t { Connected, Accepted, Octets, Eof, Writable, Closed };
  What what = What::Closed;
  CloseReason reason = CloseReason::Finished;  // Closed
  std::string_view view;                       // Octets: in the segment ...
  std::string kept;                            // ... or kept since an earlier one

  std::string_view octets() const { return view.empty() ? std::string_view(kept) : view; }
};

enum class TcpTimer : std::uint8_t { Retransmit, Acknowledge, TimeWait };
inline constexpr std::size_t kTcpTimers = 3;

class TcpConnection {
 public:
  TcpConnection() = default;
  // `mss_max`: what the path takes in one segment.
  TcpConnection(const TcpOptions& options, std::uint32_t isn, std::uint32_t mss_max);

  // ---- opening and closing (tcp_connection.cpp) ----
  std::optional<TcpSending> connect(Time now);                        // the SYN
  std::optional<TcpSending> accept(const TcpSegment& syn, Time now);  // SYN and ACK
  // There is no way to the other side: it ends with this reason.
  void fail(CloseReason reason);
  bool send(std::string octets);  // false when nothing more may be sent
  void close();                   // FIN behind what was sent; only when the connection is made
  // What to tell the other side; the connection is to be thrown away.
  std::optional<TcpSending> abort();
  bool is_opening() const { return state_ == TcpState::SynSent || state_ == TcpState::SynReceived; }
  // While paused what comes is kept; after resume() what was kept is told, unless paused again.
  void pause() { paused_ = true; }
  bool unpause();  // true: resume() is due, once the caller has returned
  void resume();
  // A SYN may begin a new connection over this one, which is in TIME-WAIT (RFC 9293 §3.6.1).
  bool gives_way_to(const TcpSegment& segment) const;

  TcpState state() const { return state_; }
  std::uint64_t backlog() const { return out_.size(); }
  void describe(SocketInfo& info) const;

  // ---- the loop ----
  std::optional<TcpSending> process(const TcpSegment& segment, Time now);  // tcp_input.cpp
  std::optional<TcpEvent> next_event();
  std::optional<TcpSending> dispatch(Time now);  // tcp_output.cpp
  // Writes the text of what was given last to `to` and returns its checksum sum.
  std::uint64_t copy_text(const TcpSending& sending, std::uint8_t* to) {
    return out_.copy(sending.offset, sending.octets, to);
  }

  // ---- time ----
  Time deadline(TcpTimer timer) const { return deadlines_[static_cast<std::size_t>(timer)]; }
  std::optional<TcpSending> on_timer(TcpTimer timer, Time now);

 private:
  using Sending = std::optional<TcpSending>;

  void end(CloseReason reason) { end_ = reason; }
  void enter_time_wait(Time now);

  // Input.
  Sending in_syn_sent(const TcpSegment& segment, Time now);
  void negotiate(const TcpSegment& syn);
  bool acceptable(const TcpSegment& segment) const;
  Sending in_unacceptable(const TcpSegment& segment, Time now);
  Sending in_reset(const TcpSegment& segment);
  bool in_acknowledgment(const TcpSegment& segment, Time now, Sending& answer);
  bool in_first_acknowledgment(const TcpSegment& segment, Time now, Sending& answer);
  void start_congestion_control();
  bool is_duplicate_acknowledgment(const TcpSegment& segment) const;
  void on_new_acknowledgment(std::uint32_t acknowledgment, Time now, Sending& answer);
  void update_send_window(const TcpSegment& segment);
  bool on_fin_acknowledged(Time now);
  bool takes_text() const;
  void in_text(const TcpSegment& segment);
  void in_fin(const TcpSegment& segment);
  void hold(std::uint32_t sequence, std::string_view text);

  // Events.
  std::optional<TcpEvent> whole_segment();
  std::optional<TcpEvent> next_text();
  bool keeps(TcpEvent& text);
  std::optional<TcpEvent> next_kept();
  std::optional<TcpEvent> take_fin();
  std::optional<TcpEvent> ended();

  // Output.
  bool may_output() const;
  // The text that may go now, in sequence; a FIN may be all.
  struct Due {
    std::uint32_t octets = 0;
    bool fin = false;
  };
  std::optional<Due> next_due(Time now);
  bool may_send(std::uint32_t octets, std::uint64_t waiting) const;
  Sending syn(Time now);
  Sending data(std::uint32_t sequence, Due due, Time now);
  Sending first_again(Time now);
  Sending acknowledgment();
  Sending with(std::uint32_t sequence, std::uint8_t flags, std::uint16_t window);
  bool window_is_news() const;
  std::uint16_t window_to_offer();
  std::uint32_t receive_space() const;
  std::uint64_t offset_of(std::uint32_t sequence) const;
  std::uint32_t outstanding() const { return snd_max_ - snd_una_; }
  std::uint32_t initial_window() const;

  // Timers.
  Time& at(TcpTimer timer) { return deadlines_[static_cast<std::size_t>(timer)]; }
  void arm_retransmission(Time now);
  Sending on_retransmission_timeout(Time now);
  Sending probe_window(Time now);

  TcpState state_ = TcpState::Closed;
  TcpOptions options_;
  Time deadlines_[kTcpTimers] = {kNever, kNever, kNever};

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
  bool backlog_high_ = false;  // Writable is owed

  CongestionControl congestion_;
  Time last_sent_ = 0;

  // One segment at a time is timed, never one sent twice (Karn).
  RoundTripTime rtt_;
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
  std::string_view text_;       // in order, of the segment that is being processed
  struct Held {
    std::uint32_t sequence;
    std::string text;
  };
  std::vector<Held> held_;  // out of order, ascending by sequence
  bool fin_seen_ = false;
  std::uint32_t fin_seen_at_ = 0;
  unsigned segments_unacknowledged_ = 0;
  bool ack_now_ = false;

  // What the program is to be told.
  Time processed_at_ = 0;
  bool passive_ = false;  // the other side opened it
  bool taking_ = false;   // not all of it was taken
  std::optional<TcpEvent::What> opened_;
  bool paused_ = false, resuming_ = false, eof_owed_ = false, check_window_ = false;
  std::string inbox_;  // in order, while paused
  std::optional<CloseReason> end_;

  std::uint64_t octets_sent_ = 0, octets_received_ = 0;
  std::uint64_t segments_sent_ = 0, segments_received_ = 0, retransmissions_ = 0;
};

}  // namespace mailscope::sim
