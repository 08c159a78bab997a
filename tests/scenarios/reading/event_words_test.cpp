#include "scenarios/reading/event_words.hpp"
#include "scenarios/lessons/shipped.hpp"

#include <catch2/catch.hpp>

#include "scenarios/playing/player.hpp"
#include "scenarios/reading/inside_words.hpp"
#include "scenarios/reading/loader.hpp"

using namespace mailscope;
using namespace mailscope::scenarios;

namespace {

std::string complaint(const Scenario& scenario, const char* event) {
  const auto pattern = parse_event(event, scenario);
  return pattern ? "" : pattern.error();
}

}  // namespace

TEST_CASE("words that a run can say are known") {
  const Scenario scenario = *load_scenario("maa");
  for (const char* event : {"start",
                            "end",
                            "a frame is lost",
                            "alice-pc sends MAIL",
                            "alice-pc sends mail",
                            "bob-pc sends RETR",
                            "alice-pc sends the message",
                            "alice-pc hangs up",
                            "mail.beta.example replies 2xx",
                            "mail.beta.example replies 5xx to ?",
                            "mail.beta.example replies 220 to CONNECT",
                            "mail.beta.example replies 250 to the message",
                            "mail.beta.example replies +OK to PASS",
                            "mail.beta.example: mailbox bob = 1",
                            "mail.beta.example: virus scan",
                            "mail.beta.example: process MTA client = running",
                            "bob-pc: socket bob's terminal",
                            "mail.beta.example: report alice",
                            "bob-pc: fetch bob = passed over",
                            "mail.beta.example: dropped"}) {
    INFO(event);
    CHECK(complaint(scenario, event).empty());
  }
}

TEST_CASE("a word that no run says is refused, with the nearest one") {
  const Scenario scenario = *load_scenario("maa");
  const std::pair<const char*, const char*> kTable[] = {
      {"alice-pc sends MIAL", "perhaps MAIL?"},
      {"alice-pc sends RERT", "perhaps RETR?"},
      {"alice-pc sends DANCE", "there are HELO"},
      {"mail.beta.example replies 2500", "no reply code"},
      {"mail.beta.example replies 150", "no reply code"},
      {"mail.beta.example replies 5yz", "no reply code"},
      {"mail.beta.example replies YES to PASS", "no reply code"},
      {"mail.beta.example replies 250 to RCP", "perhaps RCPT?"},
      {"mail.beta.example: spol = 1", "perhaps spool?"},
      {"mail.beta.example: mailbx bob = 1", "perhaps mailbox?"},
      {"mail.beta.example: mailbox bod = 1", "perhaps bob?"},
      {"mail.beta.example: mailbox = 1", "of whom?"},
      {"mail.beta.example: process MTA clint = idle", "perhaps MTA client?"},
      {"alice-pc: process user agent = running", "there are MTA client"},
      {"mail.beta.example: rain", "there are cache"},
  };
  for (const auto& [event, says] : kTable) {
    INFO(event);
    CHECK_THAT(complaint(scenario, event), Catch::Matchers::Contains(says));
  }
}

TEST_CASE("every inside event of every shipped scenario is read from its words as it was told") {
  std::size_t changes = 0;
  for (const auto& shipped : shipped_scenarios()) {
    const Scenario scenario = *load_scenario(std::string(shipped.name));
    const auto run = play(scenario, scenario.seed);
    for (const trace::StateChange& change : run.trace.changes) {
      const trace::Variable& variable = run.trace.variables[change.variable];
      const std::string name = trace::what(variable), value = trace::text(change.after);
      INFO(shipped.name << ": " << name << " = " << value);
      const auto named = parse_variable(name, scenario);
      REQUIRE(named.has_value());
      CHECK(named->kind == variable.kind);
      CHECK(named->subject == variable.subject);
      const auto parsed = parse_value(variable.kind, value);
      REQUIRE(parsed.has_value());
      CHECK(*parsed == change.after);
      ++changes;
    }
  }
  CHECK(changes > 1000);
}

TEST_CASE("values are read into what a run's changes have") {
  using trace::SocketCall, trace::State, trace::Value, trace::VariableKind;
  const auto v4 = IpAddress::v4(10, 0, 2, 25);
  const auto v6 = *IpAddress::parse("2001:db8::25");
  struct Row {
    VariableKind kind;
    const char* text;
    Value value;
  };
  const Row kTable[] = {
      {VariableKind::Spool, "12", std::uint64_t{12}},
      {VariableKind::Power, "crashed", State::Crashed},
      {VariableKind::Greylist, "too early", State::TooEarly},
      {VariableKind::Retry, "Q1", std::string("Q1")},
      {VariableKind::Letter, "1", std::string("1")},
      {VariableKind::LogIn, "bob", std::string("bob")},
      {VariableKind::LogIn, "failed", State::Failed},
      {VariableKind::Fault, "451", std::uint64_t{451}},
      {VariableKind::Fault, "cut", State::Cut},
      {VariableKind::Etrn, "250", std::uint64_t{250}},
      {VariableKind::Etrn, "gamma.example", std::string("gamma.example")},
      {VariableKind::Socket, "timed out", State::TimedOut},
      {VariableKind::Socket, "socket()", SocketCall{SocketCall::Name::Socket, 0, {}, 0}},
      {VariableKind::Socket, "bind(port 25)", SocketCall{SocketCall::Name::Bind, 25, {}, 0}},
      {VariableKind::Socket, "send(12 octets)", SocketCall{SocketCall::Name::Send, 0, {}, 12}},
      {VariableKind::Socket, "connect(10.0.2.25:25)",
       SocketCall{SocketCall::Name::Connect, 25, v4, 0}},
      {VariableKind::Socket, "connect([2001:db8::25]:25)",
       SocketCall{SocketCall::Name::Connect, 25, v6, 0}},
      {VariableKind::Socket, "sendto(10.0.2.25:53, 40 octets)",
       SocketCall{SocketCall::Name::SendTo, 53, v4, 40}},
  };
  for (const Row& row : kTable) {
    INFO(row.text);
    const auto value = parse_value(row.kind, row.text);
    INFO((value ? "" : value.error()));
    REQUIRE(value.has_value());
    CHECK(*value == row.value);
    CHECK(trace::text(*value) == row.text);
  }
}

TEST_CASE("a value that a variable never has is refused, with the nearest one") {
  const Scenario scenario = *load_scenario("maa");
  const std::pair<const char*, const char*> kTable[] = {
      {"mail.beta.example: power = crashd", "power is never \"crashd\"; perhaps crashed?"},
      {"mail.beta.example: power = sunny", "it can be on, off, crashed"},
      {"mail.beta.example: power = locked", "it can be on, off, crashed"},
      {"mail.beta.example: spool = one", "it can be a number"},
      {"mail.beta.example: spool = -1", "it can be a number"},
      {"mail.beta.example: mailbox bob =", "it can be a number"},
      {"mail.beta.example: fault = late", "it can be cut, delay, a number"},
      {"mail.beta.example: socket MTA server = recv(12 octet)", "a call like connect("},
      {"mail.beta.example: socket MTA server = recv(12)", "a call like connect("},
      {"mail.beta.example: socket MTA server = resett", "perhaps reset?"},
  };
  for (const auto& [event, says] : kTable) {
    INFO(event);
    CHECK_THAT(complaint(scenario, event), Catch::Matchers::Contains(says));
  }
}
