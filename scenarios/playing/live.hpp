// A scenario's mail servers on real TCP ports of this machine.
//
// The same stage as for a run, without its script: hosts, network and programs stand, nobody acts
// but the guests, and the clock is the wall's. Guests may send to the scenario's own domains; any
// other recipient is refused, so this is never an open relay. Users have their own name as
// password.
//
// The record, if one is kept, grows while it is served, and is read on the way; settle() brings it
// up to date for a window that shows it meanwhile. All that it takes is counted (record_meter.hpp).
// When LiveLimits::record_octets are reached it ends for everything at that moment, as a capture
// does that is stopped, and a finding "record.full" says so. Errors at the beginning: one line.
//
// What no guest may foresee and no later start may say again (challenges, unique ids) is made from
// random octets of this machine.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "captures/trace/trace.hpp"
#include "scenarios/reading/scenario.hpp"
#include "sim/hosts/machine.hpp"
#include "sim/live/live_loop.hpp"

namespace mailscope::scenarios {

struct LiveOptions {
  std::string address = "127.0.0.1";
  // Servers take ports upwards from these, in the scenario's order; 0: any free port each.
  std::uint16_t smtp = 2525, pop3 = 2110, imap = 2143, submission = 2587;
  std::uint64_t message_octets_max = 10u << 20;
  std::uint64_t disk_octets_max = 512u << 20;  // each host's spool and mailboxes
  // A folder of this computer in which the users' mailboxes are, as Maildirs
  // (sim/live/maildir.hpp); empty: they are in memory and end with the program.
  std::string maildir;
  sim::LiveLimits limits;
};

struct LivePort {
  std::string protocol;  // "smtp", "pop3", "imap", "submission"
  std::string host;
  std::string address;
  std::uint16_t port = 0;
};

// A mail that a server has taken.
struct LiveMail {
  const sim::TakenMail& mail;
  const std::string& server;
  bool from_guest = false;  // and not from another server of the scenario
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

  // From now on a signal ends the program.
  void release_signals();

  // Called from serve_for() for each mail that a server says 250 to.
  void on_mail(std::function<void(const LiveMail&)> call);
  // Called from serve_for() once, when no more is recorded.
  void on_full(std::function<void()> call);

  const sim::LiveCounts& counts() const;
  // How much there is to be seen: grows with every frame and inside event, and when the record is
  // full.
  std::uint64_t grown() const;
  // Brings trace() up to date with everything recorded so far, at the cost of what is new; what is
  // open is shown as open, and Ids stay good.
  void settle();
  const trace::Trace& trace() const;
  // After shut_down(): the record, read to its end. Nothing may be served afterwards.
  const trace::Trace& finish();

 private:
  struct Impl;
  explicit Live(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mailscope::scenarios
