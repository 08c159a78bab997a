#include "protocols/pop3/session.hpp"

#include <array>

namespace mailscope::pop3 {
namespace {

using enum State;
using enum Answer;
constexpr Verb kAny = Verb::Unknown;

// One row for each arrow of the diagram in RFC 1939 §3. A -ERR leaves the state as it was, but for
// QUIT: RFC 1939 §6 has the server close after it whatever it answers.
constexpr std::array kRules = {
    Rule{Verb::Connect, Authorization, Authorization, Authorization, Closed, Line, kAny,
         "RFC 1939 §4", "greeting"},
    Rule{Verb::User, Authorization, Authorization, Authorization, Authorization, Line, kAny,
         "RFC 1939 §7", "mailbox named"},
    Rule{Verb::Pass, Authorization, Authorization, Transaction, Authorization, Line, Verb::User,
         "RFC 1939 §7", "password accepted, maildrop locked"},
    Rule{Verb::Apop, Authorization, Authorization, Transaction, Authorization, Line, kAny,
         "RFC 1939 §7", "digest accepted, maildrop locked"},
    Rule{Verb::Auth, Authorization, Authorization, Transaction, Authorization, LinesIfNoArgument,
         kAny, "RFC 5034 §4", "SASL log-in, maildrop locked"},
    Rule{Verb::Stls, Authorization, Authorization, Authorization, Authorization, Line, kAny,
         "RFC 2595 §4", "TLS begins"},
    Rule{Verb::Capa, Authorization, Authorization, Authorization, Authorization, Lines, kAny,
         "RFC 2449 §5", "capabilities listed"},
    Rule{Verb::Quit, Authorization, Authorization, Closed, Closed, Line, kAny, "RFC 1939 §4",
         "left without log-in, nothing deleted"},
    Rule{Verb::Stat, Transaction, Transaction, Transaction, Transaction, Line, kAny, "RFC 1939 §5",
         "messages and octets"},
    Rule{Verb::List, Transaction, Transaction, Transaction, Transaction, LinesIfNoArgument, kAny,
         "RFC 1939 §5", "sizes listed"},
    Rule{Verb::Uidl, Transaction, Transaction, Transaction, Transaction, LinesIfNoArgument, kAny,
         "RFC 1939 §7", "unique ids listed"},
    Rule{Verb::Retr, Transaction, Transaction, Transaction, Transaction, Content, kAny,
         "RFC 1939 §5", "message fetched"},
    Rule{Verb::Top, Transaction, Transaction, Transaction, Transaction, Content, kAny,
         "RFC 1939 §7", "top of a message fetched"},
    Rule{Verb::Dele, Transaction, Transaction, Transaction, Transaction, Line, kAny, "RFC 1939 §5",
         "message marked"},
    Rule{Verb::Rset, Transaction, Transaction, Transaction, Transaction, Line, kAny, "RFC 1939 §5",
         "marks taken off"},
    Rule{Verb::Noop, Transaction, Transaction, Transaction, Transaction, Line, kAny, "RFC 1939 §5",
         "nothing"},
    Rule{Verb::Capa, Transaction, Transaction, Transaction, Transaction, Lines, kAny, "RFC 2449 §5",
         "capabilities listed"},
    Rule{Verb::Quit, Transaction, Update, Closed, Closed, Line, kAny, "RFC 1939 §6",
         "marked messages removed, lock released"},
};

// A waiting QUIT has moved the state to UPDATE when it was sent; its rule starts at TRANSACTION.
State before_quit(State state) {
  return state == Update ? Transaction : state;
}

const Rule* any_rule(Verb verb) {
  for (const Rule& rule : kRules)
    if (rule.verb == verb) return &rule;
  return nullptr;
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

const Rule* find_rule(Verb verb, State state) {
  for (const Rule& rule : kRules)
    if (rule.verb == verb && rule.from == state) return &rule;
  return nullptr;
}

Answer answer_of(Verb verb, bool has_argument) {
  for (const Rule& rule : kRules) {
    if (rule.verb != verb) continue;
    if (rule.answer != LinesIfNoArgument) return rule.answer;
    return has_argument ? Line : Lines;
  }
  return Line;
}

bool Session::command(Verb verb, bool has_argument) {
  if (waiting_.size() == kWaitingMax) reply(true);
  const Rule* rule = find_rule(verb, expected_);
  const bool allowed =
      rule && (rule->directly_after == kAny || rule->directly_after == expected_last_);
  const Phase in = verb == Verb::Quit ? Phase::Termination : phase(expected_);
  waiting_.push_back({verb, has_argument, allowed, in});
  if (waiting_.size() == 1 && rule) state_ = rule->on_command;
  expect(waiting_.back());
  return allowed;
}

std::optional<Session::Waiting> Session::reply(bool ok) {
  if (waiting_.empty()) return std::nullopt;
  const Waiting answered = waiting_.front();
  waiting_.pop_front();
  apply(answered, ok);
  const bool as_expected = ok && answered.allowed;
  if (!waiting_.empty()) {
    if (const Rule* next = find_rule(waiting_.front().verb, state_)) state_ = next->on_command;
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
void Session::apply(const Waiting& waiting, bool ok) {
  last_ok_ = ok ? waiting.verb : Verb::Unknown;
  if (waiting.verb == Verb::Auth && !waiting.has_argument) return;  // lists mechanisms, no log-in
  const Rule* rule = find_rule(waiting.verb, before_quit(state_));
  if (!rule && ok) rule = any_rule(waiting.verb);
  if (rule) state_ = ok ? rule->after_ok : rule->after_err;
}

void Session::expect(const Waiting& waiting) {
  expected_last_ = waiting.verb;
  if (!waiting.allowed || (waiting.verb == Verb::Auth && !waiting.has_argument)) return;
  if (const Rule* rule = find_rule(waiting.verb, before_quit(expected_)))
    expected_ = rule->after_ok;
}

void Session::expect_all() {
  expected_ = state_;
  expected_last_ = last_ok_;
  for (const Waiting& waiting : waiting_) expect(waiting);
}

}  // namespace mailscope::pop3
