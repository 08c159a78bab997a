// Reads one TOML table of a scenario file: typed values by key, and a Mistake with the line and
// what would be right for everything else, unknown keys included. Private to the loader.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/reading/toml_file.hpp"

namespace mailscope::scenarios {

// Thrown within the loader only; parse_scenario turns it into its error line.
struct Mistake {
  int line;
  std::string text;
};

class TableReader {
 public:
  // The table is a TomlTable and outlives the reader. `title` is what messages call it: "[[host]]".
  TableReader(const TomlValue& table, std::string title);

  int line() const { return line_; }
  int line_of(std::string_view key) const;
  bool has(std::string_view key);
  std::vector<std::string> keys() const;

  std::string text(std::string_view key);  // must be there and not be empty
  std::string text_or(std::string_view key, std::string fallback);
  std::optional<std::string> text_if(std::string_view key);  // nothing when it is absent or no text
  std::int64_t integer_or(std::string_view key, std::int64_t fallback, std::int64_t min,
                          std::int64_t max);
  double number_or(std::string_view key, double fallback, double min, double max);
  bool flag_or(std::string_view key, bool fallback);
  std::int64_t duration_or(std::string_view key, std::int64_t fallback);  // "20 ms", "1.5s" -> ns
  std::int64_t unix_time_or(std::string_view key, std::int64_t fallback);
  std::vector<std::string> texts(std::string_view key);  // empty when absent
  std::vector<double> numbers(std::string_view key);
  std::vector<TableReader> tables(std::string_view key);  // [[key]]

  // Throws for the first key that nobody asked for.
  void expect_no_more();
  [[noreturn]] void fail(std::string_view key, const std::string& text) const;

 private:
  const TomlValue* find(std::string_view key);

  const TomlTable* table_;
  std::string title_;
  int line_;
  std::vector<std::string> asked_;
};

// "250ms", "1.5 s", "2 min", "1 h", "10us": nanoseconds. Nothing for anything else.
std::optional<std::int64_t> parse_duration(std::string_view text);

}  // namespace mailscope::scenarios
