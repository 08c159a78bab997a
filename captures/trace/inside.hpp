// Inside events, as values: what a simulated host tells that no wire shows. A variable is of a
// kind, perhaps of somebody ("mailbox" of bob); its values are numbers, states, socket calls, or
// the name of what it is about (a letter's subject, a mail's number in the spool, an address).
//
// What is written for people (StateChange::text) is never read again. text() gives a value and
// what() a variable as JSON and lessons write them: "mailbox bob", "2", "crashed",
// "connect(10.0.2.25:25)"; find_variable() reads the one, says() compares with the other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "protocols/base/address.hpp"

namespace mailscope::trace {

enum class VariableKind : std::uint8_t {
  Access,         // of a user: another's mailbox was opened (State)
  Cache,          // records that a resolver remembers (a number)
  Conversion,     // the mail that was made 7-bit
  Disk,           // State
  Dropped,        // "datagram"
  Etrn,           // the node asked for, or the reply's code
  Expansion,      // the mail whose list or alias was put in
  Fallback,       // the address that is tried as well
  Fault,          // State, or the code with which a command is answered
  Fetch,          // State; of a user, or of the MTA client
  Greylist,       // State
  Idle,           // who was silent for too long
  InDoubt,        // the mail of which nobody knows whether it arrived
  Inbox,          // of a user: messages that the user agent shows (a number)
  Junk,           // of a user: messages set apart (a number)
  Letter,         // of a user: the subject of what was written
  Lock,           // of a user's mailbox (State)
  LogIn,          // who logged in, or State
  Loop,           // Received lines (a number)
  Mailbox,        // of a user: messages in it (a number)
  Patience,       // State
  Power,          // of a host: State
  Process,        // of a program: State
  Receipt,        // of a user: State
  Refused,        // who does not want to talk, or was sent away
  Report,         // what became of a message, as RFC 3464 says it; of a user or of the host
  Retry,          // the mail that waits
  Socket,         // of a program: SocketCall, or how a connection ended (State)
  SpamFilter,     // State
  Spool,          // messages waiting (a number)
  Talk,           // State
  Turn,           // State, or the host that has the connection now
  Undeliverable,  // the recipient
  VirusScan,      // State
  Zone,           // records (a number)
};
inline constexpr std::size_t kVariableKinds = static_cast<std::size_t>(VariableKind::Zone) + 1;

enum class State : std::uint8_t {
  On,
  Off,
  Crashed,  // power
  Idle,
  Running,
  Listening,  // process
  Full,
  Writing,  // disk (and Idle)
  New,
  TooEarly,  // greylist
  Locked,
  Free,  // lock
  Cut,
  Delay,  // fault
  Failed,
  PassedOver,
  Granted,
  Refused,
  Over,  // access, fetch, log-in, talk, turn, patience
  Finished,
  Reset,
  TimedOut,
  Unreachable,  // socket (and Refused)
  Infected,
  Clean,
  Spam,
  NoSpam,  // filters
  Sent,
  NotSent,  // receipt
};
inline constexpr std::size_t kStates = static_cast<std::size_t>(State::NotSent) + 1;

// A call as a program makes it (POSIX.1-2017, sys/socket.h).
struct SocketCall {
  enum class Name : std::uint8_t {
    Socket,
    Bind,  // port
    Listen,
    Accept,    // address, port
    Connect,   // address, port
    Send,      // octets
    Recv,      // octets
    SendTo,    // address, port, octets
    RecvFrom,  // address, port, octets
    Close,
  };
  Name name = Name::Socket;
  std::uint16_t port = 0;
  IpAddress address{};
  std::uint64_t octets = 0;
  bool operator==(const SocketCall&) const = default;
};

// Nothing: before the first change.
using Value = std::variant<std::monostate, std::uint64_t, State, SocketCall, std::string>;

inline bool has_value(const Value& value) {
  return value.index() != 0;
}
inline bool is(const Value& value, State state) {
  const State* held = std::get_if<State>(&value);
  return held && *held == state;
}
// A number; nothing for another value.
std::optional<std::uint64_t> number(const Value& value);

// A variable by name; the subject is viewed, not kept.
struct What {
  VariableKind kind;
  std::string_view subject;
  // Not explicit: `tell(agent, VariableKind::Spool, ...)`.
  What(VariableKind k, std::string_view s = {}) : kind(k), subject(s) {}
};

std::string_view name(VariableKind kind);  // "mailbox", "log-in"
std::string_view name(State state);        // "crashed", "timed out"
std::string what(VariableKind kind, std::string_view subject);
std::string text(const SocketCall& call);
std::string text(const Value& value);  // "" for nothing

// "mailbox bob", "spam filter"; nothing for a name that no kind has. The subject is a view of
// `text`.
std::optional<What> find_variable(std::string_view text);
// Whether text(value) is this.
bool says(const Value& value, std::string_view text);

}  // namespace mailscope::trace
