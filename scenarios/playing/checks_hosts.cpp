// The checks of what a host or a user has when the run has ended.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/encoded_word.hpp"
#include "protocols/mime/header.hpp"
#include "scenarios/playing/check_kinds.hpp"
#include "scenarios/playing/stage.hpp"

namespace mailscope::scenarios {
namespace {

using trace::Trace;

std::string messages(std::int64_t count) {
  return fmt::format("{} message{}", count, plural(count));
}

// `text` says what is so, `held` is how many messages there are.
CheckResult verdict_of_messages(std::size_t held, std::int64_t wanted, std::string text) {
  const auto count = static_cast<std::int64_t>(held);
  return verdict(count == wanted, std::move(text), messages(count));
}

sim::Machine& server_of(std::string_view user, const Ended& run) {
  return run.stage.machine(run.scenario.user(user)->server);
}

std::vector<std::string> contents_of(std::string_view user, const Ended& run) {
  std::vector<std::string> list;
  if (const sim::UserAgent* agent = run.stage.user_agent(user)) list = agent->inbox();
  mailbox::Mailbox* inbox = server_of(user, run).store().inbox(user);
  std::string buffer;
  for (const mailbox::Message& message : inbox->messages())
    if (const auto content = inbox->content(message.uid, buffer)) list.emplace_back(*content);
  return list;
}

template <typename Fits>
std::size_t count_contents(std::string_view user, const Ended& run, Fits fits) {
  const std::vector<std::string> contents = contents_of(user, run);
  return static_cast<std::size_t>(std::count_if(contents.begin(), contents.end(), fits));
}

std::int64_t count_fields(const std::string& content, std::string_view name) {
  const auto fields = mime::read_fields(content);
  return std::count_if(fields.begin(), fields.end(),
                       [&](const mime::Field& field) { return equal_no_case(field.name, name); });
}

// RFC 3464 §2
bool is_report(const std::string& content) {
  std::string type = mime::field_body(mime::read_fields(content), "Content-Type");
  for (char& c : type) c = to_lower(c);
  return type.starts_with("multipart/report") && type.find("delivery-status") != std::string::npos;
}

// Of this kind, to this state; on which hosts and whose, `fits` says.
template <typename Fits>
std::int64_t count_changes(const Trace& trace, trace::VariableKind kind, trace::State to,
                           Fits fits) {
  return std::count_if(trace.changes.begin(), trace.changes.end(),
                       [&](const trace::StateChange& change) {
                         const trace::Variable& variable = trace.variables[change.variable];
                         return variable.is(kind) && trace::is(change.after, to) && fits(variable);
                       });
}

}  // namespace

CheckResult make(const check::Mailbox& check, const Ended& run) {
  return verdict_of_messages(
      server_of(check.user, run).store().inbox(check.user)->size(), check.holds,
      fmt::format("{}'s mailbox holds {}", check.user, messages(check.holds)));
}

CheckResult make(const check::Inbox& check, const Ended& run) {
  const sim::UserAgent* agent = run.stage.user_agent(check.user);
  return verdict_of_messages(agent ? agent->inbox().size() : 0, check.holds,
                             fmt::format("{} has received {}", check.user, messages(check.holds)));
}

CheckResult make(const check::Junk& check, const Ended& run) {
  return verdict_of_messages(server_of(check.user, run).store().junk(check.user)->size(),
                             check.holds,
                             fmt::format("{}'s junk holds {}", check.user, messages(check.holds)));
}

CheckResult make(const check::Spool& check, const Ended& run) {
  return verdict_of_messages(
      run.stage.machine(check.host).store().spool().size(), check.holds,
      fmt::format("the spool of {} holds {}", check.host, messages(check.holds)));
}

CheckResult make(const check::Retries& check, const Ended& run) {
  const trace::Trace& trace = run.trace;
  const std::int64_t runs =
      count_changes(trace, trace::VariableKind::Process, trace::State::Running,
                    [&](const trace::Variable& variable) {
                      return variable.subject == trace::name(trace::AgentKind::MtaClient) &&
                             trace.hosts[variable.host].name == check.host;
                    });
  const std::int64_t found = std::max<std::int64_t>(0, runs - 1);
  const std::string text =
      check.times == 0 ? fmt::format("the MTA client of {} never had to try again", check.host)
                       : fmt::format("the MTA client of {} went through its queue again {}",
                                     check.host, times(check.times));
  return verdict(found == check.times, text, times(found));
}

CheckResult make(const check::Refused& check, const Ended& run) {
  const std::int64_t refused = count_changes(
      run.trace, trace::VariableKind::Access, trace::State::Refused,
      [&](const trace::Variable& variable) { return variable.subject == check.user; });
  return verdict(refused == check.times,
                 fmt::format("{} was refused a mailbox {}", check.user, times(check.times)),
                 times(refused));
}

CheckResult make(const check::Received& check, const Ended& run) {
  const std::vector<std::string> contents = contents_of(check.user, run);
  const std::string text = fmt::format("{}'s last message has {} Received line{}", check.user,
                                       check.lines, plural(check.lines));
  if (contents.empty()) return failed(text, "there is no message");
  const std::int64_t found = count_fields(contents.back(), "Received");
  return verdict(found == check.lines, text, fmt::format("{}", found));
}

CheckResult make(const check::Subject& check, const Ended& run) {
  const std::size_t found = count_contents(check.user, run, [&](const std::string& content) {
    const std::string subject = mime::field_body(mime::read_fields(content), "Subject");
    return mime::decode_words(subject).find(check.text) != std::string::npos;
  });
  return verdict_of_messages(found, check.times,
                             fmt::format("{} has {} with \"{}\" in the subject", check.user,
                                         messages(check.times), check.text));
}

CheckResult make(const check::Contains& check, const Ended& run) {
  const std::size_t found = count_contents(check.user, run, [&](const std::string& content) {
    return content.find(check.text) != std::string::npos;
  });
  return verdict_of_messages(
      found, check.times,
      fmt::format("{} has {} that contain{} \"{}\"", check.user, messages(check.times),
                  check.times == 1 ? "s" : "", check.text));
}

CheckResult make(const check::Report& check, const Ended& run) {
  return verdict_of_messages(
      count_contents(check.user, run, is_report), check.times,
      fmt::format("{} has {} that {} on a delivery", check.user, messages(check.times),
                  check.times == 1 ? "reports" : "report"));
}

CheckResult make(const check::Duplicates& check, const Ended& run) {
  const std::vector<std::string> contents = contents_of(check.user, run);
  std::set<std::string> ids;
  for (const std::string& content : contents)
    ids.insert(mime::field_body(mime::read_fields(content), "Message-ID"));
  const std::string twice = check.messages == 0 ? "no message" : messages(check.messages);
  return verdict_of_messages(contents.size() - ids.size(), check.messages,
                             fmt::format("{} has {} twice", check.user, twice));
}

}  // namespace mailscope::scenarios
