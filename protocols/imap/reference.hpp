// What IMAP's commands, responses, response codes, flags, fetch items, search keys, capabilities,
// states and notations mean, in plain words for students: the source of the explanation panel and
// of `mailscope explain`. RFC 9051, RFC 3501 and the extensions whose RFC an entry names.
//
// Entries: every command ("FETCH", "UID FETCH"); every response ("OK", "EXISTS", "+") and, with a
// command as context, what it says in answer to that command ({"OK", "SELECT"}; the pseudo verb is
// "CONNECT"); with their kind as context ("response code", "flag", "fetch item", "search key",
// "status item", "mailbox attribute", "capability", "state", "notation") the others. All text is
// static.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "protocols/base/reference.hpp"
#include "protocols/imap/response_name.hpp"
#include "protocols/imap/verb.hpp"

namespace mailscope::imap {

std::span<const ReferenceEntry> reference();

// The entry of this very context, or null.
const ReferenceEntry* find_exact(std::string_view word, std::string_view context);
// Null for a word that is no command.
const ReferenceEntry* explain_verb(Verb verb, bool uid);
// In answer to the verb where that says more, else by itself; never null.
const ReferenceEntry* explain_response(ResponseName response, Verb answers);

// A few words for the list: "opens a mailbox", "the mailbox is open".
std::string_view gist(Verb verb);
std::string_view gist(ResponseName response, Verb answers);

}  // namespace mailscope::imap
