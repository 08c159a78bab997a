// The little language in which a scenario names an event of its run.
//
//   event   = "start" / "end" / "a frame is lost" / ("done:" intervention)
//           / (host action) / (host ":" variable [ "=" value ])
//   action  = "sends" verb [ "to" host ]             a command
//           / "sends the message" [ "to" host ]      the content after 354, or of a RETR
//           / "replies" code [ "to" verb ]           250, 2xx, +OK, -ERR; "to the message" is the
//                                                    answer to the final dot
//           / "connects to" host                     the TCP open
//           / "hangs up" [ "to" host ]               the TCP close
//           / "breaks off" [ "to" host ]             an RST
//           / "asks" type [ "of" host ]              a DNS question: A, MX, ...
//           / "answers" [ rcode "to" ] type          a DNS answer: NOERROR, NXDOMAIN, ...
//   event may end in ", time" N                      its Nth happening; the first, when not said
//
// `variable` and `value` are an inside event's (inside_words.hpp): spool = 1, mailbox bob = 1,
// power = off, socket MTA client = close(). What is parsed can happen: hosts, users, programs,
// commands, codes, variables and values exist.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <tl/expected.hpp>

#include "captures/trace/inside.hpp"

namespace mailscope::scenarios {

struct Scenario;

// Every kind of event with what it has. `host` is who acts, `to` the other host, or empty.
namespace event {

struct Start {
  bool operator==(const Start&) const = default;
};
struct End {
  bool operator==(const End&) const = default;
};
struct Loss {  // of a frame, on any link
  bool operator==(const Loss&) const = default;
};

struct Done {
  std::string intervention;  // as Intervention::text
  bool operator==(const Done&) const = default;
};

struct Command {
  std::string host, verb, to;
  bool operator==(const Command&) const = default;
};
struct Message {
  std::string host, to;
  bool operator==(const Message&) const = default;
};
struct Reply {
  std::string host, code;
  std::string verb;         // that it answers; empty: any
  bool to_message = false;  // it answers the final dot
  bool operator==(const Reply&) const = default;
};

struct Connect {
  std::string host, to;
  bool operator==(const Connect&) const = default;
};
struct HangUp {
  std::string host, to;
  bool operator==(const HangUp&) const = default;
};
struct BreakOff {
  std::string host, to;
  bool operator==(const BreakOff&) const = default;
};

struct Question {
  std::string host, type, to;
  bool operator==(const Question&) const = default;
};
struct Answer {
  std::string host, rcode, type;  // rcode: empty for any
  bool operator==(const Answer&) const = default;
};

// An inside event.
struct Change {
  std::string host;
  trace::VariableKind variable = trace::VariableKind::Power;
  std::string subject;                // whose; empty where it is the host's
  std::optional<trace::Value> value;  // the new one; nothing: any
  bool operator==(const Change&) const = default;
};

using Any = std::variant<Start, End, Loss, Done, Command, Message, Reply, Connect, HangUp, BreakOff,
                         Question, Answer, Change>;

}  // namespace event

struct EventPattern {
  EventPattern();
  EventPattern(event::Any the_event, int the_nth, std::string written);
  EventPattern(const EventPattern&);
  EventPattern(EventPattern&&) noexcept;
  EventPattern& operator=(const EventPattern&);
  EventPattern& operator=(EventPattern&&) noexcept;
  ~EventPattern();

  event::Any event;
  int nth = 1;
  std::string text;  // as it was written
};

// What an action or a fault waits for.
struct InsideEvent {
  event::Change change;
  int nth = 1;
  std::string text;
};

// The error says what is wrong and what would be right.
tl::expected<EventPattern, std::string> parse_event(std::string_view text,
                                                    const Scenario& scenario);

}  // namespace mailscope::scenarios
