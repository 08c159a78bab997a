#include "scenarios/reading/event_pattern.hpp"

#include <catch2/catch.hpp>

using namespace mailscope;
using scenarios::EventPattern;
using scenarios::parse_event;
using Kind = EventPattern::Kind;

TEST_CASE("events are written as short sentences") {
  struct Row {
    const char* text;
    Kind kind;
    const char *host, *to, *word, *answers, *value;
    int nth;
  };
  const Row kTable[] = {
      {"start", Kind::Start, "", "", "", "", "", 1},
      {"end", Kind::End, "", "", "", "", "", 1},
      {"a frame is lost", Kind::Loss, "", "", "", "", "", 1},
      {"a frame is lost, time 3", Kind::Loss, "", "", "", "", "", 3},
      {"done: crash a-pc", Kind::Done, "", "", "crash a-pc", "", "", 1},
      {"done: cut a b, time 2", Kind::Done, "", "", "cut a b", "", "", 2},
      {"a-pc sends MAIL", Kind::Command, "a-pc", "", "MAIL", "", "", 1},
      {"a-pc sends MAIL to b", Kind::Command, "a-pc", "b", "MAIL", "", "", 1},
      {"a-pc sends the message", Kind::Message, "a-pc", "", "", "", "", 1},
      {"b replies 250", Kind::Reply, "b", "", "250", "", "", 1},
      {"b replies 250 to RCPT, time 2", Kind::Reply, "b", "", "250", "RCPT", "", 2},
      {"b replies 250 to the message", Kind::Reply, "b", "", "250", "the message", "", 1},
      {"b replies +OK to PASS", Kind::Reply, "b", "", "+OK", "PASS", "", 1},
      {"a connects to b", Kind::Connect, "a", "b", "connects", "", "", 1},
      {"a hangs up", Kind::HangUp, "a", "", "hangs up", "", "", 1},
      {"a breaks off", Kind::BreakOff, "a", "", "breaks off", "", "", 1},
      {"a asks MX", Kind::Question, "a", "", "MX", "", "", 1},
      {"a asks MX of ns, time 2", Kind::Question, "a", "ns", "MX", "", "", 2},
      {"ns answers MX", Kind::Answer, "ns", "", "MX", "", "", 1},
      {"ns answers NXDOMAIN to A", Kind::Answer, "ns", "", "A", "NXDOMAIN", "", 1},
      {"b: mailbox bob = 1", Kind::Change, "b", "", "mailbox bob", "", "1", 1},
      {"b: spool", Kind::Change, "b", "", "spool", "", "", 1},
  };
  for (const Row& row : kTable) {
    INFO(row.text);
    const auto pattern = parse_event(row.text);
    REQUIRE(pattern.has_value());
    CHECK(pattern->kind == row.kind);
    CHECK(pattern->host == row.host);
    CHECK(pattern->to == row.to);
    CHECK(pattern->word == row.word);
    CHECK(pattern->answers == row.answers);
    CHECK(pattern->value == row.value);
    CHECK(pattern->nth == row.nth);
  }
}

TEST_CASE("what names no event is refused with the forms there are") {
  constexpr std::pair<const char*, const char*> kTable[] = {
      {"", "HOST replies CODE to VERB"},
      {"done:", "done: crash HOST"},
      {"a", "HOST replies CODE to VERB"},
      {"a says MAIL", "HOST sends VERB"},
      {": spool", "HOST: mailbox bob = 1"},
      {"a:", "HOST: mailbox bob = 1"},
      {"starting", "\"start\""},
      {"a sends", "HOST sends VERB"},
      {"a connects", "HOST connects to HOST"},
      {"a connects to", "HOST connects to HOST"},
      {"a hangs", "HOST hangs up"},
      {"a sends MAIL, time 0", "time 2"},
      {"a sends MAIL, time x", "time 2"},
      {"b replies 250 RCPT", "HOST replies CODE to VERB"},
      {"b replies 250 to", "HOST replies CODE to the message"},
      {"a asks", "HOST asks MX"},
      {"a asks WHO", "HOST asks MX"},
      {"a asks MX of", "HOST asks MX of HOST"},
      {"ns answers", "HOST answers MX"},
      {"ns answers NXDOMAIN", "HOST answers NXDOMAIN to MX"},
  };
  for (const auto& [text, form] : kTable) {
    INFO(text);
    const auto pattern = parse_event(text);
    REQUIRE_FALSE(pattern.has_value());
    INFO(pattern.error());
    CHECK(pattern.error().find(form) != std::string::npos);
  }
}
