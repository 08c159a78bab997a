#include "protocols/imap/values/flag.hpp"

#include <array>
#include <cassert>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/values/text.hpp"

namespace mailscope::imap {
namespace {

constexpr std::array<std::string_view, 7> kFlagNames = {
    "\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft", "\\Recent", "\\*"};

}  // namespace

Flag::Flag(Kind kind) : kind_(kind) {
  assert(kind < Kind::Extension);
}

std::optional<Flag> Flag::parse(std::string_view text) {
  for (std::size_t i = 0; i < kFlagNames.size(); ++i)
    if (equal_no_case(text, kFlagNames[i])) return Flag(static_cast<Kind>(i));
  const bool system = !text.empty() && text.front() == '\\';
  if (!is_atom(text.substr(system ? 1 : 0))) return std::nullopt;
  return Flag(system ? Kind::Extension : Kind::Keyword, text);
}

std::string_view Flag::name() const {
  return kind_ < Kind::Extension ? kFlagNames[static_cast<std::size_t>(kind_)] : text_;
}

bool operator==(const Flag& a, const Flag& b) {
  return a.kind_ == b.kind_ && equal_no_case(a.text_, b.text_);
}

}  // namespace mailscope::imap
