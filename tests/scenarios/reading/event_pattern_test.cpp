#include "scenarios/reading/event_pattern.hpp"

#include <catch2/catch.hpp>

#include "scenarios/reading/loader.hpp"

using namespace mailscope;
using scenarios::parse_event;
namespace event = scenarios::event;
using trace::State;
using trace::Value;
using trace::VariableKind;

namespace {

// Hosts called a, a-pc, b and ns, and bob.
scenarios::Scenario world() {
  return *scenarios::parse_scenario(R"(title = "T"
summary = "S"
[[host]]
name = "a"
[[host]]
name = "a-pc"
[[host]]
name = "b"
agents = ["MTA server"]
[[host]]
name = "ns"
[[link]]
between = ["a", "a-pc", "b", "ns"]
[[user]]
name = "bob"
address = "bob@beta.example"
computer = "b"
)",
                                    "t", "t.toml");
}

event::Change change(VariableKind kind, std::string subject, std::optional<Value> value) {
  return {"b", kind, std::move(subject), std::move(value)};
}

}  // namespace

TEST_CASE("events are written as short sentences") {
  struct Row {
    const char* text;
    event::Any event;
    int nth = 1;
  };
  const Row kTable[] = {
      {"start", event::Start{}},
      {"end", event::End{}},
      {"a frame is lost", event::Loss{}},
      {"a frame is lost, time 3", event::Loss{}, 3},
      {"done: crash a-pc", event::Done{"crash a-pc"}},
      {"done:  cut  a   b, time 2", event::Done{"cut a b"}, 2},
      {"a-pc sends MAIL", event::Command{"a-pc", "MAIL", ""}},
      {"a-pc sends MAIL to b", event::Command{"a-pc", "MAIL", "b"}},
      {"a-pc sends the message", event::Message{"a-pc", ""}},
      {"a-pc sends the message to b", event::Message{"a-pc", "b"}},
      {"b replies 250", event::Reply{"b", "250", "", false}},
      {"b replies 250 to RCPT, time 2", event::Reply{"b", "250", "RCPT", false}, 2},
      {"b replies 250 to the message", event::Reply{"b", "250", "", true}},
      {"b replies +OK to PASS", event::Reply{"b", "+OK", "PASS", false}},
      {"a connects to b", event::Connect{"a", "b"}},
      {"a hangs up", event::HangUp{"a", ""}},
      {"a hangs up to b", event::HangUp{"a", "b"}},
      {"a breaks off", event::BreakOff{"a", ""}},
      {"a breaks off to b, time 2", event::BreakOff{"a", "b"}, 2},
      {"a asks MX", event::Question{"a", "MX", ""}},
      {"a asks MX of ns, time 2", event::Question{"a", "MX", "ns"}, 2},
      {"ns answers MX", event::Answer{"ns", "", "MX"}},
      {"ns answers NXDOMAIN to A", event::Answer{"ns", "NXDOMAIN", "A"}},
      {"b: mailbox bob = 1", change(VariableKind::Mailbox, "bob", Value(std::uint64_t{1}))},
      {"b: spool", change(VariableKind::Spool, "", std::nullopt)},
      {"b: power = crashed", change(VariableKind::Power, "", Value(State::Crashed))},
  };
  const scenarios::Scenario scenario = world();
  for (const Row& row : kTable) {
    INFO(row.text);
    const auto pattern = parse_event(row.text, scenario);
    INFO((pattern ? "" : pattern.error()));
    REQUIRE(pattern.has_value());
    CHECK(pattern->event == row.event);
    CHECK(pattern->nth == row.nth);
    CHECK(pattern->text == row.text);
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
  const scenarios::Scenario scenario = world();
  for (const auto& [text, form] : kTable) {
    INFO(text);
    const auto pattern = parse_event(text, scenario);
    REQUIRE_FALSE(pattern.has_value());
    INFO(pattern.error());
    CHECK(pattern.error().find(form) != std::string::npos);
  }
}
