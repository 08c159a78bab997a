// The reference: what each verb, reply code, header field and state means, in plain words.
//
// Each protocol ships a table of entries (smtp::reference(), pop3::reference(), mime::reference()).
// The explanation panel, `mailscope explain` and the READMEs draw from it. All text is static.
#pragma once

#include <span>
#include <string_view>

namespace mailscope {

struct ReferenceEntry {
  std::string_view protocol;  // "SMTP", "POP3", "IMF", "MIME", "TCP"
  std::string_view word;      // "RCPT", "250", "Received", "GREETED"
  std::string_view context;  // narrower use, or empty: {"250", "RCPT"} is 250 as the answer to RCPT
  std::string_view title;    // a few words: "Requested action okay"
  std::string_view meaning;  // two to four plain sentences for a student
  std::string_view syntax;   // the field's own notation, or empty: "RCPT TO:<forward-path>"
  std::string_view section;  // "RFC 5321 §4.1.1.3"
};

// The entry for `word` in `context`, else the one without context, else null. Case does not count.
const ReferenceEntry* find_entry(std::span<const ReferenceEntry> table, std::string_view word,
                                 std::string_view context = {});

}  // namespace mailscope
