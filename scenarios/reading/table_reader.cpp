#include "scenarios/reading/table_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdlib>

#include "protocols/base/ascii.hpp"
#include "protocols/base/spelling.hpp"

namespace mailscope::scenarios {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; });
}

// "200" of 200, "1.5" of 1.5; empty of what is no number.
std::string number_text(const TomlValue& value) {
  if (const auto* whole = value.as<std::int64_t>()) return fmt::format("{}", *whole);
  if (const auto* real = value.as<double>()) return fmt::format("{}", *real);
  return {};
}

// Of a whole number, too.
std::optional<double> number_of(const TomlValue& value) {
  if (const auto* whole = value.as<std::int64_t>()) return static_cast<double>(*whole);
  if (const auto* real = value.as<double>()) return *real;
  return std::nullopt;
}

std::string_view hint_of_quotes(const TomlValue& value) {
  return value.as<std::string>() ? "; it stands without quotes" : "";
}

}  // namespace

std::optional<std::int64_t> parse_duration(std::string_view text) {
  const std::string terminated(trim(text));
  char* rest = nullptr;
  const double number = std::strtod(terminated.c_str(), &rest);
  if (rest == terminated.c_str() || !std::isfinite(number) || number < 0) return std::nullopt;
  struct Unit {
    std::string_view name;
    double nanoseconds;
  };
  constexpr Unit kUnits[] = {{"ns", 1},     {"us", 1e3},   {"ms", 1e6},   {"s", 1e9},
                             {"min", 6e10}, {"h", 3.6e12}, {"d", 8.64e13}};
  for (const Unit& unit : kUnits)
    if (trim(rest) == unit.name && number * unit.nanoseconds < 9e18)
      return std::llround(number * unit.nanoseconds);
  return std::nullopt;
}

TableReader::TableReader(const TomlValue& table, std::string title)
    : table_(table.as<TomlTable>()), title_(std::move(title)), line_(std::max(1, table.line)) {
  assert(table_);
}

const TomlValue* TableReader::find(std::string_view key) {
  asked_.emplace_back(key);
  const TomlEntry* entry = table_->find(key);
  return entry ? &entry->value : nullptr;
}

int TableReader::line_of(std::string_view key) const {
  const TomlEntry* entry = table_->find(key);
  return entry ? entry->value.line : line_;
}

void TableReader::fail(std::string_view key, const std::string& text) const {
  throw Mistake{line_of(key), text};
}

bool TableReader::has(std::string_view key) {
  return find(key) != nullptr;
}

std::vector<std::string> TableReader::keys() const {
  std::vector<std::string> names;
  for (const TomlEntry& entry : table_->entries) names.push_back(entry.key);
  return names;
}

std::string TableReader::text(std::string_view key) {
  if (!has(key)) fail(key, fmt::format("{} has no {}; write {} = \"...\"", title_, key, key));
  std::string value = text_or(key, "");
  if (value.empty()) fail(key, fmt::format("{} is empty; it needs a text", key));
  return value;
}

std::string TableReader::text_or(std::string_view key, std::string fallback) {
  const TomlValue* found = find(key);
  if (!found) return fallback;
  if (const auto* value = found->as<std::string>()) return *value;
  const std::string number = number_text(*found);
  fail(key, fmt::format("{} is not a text; write {} = \"{}\"", key, key,
                        number.empty() ? "..." : number));
}

std::optional<std::string> TableReader::text_if(std::string_view key) {
  const TomlValue* found = find(key);
  const auto* value = found ? found->as<std::string>() : nullptr;
  return value ? std::optional(*value) : std::nullopt;
}

std::int64_t TableReader::integer_or(std::string_view key, std::int64_t fallback, std::int64_t min,
                                     std::int64_t max) {
  const TomlValue* found = find(key);
  if (!found) return fallback;
  const auto* value = found->as<std::int64_t>();
  if (!value || *value < min || *value > max)
    fail(key, fmt::format("{} is not a whole number from {} to {}{}", key, min, max,
                          hint_of_quotes(*found)));
  return *value;
}

