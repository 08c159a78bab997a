#include "protocols/pop3/session.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace mailscope;
using namespace mailscope::pop3;

TEST_CASE("The table has a rule for every verb that can be sent, each with its section") {
  std::set<Verb> seen;
  for (const Rule& rule : rules()) {
    seen.insert(rule.verb);
    CHECK(rule.section.starts_with("RFC "));
    CHECK(!rule.says.empty());
    if (rule.argument != Argument::None) CHECK(find_rule(rule.verb, true, rule.from) == &rule);
    if (rule.argument != Argument::Some) CHECK(find_rule(rule.verb, false, rule.from) == &rule);
  }
  CHECK(seen.size() == kVerbs - 1);  // all but Unknown
  CHECK(seen.count(Verb::Unknown) == 0);
}

TEST_CASE("Commands are allowed in their states only") {
  struct Row {
    Verb verb;
    bool in_authorization, in_transaction;
  };
  for (const Row& row :
       {Row{Verb::User, true, false}, Row{Verb::Apop, true, false}, Row{Verb::Auth, true, false},
        Row{Verb::Stls, true, false}, Row{Verb::Capa, true, true}, Row{Verb::Quit, true, true},
        Row{Verb::Stat, false, true}, Row{Verb::List, false, true}, Row{Verb::Retr, false, true},
        Row{Verb::Dele, false, true}, Row{Verb::Noop, false, true}, Row{Verb::Rset, false, true},
        Row{Verb::Top, false, true}, Row{Verb::Uidl, false, true}, Row{Verb::Pass, false, false}}) {
    INFO(name(row.verb));
    Session session;
    CHECK(session.command(row.verb, true) == row.in_authorization);
    Session later;
    later.assume(State::Transaction);
    CHECK(later.command(row.verb, true) == row.in_transaction);
  }
}

TEST_CASE("PASS comes directly after a USER that was accepted") {
  Session session;
  CHECK(session.command(Verb::User, true));
  session.reply(true);
  CHECK(session.command(Verb::Pass, true));
  session.reply(false);
  CHECK(session.state() == State::Authorization);
  CHECK(!session.command(Verb::Pass, true));  // RFC 1939 §7: USER again first
  session.reply(false);
  session.command(Verb::User, true);
  session.reply(false);
  CHECK(!session.command(Verb::Pass, true));
}

TEST_CASE("A session goes through its states") {
  Session session;
  session.command(Verb::User, true);
  session.reply(true);
  session.command(Verb::Pass, true);
  CHECK(session.state() == State::Authorization);
  CHECK(session.expected_state() == State::Transaction);
  session.reply(true);
  CHECK(session.state() == State::Transaction);
  session.command(Verb::Quit, false);
  CHECK(session.state() == State::Update);
  session.reply(true);
  CHECK(session.state() == State::Closed);
}

TEST_CASE("QUIT before the log-in goes past UPDATE") {
  Session session;
  session.command(Verb::Quit, false);
  CHECK(session.state() == State::Authorization);
  session.reply(true);
  CHECK(session.state() == State::Closed);
}

TEST_CASE("Pipelined commands are judged by what is expected, and answered in order") {
  Session session;
  CHECK(session.command(Verb::User, true));
  CHECK(session.command(Verb::Pass, true));
  CHECK(session.command(Verb::Stat, false));
  CHECK(session.command(Verb::Quit, false));
  CHECK(session.waiting() == 4);
  CHECK(session.reply(true)->verb == Verb::User);
  CHECK(session.reply(false)->verb == Verb::Pass);
  CHECK(session.state() == State::Authorization);
  CHECK(session.reply(false)->verb == Verb::Stat);
  CHECK(session.state() == State::Authorization);
  CHECK(session.reply(true)->verb == Verb::Quit);
  CHECK(session.state() == State::Closed);
  CHECK(!session.reply(true));
}

TEST_CASE("What the server answers with +OK has happened, in place or not") {
  Session session;
  CHECK(!session.command(Verb::Retr, true));
  session.reply(true);
  CHECK(session.state() == State::Transaction);
  Session refused;
  refused.command(Verb::Retr, true);
  refused.reply(false);
  CHECK(refused.state() == State::Authorization);
}

TEST_CASE("What the table says is what a session does") {
  const auto after = [](Next next, State from) { return next.stays ? from : next.state; };
  for (const Rule& rule : rules()) {
    INFO(name(rule.verb) << " in " << name(rule.from) << ": " << rule.says);
    for (const bool ok : {true, false}) {
      Session session;
      session.assume(rule.from);
      session.command(rule.verb, rule.argument == Argument::Some);
      CHECK(session.state() == after(rule.on_command, rule.from));
      session.reply(ok);
      CHECK(session.state() == after(ok ? rule.after_ok : rule.after_err, rule.from));
    }
  }
}

TEST_CASE("A bare AUTH lists mechanisms and logs nobody in") {
  Session session;
  session.command(Verb::Auth, false);
  session.reply(true);
  CHECK(session.state() == State::Authorization);
  session.command(Verb::Auth, true);
  session.reply(true);
  CHECK(session.state() == State::Transaction);
}

TEST_CASE("The queue of waiting commands is bounded") {
  Session session;
  session.assume(State::Transaction);
  for (int i = 0; i < 100'000; ++i) session.command(Verb::Noop, false);
  CHECK(session.waiting() == Session::kWaitingMax);
  CHECK(session.expected_state() == State::Transaction);
}

TEST_CASE("Only some answers have further lines") {
  CHECK(answer_of(Verb::List, false) == Answer::Lines);
  CHECK(answer_of(Verb::List, true) == Answer::Line);
  CHECK(answer_of(Verb::Uidl, false) == Answer::Lines);
  CHECK(answer_of(Verb::Capa, false) == Answer::Lines);
  CHECK(answer_of(Verb::Retr, true) == Answer::Content);
  CHECK(answer_of(Verb::Top, true) == Answer::Content);
  CHECK(answer_of(Verb::Stat, false) == Answer::Line);
  CHECK(answer_of(Verb::Unknown, false) == Answer::Line);
}
