// The words of the small enums.
#include <array>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/values/mailbox_attribute.hpp"
#include "protocols/imap/values/status.hpp"
#include "protocols/imap/values/status_item.hpp"

namespace mailscope::imap {
namespace {

constexpr std::array<std::string_view, kStatusItems> kStatusItemNames = {
    "MESSAGES", "RECENT", "UIDNEXT",       "UIDVALIDITY", "UNSEEN",
    "DELETED",  "SIZE",   "HIGHESTMODSEQ", "APPENDLIMIT", "DELETED-STORAGE"};

constexpr std::array<std::string_view, kMailboxAttributes> kAttributeNames = {
    "\\Noinferiors",   "\\Noselect",   "\\NonExistent", "\\Marked", "\\Unmarked", "\\HasChildren",
    "\\HasNoChildren", "\\Subscribed", "\\Remote",      "\\All",    "\\Archive",  "\\Drafts",
    "\\Flagged",       "\\Junk",       "\\Sent",        "\\Trash"};

constexpr std::array<std::string_view, 5> kStatusNames = {"OK", "NO", "BAD", "PREAUTH", "BYE"};

template <typename Enum, std::size_t Size>
std::optional<Enum> find_word(const std::array<std::string_view, Size>& words,
                              std::string_view word) {
  for (std::size_t i = 0; i < Size; ++i)
    if (equal_no_case(word, words[i])) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace

std::string_view name(StatusItem item) {
  return kStatusItemNames[static_cast<std::size_t>(item)];
}
std::optional<StatusItem> parse_status_item(std::string_view word) {
  return find_word<StatusItem>(kStatusItemNames, word);
}

std::string_view name(MailboxAttribute attribute) {
  return kAttributeNames[static_cast<std::size_t>(attribute)];
}
std::optional<MailboxAttribute> parse_mailbox_attribute(std::string_view word) {
  return find_word<MailboxAttribute>(kAttributeNames, word);
}

std::string_view name(Status status) {
  return kStatusNames[static_cast<std::size_t>(status)];
}
std::optional<Status> parse_status(std::string_view word) {
  return find_word<Status>(kStatusNames, word);
}

}  // namespace mailscope::imap
