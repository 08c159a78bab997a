#include "scenarios/reading/event_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "captures/languages/languages.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/spelling.hpp"

namespace mailscope::scenarios {
namespace {

using Words = std::vector<std::string_view>;

template <typename List>
bool holds(const List& list, std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

Words all_verbs() {
  Words words;
  for (const languages::Language* language : languages::all())
    for (const std::string_view verb : language->verbs())
      if (!holds(words, verb)) words.push_back(verb);
  return words;
}

// What a reply may answer beside a command: the opening, the end of a message, an unknown word.
bool is_answered(std::string_view word) {
  constexpr std::string_view kOthers[] = {"",          kTheMessage, "CONNECT", "END OF DATA",
                                          "BDAT LAST", "?",         "UNKNOWN"};
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

}  // namespace

std::string no_such_word(std::string_view kind, std::string_view word, const Words& known) {
  const std::string_view near = nearest_word(word, known);
  const std::string hint = near.empty() ? fmt::format("; there are {}", fmt::join(known, ", "))
                                        : fmt::format("; perhaps {}?", near);
  return fmt::format("there is no {} \"{}\"{}", kind, printable(word), hint);
}

std::optional<std::string> find_unknown_host(std::string_view name, const Scenario& scenario) {
  if (scenario.host(name)) return std::nullopt;
  Words known;
  for (const HostSpec& spec : scenario.hosts) known.push_back(spec.name);
  return fmt::format("there is no host \"{}\"; there are {}", printable(name),
                     fmt::join(known, ", "));
}

std::optional<std::string> find_unknown_verb(std::string_view verb) {
  if (languages::is_verb(verb)) return std::nullopt;
  return no_such_word("command", verb, all_verbs());
}

std::optional<std::string> find_unknown_reply(std::string_view code, std::string_view verb) {
  if (!is_code(code))
    return fmt::format("\"{}\" is no reply code; write 250, 5xx, +OK or -ERR", printable(code));
  if (equal_no_case(verb, "DATA") && code[0] == '2')
    return fmt::format(
        "DATA is not answered {}: its answer is 354, and what comes after the "
        "content is written \"to the message\"",
        code);
  if (!is_answered(verb)) return no_such_word("command", verb, all_verbs());
  return std::nullopt;
}

bool is_question(std::string_view word) {
  return std::ranges::any_of(languages::all(), [&](const languages::Language* language) {
    return language->card().datagrams && language->knows_verb(word);
  });
}

}  // namespace mailscope::scenarios
