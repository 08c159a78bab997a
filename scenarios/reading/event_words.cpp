#include "scenarios/reading/event_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "captures/languages/languages.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/spelling.hpp"

namespace mailscope::scenarios {
namespace {

using Kind = EventPattern::Kind;
using Words = std::vector<std::string_view>;

// What sim/hosts tells of: those that stand alone, and those of a user or a program.
constexpr std::string_view kPlain[] = {
    "cache",    "conversion", "datagram",  "disk",    "etrn",          "expansion",  "fallback",
    "fault",    "fetch",      "greylist",  "idle",    "in doubt",      "log-in",     "loop",
    "not sent", "patience",   "power",     "refused", "report",        "retry",      "spam filter",
    "spool",    "talk",       "too early", "turn",    "undeliverable", "virus scan", "zone"};
constexpr std::string_view kOfUser[] = {"access", "inbox",   "junk",    "letter",
                                        "lock",   "mailbox", "receipt", "report"};
constexpr std::string_view kOfAgent[] = {"process", "socket"};
constexpr trace::AgentKind kPrograms[] = {trace::AgentKind::UserAgent, trace::AgentKind::MtaClient,
                                          trace::AgentKind::MtaServer, trace::AgentKind::Mda,
                                          trace::AgentKind::MaaClient, trace::AgentKind::MaaServer,
                                          trace::AgentKind::DnsServer, trace::AgentKind::Resolver};

template <typename List>
bool holds(const List& list, std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

std::string unknown(std::string_view kind, std::string_view word, const Words& known) {
  const std::string_view near = nearest_word(word, known);
  const std::string hint = near.empty() ? fmt::format("; there are {}", fmt::join(known, ", "))
                                        : fmt::format("; perhaps {}?", near);
  return fmt::format("there is no {} \"{}\"{}", kind, printable(word), hint);
}

// ---- commands and replies ----

Words all_verbs() {
  Words words;
  for (const languages::Language* language : languages::all())
    for (const std::string_view verb : language->verbs())
      if (!holds(words, verb)) words.push_back(verb);
  return words;
}

// What a reply may answer beside a command: the opening, the end of a message, an unknown word.
bool is_answered(std::string_view word) {
  constexpr std::string_view kOthers[] = {"",          "the message", "CONNECT", "END OF DATA",
                                          "BDAT LAST", "?",           "UNKNOWN"};
  return languages::is_verb(word) || holds(kOthers, word);
}

// RFC 5321 §4.2.1: three digits, the first 2 to 5; x or y stand for any. Or a word: RFC 1939 §3.
bool is_code(std::string_view word) {
  for (const languages::Language* language : languages::all())
    if (holds(language->code_words(), word)) return true;
  const auto digit = [](char c) { return c == 'x' || c == 'y' || is_digit(c); };
  return word.size() == 3 && std::all_of(word.begin(), word.end(), digit) && word[0] >= '2' &&
         (word[0] <= '5' || !is_digit(word[0]));
}

// ---- variables ----

bool is_program(std::string_view name, const Scenario& scenario) {
  const auto types = [&](const UserSpec& user) { return name == user.name + "'s terminal"; };
  return std::any_of(std::begin(kPrograms), std::end(kPrograms),
                     [&](trace::AgentKind kind) { return trace::name(kind) == name; }) ||
         std::any_of(scenario.users.begin(), scenario.users.end(), types);
}

std::optional<std::string> find_unknown_variable(std::string_view what, const Scenario& scenario) {
  const std::string_view first = what.substr(0, what.find(' '));
  const std::string_view rest = first == what ? "" : what.substr(first.size() + 1);
  if (holds(kPlain, what)) return std::nullopt;
  if (!rest.empty() && holds(kOfUser, first)) {
    if (scenario.user(rest)) return std::nullopt;
    Words users;
    for (const UserSpec& user : scenario.users) users.push_back(user.name);
    return unknown("user", rest, users);
  }
  if (!rest.empty() && holds(kOfAgent, first)) {
    if (is_program(rest, scenario)) return std::nullopt;
    Words programs;
    for (const trace::AgentKind kind : kPrograms) programs.push_back(trace::name(kind));
    return unknown("program", rest, programs);
  }
  Words known(std::begin(kPlain), std::end(kPlain));
  known.insert(known.end(), std::begin(kOfUser), std::end(kOfUser));
  known.insert(known.end(), std::begin(kOfAgent), std::end(kOfAgent));
  if (holds(known, what)) return fmt::format("{0} of whom? write \"HOST: {0} NAME\"", what);
  return unknown("inside event", nearest_word(what, known).empty() ? first : what, known);
}

}  // namespace

std::optional<std::string> find_unknown_word(const EventPattern& pattern,
                                             const Scenario& scenario) {
  switch (pattern.kind) {
    case Kind::Command:
      if (!languages::is_verb(pattern.word)) return unknown("command", pattern.word, all_verbs());
      return std::nullopt;
    case Kind::Reply:
      if (!is_code(pattern.word))
        return fmt::format("\"{}\" is no reply code; write 250, 5xx, +OK or -ERR",
                           printable(pattern.word));
      if (equal_no_case(pattern.answers, "DATA") && pattern.word[0] == '2')
        return fmt::format(
            "DATA is not answered {}: its answer is 354, and what comes after the "
            "content is written \"to the message\"",
            pattern.word);
      if (!is_answered(pattern.answers)) return unknown("command", pattern.answers, all_verbs());
      return std::nullopt;
    case Kind::Change:
      return find_unknown_variable(pattern.word, scenario);
    default:
      return std::nullopt;
  }
}

}  // namespace mailscope::scenarios
