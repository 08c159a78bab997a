#include "protocols/base/reference.hpp"

#include "protocols/base/ascii.hpp"

namespace mailscope {

const ReferenceEntry* find_entry(std::span<const ReferenceEntry> table, std::string_view word,
                                 std::string_view context) {
  const ReferenceEntry* general = nullptr;
  for (const ReferenceEntry& entry : table) {
    if (!equal_no_case(entry.word, word)) continue;
    if (equal_no_case(entry.context, context)) return &entry;
    if (entry.context.empty()) general = &entry;
  }
  return general;
}

}  // namespace mailscope
