#include "scenarios/reading/toml_file.hpp"

#include <algorithm>

#include <toml++/toml.h>

namespace mailscope::scenarios {
namespace {

int line_of(const toml::source_region& source) {
  return static_cast<int>(source.begin.line);
}

std::int64_t unix_seconds(const toml::date_time& at) {
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

TomlValue value_of(const toml::node& node);

TomlArray array_of(const toml::array& array) {
  TomlArray items;
  for (const toml::node& item : array) items.push_back(value_of(item));
  return items;
}

TomlTable table_of(const toml::table& table) {
  TomlTable made;
  for (const auto& [key, node] : table)
    made.entries.push_back({std::string(key.str()), line_of(key.source()), value_of(node)});
  return made;
}

TomlValue value_of(const toml::node& node) {
  TomlValue value;
  value.line = line_of(node.source());
  if (const auto* flag = node.as_boolean()) value.held = flag->get();
  if (const auto* whole = node.as_integer()) value.held = whole->get();
  if (const auto* real = node.as_floating_point()) value.held = real->get();
  if (const auto* text = node.as_string()) value.held = text->get();
  if (const auto* at = node.as_date_time()) value.held = TomlTime{unix_seconds(at->get())};
  if (const auto* array = node.as_array()) value.held = array_of(*array);
  if (const auto* table = node.as_table()) value.held = table_of(*table);
  return value;
}

}  // namespace

const TomlEntry* TomlTable::find(std::string_view key) const {
  const auto entry = std::find_if(entries.begin(), entries.end(),
                                  [&](const TomlEntry& candidate) { return candidate.key == key; });
  return entry == entries.end() ? nullptr : &*entry;
}

tl::expected<TomlValue, TomlError> parse_toml(std::string_view text) {
  try {
    return value_of(toml::parse(text));
  } catch (const toml::parse_error& error) {
    return tl::unexpected(TomlError{line_of(error.source()), std::string(error.description())});
  }
}

}  // namespace mailscope::scenarios
