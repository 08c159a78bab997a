// The flags of a message: system flags as bits, and the mailbox's keywords as bits beside them.
// RFC 9051 §2.3.2.
//
// \Recent is none of them: it belongs to a session (Mailbox::take_recent).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::mailbox {

enum SystemFlag : std::uint8_t {
  kAnswered = 1,
  kFlagged = 2,
  kDeleted = 4,
  kSeen = 8,
  kDraft = 16,
};
inline constexpr std::array kSystemFlags{kAnswered, kFlagged, kDeleted, kSeen, kDraft};

struct FlagSet {
  std::uint8_t system = 0;     // of SystemFlag
  std::uint64_t keywords = 0;  // bit n: the mailbox's keyword n

  constexpr bool has(SystemFlag flag) const { return (system & flag) != 0; }
  constexpr bool has_keyword(unsigned bit) const { return (keywords >> bit & 1) != 0; }
  constexpr bool empty() const { return system == 0 && keywords == 0; }
  friend constexpr bool operator==(const FlagSet&, const FlagSet&) = default;
};

constexpr FlagSet operator|(FlagSet a, FlagSet b) {
  return {static_cast<std::uint8_t>(a.system | b.system), a.keywords | b.keywords};
}
// Those of `a` that are not in `b`.
constexpr FlagSet operator-(FlagSet a, FlagSet b) {
  return {static_cast<std::uint8_t>(a.system & ~b.system), a.keywords & ~b.keywords};
}

std::string_view name(SystemFlag flag);                              // "\Seen"
std::optional<SystemFlag> system_flag_named(std::string_view name);  // in any case

// A mailbox's keywords: bit n is name n. They compare without case and keep the spelling in which
// they came first. A keyword once known stays.
class Keywords {
 public:
  static constexpr unsigned kMax = 64;
  static constexpr std::size_t kNameOctetsMax = 255;

  Keywords() = default;
  explicit Keywords(std::vector<std::string> names) : names_(std::move(names)) {}

  const std::vector<std::string>& names() const { return names_; }
  std::optional<unsigned> find(std::string_view name) const;
  bool full() const { return names_.size() >= kMax; }
  unsigned add(std::string_view name);  // unknown so far, and not full()

 private:
  std::vector<std::string> names_;
};

// A keyword is an atom (RFC 9051 §9, flag-keyword).
bool is_keyword(std::string_view name);

}  // namespace mailscope::mailbox
