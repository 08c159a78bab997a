#include "protocols/imap/session.hpp"

#include <catch2/catch.hpp>

using namespace mailscope;
using namespace mailscope::imap;

TEST_CASE("The table has a row for every verb that can be sent, in order, each with its section") {
  std::size_t index = 0;
  for (const Rule& rule : rules()) {
    CHECK(static_cast<std::size_t>(rule.verb) == ++index);
    CHECK(rule.section.starts_with("RFC "));
    CHECK(!rule.says.empty());
    CHECK(find_rule(rule.verb) == &rule);
  }
  CHECK(index == kVerbs - 1);
  CHECK(find_rule(Verb::Unknown) == nullptr);
  for (std::size_t i = 2; i < kVerbs; ++i)
    CHECK(parse_verb(name(static_cast<Verb>(i))) == static_cast<Verb>(i));
  CHECK(parse_verb("fEtCh") == Verb::Fetch);
  CHECK(parse_verb("CONNECT") == Verb::Unknown);
}

TEST_CASE("Commands are allowed in their states only") {
  struct Row {
    Verb verb;
    bool before_login, after_login, selected;
  };
  for (const Row& row :
       {Row{Verb::Capability, true, true, true}, Row{Verb::Noop, true, true, true},
        Row{Verb::Logout, true, true, true}, Row{Verb::Id, true, true, true},
        Row{Verb::Starttls, true, false, false}, Row{Verb::Authenticate, true, false, false},
        Row{Verb::Login, true, false, false}, Row{Verb::Enable, false, true, true},
        Row{Verb::Select, false, true, true}, Row{Verb::Append, false, true, true},
        Row{Verb::Idle, false, true, true}, Row{Verb::List, false, true, true},
        Row{Verb::Fetch, false, false, true}, Row{Verb::Close, false, false, true},
        Row{Verb::Thread, false, false, true}, Row{Verb::Unknown, false, false, false}}) {
    INFO(name(row.verb));
    CHECK(is_allowed(row.verb, State::NotAuthenticated) == row.before_login);
    CHECK(is_allowed(row.verb, State::Authenticated) == row.after_login);
    CHECK(is_allowed(row.verb, State::Selected) == row.selected);
    CHECK(!is_allowed(row.verb, State::Logout));
  }
}

TEST_CASE("A session goes through its states") {
  Session session;
  session.command(Verb::Connect, "");
  CHECK(session.reply("", Status::Ok)->verb == Verb::Connect);
  CHECK(session.command(Verb::Login, "a1").allowed);
  CHECK(session.state() == State::NotAuthenticated);
  CHECK(session.expected_state() == State::Authenticated);
  CHECK(session.reply("a1", Status::Ok)->key == 2);
  CHECK(session.state() == State::Authenticated);
  CHECK(session.command(Verb::Select, "a2").allowed);
  session.reply("a2", Status::Ok);
  CHECK(session.state() == State::Selected);
  session.command(Verb::Close, "a3");
  session.reply("a3", Status::Ok);
  CHECK(session.state() == State::Authenticated);
  CHECK(session.command(Verb::Logout, "a4").phase == Phase::Termination);
  session.happen(Happening::Bye);
  CHECK(session.state() == State::Logout);
  CHECK(session.reply("a4", Status::Ok)->verb == Verb::Logout);
  CHECK(session.state() == State::Logout);
  CHECK(!session.command(Verb::Noop, "a5").allowed);
}

TEST_CASE("A greeting may let in at once, or send away") {
  Session in;
  in.command(Verb::Connect, "");
  CHECK(in.reply("", Status::PreAuth)->verb == Verb::Connect);
  CHECK(in.state() == State::Authenticated);
  Session away;
  away.command(Verb::Connect, "");
  away.reply("", Status::Bye);
  CHECK(away.state() == State::Logout);
}

TEST_CASE("Nothing happens any more after BYE") {
  Session session;
  session.assume(State::Authenticated);
  session.command(Verb::Select, "1");
  session.happen(Happening::Bye);
  CHECK(session.expected_state() == State::Logout);
  session.reply("1", Status::Ok);
  CHECK(session.state() == State::Logout);
}

TEST_CASE("A SELECT that fails leaves nothing selected, a rejected one changes nothing") {
  Session session;
  session.assume(State::Selected);
  session.command(Verb::Select, "1");
  session.reply("1", Status::Bad);
  CHECK(session.state() == State::Selected);
  session.command(Verb::Close, "2");
  session.reply("2", Status::No);
  CHECK(session.state() == State::Selected);
  session.command(Verb::Examine, "3");
  session.reply("3", Status::No);
  CHECK(session.state() == State::Authenticated);
}

TEST_CASE("Pipelined commands are judged by what is expected, and answered by their tags") {
  Session session;
  session.assume(State::Authenticated);
  CHECK(session.command(Verb::Select, "a").allowed);
  CHECK(session.command(Verb::Fetch, "b").allowed);
  CHECK(session.command(Verb::Noop, "c").allowed);
  CHECK(session.reply("c", Status::Ok)->key == 3);  // out of order (RFC 9051 §5.5)
  CHECK(!session.reply("c", Status::Ok));
  CHECK(!session.reply("nobody", Status::Ok));
  CHECK(session.find("b")->key == 2);
  session.reply("a", Status::No);
  CHECK(session.expected_state() == State::Authenticated);
  CHECK(!session.command(Verb::Store, "d").allowed);
  CHECK(session.oldest()->tag == "b");
  CHECK(session.newest()->tag == "d");
}

TEST_CASE("What a server grants has happened, in place or not") {
  Session session;
  CHECK(!session.command(Verb::Select, "x").allowed);
  session.reply("x", Status::Ok);
  CHECK(session.state() == State::Selected);
}

TEST_CASE("After a + the client's line belongs to AUTHENTICATE or IDLE") {
  Session session;
  session.command(Verb::Authenticate, "1");
  CHECK(session.client_lines() == ClientLines::None);
  session.continuation();
  CHECK(session.client_lines() == ClientLines::Sasl);
  session.client_line();
  CHECK(session.client_lines() == ClientLines::None);
  session.continuation();
  CHECK(session.client_lines() == ClientLines::Sasl);
  session.reply("1", Status::Ok);  // the server gave up waiting
  CHECK(session.client_lines() == ClientLines::None);
  session.command(Verb::Noop, "2");
  session.command(Verb::Idle, "3");
  session.continuation();
  CHECK(session.client_lines() == ClientLines::Done);
  session.client_line();
  CHECK(session.client_lines() == ClientLines::None);
  CHECK(session.waiting() == 2);
}

TEST_CASE("What waits is bounded, and an observer may give up the older ones") {
  Session session;
  session.command(Verb::Login, "first");
  for (std::size_t i = 0; i < Session::kWaitingMax; ++i)
    session.command(Verb::Noop, std::to_string(i));
  CHECK(session.waiting() == Session::kWaitingMax);
  CHECK(session.state() == State::Authenticated);  // LOGIN was taken as answered
  session.forget_all_but_newest();
  CHECK(session.waiting() == 1);
  CHECK(session.newest()->key == Session::kWaitingMax + 1);
}

TEST_CASE("ENABLE switches on what it names, QRESYNC CONDSTORE too") {
  Enabled enabled;
  CHECK(!enabled.enable("IDLE"));
  CHECK(enabled.utf8() == Utf8::No);
  CHECK(enabled.enable("qresync"));
  CHECK(enabled.condstore);
  CHECK(enabled.enable("utf8=accept"));
  CHECK(enabled.utf8() == Utf8::Yes);
}
