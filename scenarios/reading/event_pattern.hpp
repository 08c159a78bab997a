// The little language in which a scenario names an event that its narration is tied to.
//
//   event   = "start" / "end" / "a frame is lost" / ("done:" intervention)
//           / (host action) / (host ":" what [ "=" value ])
//   action  = "sends" verb [ "to" host ]             a command
//           / "sends the message" [ "to" host ]      the content after 354, or of a RETR
//           / "replies" code [ "to" verb ]           250, 2xx, +OK, -ERR; "to the message" is the
//                                                    answer to the final dot
//           / "connects to" host / "hangs up"        the TCP open, the TCP close
//           / "breaks off"                           an RST
//           / "asks" type [ "of" host ]              a DNS question: A, MX, ...
//           / "answers" [ rcode "to" ] type          a DNS answer: NOERROR, NXDOMAIN, ...
//   event may end in ", time" N                      its Nth happening; the first, when not said
//
// `what` is an inside event's variable: spool, mailbox NAME, inbox NAME, power, process AGENT,
// socket AGENT.
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "captures/trace/trace.hpp"

namespace mailscope::scenarios {

struct EventPattern {
  enum class Kind : std::uint8_t {
    Start,
    End,
    Command,
    Message,
    Reply,
    Connect,
    HangUp,
    BreakOff,
    Question,
    Answer,
    Change,
    Loss,
    Done,  // an intervention, written in `word`
  };
  Kind kind = Kind::Start;
  std::string host;     // who acts
  std::string to;       // the other host, or empty
  std::string word;     // verb, code, record type, or the variable's name
  std::string answers;  // Reply: the verb that it answers, or "the message"; Answer: the rcode
  std::string value;    // Change: the new value
  bool any_value = true;
  int nth = 1;
  std::string text;  // as it was written
};

// The error says what is wrong and what would be right.
tl::expected<EventPattern, std::string> parse_event(std::string_view text);

}  // namespace mailscope::scenarios
