// What SMTP's verbs, reply codes, extensions and states mean, in plain words for students: the
// source of the explanation panel and of `mailscope explain`. RFC 5321, 821, 1869, 1870, 1985,
// 2034, 2920, 3030, 3207, 3461, 4954, 6152, 6531.
//
// Entries: every verb ("RCPT"); every reply code ("250") and, with a verb as context, what it says
// in answer to that verb ({"250", "RCPT"}; the pseudo verbs are "CONNECT" and "END OF DATA"); the
// digits of a code ("2yz", "x5z"); extensions ("PIPELINING", context "extension"); session states
// ("GREETED", context "state"); a few words of the trade ("envelope", "CRLF"). All text is static.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "protocols/base/reference.hpp"
#include "protocols/smtp/verb.hpp"

namespace mailscope::smtp {

std::span<const ReferenceEntry> reference();

// The entry for a reply: for this code and verb, else for this code, else for its first digit
// ("2yz"). Null only for a code that does not begin with 2 to 5.
const ReferenceEntry* explain_reply(std::uint16_t code, Verb answers);
const ReferenceEntry* explain_verb(Verb verb);
// What the first ('2'..'5') and the second digit ('0'..'5') of a code say: "success", "mail
// system".
std::string_view first_digit_word(std::uint16_t code);
std::string_view second_digit_word(std::uint16_t code);

// A few words for the list: "who is calling", "now the letter".
std::string_view gist(Verb verb);
// "sender accepted", "no such mailbox"; `answers` is the verb that the reply answers.
std::string_view gist(std::uint16_t code, Verb answers);

}  // namespace mailscope::smtp
