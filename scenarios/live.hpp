// A scenario's mail servers on real TCP ports of this machine.
//
// The same stage as for a run, without its script: hosts, network and programs stand, nobody acts
// but the guests, and the clock is the wall's. Guests may send to the scenario's own domains; any
// other recipient is refused, so this is never an open relay. Users have their own name as
// password.
//
// The record grows while it is served. It is read on the way (captures/observe, Road), or from the
// beginning each time with copy(), for a window that wants a trace in order while it grows. Errors
// at the beginning: one line.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "captures/trace/trace.hpp"
#include "scenarios/scenario.hpp"
#include "sim/live/live_loop.hpp"

namespace mailscope::scenarios {

struct LiveOptions {
  std::string address = "127.0.0.1";
  // Servers take ports upwards from these, in the scenario's order; 0: any free port each.
  std::uint16_t smtp = 2525, pop3 = 2110, submission = 2587;
  std::uint64_t message_octets_max = 10u << 20;
  std::uint64_t disk_octets_max = 512u << 20;  // each host's spool and mailboxes
  sim::LiveLimits limits;
};

struct LivePort {
  std::string protocol;  // "smtp", "pop3", "submission"
  std::string host;
  std::string address;
  std::uint16_t port = 0;
};

class Live {
 public:
  static tl::expected<std::unique_ptr<Live>, std::string> open(const Scenario& scenario,
                                                               const LiveOptions& options);
  ~Live();
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  const std::vector<LivePort>& ports() const;
  void catch_signals();
  bool stopped() const;
  // Serves for so long, or until stopped().
  void serve_for(sim::Time wall);
  void shut_down();

  // Called from serve_for() for each mail that a server has said 250 to.
  void on_mail(std::function<void(const trace::Mail&, const trace::Connection&)> call);
  // Called from serve_for() once, when no more is recorded.
  void on_full(std::function<void()> call);

  const sim::LiveCounts& counts() const;
  // How much there is to be seen: grows with every frame and inside event.
  std::uint64_t grown() const;
  // Brings `copy` (empty, or from an earlier call) up to date with everything recorded so far, read
  // and in order as at the end. O(n).
  void refresh(trace::Trace& copy) const;
  // After shut_down(): the record, read to its end. Nothing may be served afterwards.
  trace::Trace& finish();

 private:
  struct Impl;
  explicit Live(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mailscope::scenarios
