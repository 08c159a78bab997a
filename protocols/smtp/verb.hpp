// The verbs of SMTP. RFC 5321 §4.1.1, and the extensions and the history that a dialogue may show.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace mailscope::smtp {

enum class Verb : std::uint16_t {
  Unknown,  // a word that no RFC of ours knows
  // Pseudo verbs: nobody sends them as a command, but the server answers them.
  Connect,    // the opening of the connection; its answer is the greeting
  EndOfData,  // the line with the lone dot; its answer is the verdict on the message
  BdatLast,   // the chunk of a BDAT ... LAST; its answer is the verdict on the message
  // RFC 5321
  Helo,
  Ehlo,
  Mail,
  Rcpt,
  Data,
  Rset,
  Noop,
  Vrfy,
  Expn,
  Help,
  Quit,
  // Historic: RFC 821 §3.4, §3.8
  Turn,
  Send,
  Soml,
  Saml,
  // Extensions: RFC 4954, 3207, 3030, 1985; LHLO is the EHLO of LMTP (RFC 2033)
  Auth,
  Starttls,
  Bdat,
  Etrn,
  Lhlo,
};
inline constexpr std::size_t kVerbs = static_cast<std::size_t>(Verb::Lhlo) + 1;

// "RCPT"; for pseudo verbs "CONNECT", "END OF DATA", "BDAT LAST"; "?" for Unknown.
std::string_view name(Verb verb);
// The verb of a word, in any case; Unknown for anything else. Pseudo verbs have no word.
Verb find_verb(std::string_view word);
// Every verb that has a word.
std::span<const Verb> verbs();

}  // namespace mailscope::smtp
