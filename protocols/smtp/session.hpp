// The SMTP session machine: which command may come when, and what a reply does to the session.
// RFC 5321 §3, §4.1.4, §4.3.2; RFC 3030 §2, RFC 3207 §4, RFC 4954 §4.
//
// The rules are a table in two parts that does not know which side it serves: what a command and
// its reply do (rules()), and what happens to a session besides (happening_rules()). Class Session
// runs it in the client, in the server and in the passive observer, and decides nothing that does
// not stand there; the state diagram and the words "may come next" are drawn from it.
//
// A session is told of commands and of replies as they pass. Replies answer commands in order
// (RFC 2920 §3), so commands that are not answered yet wait in a queue, the oldest first. state()
// is what the replies so far have made of the session; expected() what it will be if everything
// still waiting is granted. In a dialogue without pipelining the two differ only while a reply is
// awaited.
//
// Bounds: at most kOutstandingMax commands wait; more are refused with `false` and not remembered.
// Left out on purpose: parameters, limits, and which commands a server has built.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string_view>

#include "protocols/base/observed.hpp"
#include "protocols/smtp/verb.hpp"

namespace mailscope::smtp {

enum class State : std::uint8_t {
  Opening,    // TCP is open, the server has not spoken yet
  Connected,  // greeted with 220; the client has not said who it is
  Greeted,    // HELO or EHLO accepted, no transaction
  Mail,       // a sender was accepted, no recipient yet
  Rcpt,       // at least one recipient was accepted
  Data,       // 354 was given: what the client sends is the message
  Bdat,       // a chunk was accepted and more are to come
  Auth,       // 334 was given: what the client sends is part of a log-in
  Tls,        // 220 to STARTTLS: what follows is TLS
  Turned,     // 250 to TURN: the roles are exchanged
  Refused,    // the server greeted with 554 and waits for QUIT
  Quit,       // goodbye was said, 221 or 421; the connection is to be closed
  Closed,     // the connection is closed
  Unknown,    // an observer that joined in the middle
};
inline constexpr std::size_t kStates = static_cast<std::size_t>(State::Unknown) + 1;
std::string_view name(State state);      // "CONNECTED", "GREETED", ...
std::string_view describe(State state);  // one plain sentence
Phase phase_of(State state);
// The phase that a command and its reply belong to; for those that may come in any phase (NOOP and
// HELP are such) that of the state.
Phase phase_of(Verb verb, State state);

// A set of states, one bit each.
using StateSet = std::uint16_t;
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

// What a reply makes of the state: another one, or none.
struct Next {
  bool stays = true;
  State state = State::Closed;
};
constexpr Next stay() {
  return {};
}
constexpr Next to(State state) {
  return {false, state};
}

struct Rule {
  Verb verb;
  // In which states the verb may come; a 503 answers it elsewhere (RFC 5321 §4.1.4). Where the
  // state is Unknown, an observer's, everything may come. The row with Unknown also says what a
  // server does that grants the verb where it may not come.
  StateSet states;
  int granted_by;  // first digit of the reply that whoever goes on without waiting counts on
  Next after_2yz;
  Next after_3yz;
  Next after_failure;  // 4yz and 5yz
  std::string_view section;
  std::string_view says;  // the rule in words

  Next after(int first_digit) const {
    return first_digit == 2 ? after_2yz : first_digit == 3 ? after_3yz : after_failure;
  }
  Next granted() const { return after(granted_by); }
};
// A verb that behaves in two ways has two rows; their sets of states do not overlap, and one of
// them has State::Unknown.
std::span<const Rule> rules();
// The row for a verb in a state, null where it may not come.
const Rule* find_rule(Verb verb, State state);

// What changes a session without being the answer to a command, or whatever it answers.
enum class Happening : std::uint8_t {
  ServiceClosing,   // the reply 421, "to any command" or to none (RFC 5321 §4.2.2)
  ConnectionEnded,  // closed or lost
  TlsEstablished,   // the handshake behind STARTTLS is done
  TrackLost,        // an observer's capture has a gap
};
struct HappeningRule {
  Happening happening;
  StateSet states;  // in which it changes anything
  State next;
  bool drops_waiting;  // the commands that wait get no answer any more
  std::string_view section;
  std::string_view says;
};
// A row for each Happening, in their order.
std::span<const HappeningRule> happening_rules();

class Session {
 public:
  static constexpr std::size_t kOutstandingMax = 4096;

  // From the opening of the connection: the greeting is awaited.
  Session();
  // An observer that joins in the middle: everything may come, nothing is awaited.
  static Session joined();

  // May this come now, with everything still unanswered being granted?
  bool allowed(Verb verb) const;

  // A command was sent. False when it is out of place (it waits for its reply all the same).
  bool command(Verb verb);
  // A reply came. Returns the verb that it answers; Unknown when nothing was waiting.
  Verb reply(std::uint16_t code);
  // What its row in happening_rules() says.
  void happen(Happening happening);
  // Everything that still waits is given up: an observer lost its place. The state stays.
  void forget_outstanding();

  State state() const { return state_; }
  State expected() const { return expected_; }
  Phase phase() const { return phase_of(state_); }
  std::size_t outstanding() const { return outstanding_.size(); }
  // The verb that the next reply will answer; Unknown when none is awaited.
  Verb next_answered() const { return outstanding_.empty() ? Verb::Unknown : outstanding_.front(); }

 private:
  void expect_again();

  State state_ = State::Opening;
  State expected_ = State::Opening;
  std::deque<Verb> outstanding_;
};

}  // namespace mailscope::smtp
