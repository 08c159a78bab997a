// The IMAP session machine: which command may come in which state, and what its answer does to the
// session. RFC 9051 §3, §6; RFC 3501 §3, §6.
//
//   connect ─ OK ──► NOT AUTHENTICATED ─ LOGIN, AUTHENTICATE ──► AUTHENTICATED ◄──► SELECTED
//      ├─ PREAUTH ──────────────────────────────────────────────────┘   SELECT, CLOSE
//      └─ BYE ─────► LOGOUT ◄── LOGOUT, BYE: from everywhere
//
// rules() is the table of commands, happening_rules() that of what changes a session without being
// the answer to a command. Client, server and passive observer run them through Session, and the
// state diagram and the explanations are drawn from them. A session does no I/O and never fails: a
// command that the table does not allow is reported as such and changes nothing.
//
// A command is in force when its tagged answer comes; answers are told apart by their tags and may
// come in any order (RFC 9051 §5.5). Each command has a key, a number from 1, that its untagged
// data and its answer share. BAD never changes a state, NO only where SELECT and EXAMINE failed
// (RFC 9051 §6).
//
// Bounds: kWaitingMax commands wait; beyond, the oldest is taken as answered with OK.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocols/base/observed.hpp"
#include "protocols/imap/values/status.hpp"
#include "protocols/imap/values/text.hpp"
#include "protocols/imap/verb.hpp"

namespace mailscope::imap {

enum class State : std::uint8_t { NotAuthenticated, Authenticated, Selected, Logout };
inline constexpr std::size_t kStates = 4;
std::string_view name(State state);      // "NOT AUTHENTICATED", ...
std::string_view describe(State state);  // one plain sentence
// The band of the ladder that a state lies in.
Phase phase(State state);
// That of a command and its answer.
Phase phase(Verb verb, State state);

// A set of states, one bit each.
using StateSet = std::uint8_t;
constexpr StateSet set_of(State state) {
  return static_cast<StateSet>(1u << static_cast<unsigned>(state));
}
template <typename... States>
constexpr StateSet set_of(State first, States... more) {
  return static_cast<StateSet>(set_of(first) | set_of(more...));
}
constexpr bool contains(StateSet set, State state) {
  return (set & set_of(state)) != 0;
}

// What an answer makes of the state: another one, or none.
struct Next {
  bool stays = true;
  State state = State::Logout;
};
constexpr Next stay() {
  return {};
}
constexpr Next to(State state) {
  return {false, state};
}

// What the client sends between a command and its answer, each time after a "+".
enum class ClientLines : std::uint8_t {
  None,
  Sasl,  // AUTHENTICATE: a response in base64, or "*" to give up (RFC 9051 §6.2.2)
  Done,  // IDLE: "DONE" (RFC 9051 §6.3.13)
};

struct Rule {
  Verb verb;
  StateSet states;  // in which it may come
  Next after_ok;    // also where a server grants it in a state in which it may not come
  Next after_no;
  ClientLines lines;
  std::string_view section;
  std::string_view says;  // a few words for the arrow in the diagram
};
// A row for each verb but Unknown, in their order.
std::span<const Rule> rules();
// Null for Unknown.
const Rule* find_rule(Verb verb);
bool is_allowed(Verb verb, State state);

enum class Happening : std::uint8_t {
  PreAuthenticated,  // the greeting PREAUTH
  Bye,               // an untagged BYE, as a greeting, after LOGOUT or out of the blue
  ConnectionEnded,
};
struct HappeningRule {
  Happening happening;
  StateSet states;  // in which it changes anything
  State next;
  std::string_view section;
  std::string_view says;
};
// A row for each Happening, in their order.
std::span<const HappeningRule> happening_rules();

// What the client has switched on with ENABLE (RFC 5161 §3.1, RFC 9051 §6.3.1), or with a command
// that does so by itself (RFC 7162 §3.1: CONDSTORE).
struct Enabled {
  bool condstore = false;
  bool qresync = false;  // and with it condstore (RFC 7162 §3.2.3)
  bool utf8_accept = false;
  bool imap4rev2 = false;

  // False for a word that switches nothing on.
  bool enable(std::string_view capability);
  // How mailbox names and strings are written from then on.
  Utf8 utf8() const { return utf8_accept || imap4rev2 ? Utf8::Yes : Utf8::No; }
};

class Session {
 public:
  static constexpr std::size_t kWaitingMax = 1024;

  // A command whose answer has not come.
  struct Unanswered {
    std::uint32_t key = 0;  // from 1
    std::string tag;        // Connect: empty
    Verb verb = Verb::Unknown;
    bool allowed = false;
    Phase phase = Phase::None;
    bool asked_for_line = false;  // "+" came, and the client's line has not
  };

  // The client sent a command (Connect: opened the connection). The reference is good until the
  // next call; `allowed` says what the table does, on the assumption that all that still waits will
  // be answered with OK.
  const Unanswered& command(Verb verb, std::string_view tag);
  // A tagged answer came, or the greeting (with an empty tag): OK, NO or BAD; PREAUTH and BYE of a
  // greeting. The command that it answers, or nothing when none with this tag waited.
  std::optional<Unanswered> reply(std::string_view tag, Status status);
  // What its row in happening_rules() says.
  void happen(Happening happening);

  // "+" came that no literal waited for: it is the client's turn within a command.
  void continuation();
  // What the client's next line is: None where it begins a command.
  ClientLines client_lines() const;
  // And that line came.
  void client_line();

  State state() const { return state_; }              // as the answers so far have made it
  State expected_state() const { return expected_; }  // when all that waits is answered with OK
  std::size_t waiting() const { return waiting_.size(); }
  const Unanswered* oldest() const { return waiting_.empty() ? nullptr : &waiting_.front(); }
  const Unanswered* newest() const { return waiting_.empty() ? nullptr : &waiting_.back(); }
  const Unanswered* find(std::string_view tag) const;

  // For an observer that joined late or lost octets.
  void forget_all_but_newest();  // answers to the older ones were lost; they are taken as OK
  void assume(State state);      // what came shows that the session is there

 private:
  void apply(const Unanswered& waiting, Status status);
  void expect(const Unanswered& waiting);
  void expect_all();
  Unanswered* waiting_for_line();

  State state_ = State::NotAuthenticated;
  State expected_ = State::NotAuthenticated;
  std::uint32_t last_key_ = 0;
  std::deque<Unanswered> waiting_;
};

}  // namespace mailscope::imap
