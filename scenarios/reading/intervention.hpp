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
//                / "fault" host verb [":" n] kind [text]
//                                           at the next such command, or the nth from now on
//   verb         = "CONNECT" / "END-OF-DATA" / "BDAT-LAST" / "EHLO" / "RCPT" / ...
//   kind         = "cut" / "crash" / "crash-after-write" / "delay" time / a reply code
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include <tl/expected.hpp>

#include "sim/hosts/mail_config.hpp"

namespace mailscope::scenarios {

struct Scenario;

// A struct for each kind of action, with just what it has. Hosts and users exist; every kind has
// its row in intervention.cpp and a function that does it (playing/acting.cpp), which the compiler
// wants.
namespace intervention {

// Where it is done.
struct OnLink {  // that joins the two hosts
  std::string host, other;
};
struct OnHost {
  std::string host;
};
struct OnServer {  // a host with an MTA server
  std::string host;
};

struct Drop : OnLink {};  // what `host` sends next
struct Cut : OnLink {};
struct Mend : OnLink {};
struct Slow : OnLink {
  std::uint64_t rate_bps = 0;
};
struct Lose : OnLink {
  double share = 0;
};

struct Off : OnHost {};
struct On : OnHost {};
struct Crash : OnHost {};
struct Restart : OnHost {};

struct Refuse : OnServer {};
struct Accept : OnServer {};
struct Overload : OnServer {
  sim::Time delay = 0;
};
struct Relieve : OnServer {};
struct Full : OnServer {};
struct Empty : OnServer {};
struct Greylist : OnServer {
  sim::Time delay = 0;
};
struct Forget : OnServer {
  std::string user;
};
struct Remember : OnServer {
  std::string user;
};
struct Fault : OnServer {
  sim::CommandFault fault;
};

using Any = std::variant<Drop, Cut, Mend, Slow, Lose, Off, On, Crash, Restart, Refuse, Accept,
                         Overload, Relieve, Full, Empty, Greylist, Forget, Remember, Fault>;

}  // namespace intervention

struct Intervention {
  Intervention();
  Intervention(std::int64_t when, intervention::Any the_action, std::string written);
  Intervention(const Intervention&);
  Intervention(Intervention&&) noexcept;
  Intervention& operator=(const Intervention&);
  Intervention& operator=(Intervention&&) noexcept;
  ~Intervention();

  std::int64_t at = 0;
  intervention::Any action;
  std::string text;  // the action as written, without its time: "off mail.beta.example"
};

// The error says what is wrong and what would be right.
tl::expected<Intervention, std::string> parse_intervention(std::string_view text,
                                                           const Scenario& scenario);
// The same without the time in front.
tl::expected<Intervention, std::string> parse_untimed(std::string_view text,
                                                      const Scenario& scenario);

}  // namespace mailscope::scenarios
