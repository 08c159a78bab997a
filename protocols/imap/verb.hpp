// The commands of IMAP by name. RFC 9051 §6, RFC 3501 §6; RFC 2971 (ID), RFC 5256 (SORT, THREAD),
// RFC 9208 §4.1 (quota), RFC 4978 (COMPRESS, which observers meet).
//
// UID FETCH and its like are the same verbs with a flag (command.hpp). A word that is none of these
// is Verb::Unknown; nothing is refused here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mailscope::imap {

enum class Verb : std::uint16_t {
  Unknown,
  Connect,  // pseudo verb: opening the connection, which the greeting answers
  Capability,
  Noop,
  Logout,
  Id,
  Starttls,
  Authenticate,
  Login,
  Enable,
  Compress,
  Select,
  Examine,
  Create,
  Delete,
  Rename,
  Subscribe,
  Unsubscribe,
  List,
  Lsub,
  Namespace,
  Status,
  Append,
  Idle,
  GetQuota,
  GetQuotaRoot,
  SetQuota,
  Check,
  Close,
  Unselect,
  Expunge,
  Search,
  Fetch,
  Store,
  Copy,
  Move,
  Sort,
  Thread,
};
inline constexpr std::size_t kVerbs = static_cast<std::size_t>(Verb::Thread) + 1;

// "FETCH", ...; "CONNECT" and "UNKNOWN" for the two that are never sent.
std::string_view name(Verb verb);
// The verb of a word in any case. Never Connect.
Verb parse_verb(std::string_view word);
// Whether it may stand behind UID (RFC 9051 §6.4.9, RFC 4315 §2.1, RFC 5256 §3).
bool has_uid_form(Verb verb);

}  // namespace mailscope::imap
