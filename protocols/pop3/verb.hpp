// The commands of POP3 and how a command line is read. RFC 1939 §5-7, RFC 2449 §5 (CAPA), RFC 2595
// §4 (STLS), RFC 5034 §4 (AUTH), RFC 6856 §2.1 (UTF8), §3 (LANG).
//
//   command-line = keyword *(SP argument) CRLF        ; RFC 1939 §3: keywords of 3 or 4 characters,
//                                                     ; in any case
// Values hold views into the line that was given. Nothing is refused here: a word that POP3 does
// not have is Verb::Unknown. Arguments are read by whoever needs them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mailscope::pop3 {

enum class Verb : std::uint16_t {
  Unknown,
  Connect,  // pseudo verb: opening the connection, which the greeting answers
  User,
  Pass,
  Apop,
  Auth,
  Stls,
  Capa,
  Stat,
  List,
  Retr,
  Dele,
  Noop,
  Rset,
  Top,
  Uidl,
  Quit,
  Utf8,
  Lang,
};
inline constexpr std::size_t kVerbs = 19;

// "USER", ...; "CONNECT" and "UNKNOWN" for the two that are never sent.
std::string_view name(Verb verb);
// The verb of a keyword in any case. Never Connect.
Verb parse_verb(std::string_view keyword);

struct CommandLine {
  Verb verb = Verb::Unknown;
  std::string_view keyword;   // as it was sent
  std::string_view argument;  // all behind the first space; a password may hold spaces
};
// `line` without its CRLF.
CommandLine parse_command(std::string_view line);

// A message number or a count of lines: decimal digits only, at most 9 of them.
std::optional<std::uint32_t> parse_number(std::string_view digits);

}  // namespace mailscope::pop3
