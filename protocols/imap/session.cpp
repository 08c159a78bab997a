#include "protocols/imap/session.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "protocols/base/ascii.hpp"

namespace mailscope::imap {
namespace {

constexpr StateSet kBefore = set_of(State::NotAuthenticated);
constexpr StateSet kSelected = set_of(State::Selected);
constexpr StateSet kAfter = set_of(State::Authenticated, State::Selected);
constexpr StateSet kAny = static_cast<StateSet>(kBefore | kAfter);

constexpr auto kRules = [] {
  using enum State;
  using enum ClientLines;
  return std::array{
      // verb, may come in, after OK, after NO, the client's lines, section, says
      Rule{Verb::Connect, kBefore, stay(), stay(), None, "RFC 9051 §7.1", "greeting"},
      Rule{Verb::Capability, kAny, stay(), stay(), None, "RFC 9051 §6.1.1", "capabilities listed"},
      Rule{Verb::Noop, kAny, stay(), stay(), None, "RFC 9051 §6.1.2", "what is new is told"},
      Rule{Verb::Logout, kAny, to(Logout), stay(), None, "RFC 9051 §6.1.3", "goodbye"},
      Rule{Verb::Id, kAny, stay(), stay(), None, "RFC 2971 §3.1", "programs name themselves"},
      Rule{Verb::Starttls, kBefore, stay(), stay(), None, "RFC 9051 §6.2.1", "TLS begins"},
      Rule{Verb::Authenticate, kBefore, to(Authenticated), stay(), Sasl, "RFC 9051 §6.2.2",
           "SASL log-in"},
      Rule{Verb::Login, kBefore, to(Authenticated), stay(), None, "RFC 9051 §6.2.3",
           "log-in by password"},
      Rule{Verb::Enable, kAfter, stay(), stay(), None, "RFC 9051 §6.3.1", "extensions switched on"},
      Rule{Verb::Compress, kAfter, stay(), stay(), None, "RFC 4978 §3", "compression begins"},
      Rule{Verb::Select, kAfter, to(Selected), to(Authenticated), None, "RFC 9051 §6.3.2",
           "mailbox opened"},
      Rule{Verb::Examine, kAfter, to(Selected), to(Authenticated), None, "RFC 9051 §6.3.3",
           "mailbox opened to read only"},
      Rule{Verb::Create, kAfter, stay(), stay(), None, "RFC 9051 §6.3.4", "mailbox made"},
      Rule{Verb::Delete, kAfter, stay(), stay(), None, "RFC 9051 §6.3.5", "mailbox removed"},
      Rule{Verb::Rename, kAfter, stay(), stay(), None, "RFC 9051 §6.3.6", "mailbox renamed"},
      Rule{Verb::Subscribe, kAfter, stay(), stay(), None, "RFC 9051 §6.3.7", "name subscribed"},
      Rule{Verb::Unsubscribe, kAfter, stay(), stay(), None, "RFC 9051 §6.3.8", "name unsubscribed"},
      Rule{Verb::List, kAfter, stay(), stay(), None, "RFC 9051 §6.3.9", "mailboxes listed"},
      Rule{Verb::Lsub, kAfter, stay(), stay(), None, "RFC 3501 §6.3.9", "subscriptions listed"},
      Rule{Verb::Namespace, kAfter, stay(), stay(), None, "RFC 9051 §6.3.10", "namespaces listed"},
      Rule{Verb::Status, kAfter, stay(), stay(), None, "RFC 9051 §6.3.11", "counts of a mailbox"},
      Rule{Verb::Append, kAfter, stay(), stay(), None, "RFC 9051 §6.3.12", "message stored"},
      Rule{Verb::Idle, kAfter, stay(), stay(), Done, "RFC 9051 §6.3.13", "news told as it comes"},
      Rule{Verb::GetQuota, kAfter, stay(), stay(), None, "RFC 9208 §4.1.1", "quota told"},
      Rule{Verb::GetQuotaRoot, kAfter, stay(), stay(), None, "RFC 9208 §4.1.2",
           "quota of a mailbox told"},
      Rule{Verb::SetQuota, kAfter, stay(), stay(), None, "RFC 9208 §4.1.3", "quota set"},
      Rule{Verb::Check, kSelected, stay(), stay(), None, "RFC 3501 §6.4.1", "checkpoint"},
      Rule{Verb::Close, kSelected, to(Authenticated), stay(), None, "RFC 9051 §6.4.1",
           "mailbox closed, deleted messages removed"},
      Rule{Verb::Unselect, kSelected, to(Authenticated), stay(), None, "RFC 9051 §6.4.2",
           "mailbox closed, nothing removed"},
      Rule{Verb::Expunge, kSelected, stay(), stay(), None, "RFC 9051 §6.4.3",
           "deleted messages removed"},
      Rule{Verb::Search, kSelected, stay(), stay(), None, "RFC 9051 §6.4.4", "messages found"},
      Rule{Verb::Fetch, kSelected, stay(), stay(), None, "RFC 9051 §6.4.5", "data of messages"},
      Rule{Verb::Store, kSelected, stay(), stay(), None, "RFC 9051 §6.4.6", "flags changed"},
      Rule{Verb::Copy, kSelected, stay(), stay(), None, "RFC 9051 §6.4.7", "messages copied"},
      Rule{Verb::Move, kSelected, stay(), stay(), None, "RFC 9051 §6.4.8", "messages moved"},
      Rule{Verb::Sort, kSelected, stay(), stay(), None, "RFC 5256 §3", "messages found and sorted"},
      Rule{Verb::Thread, kSelected, stay(), stay(), None, "RFC 5256 §3",
           "messages found and threaded"},
  };
}();
static_assert(kRules.size() == kVerbs - 1);

constexpr std::array kHappeningRules = {
    HappeningRule{Happening::PreAuthenticated, kBefore, State::Authenticated, "RFC 9051 §7.1.4",
                  "The server knows the user already: no log-in is needed."},
    HappeningRule{Happening::Bye, kAny, State::Logout, "RFC 9051 §7.1.5",
                  "The server says goodbye and closes the connection."},
    HappeningRule{Happening::ConnectionEnded, kAny, State::Logout, "RFC 9051 §3.4",
                  "Without its connection a session is over."},
};

State after(Next next, State state) {
  return next.stays ? state : next.state;
}

}  // namespace

std::string_view name(State state) {
  constexpr std::array<std::string_view, kStates> kNames = {"NOT AUTHENTICATED", "AUTHENTICATED",
                                                            "SELECTED", "LOGOUT"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string_view describe(State state) {
  constexpr std::array<std::string_view, kStates> kTexts = {
      "The connection is open; the client has not said who it is.",
      "The client is logged in and has no mailbox open.",
      "A mailbox is open: its messages can be read and changed.",
      "Goodbye was said; what remains is to close the connection."};
  return kTexts[static_cast<std::size_t>(state)];
}

Phase phase(State state) {
  using enum State;
  switch (state) {
    case NotAuthenticated:
      return Phase::SetUp;
    case Authenticated:
    case Selected:
      return Phase::Transfer;
    case Logout:
      return Phase::Termination;
  }
  return Phase::None;
}

Phase phase(Verb verb, State state) {
  return verb == Verb::Logout ? Phase::Termination : phase(state);
}

std::span<const Rule> rules() {
  return kRules;
}

std::span<const HappeningRule> happening_rules() {
  return kHappeningRules;
}

const Rule* find_rule(Verb verb) {
  return verb == Verb::Unknown ? nullptr : &kRules[static_cast<std::size_t>(verb) - 1];
}

bool is_allowed(Verb verb, State state) {
  const Rule* rule = find_rule(verb);
  return rule != nullptr && contains(rule->states, state);
}

bool Enabled::enable(std::string_view capability) {
  if (equal_no_case(capability, "CONDSTORE"))
    condstore = true;
  else if (equal_no_case(capability, "QRESYNC"))
    condstore = qresync = true;
  else if (equal_no_case(capability, "UTF8=ACCEPT"))
    utf8_accept = true;
  else if (equal_no_case(capability, "IMAP4rev2"))
    imap4rev2 = true;
  else
    return false;
  return true;
}

const Session::Unanswered& Session::command(Verb verb, std::string_view tag) {
  if (waiting_.size() == kWaitingMax) {
    apply(waiting_.front(), Status::Ok);
    waiting_.pop_front();
    expect_all();
  }
  Unanswered unanswered;
  unanswered.key = ++last_key_;
  unanswered.tag = tag;
  unanswered.verb = verb;
  unanswered.allowed = is_allowed(verb, expected_);
  unanswered.phase = phase(verb, expected_);
  waiting_.push_back(std::move(unanswered));
  expect(waiting_.back());
  return waiting_.back();
}

std::optional<Session::Unanswered> Session::reply(std::string_view tag, Status status) {
  const auto found =
      std::find_if(waiting_.begin(), waiting_.end(),
                   [&](const Unanswered& unanswered) { return unanswered.tag == tag; });
  if (status == Status::Bye) happen(Happening::Bye);
  if (status == Status::PreAuth) happen(Happening::PreAuthenticated);
  if (found == waiting_.end()) return std::nullopt;
  Unanswered answered = std::move(*found);
  waiting_.erase(found);
  apply(answered, status);
  expect_all();
  return answered;
}

void Session::happen(Happening happening) {
  const HappeningRule& rule = kHappeningRules[static_cast<std::size_t>(happening)];
  if (contains(rule.states, state_)) state_ = rule.next;
  expect_all();
}

void Session::continuation() {
  if (Unanswered* waiting = waiting_for_line()) waiting->asked_for_line = true;
}

ClientLines Session::client_lines() const {
  for (const Unanswered& waiting : waiting_)
    if (waiting.asked_for_line) return find_rule(waiting.verb)->lines;
  return ClientLines::None;
}

void Session::client_line() {
  if (Unanswered* waiting = waiting_for_line()) waiting->asked_for_line = false;
}

const Session::Unanswered* Session::find(std::string_view tag) const {
  for (const Unanswered& waiting : waiting_)
    if (waiting.tag == tag) return &waiting;
  return nullptr;
}

void Session::forget_all_but_newest() {
  while (waiting_.size() > 1) {
    apply(waiting_.front(), Status::Ok);
    waiting_.pop_front();
  }
  expect_all();
}

void Session::assume(State state) {
  state_ = state;
  expect_all();
}

// The oldest command within which the client has lines to send: nothing behind it is carried out
// before it is over.
Session::Unanswered* Session::waiting_for_line() {
  for (Unanswered& waiting : waiting_) {
    const Rule* rule = find_rule(waiting.verb);
    if (rule != nullptr && rule->lines != ClientLines::None) return &waiting;
  }
  return nullptr;
}

// The server's word counts: what it answers with OK has happened, in place or not. After BYE
// nothing does.
void Session::apply(const Unanswered& waiting, Status status) {
  const Rule* rule = find_rule(waiting.verb);
  if (rule == nullptr || state_ == State::Logout) return;
  if (status == Status::Ok) state_ = after(rule->after_ok, state_);
  if (status == Status::No && contains(rule->states, state_))
    state_ = after(rule->after_no, state_);
}

void Session::expect(const Unanswered& waiting) {
  if (waiting.allowed) expected_ = after(find_rule(waiting.verb)->after_ok, expected_);
}

void Session::expect_all() {
  expected_ = state_;
  if (state_ == State::Logout) return;
  for (const Unanswered& waiting : waiting_) expect(waiting);
}

}  // namespace mailscope::imap
