// An intervention: something done to a run at a virtual time, by a person or by the scenario
// itself. With scenario and seed it makes a run that can be had again, octet for octet.
//
//   intervention = time action
//   time         = "1.25s", "300 ms", ...
//   action       = the link between two hosts:
//                  "drop" host host         the next frame that the first sends on it
//                / "cut" host host          the cable;  "mend" host host  puts it back
//                / "slow" host host rate    bit/s: "9600", "56k", "2M"
//                / "lose" host host share   of the frames, 0 to 1
//                  a host:
//                / "off" host / "on" host / "crash" host / "restart" host
//                  a mail server:
//                / "refuse" host            421 instead of the greeting;  "accept" host  ends it
//                / "overload" host time     so long until the greeting;  "relieve" host  ends it
//                / "full" host              no room on the disk;  "empty" host  makes room
//                / "greylist" host time     from now on; "0s" ends it
//                / "forget" host user       550, as if there were no mailbox;
//                                           "remember" host user  ends it
//                / "fault" host verb [":" n] what [text]
//                                           at the next such command, or the nth from now on
//   verb         = "CONNECT" / "END-OF-DATA" / "BDAT-LAST" / "EHLO" / "RCPT" / ...
//   what         = "cut" / "crash" / "crash-after-write" / "delay" time / a reply code
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "sim/hosts/mail_config.hpp"

namespace mailscope::scenarios {

struct Scenario;

struct Intervention {
  enum class Kind : std::uint8_t {
    Drop,
    Cut,
    Mend,
    Slow,
    Lose,
    Off,
    On,
    Crash,
    Restart,
    Refuse,
    Accept,
    Overload,
    Relieve,
    Full,
    Empty,
    Greylist,
    Forget,
    Remember,
    Fault
  };
  std::int64_t at = 0;
  Kind kind = Kind::Drop;
  std::string text;            // the action as written, without its time: "off mail.beta.example"
  std::string host, other;     // `other` where there must be a link between the two
  std::string user;            // Forget, Remember
  std::uint64_t rate_bps = 0;  // Slow
  double share = 0;            // Lose
  sim::Time time = 0;          // Overload, Greylist
  sim::CommandFault fault;     // Fault
};

// The error says what is wrong and what would be right.
tl::expected<Intervention, std::string> parse_intervention(std::string_view text,
                                                           const Scenario& scenario);
// The same without the time in front.
tl::expected<Intervention, std::string> parse_action(std::string_view text,
                                                     const Scenario& scenario);

}  // namespace mailscope::scenarios
