// What the descriptions of line protocols share.
#pragma once

#include <string_view>

#include "protocols/base/ascii.hpp"

namespace mailscope::languages {

inline std::string_view first_word(std::string_view line) {
  return line.substr(0, line.find(' '));
}

template <typename Words>
bool holds_word(const Words& words, std::string_view word) {
  for (const std::string_view known : words)
    if (equal_no_case(known, word)) return true;
  return false;
}

// Behind the word that begins at `from` and the spaces that follow it.
inline std::size_t argument_begin(std::string_view line, std::size_t from) {
  const std::size_t space = line.find(' ', from);
  if (space == std::string_view::npos) return line.size();
  const std::size_t next = line.find_first_not_of(' ', space);
  return next == std::string_view::npos ? line.size() : next;
}

}  // namespace mailscope::languages
