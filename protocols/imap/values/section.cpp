#include "protocols/imap/values/section.hpp"

#include <array>

#include "protocols/imap/values/text.hpp"

namespace mailscope::imap {
namespace {

constexpr std::array<std::string_view, 6> kSectionWords = {
    "", "HEADER", "HEADER.FIELDS", "HEADER.FIELDS.NOT", "TEXT", "MIME"};

}  // namespace

void Section::append_to(std::string& out) const {
  out += '[';
  bool first = true;
  for (const std::uint32_t number : part) {
    if (!first) out += '.';
    first = false;
    append_number(out, number);
  }
  if (!part.empty() && text != Text::All) out += '.';
  out += kSectionWords[static_cast<std::size_t>(text)];
  if (text == Text::HeaderFields || text == Text::HeaderFieldsNot) {
    out += " (";
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i > 0) out += ' ';
      append_astring(out, fields[i]);
    }
    out += ')';
  }
  out += ']';
}

}  // namespace mailscope::imap
