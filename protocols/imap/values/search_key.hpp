// What SEARCH, SORT and THREAD look for: a tree of conditions. RFC 9051 §6.4.4, §9; RFC 3501 §6.4.4
// (NEW, OLD, RECENT); RFC 7162 §3.1.5 (MODSEQ); RFC 5182 ($).
//
// Normalised when parsed: a chain of ORs is an Or of all its alternatives, a list of keys is an
// And, a list of a single key is that key, NOT NOT is nothing. So the depth of a tree stays small
// however long a chain a client makes of its message ids; at most kDepthMax levels are taken.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/imap/values/date.hpp"
#include "protocols/imap/values/flag.hpp"
#include "protocols/imap/values/sequence_set.hpp"

namespace mailscope::imap {

struct SearchKey {
  static constexpr std::size_t kDepthMax = 50;

  enum class Kind : std::uint8_t {
    All,
    // Flags: `flag`. ANSWERED, SEEN, KEYWORD x, ... and UNANSWERED, UNSEEN, UNKEYWORD x, ...
    Has,
    HasNot,
    New,  // RECENT UNSEEN
    Old,  // NOT RECENT
    // Texts: `text`, octets in the search's charset; matched anywhere, in any case.
    Bcc,
    Cc,
    From,
    Subject,
    To,
    Body,
    Text,
    Header,  // and `field`; an empty text: the field is there
    // Days: `date`.
    Before,
    On,
    Since,
    SentBefore,
    SentOn,
    SentSince,
    // Sizes: `number` octets.
    Larger,
    Smaller,
    // Numbers: `set`.
    Sequence,
    Uid,
    ModSeq,  // `number` or above; `field` the entry name ("/flags/\\Seen") or empty, `text` its
             // type
    // Of `keys`.
    And,  // two or more
    Or,   // two or more
    Not,  // one
  };
  Kind kind = Kind::All;
  std::optional<Flag> flag;
  std::string field;
  std::string text;
  std::optional<Date> date;
  std::uint64_t number = 0;
  SequenceSet set;
  std::vector<SearchKey> keys;

  static SearchKey all() { return {}; }
  static SearchKey has(Flag flag);
  static SearchKey has_not(Flag flag);
  static SearchKey of_text(Kind kind, std::string text);
  static SearchKey header(std::string field, std::string text);
  static SearchKey of_date(Kind kind, Date date);
  static SearchKey of_number(Kind kind, std::uint64_t number);
  static SearchKey of_set(Kind kind, SequenceSet set);
  static SearchKey of_keys(Kind kind, std::vector<SearchKey> keys);

  friend bool operator==(const SearchKey&, const SearchKey&) = default;
};

// Whether a MODSEQ key is anywhere in it: then answers tell the highest MODSEQ (RFC 7162 §3.1.5).
bool mentions_modseq(const SearchKey& key);

}  // namespace mailscope::imap
