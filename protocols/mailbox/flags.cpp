#include "protocols/mailbox/flags.hpp"

#include <algorithm>
#include <cassert>

#include "protocols/base/ascii.hpp"

namespace mailscope::mailbox {

std::string_view name(SystemFlag flag) {
  switch (flag) {
    case kAnswered:
      return "\\Answered";
    case kFlagged:
      return "\\Flagged";
    case kDeleted:
      return "\\Deleted";
    case kSeen:
      return "\\Seen";
    case kDraft:
      return "\\Draft";
  }
  return {};
}

std::optional<SystemFlag> system_flag_named(std::string_view text) {
  const auto* const found =
      std::find_if(kSystemFlags.begin(), kSystemFlags.end(),
                   [&](SystemFlag flag) { return equal_no_case(name(flag), text); });
  if (found == kSystemFlags.end()) return std::nullopt;
  return *found;
}

std::optional<unsigned> Keywords::find(std::string_view name) const {
  for (unsigned bit = 0; bit < names_.size(); ++bit)
    if (equal_no_case(names_[bit], name)) return bit;
  return std::nullopt;
}

unsigned Keywords::add(std::string_view name) {
  assert(!full() && !find(name));
  names_.emplace_back(name);
  return static_cast<unsigned>(names_.size() - 1);
}

// atom = 1*ATOM-CHAR; ATOM-CHAR = <any CHAR except "(" / ")" / "{" / SP / CTL / "%" / "*" / DQUOTE
// /
// "\" / "]">
bool is_keyword(std::string_view name) {
  if (name.empty() || name.size() > Keywords::kNameOctetsMax) return false;
  return std::none_of(name.begin(), name.end(), [](char c) {
    return c <= ' ' || c > '~' || std::string_view("(){%*\"\\]").find(c) != std::string_view::npos;
  });
}

}  // namespace mailscope::mailbox
