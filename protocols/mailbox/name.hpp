// Names of mailboxes: UTF-8, "/" between the levels, INBOX in any case. RFC 9051 §5.1, §6.3.9.
//
//   name = level *("/" level)          a level is not empty and holds no control character
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailscope::mailbox {

constexpr char kSeparator = '/';
constexpr std::string_view kInbox = "INBOX";
constexpr std::size_t kNameOctetsMax = 1000;
constexpr int kLevelsMax = 32;

// The name as the account keeps it: INBOX in capitals, also as the first of several levels. Nothing
// when it cannot be a name. A trailing "/" as CREATE may have it (RFC 9051 §6.3.4) is no part of a
// name: the caller takes it off.
std::optional<std::string> canonical_name(std::string_view name);

std::string_view parent_of(std::string_view name);  // "a/b" of "a/b/c"; empty: it has none
bool is_below(std::string_view name, std::string_view ancestor);  // "a/b/c" is below "a"

// LIST's patterns: "*" is any octets, "%" any but the separator. INBOX matches in any case.
bool matches(std::string_view pattern, std::string_view name);

// What a mailbox is for, as bits. RFC 6154 §2.
enum SpecialUse : std::uint8_t {
  kAll = 1,
  kArchive = 2,
  kDrafts = 4,
  kFlaggedMessages = 8,  // \Flagged, the mailbox
  kJunk = 16,
  kSent = 32,
  kTrash = 64,
};
inline constexpr SpecialUse kSpecialUses[] = {kAll,  kArchive, kDrafts, kFlaggedMessages,
                                              kJunk, kSent,    kTrash};

std::string_view name(SpecialUse use);                               // "\Junk"
std::optional<SpecialUse> special_use_named(std::string_view name);  // in any case

}  // namespace mailscope::mailbox
