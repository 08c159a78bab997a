#include "scenarios/checks.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mailscope::scenarios {
namespace {

using trace::Id;
using trace::Trace;

std::string messages(std::int64_t count) {
  return fmt::format("{} message{}", count, count == 1 ? "" : "s");
}

std::string times(std::int64_t count) {
  return count == 1 ? "once" : fmt::format("{} times", count);
}

// The replies with this code to this command, on all connections.
std::int64_t count_replies(const Trace& trace, const CheckSpec& spec) {
  EventPattern pattern;
  pattern.kind = EventPattern::Kind::Reply;
  pattern.word = spec.subject;
  pattern.answers = spec.to_verb;
  std::int64_t count = 0;
  for (const trace::Host& host : trace.hosts) {
    pattern.host = host.name;
    for (pattern.nth = 1; find_event(trace, pattern).at != trace::kNever; ++pattern.nth) ++count;
  }
  return count;
}

std::int64_t count_changes(const Trace& trace, std::string_view what, std::string_view value) {
  return std::count_if(
      trace.changes.begin(), trace.changes.end(), [&](const trace::StateChange& change) {
        return trace.variables[change.variable].what == what && change.after == value;
      });
}

std::int64_t count_lost(const Trace& trace) {
  return std::count_if(trace.frames.begin(), trace.frames.end(),
                       [](const trace::Frame& frame) { return frame.fate == trace::Fate::Lost; });
}

CheckResult result(const CheckSpec& spec, std::int64_t found, std::string text,
                   std::string found_text) {
  CheckResult one;
  one.passed = spec.at_least ? found >= spec.count : found == spec.count;
  one.text = std::move(text);
  if (!one.passed) one.found = std::move(found_text);
  one.line = spec.line;
  return one;
}

CheckResult check_one(const Scenario& scenario, const CheckSpec& spec, Stage& stage,
                      const Trace& trace) {
  switch (spec.kind) {
    case CheckKind::Mailbox: {
      const sim::Mailbox* box =
          stage.machine(scenario.user(spec.subject)->server).mailbox(spec.subject);
      const auto held = static_cast<std::int64_t>(box->size());
      return result(spec, held,
                    fmt::format("{}'s mailbox holds {}", spec.subject, messages(spec.count)),
                    messages(held));
    }
    case CheckKind::Inbox: {
      const sim::UserAgent* agent = stage.user_agent(spec.subject);
      const auto held = agent ? static_cast<std::int64_t>(agent->inbox().size()) : 0;
      return result(spec, held,
                    fmt::format("{} has received {}", spec.subject, messages(spec.count)),
                    messages(held));
    }
    case CheckKind::Spool: {
      const auto held = static_cast<std::int64_t>(stage.machine(spec.subject).spooled().size());
      return result(spec, held,
                    fmt::format("the spool of {} holds {}", spec.subject, messages(spec.count)),
                    messages(held));
    }
    case CheckKind::Reply: {
      const std::int64_t seen = count_replies(trace, spec);
      const std::string to = spec.to_verb.empty() ? "" : " to " + spec.to_verb;
      return result(spec, seen,
                    fmt::format("the reply {}{} was given {}", spec.subject, to, times(spec.count)),
                    times(seen));
    }
    case CheckKind::LostFrames: {
      const std::int64_t lost = count_lost(trace);
      return result(spec, lost, fmt::format("at least {} frames were lost", spec.count),
                    fmt::format("{}", lost));
    }
    case CheckKind::Refused:
      break;
  }
  const std::int64_t refused = count_changes(trace, "access " + spec.subject, "refused");
  return result(spec, refused,
                fmt::format("{} was refused a mailbox {}", spec.subject, times(spec.count)),
                times(refused));
}

}  // namespace

std::vector<CheckResult> check(const Scenario& scenario, Stage& stage, const Trace& trace) {
  std::vector<CheckResult> results;
  for (const CheckSpec& spec : scenario.checks)
    results.push_back(check_one(scenario, spec, stage, trace));
  return results;
}

}  // namespace mailscope::scenarios
