// The POP3 session machine: which command may come in which state, and what its answer does to the
// session. RFC 1939 §3-7; RFC 2449 §4, §6; RFC 2595 §4; RFC 5034 §4;
// RFC 6856 §2.1, §3.
//
// rules() is the one table, and says all that a command and its answer do. Client, server and
// passive observer run it through Session, and the state diagram and the explanations are drawn
// from it. A session does no I/O and never fails: a
// command that the table does not allow is reported as such and changes nothing.
//
// Commands may be pipelined (RFC 2449 §6.6): each waits in a queue until its answer comes. The
// queue holds kWaitingMax; beyond, the oldest is taken as answered with +OK (a capture of the
// client's side alone has no answers).
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string_view>

#include "protocols/base/observed.hpp"
#include "protocols/pop3/verb.hpp"

namespace mailscope::pop3 {

enum class State : std::uint8_t { Authorization, Transaction, Update, Closed };
inline constexpr std::size_t kStates = 4;
std::string_view name(State state);  // "AUTHORIZATION", ...
// The band of the ladder that a state lies in.
Phase phase(State state);

// How the answer goes on behind its +OK line. RFC 1939 §3: a multi-line answer ends with a lone
// dot.
enum class Answer : std::uint8_t {
  Line,     // it does not
  Lines,    // a listing, to the lone dot
  Content,  // a message, or the top of one, to the lone dot
};

// What a step makes of the state: another one, or none.
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

// LIST, UIDL, LANG and AUTH do one thing with an argument and another without.
enum class Argument : std::uint8_t { Either, None, Some };

struct Rule {
  Verb verb;
  Argument argument;
  State from;       // the state in which it may come
  Next on_command;  // as soon as it is sent
  Next after_ok;    // also where a server grants it in a state in which it may not come
  Next after_err;
  Answer answer;
  Verb directly_after;  // the command that must have succeeded just before it; Unknown: any
  std::string_view section;
  std::string_view says;  // a few words for the arrow in the diagram
};
std::span<const Rule> rules();
// The rule for a command in a state; null where it is not allowed.
const Rule* find_rule(Verb verb, bool has_argument, State state);
// Whether the +OK answer has further lines, and of which kind.
Answer answer_of(Verb verb, bool has_argument);

class Session {
 public:
  static constexpr std::size_t kWaitingMax = 1024;

  // A command whose answer has not come.
  struct Unanswered {
    Verb verb = Verb::Unknown;
    bool has_argument = false;
    bool allowed = false;
    Phase phase = Phase::None;
  };

  // The client sent a command. True where the table allows it, on the assumption that all that
  // still waits will be answered with +OK.
  bool command(Verb verb, bool has_argument);
  // The server answered. The command that it answers, or nothing when none waited.
  std::optional<Unanswered> reply(bool ok);

  State state() const { return state_; }              // as the answers so far have made it
  State expected_state() const { return expected_; }  // when all that waits is answered with +OK
  std::size_t waiting() const { return waiting_.size(); }
  const Unanswered* oldest() const { return waiting_.empty() ? nullptr : &waiting_.front(); }
  const Unanswered* newest() const { return waiting_.empty() ? nullptr : &waiting_.back(); }

  // For an observer that joined late or lost octets.
  void forget_all_but_newest();  // answers to the older ones were lost; they are taken as +OK
  void assume(State state);      // what came shows that the session is there

 private:
  void apply(const Unanswered& waiting, bool ok);
  void expect(const Unanswered& waiting);
  void expect_all();

  State state_ = State::Authorization;
  State expected_ = State::Authorization;
  Verb last_ok_ = Verb::Connect;  // the last command that was answered, if with +OK
  Verb expected_last_ = Verb::Connect;
  std::deque<Unanswered> waiting_;
};

}  // namespace mailscope::pop3
