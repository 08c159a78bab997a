#include "scenarios/playing/checks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "captures/languages/languages.hpp"
#include "scenarios/playing/check_kinds.hpp"

namespace mailscope::scenarios {
namespace {

using trace::kNever;
using trace::Trace;

std::string host_name(const Trace& trace, const trace::Endpoint& end) {
  return end.host == trace::kNone ? "" : trace.hosts[end.host].name;
}

// Seconds from the SYN to the last FIN's end; negative: there is no such connection, or it is open.
double duration_of(const Trace& trace, std::size_t number) {
  if (number > trace.connections.size()) return -1;
  const trace::Connection& connection = trace.connections[number - 1];
  return connection.closed == kNever
             ? -1
             : static_cast<double>(connection.closed - connection.opened) / 1e9;
}

std::string reply_by(const event::Reply& reply) {
  return reply.host.empty() ? "" : fmt::format(" by {}", reply.host);
}

std::string reply_to(const event::Reply& reply) {
  if (reply.to_message) return " to the message";
  return reply.verb.empty() ? "" : fmt::format(" to {}", reply.verb);
}

}  // namespace

CheckResult verdict(bool passed, std::string text, std::string found) {
  return {passed, std::move(text), passed ? std::string() : std::move(found), 0};
}

CheckResult failed(std::string text, std::string why) {
  return verdict(false, std::move(text), std::move(why));
}

std::string times(std::int64_t count) {
  return count == 0 ? "never" : count == 1 ? "once" : fmt::format("{} times", count);
}

std::string_view plural(std::int64_t count) {
  return count == 1 ? "" : "s";
}

std::int64_t count_events(const Trace& trace, EventPattern pattern) {
  std::int64_t count = 0;
  for (pattern.nth = 1; find_event(trace, pattern).happens(); ++pattern.nth) ++count;
  return count;
}

CheckResult make(const check::Reply& check, const Ended& run) {
  event::Reply reply = check.reply;
  std::int64_t seen = 0;
  for (const trace::Host& host : run.trace.hosts) {
    if (!check.reply.host.empty() && check.reply.host != host.name) continue;
    reply.host = host.name;
    seen += count_events(run.trace, {reply, 1, {}});
  }
  const std::string by = reply_by(check.reply), to = reply_to(check.reply);
  const std::string text =
      check.times == 0
          ? fmt::format("the reply {} was never given{}{}", reply.code, by, to)
          : fmt::format("the reply {} was given{}{} {}", reply.code, by, to, times(check.times));
  return verdict(seen == check.times, text, times(seen));
}

CheckResult make(const check::LostFrames& check, const Ended& run) {
  const std::vector<trace::Frame>& frames = run.trace.frames;
  const std::int64_t lost =
      std::count_if(frames.begin(), frames.end(),
                    [](const trace::Frame& frame) { return frame.fate == trace::Fate::Lost; });
  return verdict(lost >= check.at_least,
                 fmt::format("at least {} frames were lost", check.at_least),
                 fmt::format("{}", lost));
}

CheckResult make(const check::Connections& check, const Ended& run) {
  const Trace& trace = run.trace;
  const std::int64_t found = std::count_if(
      trace.connections.begin(), trace.connections.end(), [&](const trace::Connection& connection) {
        return !languages::of(connection.protocol).card().datagrams &&
               (check.from.empty() || host_name(trace, connection.client) == check.from) &&
               (check.to.empty() || host_name(trace, connection.server) == check.to);
      });
  const std::string from = check.from.empty() ? "" : fmt::format(" from {}", check.from);
  const std::string to = check.to.empty() ? "" : fmt::format(" to {}", check.to);
  return verdict(found == check.number,
                 fmt::format("there {} {} connection{}{}{}", check.number == 1 ? "is" : "are",
                             check.number, plural(check.number), from, to),
                 fmt::format("{}", found));
}

CheckResult make(const check::Saves& check, const Ended& run) {
  const double shorter = duration_of(run.trace, check.connection);
  const double longer = duration_of(run.trace, check.against);
  const std::string wanted = fmt::format("at least {:.0f} % less", check.share * 100);
  if (shorter < 0 || longer <= 0)
    return failed(fmt::format("connection {} takes {} time than connection {}", check.connection,
                              wanted, check.against),
                  "there are no such two closed connections");
  const double saved = 1 - shorter / longer;
  return verdict(saved >= check.share,
                 fmt::format("connection {} took {:.2f} s and connection {} {:.2f} s, {}",
                             check.against, longer, check.connection, shorter, wanted),
                 fmt::format("{:.0f} % less", saved * 100));
}

CheckResult make(const check::Finding& check, const Ended& run) {
  const std::vector<trace::Finding>& findings = run.trace.findings;
  const std::int64_t found =
      std::count_if(findings.begin(), findings.end(),
                    [&](const trace::Finding& finding) { return finding.code == check.code; });
  const std::string text = check.times == 0
                               ? fmt::format("nothing is found of the kind {}", check.code)
                               : fmt::format("{} is found {}", check.code, times(check.times));
  return verdict(found == check.times, text, times(found));
}

std::vector<CheckResult> make_checks(const Scenario& scenario, Stage& stage, const Trace& trace) {
  const Ended run{scenario, stage, trace};
  std::vector<CheckResult> results;
  for (const CheckSpec& spec : scenario.checks) {
    results.push_back(std::visit([&](const auto& check) { return make(check, run); }, spec.check));
    results.back().line = spec.line;
  }
  return results;
}

}  // namespace mailscope::scenarios
