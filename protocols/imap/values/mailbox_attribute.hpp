// What LIST says of a mailbox beside its name. RFC 9051 §7.3.1; RFC 3348 §3 (children); RFC 5258
// §3.4; RFC 6154 §2 (special uses).
//
//   mbx-list-oflag = "\Noinferiors" / "\HasChildren" / "\HasNoChildren" / "\Subscribed" /
//                    "\Remote" / use-attr / flag-extension
//   mbx-list-sflag = "\NonExistent" / "\Noselect" / "\Marked" / "\Unmarked"
//   use-attr       = "\All" / "\Archive" / "\Drafts" / "\Flagged" / "\Junk" / "\Sent" / "\Trash"
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "protocols/imap/values/enum_set.hpp"

namespace mailscope::imap {

enum class MailboxAttribute : std::uint8_t {
  NoInferiors,
  NoSelect,
  NonExistent,
  Marked,
  Unmarked,
  HasChildren,
  HasNoChildren,
  Subscribed,
  Remote,
  // Special uses.
  All,
  Archive,
  Drafts,
  Flagged,
  Junk,
  Sent,
  Trash,
};
inline constexpr std::size_t kMailboxAttributes = 16;
using MailboxAttributes = EnumSet<MailboxAttribute>;

std::string_view name(MailboxAttribute attribute);  // "\Noinferiors", ...
std::optional<MailboxAttribute> parse_mailbox_attribute(std::string_view word);  // in any case
constexpr bool is_special_use(MailboxAttribute attribute) {
  return attribute >= MailboxAttribute::All;
}

}  // namespace mailscope::imap
