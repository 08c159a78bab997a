#include "protocols/pop3/verb.hpp"

#include <array>

#include "protocols/base/ascii.hpp"

namespace mailscope::pop3 {
namespace {

constexpr std::array<std::string_view, kVerbs> kNames = {
    "UNKNOWN", "CONNECT", "USER", "PASS", "APOP", "AUTH", "STLS", "CAPA", "STAT", "LIST",
    "RETR",    "DELE",    "NOOP", "RSET", "TOP",  "UIDL", "QUIT", "UTF8", "LANG"};

}  // namespace

std::string_view name(Verb verb) {
  return kNames[static_cast<std::size_t>(verb)];
}

Verb parse_verb(std::string_view keyword) {
  for (std::size_t i = static_cast<std::size_t>(Verb::User); i < kVerbs; ++i)
    if (equal_no_case(keyword, kNames[i])) return static_cast<Verb>(i);
  return Verb::Unknown;
}

CommandLine parse_command(std::string_view line) {
  const std::size_t space = line.find(' ');
  CommandLine command;
  command.keyword = line.substr(0, space);
  if (space != std::string_view::npos) command.argument = line.substr(space + 1);
  command.verb = parse_verb(command.keyword);
  return command;
}

std::optional<std::uint32_t> parse_number(std::string_view digits) {
  if (digits.empty() || digits.size() > 9) return std::nullopt;
  std::uint32_t value = 0;
  for (char c : digits) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return value;
}

}  // namespace mailscope::pop3
