#include "scenarios/reading/table_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "protocols/base/ascii.hpp"
#include "protocols/base/spelling.hpp"

namespace mailscope::scenarios {
namespace {

int line_of_node(const toml::node& node) {
  return static_cast<int>(node.source().begin.line);
}

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; });
}

// "200" of 200, "1.5" of 1.5; empty of what is no number.
std::string number_text(const toml::node& node) {
  if (const auto* whole = node.as_integer()) return fmt::format("{}", whole->get());
  if (const auto* real = node.as_floating_point()) return fmt::format("{}", real->get());
  return {};
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

TableReader::TableReader(const toml::table& table, std::string what)
    : table_(&table), what_(std::move(what)), line_(std::max(1, line_of_node(table))) {}

const toml::node* TableReader::find(std::string_view key) {
  asked_.emplace_back(key);
  return table_->get(key);
}

int TableReader::line_of(std::string_view key) const {
  const toml::node* node = table_->get(key);
  return node ? line_of_node(*node) : line_;
}

void TableReader::fail(std::string_view key, const std::string& text) const {
  throw Mistake{line_of(key), text};
}

bool TableReader::has(std::string_view key) {
  return find(key) != nullptr;
}

std::vector<std::string> TableReader::keys() const {
  std::vector<std::string> names;
  for (const auto& [key, node] : *table_) names.emplace_back(key.str());
  return names;
}

std::string TableReader::text(std::string_view key) {
  if (!has(key)) fail(key, fmt::format("{} has no {}; write {} = \"...\"", what_, key, key));
  std::string value = text_or(key, "");
  if (value.empty()) fail(key, fmt::format("{} is empty; it needs a text", key));
  return value;
}

std::string TableReader::text_or(std::string_view key, std::string fallback) {
  const toml::node* node = find(key);
  if (!node) return fallback;
  if (const auto* value = node->as_string()) return value->get();
  const std::string number = number_text(*node);
  fail(key, fmt::format("{} is not a text; write {} = \"{}\"", key, key,
                        number.empty() ? "..." : number));
}

std::optional<std::string> TableReader::text_if(std::string_view key) {
  const toml::node* node = find(key);
  return node && node->is_string() ? std::optional(node->as_string()->get()) : std::nullopt;
}

std::int64_t TableReader::integer_or(std::string_view key, std::int64_t fallback, std::int64_t min,
                                     std::int64_t max) {
  const toml::node* node = find(key);
  if (!node) return fallback;
  const auto* value = node->as_integer();
  if (!value || value->get() < min || value->get() > max)
    fail(key, fmt::format("{} is not a whole number from {} to {}{}", key, min, max,
                          node->is_string() ? "; it stands without quotes" : ""));
  return value->get();
}

double TableReader::number_or(std::string_view key, double fallback, double min, double max) {
  const toml::node* node = find(key);
  if (!node) return fallback;
  const auto value = node->value<double>();
  if (!value || !(*value >= min && *value <= max))
    fail(key, fmt::format("{} is not a number from {} to {}{}", key, min, max,
                          node->is_string() ? "; it stands without quotes" : ""));
  return *value;
}

bool TableReader::flag_or(std::string_view key, bool fallback) {
  const toml::node* node = find(key);
  if (!node) return fallback;
  if (const auto* value = node->as_boolean()) return value->get();
  fail(key, fmt::format("{} is neither true nor false", key));
}

std::int64_t TableReader::duration_or(std::string_view key, std::int64_t fallback) {
  const toml::node* node = find(key);
  if (!node) return fallback;
  const std::string number = node->is_string() ? text_or(key, "") : number_text(*node);
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
  const toml::node* node = find(key);
  if (!node) return fallback;
  const auto* value = node->as_date_time();
  if (!value) fail(key, fmt::format("{} is not a date; write {} = 2026-03-02T09:00:00Z", key, key));
  const toml::date_time at = value->get();
  // Days from civil, for the proleptic Gregorian calendar.
  const int year = at.date.year - (at.date.month <= 2 ? 1 : 0);
  const int era = (year >= 0 ? year : year - 399) / 400;
  const int year_of_era = year - era * 400;
  const int month = at.date.month;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + at.date.day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  const std::int64_t days = std::int64_t{era} * 146097 + day_of_era - 719468;
  const std::int64_t offset_s = at.offset ? std::int64_t{at.offset->minutes} * 60 : 0;
  return days * 86400 + at.time.hour * 3600 + at.time.minute * 60 + at.time.second - offset_s;
}

std::vector<std::string> TableReader::texts(std::string_view key) {
  std::vector<std::string> values;
  const toml::node* node = find(key);
  if (!node) return values;
  const toml::array* array = node->as_array();
  const auto* one = node->as_string();
  if (!array && one)
    fail(key,
         fmt::format("{} is not a list; write {} = [\"{}\"]", key, key, printable(one->get())));
  if (!array) fail(key, fmt::format("{} is not a list; write {} = [\"...\", \"...\"]", key, key));
  for (const toml::node& item : *array) {
    const auto* value = item.as_string();
    if (!value) fail(key, fmt::format("{} holds something that is not a text", key));
    values.push_back(value->get());
  }
  return values;
}

std::vector<double> TableReader::numbers(std::string_view key) {
  std::vector<double> values;
  const toml::node* node = find(key);
  if (!node) return values;
  const toml::array* array = node->as_array();
  if (!array) fail(key, fmt::format("{} is not a list of numbers", key));
  for (const toml::node& item : *array) {
    const auto value = item.value<double>();
    if (!value) fail(key, fmt::format("{} holds something that is not a number", key));
    values.push_back(*value);
  }
  return values;
}

std::vector<TableReader> TableReader::tables(std::string_view key) {
  std::vector<TableReader> values;
  const toml::node* node = find(key);
  if (!node) return values;
  const toml::array* array = node->as_array();
  if (!array) fail(key, fmt::format("{} is not a list of tables; write [[{}]]", key, key));
  for (const toml::node& item : *array) {
    const toml::table* table = item.as_table();
    if (!table) fail(key, fmt::format("{} is not a list of tables; write [[{}]]", key, key));
    values.emplace_back(*table, fmt::format("[[{}]]", key));
  }
  return values;
}

void TableReader::expect_no_more() {
  for (const auto& [key, node] : *table_) {
    const std::string name(key.str());
    if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
    std::vector<std::string> known = asked_;
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    const std::string_view near = nearest_word(name, {known.begin(), known.end()});
    throw Mistake{
        static_cast<int>(key.source().begin.line),
        fmt::format("{} has no key \"{}\"; {}it may have {}", what_, printable(name),
                    near.empty() ? "" : fmt::format("perhaps {}? ", near), fmt::join(known, ", "))};
  }
}

}  // namespace mailscope::scenarios
