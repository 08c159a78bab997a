// Real TCP ports of this machine, behind which stand the programs of simulated hosts.
//
// The virtual clock follows the wall clock: whatever is due is handled before octets are, so mail
// that a guest hands in travels on through the simulated network in real time. One thread; it
// sleeps until a socket or the next event wants something. Every connection becomes part of the
// trace as frames (frame_scribe.hpp), from a host with the guest's address, over a link named
// "loopback" (or "outside") that joins it with the server's host.
//
// Bounds: LiveLimits. Every guest over a limit is told so and closed. A guest who does not read is
// not read from either. When the record is full it ends for all of them at the same moment. Errors:
// an address that cannot be had is one line for people; what goes wrong on a connection ends that
// connection. IPv4 only; no TLS.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "captures/trace/trace.hpp"
#include "sim/net/network.hpp"

namespace mailscope::sim {

struct LiveLimits {
  std::size_t connections = 200;              // at a time
  std::size_t connections_per_address = 100;  // of them
  Time idle = 10 * kMinute;                   // no octet either way (RFC 1939 §3: at least 10)
  Time linger = 5 * kSecond;                  // for the guest's FIN after ours
  std::uint64_t backlog_octets = 256u << 10;  // a guest who has so much to read is not read from
  std::uint64_t backlog_octets_total = 256u << 20;
  bool record = true;                      // false: there is none
  std::uint64_t record_octets = 1u << 30;  // memory that it may take; beyond it guests are served
};

struct LiveService {
  Node* node = nullptr;
  std::uint16_t port = 0;  // where the program listens: 25, 110, 587
  // What a guest is told whose connection is closed for a reason of ours, lines without their end;
  // empty: nothing. The first one stands before the reason: "421 mail.beta.example ", "-ERR ".
  std::string turned_away, idle, shut_down;
  // Hand over a line at a time, looking at the backlog in between: for protocols in which a short
  // line asks for a long answer.
  bool by_lines = false;
  // So many times LiveLimits::idle may a guest be silent: IMAP's wait for news for half an hour.
  int idle_times = 1;
};

struct LiveCounts {
  std::uint64_t accepted = 0, refused = 0;
  std::uint64_t unrecorded = 0;  // begun when the record was full
  std::uint64_t octets_received = 0, octets_sent = 0;
  std::size_t open = 0;
};

class LiveLoop {
 public:
  // All outlive the loop. Time 0 is when the first of the serve functions is called.
  LiveLoop(Network& network, trace::Trace& trace, Tap& tap, const LiveLimits& limits);
  ~LiveLoop();
  LiveLoop(const LiveLoop&) = delete;
  LiveLoop& operator=(const LiveLoop&) = delete;

  // Listens; nobody is accepted before serve_for(). Port 0: any free one. Returns the port.
  tl::expected<std::uint16_t, std::string> listen(const LiveService& service, IpAddress address,
                                                  std::uint16_t port);
  // SIGINT and SIGTERM are caught from now on and make stopped() true.
  void catch_signals();
  bool stopped() const;

  // Serves for so long, or until stopped().
  void serve_for(Time wall);
  // Listens no more, tells the guests, closes, and waits until they are gone, for at most
  // LiveLimits::linger or until a second signal.
  void shut_down();
  // From now on a signal ends the program.
  void release_signals();

  const LiveCounts& counts() const;
  bool recording() const;  // false: the record is full, or there is none
  // Is called once, when the record is full.
  void on_full(std::function<void()> call);
  // What the trace takes, instead of what its frames do.
  void measure_with(std::function<std::uint64_t()> call);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mailscope::sim
