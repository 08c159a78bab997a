// A set of the values of a small enum, a bit for each: return options, status items.
#pragma once

#include <cstdint>
#include <initializer_list>

namespace mailscope::imap {

template <typename Enum>
class EnumSet {
 public:
  constexpr EnumSet() = default;
  constexpr EnumSet(std::initializer_list<Enum> members) {
    for (const Enum member : members) insert(member);
  }
  constexpr void insert(Enum member) { bits_ |= bit(member); }
  constexpr void erase(Enum member) { bits_ &= ~bit(member); }
  constexpr bool contains(Enum member) const { return (bits_ & bit(member)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  friend constexpr bool operator==(const EnumSet&, const EnumSet&) = default;

 private:
  static constexpr std::uint32_t bit(Enum member) { return 1u << static_cast<unsigned>(member); }
  std::uint32_t bits_ = 0;
};

}  // namespace mailscope::imap
