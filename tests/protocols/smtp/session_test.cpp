#include "protocols/smtp/session.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace mailscope::smtp;
using mailscope::Phase;

namespace {

// Drives a session: "EHLO 250 MAIL 250" sends and answers in turn.
void drive(Session& session, const std::vector<std::pair<Verb, int>>& steps) {
  for (const auto& [verb, code] : steps) {
    REQUIRE(session.command(verb));
    REQUIRE(session.reply(static_cast<std::uint16_t>(code)) == verb);
  }
}

Session greeted() {
  Session session;
  session.reply(220);
  drive(session, {{Verb::Ehlo, 250}});
  return session;
}

}  // namespace

TEST_CASE("A session goes through its states from the greeting to the goodbye") {
  Session session;
  CHECK(session.state() == State::Opening);
  CHECK(session.next_answered() == Verb::Connect);
  CHECK(session.reply(220) == Verb::Connect);
  CHECK(session.state() == State::Connected);
  CHECK(session.phase() == Phase::SetUp);
  const std::vector<std::tuple<Verb, int, State>> steps = {
      {Verb::Ehlo, 250, State::Greeted}, {Verb::Mail, 250, State::Mail},
      {Verb::Rcpt, 250, State::Rcpt},    {Verb::Rcpt, 550, State::Rcpt},
      {Verb::Data, 354, State::Data},    {Verb::EndOfData, 250, State::Greeted},
      {Verb::Quit, 221, State::Quit}};
  for (const auto& [verb, code, state] : steps) {
    CHECK(session.allowed(verb));
    CHECK(session.command(verb));
    CHECK(session.reply(static_cast<std::uint16_t>(code)) == verb);
    CHECK(session.state() == state);
  }
  CHECK(session.phase() == Phase::Termination);
  session.happen(Happening::ConnectionEnded);
  CHECK(session.state() == State::Closed);
}

TEST_CASE("What may come in each state is what the table says") {
  // RFC 5321 §4.1.4
  const std::vector<Verb> any = {Verb::Ehlo, Verb::Helo, Verb::Rset, Verb::Noop,
                                 Verb::Help, Verb::Vrfy, Verb::Expn, Verb::Quit};
  for (const State state : {State::Connected, State::Greeted, State::Mail, State::Rcpt})
    for (const Verb verb : any) CHECK(find_rule(verb, state) != nullptr);
  CHECK(find_rule(Verb::Mail, State::Connected) == nullptr);
  CHECK(find_rule(Verb::Mail, State::Greeted) != nullptr);
  CHECK(find_rule(Verb::Mail, State::Mail) == nullptr);
  CHECK(find_rule(Verb::Mail, State::Rcpt) == nullptr);
  CHECK(find_rule(Verb::Rcpt, State::Greeted) == nullptr);
  CHECK(find_rule(Verb::Data, State::Mail) == nullptr);
  CHECK(find_rule(Verb::Data, State::Rcpt) != nullptr);
  CHECK(find_rule(Verb::Data, State::Bdat) == nullptr);  // RFC 3030 §2
  for (const Verb verb : verbs()) {
    CHECK(find_rule(verb, State::Data) == nullptr);
    CHECK(find_rule(verb, State::Closed) == nullptr);
    CHECK((find_rule(verb, State::Refused) != nullptr) == (verb == Verb::Quit));
    CHECK(find_rule(verb, State::Unknown) != nullptr);
  }
}

TEST_CASE("The rows of the table do not overlap, and each says something") {
  const auto table = rules();
  for (std::size_t i = 0; i < table.size(); ++i) {
    CHECK_FALSE(table[i].says.empty());
    CHECK_FALSE(table[i].section.empty());
    CHECK(table[i].states != 0);
    for (std::size_t k = i + 1; k < table.size(); ++k)
      if (table[i].verb == table[k].verb) CHECK((table[i].states & table[k].states) == 0);
  }
  for (const Verb verb : verbs()) {
    int rows_for_unknown = 0;
    for (const Rule& rule : table)
      rows_for_unknown += rule.verb == verb && contains(rule.states, State::Unknown);
    CHECK(rows_for_unknown == 1);
  }
  for (std::size_t i = 0; i < happening_rules().size(); ++i)
    CHECK(happening_rules()[i].happening == static_cast<Happening>(i));
  for (std::size_t state = 0; state < kStates; ++state) {
    CHECK_FALSE(name(static_cast<State>(state)).empty());
    CHECK_FALSE(describe(static_cast<State>(state)).empty());
  }
}

TEST_CASE("HELO, EHLO and RSET in mid-session clear the transaction, and a refused one does not") {
  for (const Verb verb : {Verb::Helo, Verb::Ehlo, Verb::Rset}) {
    Session session = greeted();
    drive(session, {{Verb::Mail, 250}, {Verb::Rcpt, 250}, {verb, 250}});
    CHECK(session.state() == State::Greeted);
  }
  Session session = greeted();
  drive(session, {{Verb::Mail, 250}, {Verb::Ehlo, 501}});
  CHECK(session.state() == State::Mail);
}

