// What SMTP's verbs, parameters, extensions, log-in mechanisms, reply codes, enhanced status codes
// and states mean, in plain words for students: the source of the explanation panel and of
// `mailscope explain`. RFC 5321, 821, 1869, 1870, 1985, 2033, 2034, 2920, 3030, 3207, 3461, 3463,
// 4954, 5248, 6152, 6531, 6710, 7372, 7504, 7505.
//
// Entries: every verb ("RCPT"); every reply code ("250") and, with a verb as context, what it says
// in answer to that verb ({"250", "RCPT"}; the pseudo verbs are "CONNECT" and "END OF DATA"); the
// digits of a code ("2yz", "x5z"); parameters with their verb as context ({"NOTIFY", "RCPT"});
// extensions ("PIPELINING", context "extension"); mechanisms ("PLAIN", context "mechanism");
// enhanced codes without their class ("X.1.1", context "enhanced code"), their classes ("5.X.X")
// and their subjects ("X.1.X"); session states ("GREETED", context "state"); a few words of the
// trade ("envelope", "CRLF"). All text is static. Registered codes of extensions that no engine of
// ours speaks are left out.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "protocols/base/reference.hpp"
#include "protocols/smtp/verb.hpp"

namespace mailscope::smtp {

std::span<const ReferenceEntry> reference();

// The entry for a reply: for this code and verb, else for this code, else for its first digit
// ("2yz"). Null only for a code that does not begin with 2 to 5.
const ReferenceEntry* explain_reply(std::uint16_t code, Verb answers);
const ReferenceEntry* explain_verb(Verb verb);
// A parameter of MAIL or RCPT: "SIZE", "NOTIFY". Null for one that is not known to that verb.
const ReferenceEntry* explain_parameter(std::string_view keyword, Verb verb);

// "5.1.1" says three things: 5, for good; 1, about an address; and the two together with the last
// number, the very reason. `detail` is null for a reason that nobody registered.
struct EnhancedMeaning {
  const ReferenceEntry* kind = nullptr;     // "5.X.X"
  const ReferenceEntry* subject = nullptr;  // "X.1.X"; null beyond X.7.X
  const ReferenceEntry* detail = nullptr;   // "X.1.1"
};
// For "5.1.1", and for "X.1.1" (then without `kind`); nothing for text that is no enhanced code.
std::optional<EnhancedMeaning> explain_enhanced(std::string_view code);
// The enhanced code that the text of a reply begins with ("5.1.1 No such mailbox"), or empty.
std::string_view enhanced_code_of(std::string_view reply_text);

// What a line says beside its verb or code, each piece with its entry: parameters of MAIL and RCPT
// ("SIZE=1200"), the mechanism of AUTH; in answer to EHLO an extension and AUTH's mechanisms, the
// enhanced code of any reply. Pieces that no entry knows are left out; views into `line`.
struct Piece {
  std::string_view text;
  const ReferenceEntry* entry = nullptr;
};
std::vector<Piece> explain_command_pieces(Verb verb, std::string_view line);
// `line` is one line of the reply without its code; an EHLO list begins behind the first.
std::vector<Piece> explain_reply_pieces(Verb answers, std::string_view line, bool first_line);

// What the first ('2'..'5') and the second digit ('0'..'5') of a code say: "success", "mail
// system".
std::string_view first_digit_word(std::uint16_t code);
std::string_view second_digit_word(std::uint16_t code);

// A few words for the list: "who is calling", "now the letter".
std::string_view gist(Verb verb);
// "sender accepted", "no such mailbox"; `answers` is the verb that the reply answers.
std::string_view gist(std::uint16_t code, Verb answers);

}  // namespace mailscope::smtp
