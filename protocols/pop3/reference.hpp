// What each verb, state, answer and response code of POP3 means, in plain words. RFC 1939, RFC
// 2449, RFC 2595, RFC 3206, RFC 5034, RFC 6856. All text is static.
#pragma once

#include <span>
#include <string_view>

#include "protocols/base/reference.hpp"
#include "protocols/pop3/verb.hpp"

namespace mailscope::pop3 {

std::span<const ReferenceEntry> reference();

// One short line for the list's "meaning" column.
std::string_view gist(Verb verb);              // "names the mailbox"
std::string_view gist(bool ok, Verb answers);  // "message marked; it goes at QUIT"

}  // namespace mailscope::pop3
