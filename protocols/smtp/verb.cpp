#include "protocols/smtp/verb.hpp"

#include <array>

#include "protocols/base/ascii.hpp"

namespace mailscope::smtp {
namespace {

constexpr std::array<std::string_view, kVerbs> kNames = {
    "?",    "CONNECT", "END OF DATA", "BDAT LAST", "HELO",     "EHLO", "MAIL", "RCPT",
    "DATA", "RSET",    "NOOP",        "VRFY",      "EXPN",     "HELP", "QUIT", "TURN",
    "SEND", "SOML",    "SAML",        "AUTH",      "STARTTLS", "BDAT", "ETRN", "LHLO"};

constexpr std::size_t kFirstWord = static_cast<std::size_t>(Verb::Helo);

constexpr auto kWords = [] {
  std::array<Verb, kVerbs - kFirstWord> words{};
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = static_cast<Verb>(kFirstWord + i);
  return words;
}();

}  // namespace

std::string_view name(Verb verb) {
  const auto index = static_cast<std::size_t>(verb);
  return index < kNames.size() ? kNames[index] : kNames[0];
}

Verb find_verb(std::string_view word) {
  for (const Verb verb : kWords) {
    const std::string_view candidate = kNames[static_cast<std::size_t>(verb)];
    if (word.size() != candidate.size() || to_upper(word[0]) != candidate[0]) continue;
    if (equal_no_case(word, candidate)) return verb;
  }
  return Verb::Unknown;
}

std::span<const Verb> verbs() {
  return kWords;
}

}  // namespace mailscope::smtp
