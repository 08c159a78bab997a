// The pieces of a line that have an entry of their own.

#include "protocols/base/ascii.hpp"
#include "protocols/smtp/reference.hpp"
#include "protocols/smtp/reference_tables.hpp"

namespace mailscope::smtp {
namespace {

// Takes the next word off the front; empty at the end.
std::string_view take_word(std::string_view& line) {
  line = trim(line);
  const std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(word.size());
  return word;
}

void add(std::vector<Piece>& pieces, std::string_view text, const ReferenceEntry* entry) {
  if (!text.empty() && entry != nullptr) pieces.push_back({text, entry});
}

// The entry of that very context, or null.
const ReferenceEntry* extension_entry(std::string_view word, std::string_view context) {
  const ReferenceEntry* entry = find_entry(extension_entries(), word, context);
  return entry != nullptr && entry->context == context ? entry : nullptr;
}

}  // namespace

std::vector<Piece> explain_command_pieces(Verb verb, std::string_view line) {
  std::vector<Piece> pieces;
  take_word(line);
  if (verb == Verb::Auth) {
    const std::string_view mechanism = take_word(line);
    add(pieces, mechanism, extension_entry(mechanism, kMechanism));
    return pieces;
  }
  for (std::string_view word = take_word(line); !word.empty(); word = take_word(line)) {
    const ReferenceEntry* entry = explain_parameter(word, verb);  // "BODY=8BITMIME"
    if (entry == nullptr) entry = explain_parameter(word.substr(0, word.find('=')), verb);
    add(pieces, word, entry);
  }
  return pieces;
}

std::vector<Piece> explain_reply_pieces(Verb answers, std::string_view line, bool first_line) {
  std::vector<Piece> pieces;
  if (const std::string_view code = enhanced_code_of(line); !code.empty()) {
    const auto meaning = explain_enhanced(code);
    add(pieces, code, meaning->detail != nullptr ? meaning->detail : meaning->kind);
    return pieces;
  }
  if (first_line || (answers != Verb::Ehlo && answers != Verb::Lhlo)) return pieces;
  const std::string_view keyword = take_word(line);
  add(pieces, keyword, extension_entry(keyword, kExtension));
  if (equal_no_case(keyword, "AUTH"))
    for (std::string_view word = take_word(line); !word.empty(); word = take_word(line))
      add(pieces, word, extension_entry(word, kMechanism));
  return pieces;
}

}  // namespace mailscope::smtp
