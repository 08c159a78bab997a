// A TOML file as plain values. The library that reads TOML (toml++) stays behind this header: it is
// large, and nobody else has to compile it.
//
// https://toml.io/en/v1.0.0. Lines are counted from 1. Not kept: comments, how numbers and texts
// were written, and dates without a time or an offset-free time of day (Other).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

namespace mailscope::scenarios {

struct TomlValue;
struct TomlEntry;

// A date with a time, in Unix seconds; without an offset it is UTC.
struct TomlTime {
  std::int64_t unix_s = 0;
};
using TomlArray = std::vector<TomlValue>;

struct TomlTable {
  std::vector<TomlEntry> entries;  // ascending by key

  const TomlEntry* find(std::string_view key) const;
};

// A kind of value that no scenario has: a date alone, a time of day.
struct TomlOther {};

struct TomlValue {
  std::variant<TomlOther, bool, std::int64_t, double, std::string, TomlTime, TomlArray, TomlTable>
      held;
  int line = 0;

  // Null when it holds something else.
  template <typename T>
  const T* as() const {
    return std::get_if<T>(&held);
  }
};

struct TomlEntry {
  std::string key;
  int line = 0;  // of the key
  TomlValue value;
};

struct TomlError {
  int line = 0;
  std::string text;  // the library's words
};

// The file's table.
tl::expected<TomlValue, TomlError> parse_toml(std::string_view text);

}  // namespace mailscope::scenarios
