#include "protocols/mime/boundary.hpp"

#include "protocols/base/ascii.hpp"

namespace mailscope::mime {

Delimiter match_delimiter(std::string_view text, std::string_view boundary, bool last) {
  if (!text.starts_with(boundary)) {
    const bool may_come = !last && text.size() < boundary.size() && boundary.starts_with(text);
    return may_come ? Delimiter::Undecided : Delimiter::No;
  }
  text.remove_prefix(boundary.size());
  const auto line_may_end = [](char c) { return is_wsp(c) || c == '\r' || c == '\n'; };
  if (text.empty()) return last ? Delimiter::Next : Delimiter::Undecided;
  if (line_may_end(text[0])) return Delimiter::Next;
  if (text[0] != '-') return Delimiter::No;
  if (text.size() == 1) return last ? Delimiter::No : Delimiter::Undecided;
  if (text[1] != '-') return Delimiter::No;
  if (text.size() == 2) return last ? Delimiter::Close : Delimiter::Undecided;
  return line_may_end(text[2]) ? Delimiter::Close : Delimiter::No;
}

}  // namespace mailscope::mime
