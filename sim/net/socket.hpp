// What TCP is told and what it tells: the options of a host's sockets, their states, and what an
// inspector sees of one. RFC 9293. What a program holds of a socket is a Stream (stream.hpp).
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/kernel/time.hpp"
#include "sim/net/address.hpp"
#include "sim/net/stream.hpp"

namespace mailscope::sim {

// RFC 9293 §3.3.2.
enum class TcpState : std::uint8_t {
  Closed,
  Listen,
  SynSent,
  SynReceived,
  Established,
  FinWait1,
  FinWait2,
  CloseWait,
  Closing,
  LastAck,
  TimeWait
};
std::string_view name(TcpState state);  // "SYN-SENT", "ESTABLISHED", ... as in the RFC

// Defaults for the sockets that a node opens or accepts from then on.
struct TcpOptions {
  std::uint32_t mss = 1460;                // offered; never more than the interface's MTU - 40
  std::uint32_t receive_window = 131'070;  // octets; a window scale option is sent with every SYN
  bool window_scaling = true;
  bool nagle = true;                     // a small segment waits while another small one is out
  Time delayed_ack = 40 * kMillisecond;  // 0: acknowledge each segment at once
  std::uint32_t initial_window_segments = 10;  // RFC 6928
  Time rto_initial = kSecond;                  // RFC 6298 §2.1
  Time rto_min = kSecond;                      // RFC 6298 §2.4; common stacks use 200 ms
  Time rto_max = 2 * kMinute;
  unsigned syn_retries = 6;  // given up after 127 s with an initial RTO of 1 s
  unsigned retries = 8;      // of a data segment or a FIN; about 6 minutes
  Time time_wait = kMinute;  // 2 MSL
  std::uint32_t send_low_octets = 65'536;
  bool fixed_isn = false;  // for tests: every connection begins with `isn`
  std::uint32_t isn = 0;
};

// What an inspector shows of a socket.
struct SocketInfo {
  SocketId id = kNoSocket;
  bool listening = false;
  TcpState state = TcpState::Closed;
  Endpoint local, remote;
  std::uint32_t congestion_window = 0, slow_start_threshold = 0;  // octets
  std::uint32_t send_window = 0;                                  // offered by the peer
  std::uint32_t receive_window = 0;                               // last offered to the peer
  std::uint32_t mss = 0;
  Time smoothed_rtt = 0, rtt_variation = 0, rto = 0;
  std::uint64_t unacked = 0;          // octets sent and not acknowledged
  std::uint64_t unsent = 0;           // octets waiting to be sent
  std::uint64_t held = 0;             // octets received while reading was paused
  std::uint64_t octets_sent = 0;      // acknowledged payload
  std::uint64_t octets_received = 0;  // payload in order
  std::uint64_t segments_sent = 0, segments_received = 0, retransmissions = 0;
};

}  // namespace mailscope::sim
