// A scenario as a value: the place, the people, what they do, what is told about it, what must be
// true at its end. It is what a .toml file of this folder says, checked (see README.md for the
// format).
//
// Times are nanoseconds of virtual time from the scenario's beginning. Hosts, users and links are
// named by their names in the file; the loader has made sure that every name exists. `line` is
// where in the file a thing stands, for messages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "captures/trace/trace.hpp"
#include "scenarios/event_pattern.hpp"
#include "sim/net/link.hpp"

namespace mailscope::scenarios {

struct HostSpec {
  std::string name;
  trace::HostKind kind = trace::HostKind::Computer;
  std::vector<trace::AgentKind> agents;
  std::string domain;  // a mail server: the domain it takes mail for, else empty
  float x = -1, y = -1;
  int line = 0;
};

struct LinkSpec {
  std::string name;
  std::vector<std::string> hosts;      // two or more
  std::vector<std::string> addresses;  // one a host, or empty: 10.0.N.1, 10.0.N.2, ...
  sim::LinkOptions options;
  int line = 0;
};

struct UserSpec {
  std::string name;  // also the password
  std::string full_name;
  std::string address;   // alice@alpha.example
  std::string computer;  // where the user's user agent runs
  std::string server;    // the host that keeps the mailbox
  int line = 0;
};

enum class Deed : std::uint8_t { Send, Fetch, Read, OpenMailbox };
struct ActionSpec {
  Deed deed = Deed::Send;
  std::string who;
  std::int64_t at = 0;                   // virtual time, or the wait after `after`
  std::optional<EventPattern> after;     // an inside event; then `at` counts from it
  std::vector<std::string> to, cc, bcc;  // Send
  std::string subject, body;             // Send
  bool keep = false;                     // Fetch: leave the messages on the server
  std::string whose;                     // OpenMailbox
  int line = 0;
};

struct NoteSpec {
  trace::NoteKind kind = trace::NoteKind::Narration;
  EventPattern on;
  std::string text, detail;
  int line = 0;
};

enum class CheckKind : std::uint8_t { Mailbox, Spool, Inbox, Reply, LostFrames, Refused };
struct CheckSpec {
  CheckKind kind = CheckKind::Mailbox;
  std::string subject;  // user, host or reply code
  std::string to_verb;  // Reply: to which command
  std::int64_t count = 0;
  bool at_least = false;
  int line = 0;
};

struct Scenario {
  std::string name;  // file name without .toml
  std::string file;  // for messages
  std::string title, summary;
  std::vector<std::string> topics;
  std::uint64_t seed = 1;
  std::int64_t begin = 0;  // Unix seconds at t = 0
  bool classic = false;    // MTA clients greet with HELO, as RFC 821 did
  std::vector<HostSpec> hosts;
  std::vector<LinkSpec> links;
  std::vector<UserSpec> users;
  std::vector<ActionSpec> actions;
  std::vector<NoteSpec> notes;
  std::vector<CheckSpec> checks;

  const HostSpec* host(std::string_view host_name) const;
  const UserSpec* user(std::string_view user_name) const;
};

}  // namespace mailscope::scenarios
