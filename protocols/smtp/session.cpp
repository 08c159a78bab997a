#include "protocols/smtp/session.hpp"

#include <array>

namespace mailscope::smtp {
namespace {

using S = State;

// Where a command may come that has to do with no transaction (RFC 5321 §4.1.4: "at any time during
// a session, or without previously initializing a session").
constexpr StateSet kAnyTime =
    set_of(S::Connected, S::Greeted, S::Mail, S::Rcpt, S::Bdat, S::Unknown);

// The rules of the dialogue: commands and their replies.
constexpr Rule kRules[] = {
    // verb, may come in, granted by, after 2yz, after 3yz, after failure, section, says
    {Verb::Connect, set_of(S::Opening, S::Unknown), 2, to(S::Connected), stay(), to(S::Refused),
     "RFC 5321 §3.1", "The server speaks first: 220 opens the session, 554 means no mail here."},

    {Verb::Ehlo, kAnyTime, 2, to(S::Greeted), stay(), stay(), "RFC 5321 §4.1.1.1",
     "The client says who it is and asks for the extensions; later on it acts as RSET."},
    {Verb::Helo, kAnyTime, 2, to(S::Greeted), stay(), stay(), "RFC 5321 §4.1.1.1",
     "The client says who it is; later on it acts as RSET."},
    {Verb::Lhlo, kAnyTime, 2, to(S::Greeted), stay(), stay(), "RFC 2033 §4.1",
     "The EHLO of LMTP, the local cousin of SMTP."},

    {Verb::Mail, set_of(S::Greeted, S::Unknown), 2, to(S::Mail), stay(), stay(),
     "RFC 5321 §4.1.1.2", "Opens a transaction with its sender; not while one is open."},
    {Verb::Rcpt, set_of(S::Mail, S::Rcpt, S::Unknown), 2, to(S::Rcpt), stay(), stay(),
     "RFC 5321 §4.1.1.3", "Names a recipient, one at a time, after MAIL."},
    {Verb::Data, set_of(S::Rcpt, S::Unknown), 3, stay(), to(S::Data), stay(), "RFC 5321 §4.1.1.4",
     "Asks to send the message; needs one accepted recipient."},
    {Verb::EndOfData, set_of(S::Data, S::Unknown), 2, to(S::Greeted), stay(), to(S::Greeted),
     "RFC 5321 §4.1.1.4",
     "The lone dot ends the message; the transaction is over, granted or not."},

    // RFC 3030 §2: a chunk that fails leaves the transaction to be cleared with RSET.
    {Verb::Bdat, set_of(S::Rcpt, S::Bdat, S::Unknown), 2, to(S::Bdat), stay(), stay(),
     "RFC 3030 §2", "Carries a chunk of the message, counted and not dotted; more follow."},
    {Verb::BdatLast, set_of(S::Rcpt, S::Bdat, S::Unknown), 2, to(S::Greeted), stay(), stay(),
     "RFC 3030 §2", "Carries the last chunk; the transaction is over."},

    {Verb::Rset, set_of(S::Mail, S::Rcpt, S::Bdat, S::Unknown), 2, to(S::Greeted), stay(), stay(),
     "RFC 5321 §4.1.1.5", "Aborts the transaction; sender, recipients and message are forgotten."},
    {Verb::Rset, set_of(S::Connected, S::Greeted), 2, stay(), stay(), stay(), "RFC 5321 §4.1.1.5",
     "Nothing to abort: it acts as NOOP."},
    {Verb::Noop, kAnyTime, 2, stay(), stay(), stay(), "RFC 5321 §4.1.1.9",
     "Changes nothing; asks for a sign of life."},
    {Verb::Help, kAnyTime, 2, stay(), stay(), stay(), "RFC 5321 §4.1.1.8",
     "Asks for help text; changes nothing."},
    {Verb::Vrfy, kAnyTime, 2, stay(), stay(), stay(), "RFC 5321 §4.1.1.6",
     "Asks about a mailbox; changes nothing."},
    {Verb::Expn, kAnyTime, 2, stay(), stay(), stay(), "RFC 5321 §4.1.1.7",
     "Asks who is on a list; changes nothing."},
    {Verb::Etrn, set_of(S::Greeted, S::Unknown), 2, stay(), stay(), stay(), "RFC 1985 §5",
     "Asks the server to send on, over a new connection, what it holds for a host."},

    // Whether the reply to come is 334 or 235 is not known before; the client waits for it.
    {Verb::Auth, set_of(S::Greeted, S::Unknown), 2, stay(), to(S::Auth), stay(), "RFC 4954 §4",
     "Begins a log-in; not within a transaction."},
    {Verb::Auth, set_of(S::Auth), 2, to(S::Greeted), stay(), to(S::Greeted), "RFC 4954 §4",
     "An answer to the server's challenge; 334 asks for more, 235 lets the client in."},
    {Verb::Starttls, set_of(S::Connected, S::Greeted, S::Unknown), 2, to(S::Tls), stay(), stay(),
     "RFC 3207 §4", "Asks to go on under TLS; everything said before is then forgotten."},

    // RFC 821 §3.4, §3.8
    {Verb::Send, set_of(S::Greeted, S::Unknown), 2, to(S::Mail), stay(), stay(), "RFC 821 §3.4",
     "Historic: as MAIL, to the recipient's terminal."},
    {Verb::Soml, set_of(S::Greeted, S::Unknown), 2, to(S::Mail), stay(), stay(), "RFC 821 §3.4",
     "Historic: as MAIL, to the terminal or else to the mailbox."},
    {Verb::Saml, set_of(S::Greeted, S::Unknown), 2, to(S::Mail), stay(), stay(), "RFC 821 §3.4",
     "Historic: as MAIL, to the terminal and to the mailbox."},
    {Verb::Turn, set_of(S::Greeted, S::Unknown), 2, to(S::Turned), stay(), stay(), "RFC 821 §3.8",
     "Historic: asks to exchange the roles of sender and receiver."},

    {Verb::Quit, static_cast<StateSet>(kAnyTime | set_of(S::Refused)), 2, to(S::Quit), stay(),
     stay(), "RFC 5321 §4.1.1.10", "Ends the session; an open transaction is aborted."},
};

// Everything else that happens to a session.
constexpr StateSet kAnyState = static_cast<StateSet>((1u << kStates) - 1);
constexpr HappeningRule kHappeningRules[] = {
    // happening, changes it in, next, drops what waits, section, says
    {Happening::ServiceClosing, kAnyState, S::Quit, true, "RFC 5321 §3.8",
     "421 ends the session, whatever it answers."},
    {Happening::ConnectionEnded, kAnyState, S::Closed, true, "RFC 5321 §3.8",
     "Without its connection a session is over."},
    {Happening::TlsEstablished, kAnyState, S::Connected, true, "RFC 3207 §4.2",
     "Under TLS the session begins again, without a greeting."},
    {Happening::TrackLost, static_cast<StateSet>(kAnyState & ~set_of(S::Closed)), S::Unknown, false,
     "", "What was not seen may have changed anything."},
};

constexpr std::uint8_t kNoRow = 0xff;
static_assert(std::size(kRules) < kNoRow);

// Row of kRules by verb and state.
constexpr auto kRows = [] {
  std::array<std::array<std::uint8_t, kStates>, kVerbs> rows{};
  for (auto& row : rows) row.fill(kNoRow);
  for (std::size_t i = 0; i < std::size(kRules); ++i) {
    auto& row = rows[static_cast<std::size_t>(kRules[i].verb)];
    for (std::size_t state = 0; state < kStates; ++state)
      if (contains(kRules[i].states, static_cast<State>(state)))
        row[state] = static_cast<std::uint8_t>(i);
  }
  return rows;
}();

// The row that says what a reply does: the one for the state, else the one with Unknown, since a
// server that grants what the table forbids has done so all the same.
const Rule* governing_rule(Verb verb, State state) {
  const Rule* rule = find_rule(verb, state);
  return rule != nullptr ? rule : find_rule(verb, State::Unknown);
}

State apply(Next next, State state) {
  return next.stays ? state : next.state;
}

State granted(Verb verb, State state) {
  const Rule* rule = governing_rule(verb, state);
  return rule == nullptr ? state : apply(rule->granted(), state);
}

constexpr std::uint16_t kServiceClosing = 421;  // RFC 5321 §4.2.2

}  // namespace

std::span<const Rule> rules() {
  return kRules;
}

std::span<const HappeningRule> happening_rules() {
  return kHappeningRules;
}

const Rule* find_rule(Verb verb, State state) {
  const std::uint8_t row = kRows[static_cast<std::size_t>(verb)][static_cast<std::size_t>(state)];
  return row == kNoRow ? nullptr : &kRules[row];
}

std::string_view name(State state) {
  constexpr std::array<std::string_view, kStates> kNames = {
      "OPENING", "CONNECTED", "GREETED", "MAIL",    "RCPT", "DATA",   "BDAT",
      "AUTH",    "TLS",       "TURNED",  "REFUSED", "QUIT", "CLOSED", "UNKNOWN"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string_view describe(State state) {
  constexpr std::array<std::string_view, kStates> kTexts = {
      "The connection is open and the server has not spoken yet.",
      "The server has greeted; the client has not said who it is.",
      "The two know each other; no message is on its way.",
      "The envelope has a sender and no recipient yet.",
      "The envelope has a sender and at least one recipient.",
      "What the client sends now is the message, up to the lone dot.",
      "A part of the message has arrived; more parts are to come.",
      "The client is logging in; what it sends is no command.",
      "The dialogue has gone under TLS and can no longer be read from outside.",
      "The two have exchanged their roles.",
      "The server has said that it takes no mail, and waits for QUIT.",
      "Goodbye was said; what remains is to close the connection.",
      "The connection is closed.",
      "The capture begins in the middle: what came before is not known."};
  return kTexts[static_cast<std::size_t>(state)];
}

Phase phase_of(State state) {
  switch (state) {
    case S::Opening:
    case S::Connected:
    case S::Auth:
    case S::Tls:
      return Phase::SetUp;
    case S::Greeted:
    case S::Mail:
    case S::Rcpt:
    case S::Data:
    case S::Bdat:
    case S::Turned:
      return Phase::Transfer;
    case S::Refused:
    case S::Quit:
    case S::Closed:
      return Phase::Termination;
    case S::Unknown:
      break;
  }
  return Phase::None;
}

Phase phase_of(Verb verb, State state) {
  switch (verb) {
    case Verb::Connect:
    case Verb::Helo:
    case Verb::Ehlo:
    case Verb::Lhlo:
    case Verb::Auth:
    case Verb::Starttls:
      return Phase::SetUp;
    case Verb::Quit:
      return Phase::Termination;
    case Verb::Unknown:
    case Verb::Noop:
    case Verb::Help:
    case Verb::Vrfy:
    case Verb::Expn:
    case Verb::Rset:
      return phase_of(state);
    default:
      return Phase::Transfer;
  }
}

Session::Session() : outstanding_{Verb::Connect} {
  expect_again();
}

Session Session::joined() {
  Session session;
  session.state_ = session.expected_ = State::Unknown;
  session.outstanding_.clear();
  return session;
}

bool Session::allowed(Verb verb) const {
  return find_rule(verb, expected_) != nullptr;
}

bool Session::command(Verb verb) {
  if (outstanding_.size() >= kOutstandingMax) return false;
  const bool in_place = allowed(verb);
  outstanding_.push_back(verb);
  // What is out of place will be refused, as far as one can tell.
  if (in_place) expected_ = granted(verb, expected_);
  return in_place;
}

Verb Session::reply(std::uint16_t code) {
  Verb verb = Verb::Unknown;
  const State before = state_;
  if (!outstanding_.empty()) {
    verb = outstanding_.front();
    outstanding_.pop_front();
  }
  if (code == kServiceClosing) {
    happen(Happening::ServiceClosing);
    return verb;
  }
  const Rule* rule = governing_rule(verb, state_);
  if (rule == nullptr) return verb;
  state_ = apply(rule->after(code / 100), state_);
  // As expected: then what is expected of the rest does not change.
  if (outstanding_.empty())
    expected_ = state_;
  else if (state_ != granted(verb, before) || find_rule(verb, before) == nullptr)
    expect_again();
  return verb;
}

void Session::happen(Happening happening) {
  const HappeningRule& rule = kHappeningRules[static_cast<std::size_t>(happening)];
  if (!contains(rule.states, state_)) return;
  state_ = expected_ = rule.next;
  if (rule.drops_waiting) outstanding_.clear();
}

void Session::forget_outstanding() {
  outstanding_.clear();
  expected_ = state_;
}

void Session::expect_again() {
  expected_ = state_;
  for (const Verb verb : outstanding_)
    if (allowed(verb)) expected_ = granted(verb, expected_);
}

}  // namespace mailscope::smtp
