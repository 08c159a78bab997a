#include "protocols/imap/verb.hpp"

#include <array>

#include "protocols/base/ascii.hpp"

namespace mailscope::imap {
namespace {

constexpr std::array<std::string_view, kVerbs> kVerbNames = {
    "UNKNOWN",  "CONNECT",      "CAPABILITY", "NOOP",   "LOGOUT",    "ID",
    "STARTTLS", "AUTHENTICATE", "LOGIN",      "ENABLE", "COMPRESS",  "SELECT",
    "EXAMINE",  "CREATE",       "DELETE",     "RENAME", "SUBSCRIBE", "UNSUBSCRIBE",
    "LIST",     "LSUB",         "NAMESPACE",  "STATUS", "APPEND",    "IDLE",
    "GETQUOTA", "GETQUOTAROOT", "SETQUOTA",   "CHECK",  "CLOSE",     "UNSELECT",
    "EXPUNGE",  "SEARCH",       "FETCH",      "STORE",  "COPY",      "MOVE",
    "SORT",     "THREAD"};

}  // namespace

std::string_view name(Verb verb) {
  return kVerbNames[static_cast<std::size_t>(verb)];
}

Verb parse_verb(std::string_view word) {
  for (std::size_t i = static_cast<std::size_t>(Verb::Capability); i < kVerbs; ++i)
    if (equal_no_case(word, kVerbNames[i])) return static_cast<Verb>(i);
  return Verb::Unknown;
}

bool has_uid_form(Verb verb) {
  return verb >= Verb::Expunge && verb <= Verb::Thread;
}

}  // namespace mailscope::imap
