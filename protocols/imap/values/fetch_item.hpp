// What FETCH is asked for. RFC 9051 §6.4.5; RFC 3501 §6.4.5 (RFC822 and its like); RFC 3516 §4.1
// (BINARY); RFC 7162 §3.1.4.2 (MODSEQ).
//
//   fetch-att = "ENVELOPE" / "FLAGS" / "INTERNALDATE" / "RFC822" [".HEADER" / ".SIZE" / ".TEXT"] /
//               "BODY" ["STRUCTURE"] / "UID" / "BODY" section [partial] /
//               "BODY.PEEK" section [partial] / "BINARY" [".PEEK"] section-binary [partial] /
//               "BINARY.SIZE" section-binary / "MODSEQ"
//
// ALL, FAST and FULL are what they stand for once parsed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocols/imap/values/section.hpp"

namespace mailscope::imap {

struct FetchItem {
  enum class Kind : std::uint8_t {
    Envelope,
    Flags,
    InternalDate,
    Rfc822,        // BODY[] under another name
    Rfc822Header,  // BODY.PEEK[HEADER] under another name
    Rfc822Size,
    Rfc822Text,  // BODY[TEXT] under another name
    Body,        // the structure without extension data
    BodyStructure,
    Uid,
    ModSeq,
    BodySection,
    Binary,  // a part with its encoding undone
    BinarySize,
  };
  Kind kind = Kind::Flags;
  bool peek = false;               // BodySection, Binary: without setting \Seen
  Section section{};               // BodySection; Binary and BinarySize: the part alone
  std::optional<Partial> partial;  // BodySection, Binary

  bool sets_seen() const;
  void append_to(std::string& out) const;
  friend bool operator==(const FetchItem&, const FetchItem&) = default;
};
// "ENVELOPE", ...; "BODY" for both of its kinds.
std::string_view name(FetchItem::Kind kind);

}  // namespace mailscope::imap
