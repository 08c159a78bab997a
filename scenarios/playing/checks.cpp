#include "scenarios/playing/checks.hpp"
#include "scenarios/playing/find_event.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "captures/languages/languages.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/mime/encoded_word.hpp"
#include "protocols/mime/header.hpp"

namespace mailscope::scenarios {

CheckResult result(const CheckSpec& spec, std::int64_t found, std::string text,
                   std::string found_text) {
  CheckResult one;
  one.passed = spec.at_least ? found >= spec.count : found == spec.count;
  one.text = std::move(text);
  if (!one.passed) one.found = std::move(found_text);
  one.line = spec.line;
  return one;
}

namespace {

using trace::kNever;
using trace::Trace;

std::string messages(std::int64_t count) {
  return fmt::format("{} message{}", count, count == 1 ? "" : "s");
}

std::string times(std::int64_t count) {
  return count == 0 ? "never" : count == 1 ? "once" : fmt::format("{} times", count);
}

std::int64_t count_events(const Trace& trace, EventPattern pattern) {
  std::int64_t count = 0;
  for (pattern.nth = 1; find_event(trace, pattern).at != kNever; ++pattern.nth) ++count;
  return count;
}

// The replies with this code, by all hosts or one, to all commands or one.
std::int64_t count_replies(const Trace& trace, const CheckSpec& spec) {
  EventPattern pattern;
  pattern.kind = EventPattern::Kind::Reply;
  pattern.word = spec.subject;
  pattern.answers = spec.to;
  std::int64_t count = 0;
  for (const trace::Host& host : trace.hosts) {
    pattern.host = host.name;
    if (spec.of.empty() || spec.of == host.name) count += count_events(trace, pattern);
  }
  return count;
}

CheckResult check_reply(const CheckSpec& spec, const Trace& trace) {
  const std::int64_t seen = count_replies(trace, spec);
  const std::string by = spec.of.empty() ? "" : fmt::format(" by {}", spec.of);
  const std::string to = spec.to.empty() ? "" : fmt::format(" to {}", spec.to);
  const std::string text =
      spec.count == 0
          ? fmt::format("the reply {} was never given{}{}", spec.subject, by, to)
          : fmt::format("the reply {} was given{}{} {}", spec.subject, by, to, times(spec.count));
  return result(spec, seen, text, times(seen));
}

std::int64_t count_changes(const Trace& trace, std::string_view host, std::string_view what,
                           std::string_view value) {
  return std::count_if(trace.changes.begin(), trace.changes.end(),
                       [&](const trace::StateChange& change) {
                         const trace::Variable& variable = trace.variables[change.variable];
                         return trace::what(variable) == what && trace::says(change.after, value) &&
                                (host.empty() || trace.hosts[variable.host].name == host);
                       });
}

CheckResult check_finding(const CheckSpec& spec, const Trace& trace) {
  const std::int64_t found =
      std::count_if(trace.findings.begin(), trace.findings.end(),
                    [&](const trace::Finding& one) { return one.code == spec.subject; });
  const std::string text = spec.count == 0
                               ? fmt::format("nothing is found of the kind {}", spec.subject)
                               : fmt::format("{} is found {}", spec.subject, times(spec.count));
  return result(spec, found, text, times(found));
}

std::int64_t count_lost(const Trace& trace) {
  return std::count_if(trace.frames.begin(), trace.frames.end(),
                       [](const trace::Frame& frame) { return frame.fate == trace::Fate::Lost; });
}

// ---- what a user has: in the mailbox, and, taken from there, in the user agent ----

std::vector<std::string> contents_of(const Scenario& scenario, std::string_view user,
                                     Stage& stage) {
  std::vector<std::string> list;
  if (const sim::UserAgent* agent = stage.user_agent(user)) list = agent->inbox();
  sim::Mailbox* box = stage.machine(scenario.user(user)->server).mailbox(user);
  for (const sim::StoredMessage& message : *box->open(user)) list.push_back(message.content);
  return list;
}

std::int64_t count_fields(const std::string& content, std::string_view name) {
  const auto fields = mime::read_fields(content);
  return std::count_if(fields.begin(), fields.end(),
                       [&](const mime::Field& field) { return equal_no_case(field.name, name); });
}

bool is_report(const std::string& content) {
  std::string type = mime::field_body(mime::read_fields(content), "Content-Type");
  for (char& c : type) c = to_lower(c);
  return type.starts_with("multipart/report") && type.find("delivery-status") != std::string::npos;
}

CheckResult check_messages(const Scenario& scenario, const CheckSpec& spec, Stage& stage) {
  const std::string& user = spec.kind == CheckKind::Report ? spec.subject : spec.of;
  const std::vector<std::string> contents = contents_of(scenario, user, stage);
  const auto matching = [&](auto&& fits) {
    return static_cast<std::int64_t>(std::count_if(contents.begin(), contents.end(), fits));
  };
  if (spec.kind == CheckKind::Report) {
    const std::int64_t found = matching(is_report);
    return result(spec, found,
                  fmt::format("{} has {} that {} on a delivery", user, messages(spec.count),
                              spec.count == 1 ? "reports" : "report"),
                  messages(found));
  }
  if (spec.kind == CheckKind::Subject) {
    const std::int64_t found = matching([&](const std::string& content) {
      const std::string subject = mime::field_body(mime::read_fields(content), "Subject");
      return mime::decode_words(subject).find(spec.subject) != std::string::npos;
    });
    return result(spec, found,
                  fmt::format("{} has {} with \"{}\" in the subject", user, messages(spec.count),
                              spec.subject),
                  messages(found));
  }
  if (spec.kind == CheckKind::Contains) {
    const std::int64_t found = matching([&](const std::string& content) {
      return content.find(spec.subject) != std::string::npos;
    });
    return result(spec, found,
                  fmt::format("{} has {} that contain{} \"{}\"", user, messages(spec.count),
                              spec.count == 1 ? "s" : "", spec.subject),
                  messages(found));
  }
  if (spec.kind == CheckKind::Duplicates) {
    std::set<std::string> ids;
    for (const std::string& content : contents)
      ids.insert(mime::field_body(mime::read_fields(content), "Message-ID"));
    const auto found = static_cast<std::int64_t>(contents.size() - ids.size());
    const std::string twice = spec.count == 0 ? "no message" : messages(spec.count);
    return result(spec, found, fmt::format("{} has {} twice", user, twice), messages(found));
  }
  const auto found = contents.empty() ? -1 : count_fields(contents.back(), "Received");
  return result(spec, found,
                fmt::format("{}'s last message has {} Received line{}", user, spec.count,
                            spec.count == 1 ? "" : "s"),
                found < 0 ? "there is no message" : fmt::format("{}", found));
}

// ---- connections ----

std::string host_name(const Trace& trace, const trace::Endpoint& end) {
  return end.host == trace::kNone ? "" : trace.hosts[end.host].name;
}

CheckResult check_connections(const CheckSpec& spec, const Trace& trace) {
  const std::int64_t found = std::count_if(
      trace.connections.begin(), trace.connections.end(), [&](const trace::Connection& one) {
        return !languages::of(one.protocol).card().datagrams &&
               (spec.of.empty() || host_name(trace, one.client) == spec.of) &&
               (spec.to.empty() || host_name(trace, one.server) == spec.to);
      });
  const std::string from = spec.of.empty() ? "" : fmt::format(" from {}", spec.of);
  const std::string to = spec.to.empty() ? "" : fmt::format(" to {}", spec.to);
  return result(spec, found,
                fmt::format("there {} {} connection{}{}{}", spec.count == 1 ? "is" : "are",
                            spec.count, spec.count == 1 ? "" : "s", from, to),
                fmt::format("{}", found));
}

// Seconds from the SYN to the last FIN's end; negative: there is no such connection, or it is open.
double duration_of(const Trace& trace, std::size_t number) {
  if (number > trace.connections.size()) return -1;
  const trace::Connection& one = trace.connections[number - 1];
  return one.closed == kNever ? -1 : static_cast<double>(one.closed - one.opened) / 1e9;
}

CheckResult check_saves(const CheckSpec& spec, const Trace& trace) {
  const double shorter = duration_of(trace, spec.connection);
  const double longer = duration_of(trace, spec.against);
  CheckResult one;
  one.line = spec.line;
  const std::string wanted = fmt::format("at least {:.0f} % less", spec.share * 100);
  if (shorter < 0 || longer <= 0) {
    one.text = fmt::format("connection {} takes {} time than connection {}", spec.connection,
                           wanted, spec.against);
    one.found = "there are no such two closed connections";
    return one;
  }
  const double saved = 1 - shorter / longer;
  one.passed = saved >= spec.share;
  one.text = fmt::format("connection {} took {:.2f} s and connection {} {:.2f} s, {}", spec.against,
                         longer, spec.connection, shorter, wanted);
  one.found = one.passed ? "" : fmt::format("{:.0f} % less", saved * 100);
  return one;
}

// ---- the others ----

CheckResult check_hosts(const Scenario& scenario, const CheckSpec& spec, Stage& stage,
                        const Trace& trace) {
  if (spec.kind == CheckKind::Mailbox) {
    const sim::Mailbox* box =
        stage.machine(scenario.user(spec.subject)->server).mailbox(spec.subject);
    const auto held = static_cast<std::int64_t>(box->size());
    return result(spec, held,
                  fmt::format("{}'s mailbox holds {}", spec.subject, messages(spec.count)),
                  messages(held));
  }
  if (spec.kind == CheckKind::Junk) {
    const sim::Mailbox* box = stage.machine(scenario.user(spec.subject)->server).junk(spec.subject);
    const auto held = static_cast<std::int64_t>(box->size());
    return result(spec, held, fmt::format("{}'s junk holds {}", spec.subject, messages(spec.count)),
                  messages(held));
  }
  if (spec.kind == CheckKind::Inbox) {
    const sim::UserAgent* agent = stage.user_agent(spec.subject);
    const auto held = agent ? static_cast<std::int64_t>(agent->inbox().size()) : 0;
    return result(spec, held, fmt::format("{} has received {}", spec.subject, messages(spec.count)),
                  messages(held));
  }
  if (spec.kind == CheckKind::Spool) {
    const auto held = static_cast<std::int64_t>(stage.machine(spec.subject).spooled().size());
    return result(spec, held,
                  fmt::format("the spool of {} holds {}", spec.subject, messages(spec.count)),
                  messages(held));
  }
  if (spec.kind == CheckKind::Retries) {
    const std::int64_t runs = count_changes(trace, spec.of, "process MTA client", "running");
    const std::int64_t found = std::max<std::int64_t>(0, runs - 1);
    return result(spec, found,
                  spec.count == 0
                      ? fmt::format("the MTA client of {} never had to try again", spec.of)
                      : fmt::format("the MTA client of {} went through its queue again {}", spec.of,
                                    times(spec.count)),
                  times(found));
  }
  const std::int64_t refused = count_changes(trace, "", "access " + spec.subject, "refused");
  return result(spec, refused,
                fmt::format("{} was refused a mailbox {}", spec.subject, times(spec.count)),
                times(refused));
}

CheckResult check_one(const Scenario& scenario, const CheckSpec& spec, Stage& stage,
                      const Trace& trace) {
  switch (spec.kind) {
    case CheckKind::Mailbox:
    case CheckKind::Inbox:
    case CheckKind::Junk:
    case CheckKind::Spool:
    case CheckKind::Retries:
    case CheckKind::Refused:
      return check_hosts(scenario, spec, stage, trace);
    case CheckKind::Received:
    case CheckKind::Subject:
    case CheckKind::Contains:
    case CheckKind::Report:
    case CheckKind::Duplicates:
      return check_messages(scenario, spec, stage);
    case CheckKind::Reply:
      return check_reply(spec, trace);
    case CheckKind::Connections:
      return check_connections(spec, trace);
    case CheckKind::Saves:
      return check_saves(spec, trace);
    case CheckKind::Finding:
      return check_finding(spec, trace);
    case CheckKind::Event:
    case CheckKind::LostFrames:
      break;
    default:
      return check_events(spec, trace);
  }
  if (spec.kind == CheckKind::Event) {
    const std::int64_t seen = count_events(trace, spec.event);
    const std::string text =
        spec.count == 0 ? fmt::format("\"{}\" never happened", spec.event_text)
                        : fmt::format("\"{}\" happened {}", spec.event_text, times(spec.count));
    return result(spec, seen, text, times(seen));
  }
  const std::int64_t lost = count_lost(trace);
  return result(spec, lost, fmt::format("at least {} frames were lost", spec.count),
                fmt::format("{}", lost));
}

}  // namespace

std::vector<CheckResult> check(const Scenario& scenario, Stage& stage, const Trace& trace) {
  std::vector<CheckResult> results;
  for (const CheckSpec& spec : scenario.checks)
    results.push_back(check_one(scenario, spec, stage, trace));
  return results;
}

}  // namespace mailscope::scenarios