TEST_CASE("RSET before EHLO leaves the session where it is") {
  Session session;
  session.reply(220);
  drive(session, {{Verb::Rset, 250}});
  CHECK(session.state() == State::Connected);
}

TEST_CASE("A transaction is over after the final dot, granted or not") {
  for (const int code : {250, 450, 554}) {
    Session session = greeted();
    drive(session,
          {{Verb::Mail, 250}, {Verb::Rcpt, 250}, {Verb::Data, 354}, {Verb::EndOfData, code}});
    CHECK(session.state() == State::Greeted);
  }
}

TEST_CASE("A pipelined group is judged by what is expected, and the refusals are caught up with") {
  Session session = greeted();
  CHECK(session.command(Verb::Mail));
  CHECK(session.command(Verb::Rcpt));
  CHECK(session.command(Verb::Rcpt));
  CHECK(session.command(Verb::Data));
  CHECK(session.state() == State::Greeted);
  CHECK(session.expected() == State::Data);
  CHECK_FALSE(session.allowed(Verb::Quit));
  CHECK(session.reply(250) == Verb::Mail);
  CHECK(session.reply(550) == Verb::Rcpt);
  CHECK(session.expected() == State::Data);
  CHECK(session.reply(550) == Verb::Rcpt);
  CHECK(session.expected() == State::Mail);  // DATA will be refused
  CHECK(session.reply(554) == Verb::Data);
  CHECK(session.state() == State::Mail);
}

TEST_CASE("A refused MAIL turns the rest of its group out of place") {
  Session session = greeted();
  session.command(Verb::Mail);
  session.command(Verb::Rcpt);
  session.command(Verb::Data);
  session.reply(550);
  CHECK(session.expected() == State::Greeted);
  session.reply(503);
  session.reply(503);
  CHECK(session.state() == State::Greeted);
}

TEST_CASE("421 ends the session whatever it answers") {
  Session session = greeted();
  session.command(Verb::Mail);
  CHECK(session.reply(421) == Verb::Mail);
  CHECK(session.state() == State::Quit);
  Session idle = greeted();
  CHECK(idle.reply(421) == Verb::Unknown);
  CHECK(idle.state() == State::Quit);
}

TEST_CASE("What the table says of replies and happenings is what a session does") {
  for (const Rule& rule : rules()) {
    if (rule.verb == Verb::Connect) continue;  // it waits from the beginning
    INFO(name(rule.verb) << ": " << rule.says);
    Session session = Session::joined();
    CHECK(session.command(rule.verb));
    if (!contains(rule.states, State::Unknown)) continue;
    const Next granted = rule.granted();
    CHECK(session.expected() == (granted.stays ? State::Unknown : granted.state));
    const Next refused = rule.after(5);
    session.reply(550);
    CHECK(session.state() == (refused.stays ? State::Unknown : refused.state));
  }
  for (const HappeningRule& rule : happening_rules()) {
    INFO(rule.says);
    Session session = greeted();
    session.command(Verb::Noop);
    session.happen(rule.happening);
    CHECK(session.state() == rule.next);
    CHECK(session.expected() == rule.next);
    CHECK(session.outstanding() == (rule.drops_waiting ? 0u : 1u));
  }
}

TEST_CASE("A closed connection stays closed, whatever is lost behind it") {
  Session session = greeted();
  session.happen(Happening::ConnectionEnded);
  session.happen(Happening::TrackLost);
  CHECK(session.state() == State::Closed);
}

TEST_CASE("A greeting of 554 leaves only QUIT") {
  Session session;
  session.reply(554);
  CHECK(session.state() == State::Refused);
  CHECK_FALSE(session.allowed(Verb::Ehlo));
  CHECK(session.allowed(Verb::Quit));
}

TEST_CASE("A log-in is its own state between 334 and the last word") {
  Session session = greeted();
  drive(session, {{Verb::Auth, 334}});
  CHECK(session.state() == State::Auth);
  drive(session, {{Verb::Auth, 334}, {Verb::Auth, 235}});
  CHECK(session.state() == State::Greeted);
  drive(session, {{Verb::Auth, 334}, {Verb::Auth, 535}});
  CHECK(session.state() == State::Greeted);
}

TEST_CASE("TLS makes the session begin again without a greeting") {
  Session session = greeted();
  drive(session, {{Verb::Starttls, 220}});
  CHECK(session.state() == State::Tls);
  session.happen(Happening::TlsEstablished);
  CHECK(session.state() == State::Connected);
  CHECK_FALSE(session.allowed(Verb::Mail));
}

TEST_CASE("The queue of unanswered commands is bounded") {
  Session session = greeted();
  for (std::size_t i = 0; i < 2 * Session::kOutstandingMax; ++i) session.command(Verb::Noop);
  CHECK(session.outstanding() == Session::kOutstandingMax);
}
