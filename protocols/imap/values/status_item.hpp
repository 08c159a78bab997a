// What STATUS tells of a mailbox that is not selected. RFC 9051 §6.3.11, §7.3.4; RFC 3501 §6.3.10
// (RECENT); RFC 8438 (SIZE); RFC 7162 §3.1.7 (HIGHESTMODSEQ); RFC 7889 §3.1 (APPENDLIMIT); RFC 9208
// §4.1.4 (DELETED, DELETED-STORAGE).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "protocols/imap/values/enum_set.hpp"

namespace mailscope::imap {

enum class StatusItem : std::uint8_t {
  Messages,
  Recent,
  UidNext,
  UidValidity,
  Unseen,
  Deleted,
  Size,
  HighestModSeq,
  AppendLimit,
  DeletedStorage,  // octets of deleted messages, in units of 1024
};
inline constexpr std::size_t kStatusItems = 10;
using StatusItems = EnumSet<StatusItem>;

std::string_view name(StatusItem item);  // "MESSAGES", ...
std::optional<StatusItem> parse_status_item(std::string_view word);

// What is known of a mailbox; in responses those that were asked for.
struct StatusValues {
  std::array<std::optional<std::uint64_t>, kStatusItems> numbers{};
  bool no_append_limit = false;  // APPENDLIMIT NIL

  std::optional<std::uint64_t>& operator[](StatusItem item) {
    return numbers[static_cast<std::size_t>(item)];
  }
  const std::optional<std::uint64_t>& operator[](StatusItem item) const {
    return numbers[static_cast<std::size_t>(item)];
  }
  friend bool operator==(const StatusValues&, const StatusValues&) = default;
};

}  // namespace mailscope::imap
