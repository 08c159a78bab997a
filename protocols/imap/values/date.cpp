#include "protocols/imap/values/date.hpp"

#include <algorithm>
#include <array>

#include "protocols/base/ascii.hpp"
#include "protocols/imap/values/text.hpp"

namespace mailscope::imap {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::int64_t kDay = 24 * 60 * 60;

constexpr bool is_leap(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

// Of years 0 to 9999.
constexpr int days_in_month(int year, unsigned month) {
  constexpr std::array<int, 13> kDays = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays[month] + (month == 2 && is_leap(year) ? 1 : 0);
}

// Days from 1970-01-01 to the first of January, in the proleptic Gregorian calendar.
constexpr std::int32_t days_to_year(int year) {
  constexpr std::int32_t kTo1970 = 719'528;  // from the year 0
  if (year == 0) return -kTo1970;
  const int before = year - 1;  // of the years 1 to it, and the year 0, which is a leap year
  return 366 + before * 365 + before / 4 - before / 100 + before / 400 - kTo1970;
}
static_assert(days_to_year(1970) == 0 && days_to_year(2000) == 10'957);

struct Civil {
  int year = 0;
  unsigned month = 1;
  int day = 1;
};

// Days outside the years 0 to 9999 become the nearest.
Civil civil_from_days(std::int32_t days) {
  days = std::clamp(days, days_to_year(0), days_to_year(10'000) - 1);
  Civil civil;
  civil.year = std::clamp(1970 + days / 365, 0, 9999);  // a little too far from 1970 at most
  while (days_to_year(civil.year) > days) --civil.year;
  while (days_to_year(civil.year + 1) <= days) ++civil.year;
  days -= days_to_year(civil.year);
  while (days >= days_in_month(civil.year, civil.month))
    days -= days_in_month(civil.year, civil.month++);
  civil.day = days + 1;
  return civil;
}

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
  if (month == 0 || year < 0 || day < 1 || day > days_in_month(year, month)) return std::nullopt;
  std::int32_t days = days_to_year(year) + day - 1;
  for (unsigned before = 1; before < month; ++before) days += days_in_month(year, before);
  return days;
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

void append_padded(std::string& out, int number, int width) {
  for (int unit = width == 4 ? 1000 : 10; unit > 0; unit /= 10)
    out += static_cast<char>('0' + number / unit % 10);
}

// "-Mar-2026"
void append_month_and_year(std::string& out, const Civil& civil) {
  out += '-';
  out += kMonths[civil.month - 1];
  out += '-';
  append_padded(out, civil.year, 4);
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
  const Civil civil = civil_from_days(days_);
  std::string out;
  append_number(out, static_cast<std::uint64_t>(civil.day));
  append_month_and_year(out, civil);
  return out;
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
  // The years that four digits can tell, and no zone can lead out of.
  constexpr std::int64_t kFirst = (days_to_year(0) + 1) * kDay;
  constexpr std::int64_t kLast = (days_to_year(10'000) - 1) * kDay - 1;
  const std::int64_t local =
      std::clamp(unix_seconds, kFirst, kLast) + std::int64_t{zone_minutes} * 60;
  const std::int64_t days = floor_divide(local, kDay);
  const int time = static_cast<int>(local - days * kDay);
  const Civil civil = civil_from_days(static_cast<std::int32_t>(days));
  out += civil.day < 10 ? ' ' : static_cast<char>('0' + civil.day / 10);
  out += static_cast<char>('0' + civil.day % 10);
  append_month_and_year(out, civil);
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
