// What the server engine can do beyond IMAP4rev1, and the words that announce it. RFC 9051 §7.2.2;
// each extension's RFC is beside its name.
//
// Each can be left out (ServerOptions::without): it is then neither announced nor obeyed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocols/imap/values/enum_set.hpp"
#include "protocols/imap/verb.hpp"

namespace mailscope::imap {

enum class Extension : std::uint8_t {
  Imap4Rev2,         // RFC 9051; the new answers after ENABLE
  LiteralPlus,       // RFC 7888
  SaslIr,            // RFC 4959
  Id,                // RFC 2971
  Enable,            // RFC 5161
  Idle,              // RFC 2177
  Namespace,         // RFC 2342
  Unselect,          // RFC 3691
  UidPlus,           // RFC 4315
  Move,              // RFC 6851
  Children,          // RFC 3348
  ListExtended,      // RFC 5258
  ListStatus,        // RFC 5819
  SpecialUse,        // RFC 6154
  CreateSpecialUse,  // RFC 6154 §3
  StatusSize,        // RFC 8438
  Esearch,           // RFC 4731
  SearchRes,         // RFC 5182
  Sort,              // RFC 5256
  Thread,            // RFC 5256
  CondStore,         // RFC 7162
  QResync,           // RFC 7162
  Binary,            // RFC 3516
  MultiAppend,       // RFC 3502
  AppendLimit,       // RFC 7889
  Quota,             // RFC 9208
  Utf8Accept,        // RFC 6855
};
using Extensions = EnumSet<Extension>;

// The extension that a whole command belongs to; nothing for those of IMAP4rev1.
std::optional<Extension> extension_of(Verb verb);

struct Announcement {
  Extensions without{};
  bool logged_in = false;
  bool login_disabled = false;
  std::vector<std::string> mechanisms{};  // for AUTH=
  std::uint64_t append_octets_max = 0;    // APPENDLIMIT
};
// "IMAP4rev1 LITERAL+ ...": before log-in what is of use there, after it all.
std::string capability_words(const Announcement& announcement);

}  // namespace mailscope::imap
