// For tables that make one of a variant's kinds: whether every kind has its row.
//
//   constexpr Row kRows[] = {{"send", read<Send>, bits_of<Any, Send>()}, ...};
//   static_assert(all_bits(kRows) == kEveryBit<Any>, "every kind has its row");
#pragma once

#include <cstdint>
#include <type_traits>
#include <variant>

namespace mailscope::scenarios {

// A bit for each alternative of a variant.
using KindBits = std::uint64_t;

template <typename Kind, typename... All>
constexpr KindBits bit_of(const std::variant<All...>* /*any*/) {
  static_assert((std::is_same_v<Kind, All> || ...), "it stands in the variant");
  KindBits bit = 1;
  static_cast<void>(((std::is_same_v<Kind, All> || (bit <<= 1) == 0) || ...));
  return bit;
}

template <typename Any, typename... Kinds>
constexpr KindBits bits_of() {
  constexpr const Any* kAny = nullptr;
  return (bit_of<Kinds>(kAny) | ...);
}

template <typename Any>
inline constexpr KindBits kEveryBit = (KindBits{1} << std::variant_size_v<Any>)-1;

// Of the rows' `kinds`.
template <typename Rows>
constexpr KindBits all_bits(const Rows& rows) {
  KindBits bits = 0;
  for (const auto& row : rows) bits |= row.kinds;
  return bits;
}

}  // namespace mailscope::scenarios
