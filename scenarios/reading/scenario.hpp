// A scenario as a value: the place, the people, what they do, what goes wrong, what is told about
// it, what must be true at its end. It is what a lesson's .toml file says, checked
// (scenarios/README.md has the format).
//
// Times are nanoseconds of virtual time from the scenario's beginning. Hosts, users and links are
// named by their names in the file; the loader has made sure that every name exists. `line` is
// where in the file a thing stands, for messages.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "captures/trace/trace.hpp"
#include "scenarios/reading/action_spec.hpp"
#include "scenarios/reading/check_spec.hpp"
#include "scenarios/reading/event_pattern.hpp"
#include "scenarios/reading/intervention.hpp"
#include "sim/hosts/mail_config.hpp"
#include "sim/net/link.hpp"

namespace mailscope::scenarios {

struct HostSpec {
  std::string name;
  trace::HostKind kind = trace::HostKind::Computer;
  std::vector<trace::AgentKind> agents;
  std::string domain;                   // a mail server: the domain it takes mail for, else empty
  sim::MailConfig mail;                 // the stage adds who may relay and turn, and dns
  std::vector<std::string> relay_from;  // hosts that may send to any domain
  std::map<std::string, std::string> turn_for;  // a host -> the domain whose mail it may fetch
  float x = -1, y = -1;
  int line = 0;

  bool has(trace::AgentKind kind) const;
};

struct LinkAddress {
  IpAddress address;
  int prefix = 24;  // bits that the hosts of the link's network share

  IpAddress network() const { return address.network(prefix); }
};

struct LinkSpec {
  std::string name;
  std::vector<std::string> hosts;              // two or more
  std::vector<LinkAddress> addresses;          // one a host, or empty: 10.0.N.1, 10.0.N.2, ...
  std::vector<std::optional<IpAddress>> ipv6;  // likewise; nothing for a host without; all /64
  sim::LinkOptions options;
  int line = 0;
};

struct UserSpec {
  std::string name;  // also the password
  std::string full_name;
  std::string address;    // alice@alpha.example
  std::string computer;   // where the user's user agent runs
  std::string server;     // the host that keeps the mailbox
  bool receipts = false;  // tells a sender who asks for it that a letter was read
  int line = 0;
};

// A resource record of the DNS. Names are without the final dot; value "." is the root.
struct RecordSpec {
  std::string host;  // the DNS server that holds it
  std::string name, type, value;
  std::uint16_t preference = 10;  // MX
  std::uint32_t ttl_s = 3600;
  int line = 0;
};

// An intervention that is part of the scenario.
struct FaultSpec {
  std::optional<InsideEvent> after;  // then `intervention.at` counts from it
  Intervention intervention;
  int line = 0;
};

struct NoteSpec {
  trace::NoteKind kind = trace::NoteKind::Narration;
  EventPattern on;
  std::string text, detail;
  int line = 0;
};

struct Scenario {
  // Written once, in scenario.cpp: what the variants within need costs seconds wherever it is
  // compiled.
  Scenario();
  Scenario(const Scenario&);
  Scenario(Scenario&&) noexcept;
  Scenario& operator=(const Scenario&);
  Scenario& operator=(Scenario&&) noexcept;
  ~Scenario();

  std::string name;  // file name without .toml
  std::string file;  // for messages
  std::string title, summary;
  std::vector<std::string> topics;
  std::uint64_t seed = 1;
  std::int64_t begin = 0;  // Unix seconds at t = 0
  std::vector<HostSpec> hosts;
  std::vector<LinkSpec> links;
  std::vector<UserSpec> users;
  std::vector<RecordSpec> records;
  std::vector<ActionSpec> actions;
  std::vector<FaultSpec> faults;
  std::vector<NoteSpec> notes;
  std::vector<CheckSpec> checks;

  const HostSpec* host(std::string_view host_name) const;
  const UserSpec* user(std::string_view user_name) const;
  bool has_dns() const;  // some host is a DNS server: names are looked up there
};

}  // namespace mailscope::scenarios
