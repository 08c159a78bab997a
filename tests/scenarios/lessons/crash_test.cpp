// A mail host may crash at any moment: what was accepted is delivered all the same, once it is
// back.
#include <catch2/catch.hpp>

#include <algorithm>

#include "protocols/mime/header.hpp"
#include "scenarios/playing/stage.hpp"
#include "scenarios/reading/loader.hpp"
#include "tests/testing.hpp"

using namespace mailscope;
using scenarios::Scenario;
using scenarios::Stage;

namespace {

constexpr std::uint64_t kCrashes = 200;  // for each host, at evenly chosen events
constexpr sim::Time kOff = 10 * sim::kSecond;

std::uint64_t events_of(const Scenario& scenario) {
  trace::Trace trace;
  Stage stage(scenario, scenario.seed, {}, trace);
  stage.run();
  return stage.simulator().events_handled();
}

void step(Stage& stage) {
  stage.simulator().step();
  stage.watch_changes();
}

// Subjects of what a user has, in the mailbox, the junk and the user agent.
std::vector<std::string> subjects_of(Stage& stage, const scenarios::UserSpec& user) {
  std::vector<std::string> contents;
  if (const sim::UserAgent* agent = stage.user_agent(user.name)) contents = agent->inbox();
  mailbox::Mailbox* inbox = stage.machine(user.server).store().inbox(user.name);
  std::string buffer;
  for (const mailbox::Message& message : inbox->messages())
    contents.emplace_back(*inbox->content(message.uid, buffer));
  std::vector<std::string> subjects;
  for (const std::string& content : contents)
    subjects.push_back(mime::field_body(mime::read_fields(content), "Subject"));
  return subjects;
}

bool was_written(const trace::Trace& trace, const scenarios::action::Send& send) {
  return std::any_of(trace.changes.begin(), trace.changes.end(), [&](const auto& change) {
    const trace::Variable& variable = trace.variables[change.variable];
    return variable.is(trace::VariableKind::Letter) && variable.subject == send.user &&
           change.after == trace::Value(send.letter.subject);
  });
}

// Letters that somebody wrote and a recipient does not have.
std::string missing(const Scenario& scenario, Stage& stage, const trace::Trace& trace) {
  std::string text;
  for (const scenarios::ActionSpec& spec : scenario.actions) {
    const auto* send = std::get_if<scenarios::action::Send>(&spec.action);
    if (!send || !was_written(trace, *send)) continue;
    for (const auto* list : {&send->letter.to, &send->letter.cc, &send->letter.bcc})
      for (const std::string& address : *list)
        for (const scenarios::UserSpec& user : scenario.users) {
          if (user.address != address) continue;
          const auto has = subjects_of(stage, user);
          if (std::count(has.begin(), has.end(), send->letter.subject) == 0)
            text += user.name + " lacks \"" + send->letter.subject + "\"; ";
        }
  }
  return text;
}

// At an event of the scenario's run; what is wrong then, "" if nothing is.
std::string crash_at(std::uint64_t event, const std::string& host, const Scenario& scenario) {
  trace::Trace trace;
  Stage stage(scenario, scenario.seed, {}, trace);
  sim::Simulator& simulator = stage.simulator();
  while (simulator.events_handled() < event && !simulator.idle()) step(stage);
  stage.intervene(*scenarios::parse_untimed("crash " + host, scenario));
  const sim::Time back = simulator.now() + kOff;
  while (!simulator.idle() && simulator.next_time() <= back) step(stage);
  stage.intervene(*scenarios::parse_untimed("restart " + host, scenario));
  if (!stage.run()) return "the run does not end";
  return missing(scenario, stage, trace);
}

// Each mail host of the scenario.
void crash_everywhere(const std::string& name) {
  const Scenario scenario = *scenarios::load_scenario(name);
  const std::uint64_t events = events_of(scenario);
  int hosts = 0;
  for (const scenarios::HostSpec& host : scenario.hosts) {
    if (host.domain.empty()) continue;
    ++hosts;
    for (std::uint64_t i = 0; i < kCrashes; ++i) {
      const std::uint64_t at = events * i / kCrashes;
      const std::string wrong = crash_at(at, host.name, scenario);
      if (!wrong.empty()) FAIL_CHECK(host.name << " crashes at event " << at << ": " << wrong);
    }
  }
  CHECK(hosts == 2);
}

const bool kAdded = [] {
  for (const std::string name : {"two-servers", "maa", "many-mails-one-connection",
                                 "retry-then-deliver", "service-not-available", "disk-full"})
    testing::add_case(
        "nothing that was accepted is lost when a mail host crashes at any moment of " + name,
        [name] { crash_everywhere(name); });
  return true;
}();

}  // namespace
