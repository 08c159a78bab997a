// What must be true at a scenario's end: a struct for each kind of check, with just what it has.
//
// A kind has its key in the file (loader_checks.cpp) and a function that makes it
// (playing/checks*); the compiler wants both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "scenarios/reading/event_pattern.hpp"

namespace mailscope::scenarios {

// Users and hosts by their names in the file. Numbers are wanted exactly, where not said otherwise.
namespace check {

// ---- what a host or a user has ----

struct Mailbox {  // messages on the server
  std::string user;
  std::int64_t holds = 0;
};
struct Inbox {  // messages that the user agent has
  std::string user;
  std::int64_t holds = 0;
};
struct Junk {  // messages that the spam filter has set apart
  std::string user;
  std::int64_t holds = 0;
};
struct Spool {
  std::string host;
  std::int64_t holds = 0;
};
struct Retries {  // queue runs after the first one
  std::string host;
  std::int64_t times = 0;
};
struct Refused {  // a mailbox, to the user
  std::string user;
  std::int64_t times = 1;
};

// ---- a user's messages: in the mailbox, and, taken from there, in the user agent ----

struct Received {  // lines of this name in the last one
  std::string user;
  std::int64_t lines = 0;
};
struct Subject {  // messages that have the text there
  std::string user, text;
  std::int64_t times = 1;
};
struct Contains {  // messages that have the text anywhere
  std::string user, text;
  std::int64_t times = 1;
};
struct Report {  // messages that are delivery status notifications (RFC 3464)
  std::string user;
  std::int64_t times = 1;
};
struct Duplicates {  // messages more than there are Message-IDs
  std::string user;
  std::int64_t messages = 0;
};

// ---- the whole run ----

struct Reply {
  event::Reply reply;  // host: empty for any
  std::int64_t times = 1;
};
struct LostFrames {
  std::int64_t at_least = 0;
};
struct Connections {        // of TCP
  std::string from, to;     // hosts; empty: any
  std::int64_t number = 0;  // of them
};
struct Saves {                              // one takes so much less time than the other
  double share = 0;                         // at least
  std::size_t connection = 1, against = 1;  // counted from 1
};
struct Finding {
  std::string code;
  std::int64_t times = 1;
};

// ---- events, and what lies between two ----

struct Event {
  EventPattern event;
  std::int64_t times = 1;
};
struct Before {
  EventPattern earlier, later;
};
struct Says {
  EventPattern event;
  std::string text;
  std::optional<std::int64_t> times;  // nothing: at least once
};
struct State {  // what an inside event's variable is then; its value is there
  event::Change state;
  std::string text;  // as it was written
  EventPattern at;
};
struct Takes {
  EventPattern from, until;
  std::int64_t least = 0, most = 0;  // nanoseconds
};
struct RoundTrips {  // on one connection
  EventPattern from, until;
  std::int64_t number = 0;
};
struct Frames {  // of one connection, each packet counted once
  EventPattern from, until;
  std::int64_t number = 0;
};

// ---- what crosses the wire at an event ----

struct Octets {  // of a connection: both ways
  EventPattern of;
  std::int64_t octets = 0;
};
struct Port {  // the server's
  EventPattern of;
  std::int64_t port = 0;
};
struct Ttl {
  EventPattern of;
  std::int64_t ttl = 0;
  std::size_t hop = 1;  // counted from 1
};
struct SameMessage {  // the later one ends with all of the earlier one
  EventPattern later, earlier;
};
struct SameParts {  // both have the same decoded parts
  EventPattern later, earlier;
};

using Any =
    std::variant<Mailbox, Inbox, Junk, Spool, Retries, Refused, Received, Subject, Contains, Report,
                 Duplicates, Reply, LostFrames, Connections, Saves, Finding, Event, Before, Says,
                 State, Takes, RoundTrips, Frames, Octets, Port, Ttl, SameMessage, SameParts>;

}  // namespace check

struct CheckSpec {
  check::Any check;
  int line = 0;
};

}  // namespace mailscope::scenarios
