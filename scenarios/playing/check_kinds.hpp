// One function for each kind of check. Private to the checks.
//
// The result's line is set by who calls. A kind that has no function here does not compile
// (checks.cpp), one that has no body does not link.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "captures/trace/trace.hpp"
#include "scenarios/playing/find_event.hpp"
#include "scenarios/playing/player.hpp"
#include "scenarios/reading/scenario.hpp"

namespace mailscope::scenarios {

class Stage;

// What a check looks at.
struct Ended {
  const Scenario& scenario;
  Stage& stage;
  const trace::Trace& trace;
};

// ---- checks_hosts.cpp: what a host or a user has, and a user's messages ----
CheckResult make(const check::Mailbox& check, const Ended& run);
CheckResult make(const check::Inbox& check, const Ended& run);
CheckResult make(const check::Junk& check, const Ended& run);
CheckResult make(const check::Spool& check, const Ended& run);
CheckResult make(const check::Retries& check, const Ended& run);
CheckResult make(const check::Refused& check, const Ended& run);
CheckResult make(const check::Received& check, const Ended& run);
CheckResult make(const check::Subject& check, const Ended& run);
CheckResult make(const check::Contains& check, const Ended& run);
CheckResult make(const check::Report& check, const Ended& run);
CheckResult make(const check::Duplicates& check, const Ended& run);

// ---- checks.cpp: the whole run ----
CheckResult make(const check::Reply& check, const Ended& run);
CheckResult make(const check::LostFrames& check, const Ended& run);
CheckResult make(const check::Connections& check, const Ended& run);
CheckResult make(const check::Saves& check, const Ended& run);
CheckResult make(const check::Finding& check, const Ended& run);

// ---- checks_events.cpp: events, and what lies between two ----
CheckResult make(const check::Event& check, const Ended& run);
CheckResult make(const check::Before& check, const Ended& run);
CheckResult make(const check::Says& check, const Ended& run);
CheckResult make(const check::State& check, const Ended& run);
CheckResult make(const check::Takes& check, const Ended& run);
CheckResult make(const check::RoundTrips& check, const Ended& run);
CheckResult make(const check::Frames& check, const Ended& run);

// ---- checks_wire.cpp: what crosses the wire at an event ----
CheckResult make(const check::Octets& check, const Ended& run);
CheckResult make(const check::Port& check, const Ended& run);
CheckResult make(const check::Ttl& check, const Ended& run);
CheckResult make(const check::SameMessage& check, const Ended& run);
CheckResult make(const check::SameParts& check, const Ended& run);

// ---- what they have in common (checks.cpp) ----

// `found` is told only of a check that failed.
CheckResult verdict(bool passed, std::string text, std::string found);
CheckResult failed(std::string text, std::string why);
// "never", "once", "3 times"
std::string times(std::int64_t count);
// "s" unless it is one
std::string_view plural(std::int64_t count);
// How often an event happens.
std::int64_t count_events(const trace::Trace& trace, EventPattern pattern);

// ---- events of which each has to happen (checks_events.cpp) ----

// Where the event happens, or the check that failed because it does not.
tl::expected<Happening, CheckResult> find_needed(const trace::Trace& trace,
                                                 const EventPattern& event);
// ... and crosses a wire.
tl::expected<trace::Id, CheckResult> find_pdu(const trace::Trace& trace, const EventPattern& event);
// `checked` is checked, and `event`, which may be the same, happens within a host.
CheckResult crosses_no_wire(const EventPattern& checked, const EventPattern& event);

struct Two {
  Happening first, second;
};
tl::expected<Two, CheckResult> find_two(const trace::Trace& trace, const EventPattern& first,
                                        const EventPattern& second);

}  // namespace mailscope::scenarios