double TableReader::number_or(std::string_view key, double fallback, double min, double max) {
  const TomlValue* found = find(key);
  if (!found) return fallback;
  const auto value = number_of(*found);
  if (!value || !(*value >= min && *value <= max))
    fail(key,
         fmt::format("{} is not a number from {} to {}{}", key, min, max, hint_of_quotes(*found)));
  return *value;
}

bool TableReader::flag_or(std::string_view key, bool fallback) {
  const TomlValue* found = find(key);
  if (!found) return fallback;
  if (const auto* value = found->as<bool>()) return *value;
  fail(key, fmt::format("{} is neither true nor false", key));
}

std::int64_t TableReader::duration_or(std::string_view key, std::int64_t fallback) {
  const TomlValue* found = find(key);
  if (!found) return fallback;
  const auto* written = found->as<std::string>();
  const std::string number = written ? *written : number_text(*found);
  if (is_number(number))
    fail(key, fmt::format("{} = {} has no unit; write {} = \"{} ms\", or \"{} s\"", key, number,
                          key, number, number));
  const std::string text = text_or(key, "");
  const auto value = parse_duration(text);
  if (!value)
    fail(key, fmt::format("{} = \"{}\" is not a duration; write a number and ns, us, ms, s, min, h "
                          "or d: \"20 ms\"",
                          key, printable(text)));
  return *value;
}

std::int64_t TableReader::unix_time_or(std::string_view key, std::int64_t fallback) {
  const TomlValue* found = find(key);
  if (!found) return fallback;
  const auto* value = found->as<TomlTime>();
  if (!value) fail(key, fmt::format("{} is not a date; write {} = 2026-03-02T09:00:00Z", key, key));
  return value->unix_s;
}

std::vector<std::string> TableReader::texts(std::string_view key) {
  std::vector<std::string> values;
  const TomlValue* found = find(key);
  if (!found) return values;
  const auto* array = found->as<TomlArray>();
  if (const auto* text = found->as<std::string>())
    fail(key, fmt::format("{} is not a list; write {} = [\"{}\"]", key, key, printable(*text)));
  if (!array) fail(key, fmt::format("{} is not a list; write {} = [\"...\", \"...\"]", key, key));
  for (const TomlValue& item : *array) {
    const auto* value = item.as<std::string>();
    if (!value) fail(key, fmt::format("{} holds something that is not a text", key));
    values.push_back(*value);
  }
  return values;
}

std::vector<double> TableReader::numbers(std::string_view key) {
  std::vector<double> values;
  const TomlValue* found = find(key);
  if (!found) return values;
  const auto* array = found->as<TomlArray>();
  if (!array) fail(key, fmt::format("{} is not a list of numbers", key));
  for (const TomlValue& item : *array) {
    const auto value = number_of(item);
    if (!value) fail(key, fmt::format("{} holds something that is not a number", key));
    values.push_back(*value);
  }
  return values;
}

std::vector<TableReader> TableReader::tables(std::string_view key) {
  std::vector<TableReader> values;
  const TomlValue* found = find(key);
  if (!found) return values;
  const auto* array = found->as<TomlArray>();
  if (!array) fail(key, fmt::format("{} is not a list of tables; write [[{}]]", key, key));
  for (const TomlValue& item : *array) {
    if (!item.as<TomlTable>())
      fail(key, fmt::format("{} is not a list of tables; write [[{}]]", key, key));
    values.emplace_back(item, fmt::format("[[{}]]", key));
  }
  return values;
}

void TableReader::expect_no_more() {
  for (const TomlEntry& entry : table_->entries) {
    if (std::find(asked_.begin(), asked_.end(), entry.key) != asked_.end()) continue;
    std::vector<std::string> known = asked_;
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    const std::string_view near = nearest_word(entry.key, {known.begin(), known.end()});
    throw Mistake{
        entry.line,
        fmt::format("{} has no key \"{}\"; {}it may have {}", title_, printable(entry.key),
                    near.empty() ? "" : fmt::format("perhaps {}? ", near), fmt::join(known, ", "))};
  }
}

}  // namespace mailscope::scenarios
