#include "protocols/imap/values/date.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/values/text.hpp"

namespace mailscope::imap {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::int64_t kDay = 24 * 60 * 60;

// Exactly `count` digits at `at`; -1 where there are none.
int digits_at(std::string_view text, std::size_t at, std::size_t count) {
  int number = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (i >= text.size() || !is_digit(text[i])) return -1;
    number = number * 10 + (text[i] - '0');
  }
  return number;
}

// 1 to 12, 0 for none
unsigned month_of(std::string_view name) {
  for (unsigned i = 0; i < kMonths.size(); ++i)
    if (equal_no_case(name, kMonths[i])) return i + 1;
  return 0;
}

// "-" date-month "-" date-year, 9 characters, of the day that stood in front.
std::optional<std::int32_t> days_of(int day, std::string_view month_and_year) {
  if (month_and_year.size() != 9 || month_and_year[0] != '-' || month_and_year[4] != '-')
    return std::nullopt;
  const unsigned month = month_of(month_and_year.substr(1, 3));
  const int year = digits_at(month_and_year, 5, 4);
  if (day < 1 || month == 0 || year < 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return static_cast<std::int32_t>(std::chrono::sys_days(date).time_since_epoch().count());
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

void append_padded(std::string& out, int number, int width) {
  for (int unit = width == 4 ? 1000 : 10; unit > 0; unit /= 10)
    out += static_cast<char>('0' + number / unit % 10);
}

// "-Mar-2026" and the day of the month.
unsigned append_month_and_year(std::string& out, std::int32_t days) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  out += '-';
  out += kMonths[static_cast<unsigned>(date.month()) - 1];
  out += '-';
  append_padded(out, std::clamp(static_cast<int>(date.year()), 0, 9999), 4);
  return static_cast<unsigned>(date.day());
}

// time = 2DIGIT ":" 2DIGIT ":" 2DIGIT; seconds of the day, -1 where it is not in order.
std::int64_t parse_time(std::string_view text) {
  const int hour = digits_at(text, 0, 2);
  const int minute = digits_at(text, 3, 2);
  const int second = digits_at(text, 6, 2);
  if (text[2] != ':' || text[5] != ':') return -1;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return -1;
  return (hour * 60 + minute) * 60 + second;
}

// zone = ("+" / "-") 4DIGIT
std::optional<int> parse_zone(std::string_view text) {
  const int hours = digits_at(text, 1, 2);
  const int minutes = digits_at(text, 3, 2);
  if ((text[0] != '+' && text[0] != '-') || hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
    return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

}  // namespace

std::optional<Date> Date::parse(std::string_view text) {
  const std::size_t digits = text.find('-');
  if (digits != 1 && digits != 2) return std::nullopt;
  const std::optional<std::int32_t> days = days_of(digits_at(text, 0, digits), text.substr(digits));
  if (!days) return std::nullopt;
  return Date(*days);
}

Date Date::of(std::int64_t unix_seconds, int zone_minutes) {
  return Date(static_cast<std::int32_t>(
      floor_divide(unix_seconds + std::int64_t{zone_minutes} * 60, kDay)));
}

std::string Date::text() const {
  std::string month_and_year;
  std::string out;
  append_number(out, append_month_and_year(month_and_year, days_));
  return out + month_and_year;
}

std::optional<DateTime> DateTime::parse(std::string_view text) {
  if (text.size() != 26 || text[11] != ' ' || text[20] != ' ') return std::nullopt;
  const int day = text[0] == ' ' ? digits_at(text, 1, 1) : digits_at(text, 0, 2);
  const std::optional<std::int32_t> days = days_of(day, text.substr(2, 9));
  const std::int64_t time = parse_time(text.substr(12, 8));
  const std::optional<int> zone = parse_zone(text.substr(21, 5));
  if (!days || time < 0 || !zone) return std::nullopt;
  return DateTime{*days * kDay + time - std::int64_t{*zone} * 60, static_cast<std::int16_t>(*zone)};
}

void DateTime::append_to(std::string& out) const {
  // The years that four digits can tell.
  constexpr std::int64_t kFirst = -719'528 * kDay, kLast = 2'932'897 * kDay - 1;
  const std::int64_t local =
      std::clamp(unix_seconds, kFirst + kDay, kLast - kDay) + std::int64_t{zone_minutes} * 60;
  const std::int32_t days = static_cast<std::int32_t>(floor_divide(local, kDay));
  const int time = static_cast<int>(local - days * kDay);
  const std::size_t at = out.size();
  out += "  ";
  const unsigned day = append_month_and_year(out, days);
  if (day >= 10) out[at] = static_cast<char>('0' + day / 10);
  out[at + 1] = static_cast<char>('0' + day % 10);
  out += ' ';
  append_padded(out, time / 3600, 2);
  out += ':';
  append_padded(out, time / 60 % 60, 2);
  out += ':';
  append_padded(out, time % 60, 2);
  out += zone_minutes < 0 ? " -" : " +";
  const int zone = zone_minutes < 0 ? -zone_minutes : zone_minutes;
  append_padded(out, zone / 60 % 100, 2);
  append_padded(out, zone % 60, 2);
}

std::string DateTime::text() const {
  std::string out;
  append_to(out);
  return out;
}

}  // namespace mailscope::imap
