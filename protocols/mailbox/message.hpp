// What a mailbox knows of a message without its content. RFC 9051 §2.3, RFC 7162 §3.1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "protocols/mailbox/flags.hpp"

namespace mailscope::mailbox {

// Ascending in a mailbox and never used again there (RFC 9051 §2.3.1.1). 0: none.
using Uid = std::uint32_t;
// Ascends with every change of a mailbox; 1 to 2^63-1 (RFC 7162 §3.1.1). 0: none.
using ModSeq = std::uint64_t;

struct UidRange {
  Uid first = 0;
  Uid last = 0;  // included
  friend bool operator==(const UidRange&, const UidRange&) = default;
};

struct InternalDate {
  std::int64_t seconds = 0;  // Unix time
  std::int16_t zone = 0;     // minutes east of UTC, as it is to be shown
  friend bool operator==(const InternalDate&, const InternalDate&) = default;
};

struct Message {
  Uid uid = 0;
  std::uint32_t octets = 0;  // of its content: RFC822.SIZE
  ModSeq modseq = 0;
  InternalDate date{};
  FlagSet flags{};
  friend bool operator==(const Message&, const Message&) = default;
};

// A message that comes into a mailbox. Its lines end in CRLF; a lone CR or LF stays what it is.
struct NewMessage {
  std::string content{};
  InternalDate date{};
  FlagSet flags{};
};

struct FlagChange {
  Uid uid = 0;
  FlagSet flags{};  // all of them from now on
};

}  // namespace mailscope::mailbox
