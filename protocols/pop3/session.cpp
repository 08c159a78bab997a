#include "protocols/pop3/session.hpp"

#include <array>

namespace mailscope::pop3 {
namespace {

using enum State;
using enum Answer;
using enum Argument;
constexpr Verb kAny = Verb::Unknown;

// One row for each arrow of the diagram in RFC 1939 §3. A -ERR leaves the state as it was, but for
// QUIT: RFC 1939 §6 has the server close after it whatever it answers.
constexpr std::array kRules = {
    // verb, argument, may come in, on command, after +OK, after -ERR, answer, directly after,
    // section, says
    Rule{Verb::Connect, Either, Authorization, stay(), to(Authorization), to(Closed), Line, kAny,
         "RFC 1939 §4", "greeting"},
    Rule{Verb::User, Either, Authorization, stay(), to(Authorization), stay(), Line, kAny,
         "RFC 1939 §7", "mailbox named"},
    Rule{Verb::Pass, Either, Authorization, stay(), to(Transaction), stay(), Line, Verb::User,
         "RFC 1939 §7", "password accepted, maildrop locked"},
    Rule{Verb::Apop, Either, Authorization, stay(), to(Transaction), stay(), Line, kAny,
         "RFC 1939 §7", "digest accepted, maildrop locked"},
    Rule{Verb::Auth, Some, Authorization, stay(), to(Transaction), stay(), Line, kAny,
         "RFC 5034 §4", "SASL log-in, maildrop locked"},
    Rule{Verb::Auth, None, Authorization, stay(), stay(), stay(), Lines, kAny, "RFC 5034 §4",
         "SASL mechanisms listed"},
    Rule{Verb::Stls, Either, Authorization, stay(), to(Authorization), stay(), Line, kAny,
         "RFC 2595 §4", "TLS begins"},
    Rule{Verb::Capa, Either, Authorization, stay(), to(Authorization), stay(), Lines, kAny,
         "RFC 2449 §5", "capabilities listed"},
    Rule{Verb::Utf8, Either, Authorization, stay(), to(Authorization), stay(), Line, kAny,
         "RFC 6856 §2.1", "UTF-8 from now on"},
    Rule{Verb::Lang, None, Authorization, stay(), to(Authorization), stay(), Lines, kAny,
         "RFC 6856 §3.2", "languages listed"},
    Rule{Verb::Lang, Some, Authorization, stay(), to(Authorization), stay(), Line, kAny,
         "RFC 6856 §3.2", "language chosen"},
    Rule{Verb::Quit, Either, Authorization, stay(), to(Closed), to(Closed), Line, kAny,
         "RFC 1939 §4", "left without log-in, nothing deleted"},
    Rule{Verb::Stat, Either, Transaction, stay(), to(Transaction), stay(), Line, kAny,
         "RFC 1939 §5", "messages and octets"},
    Rule{Verb::List, None, Transaction, stay(), to(Transaction), stay(), Lines, kAny, "RFC 1939 §5",
         "sizes listed"},
    Rule{Verb::List, Some, Transaction, stay(), to(Transaction), stay(), Line, kAny, "RFC 1939 §5",
         "size of a message"},
    Rule{Verb::Uidl, None, Transaction, stay(), to(Transaction), stay(), Lines, kAny, "RFC 1939 §7",
         "unique ids listed"},
    Rule{Verb::Uidl, Some, Transaction, stay(), to(Transaction), stay(), Line, kAny, "RFC 1939 §7",
         "unique id of a message"},
    Rule{Verb::Retr, Either, Transaction, stay(), to(Transaction), stay(), Content, kAny,
         "RFC 1939 §5", "message fetched"},
    Rule{Verb::Top, Either, Transaction, stay(), to(Transaction), stay(), Content, kAny,
         "RFC 1939 §7", "top of a message fetched"},
    Rule{Verb::Dele, Either, Transaction, stay(), to(Transaction), stay(), Line, kAny,
         "RFC 1939 §5", "message marked"},
    Rule{Verb::Rset, Either, Transaction, stay(), to(Transaction), stay(), Line, kAny,
         "RFC 1939 §5", "marks taken off"},
    Rule{Verb::Noop, Either, Transaction, stay(), to(Transaction), stay(), Line, kAny,
         "RFC 1939 §5", "nothing"},
    Rule{Verb::Capa, Either, Transaction, stay(), to(Transaction), stay(), Lines, kAny,
         "RFC 2449 §5", "capabilities listed"},
    Rule{Verb::Lang, None, Transaction, stay(), to(Transaction), stay(), Lines, kAny,
         "RFC 6856 §3.2", "languages listed"},
    Rule{Verb::Lang, Some, Transaction, stay(), to(Transaction), stay(), Line, kAny,
         "RFC 6856 §3.2", "language chosen"},
    Rule{Verb::Quit, Either, Transaction, to(Update), to(Closed), to(Closed), Line, kAny,
         "RFC 1939 §6", "marked messages removed, lock released"},
};

bool fits(const Rule& rule, Verb verb, bool has_argument) {
  return rule.verb == verb && (rule.argument == Either || (rule.argument == Some) == has_argument);
}

// The state that a command which is on its way has left: QUIT's row starts at TRANSACTION and is in
// UPDATE as soon as it is sent.
State before_command(State state) {
  for (const Rule& rule : kRules)
    if (!rule.on_command.stays && rule.on_command.state == state) return rule.from;
  return state;
}

const Rule* any_rule(Verb verb, bool has_argument) {
  for (const Rule& rule : kRules)
    if (fits(rule, verb, has_argument)) return &rule;
  return nullptr;
}

State after(Next next, State state) {
  return next.stays ? state : next.state;
}

}  // namespace

std::string_view name(State state) {
  constexpr std::array<std::string_view, kStates> kNames = {"AUTHORIZATION", "TRANSACTION",
                                                            "UPDATE", "CLOSED"};
  return kNames[static_cast<std::size_t>(state)];
}

Phase phase(State state) {
  switch (state) {
    case Authorization:
      return Phase::SetUp;
    case Transaction:
      return Phase::Transfer;
    case Update:
    case Closed:
      return Phase::Termination;
  }
  return Phase::None;
}

std::span<const Rule> rules() {
  return kRules;
}

const Rule* find_rule(Verb verb, bool has_argument, State state) {
  for (const Rule& rule : kRules)
    if (fits(rule, verb, has_argument) && rule.from == state) return &rule;
  return nullptr;
}

Answer answer_of(Verb verb, bool has_argument) {
  const Rule* rule = any_rule(verb, has_argument);
  return rule ? rule->answer : Line;
}

bool Session::command(Verb verb, bool has_argument) {
  if (waiting_.size() == kWaitingMax) reply(true);
  const Rule* rule = find_rule(verb, has_argument, expected_);
  const bool allowed =
      rule && (rule->directly_after == kAny || rule->directly_after == expected_last_);
  const Phase in = verb == Verb::Quit ? Phase::Termination : phase(expected_);
  waiting_.push_back({verb, has_argument, allowed, in});
  if (waiting_.size() == 1 && rule) state_ = after(rule->on_command, state_);
  expect(waiting_.back());
  return allowed;
}

std::optional<Session::Unanswered> Session::reply(bool ok) {
  if (waiting_.empty()) return std::nullopt;
  const Unanswered answered = waiting_.front();
  waiting_.pop_front();
  apply(answered, ok);
  const bool as_expected = ok && answered.allowed;
  if (!waiting_.empty()) {
    const Unanswered& next = waiting_.front();
    if (const Rule* rule = find_rule(next.verb, next.has_argument, state_))
      state_ = after(rule->on_command, state_);
    if (as_expected) return answered;
  }
  expect_all();
  return answered;
}

void Session::forget_all_but_newest() {
  while (waiting_.size() > 1) reply(true);
}

void Session::assume(State state) {
  state_ = state;
  expect_all();
}

// The server's word counts: what it answers with +OK has happened, in place or not.
void Session::apply(const Unanswered& waiting, bool ok) {
  last_ok_ = ok ? waiting.verb : Verb::Unknown;
  const Rule* rule = find_rule(waiting.verb, waiting.has_argument, before_command(state_));
  if (!rule && ok) rule = any_rule(waiting.verb, waiting.has_argument);
  if (rule) state_ = after(ok ? rule->after_ok : rule->after_err, state_);
}

void Session::expect(const Unanswered& waiting) {
  expected_last_ = waiting.verb;
  if (!waiting.allowed) return;
  if (const Rule* rule = find_rule(waiting.verb, waiting.has_argument, before_command(expected_)))
    expected_ = after(rule->after_ok, expected_);
}

void Session::expect_all() {
  expected_ = state_;
  expected_last_ = last_ok_;
  for (const Unanswered& waiting : waiting_) expect(waiting);
}

}  // namespace mailscope::pop3
