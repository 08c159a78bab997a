// What people and hosts do in a scenario: a struct for each kind of action, with just what it has.
//
// A kind has its word in the file (loader_actions.cpp) and a function that does it
// (playing/acting.cpp); the compiler wants both.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "scenarios/reading/event_pattern.hpp"
#include "sim/hosts/maa_client.hpp"
#include "sim/hosts/user_agent.hpp"

namespace mailscope::scenarios {

// Users and hosts by their names in the file.
namespace action {

struct Send {
  std::string user;
  sim::Letter letter;
};
struct Fetch {  // by POP3
  std::string user;
  sim::FetchOptions options;
};
struct Read {  // the own mailbox, on the server
  std::string user;
};
struct OpenMailbox {
  std::string user, whose;
};
struct Type {  // by hand, from a terminal
  std::string user, host;
  std::uint16_t port = 25;
  std::vector<std::string> lines;  // sim/hosts/terminal.hpp
  std::int64_t pause = 0;          // nanoseconds before each line
};
// A host asks another for the mail that waits there: RFC 821 §3.8, RFC 1985 §5.
struct Turn {
  std::string client, server;
};
struct Etrn {
  std::string client, server, domain;
};

using Any = std::variant<Send, Fetch, Read, OpenMailbox, Type, Turn, Etrn>;

}  // namespace action

struct ActionSpec {
  action::Any action;
  std::int64_t at = 0;               // virtual time, or the wait after `after`
  std::optional<InsideEvent> after;  // then `at` counts from it
  int line = 0;
};

}  // namespace mailscope::scenarios
