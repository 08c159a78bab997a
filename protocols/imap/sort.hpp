// The order that SORT wants, and what THREAD takes from it: base subject and sent date. RFC 5256.
//
// Strings are compared as capitals (mime/capitals.hpp), octet for octet; a field that is not there
// is the empty string, which comes first. Of an address field the first address's mailbox counts,
// or the name of the group that begins it. Messages that are alike stay in the mailbox's order.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/imap/command.hpp"
#include "protocols/mime/date.hpp"

namespace mailscope::imap {

// RFC 5256 §2.1: the subject without what replying and forwarding put around it.
struct BaseSubject {
  std::string text{};                // UTF-8 in capitals
  bool is_reply_or_forward = false;  // something like "Re:" or "(fwd)" was taken away
  friend bool operator==(const BaseSubject&, const BaseSubject&) = default;
};
BaseSubject base_subject(std::string_view field_body);

// RFC 5256 §2.2: the Date field; a time that cannot be read is 00:00:00. Nothing where there is no
// date that can be read: then the internal date counts.
std::optional<mime::Date> sent_date(std::string_view header);

// What a message is sorted by. The first three are the mailbox's to tell.
struct SortedMessage {
  std::uint32_t number = 0;  // sequence number or UID, ascending in the mailbox
  std::int64_t arrival = 0;  // internal date, Unix seconds
  std::uint64_t octets = 0;
  std::int64_t sent = 0;                      // in UTC
  std::string cc{}, from{}, subject{}, to{};  // as they are compared
};

// Whether any criterion needs the header; else the mailbox knows it all.
bool needs_header(std::span<const SortCriterion> criteria);
// Fills in what these criteria need of the header. `arrival` has to be there.
void read_sort_keys(SortedMessage& message, std::string_view header,
                    std::span<const SortCriterion> criteria);
void sort_messages(std::vector<SortedMessage>& messages, std::span<const SortCriterion> criteria);

}  // namespace mailscope::imap
