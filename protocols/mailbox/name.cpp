#include "protocols/mailbox/name.hpp"

#include <algorithm>

#include "protocols/base/ascii.hpp"

namespace mailscope::mailbox {
namespace {

// The length of the UTF-8 character that `text` begins with (RFC 3629 §4); 0: there is none.
std::size_t character_octets(std::string_view text) {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto tail = [&](std::size_t i) { return (at(i) & 0xC0) == 0x80; };
  const unsigned lead = at(0), second = at(1);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return 0;
  if (lead >= 0xE0 && lead <= 0xEF) return tail(1) && tail(2) ? 3 : 0;
  if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 0;
  if (lead >= 0xF0 && lead <= 0xF4) return tail(1) && tail(2) && tail(3) ? 4 : 0;
  return 0;
}

// C0, DEL and C1: none of them belongs into a name (RFC 9051 §5.1).
bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7F;
  return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

bool is_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t octets = character_octets(text);
    if (octets == 0 || is_control(text.substr(0, octets))) return false;
    text.remove_prefix(octets);
  }
  return true;
}

bool names_inbox(std::string_view level) {
  return equal_no_case(level, kInbox);
}

struct UseName {
  SpecialUse use;
  std::string_view name;
};
constexpr UseName kUseNames[] = {
    {kAll, "\\All"},       {kArchive, "\\Archive"},
    {kDrafts, "\\Drafts"}, {kFlaggedMessages, "\\Flagged"},
    {kJunk, "\\Junk"},     {kSent, "\\Sent"},
    {kTrash, "\\Trash"},
};

}  // namespace

std::optional<std::string> canonical_name(std::string_view name) {
  if (name.empty() || name.size() > kNameOctetsMax || !is_text(name)) return std::nullopt;
  if (name.front() == kSeparator || name.back() == kSeparator) return std::nullopt;
  if (name.find("//") != std::string_view::npos) return std::nullopt;
  if (std::count(name.begin(), name.end(), kSeparator) >= kLevelsMax) return std::nullopt;
  const std::string_view first = name.substr(0, name.find(kSeparator));
  if (!names_inbox(first)) return std::string(name);
  return std::string(kInbox).append(name.substr(first.size()));
}

std::string_view parent_of(std::string_view name) {
  const std::size_t at = name.rfind(kSeparator);
  return at == std::string_view::npos ? std::string_view() : name.substr(0, at);
}

bool is_below(std::string_view name, std::string_view ancestor) {
  return name.size() > ancestor.size() && name.starts_with(ancestor) &&
         name[ancestor.size()] == kSeparator;
}

// Linear for each wildcard: when the rest does not match, the last "*" takes one octet more, and
// the last "%" before it if it may.
bool matches(std::string_view pattern, std::string_view name) {
  const bool inbox = name == kInbox || is_below(name, kInbox);
  struct Wildcard {
    std::size_t pattern = std::string_view::npos, name = 0;
  };
  Wildcard star, percent;
  std::size_t p = 0, n = 0;
  while (true) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = {++p, n};
      percent = {};
      continue;
    }
    if (p < pattern.size() && pattern[p] == '%') {
      percent = {++p, n};
      continue;
    }
    if (p == pattern.size() && n == name.size()) return true;
    const bool same =
        p < pattern.size() && n < name.size() &&
        (inbox && n < kInbox.size() ? to_upper(pattern[p]) == name[n] : pattern[p] == name[n]);
    if (same) {
      ++p, ++n;
    } else if (percent.pattern != std::string_view::npos && percent.name < name.size() &&
               name[percent.name] != kSeparator) {
      p = percent.pattern, n = ++percent.name;
    } else if (star.pattern != std::string_view::npos && star.name < name.size()) {
      p = star.pattern, n = ++star.name;
      percent = {};
    } else {
      return false;
    }
  }
}

std::string_view name(SpecialUse use) {
  for (const UseName& known : kUseNames)
    if (known.use == use) return known.name;
  return {};
}

std::optional<SpecialUse> special_use_named(std::string_view text) {
  for (const UseName& known : kUseNames)
    if (equal_no_case(known.name, text)) return known.use;
  return std::nullopt;
}

}  // namespace mailscope::mailbox
