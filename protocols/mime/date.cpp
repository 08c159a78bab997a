#include "protocols/mime/date.hpp"

#include <fmt/format.h>

#include <array>

#include "protocols/base/ascii.hpp"

namespace mailscope::mime {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};

// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March.
std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  if (month <= 2) --year;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

struct Civil {
  std::int64_t year;
  int month, day;
};
Civil civil_from_days(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int shifted = static_cast<int>((5 * day_of_year + 2) / 153);
  const int day = static_cast<int>(day_of_year - (153 * shifted + 2) / 5 + 1);
  const int month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// Words, numbers and signs of a date, comments and white space passed over.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) { skip(); }

  bool take(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    skip();
    return true;
  }
  std::string_view word() { return run(is_alpha); }
  std::string_view digits() { return run(is_digit); }
  char peek() const { return text_.empty() ? '\0' : text_[0]; }

 private:
  template <typename Is>
  std::string_view run(Is is) {
    std::size_t n = 0;
    while (n < text_.size() && is(text_[n])) ++n;
    const std::string_view found = text_.substr(0, n);
    text_.remove_prefix(n);
    skip();
    return found;
  }
  void skip() {
    int depth = 0;
    while (!text_.empty()) {
      const char c = text_[0];
      if (c == '(') {
        ++depth;
      } else if (depth > 0 && c == ')') {
        --depth;
      } else if (depth == 0 && !is_wsp(c) && c != '\r' && c != '\n') {
        return;
      }
      text_.remove_prefix(depth > 0 && c == '\\' && text_.size() > 1 ? 2 : 1);
    }
  }
  std::string_view text_;
};

std::optional<int> number(std::string_view digits, std::size_t digits_max) {
  if (digits.empty() || digits.size() > digits_max) return std::nullopt;
  int value = 0;
  for (char c : digits) value = value * 10 + (c - '0');
  return value;
}

std::optional<int> month_of(std::string_view word) {
  if (word.size() < 3) return std::nullopt;
  for (std::size_t i = 0; i < kMonths.size(); ++i)
    if (equal_no_case(word.substr(0, 3), kMonths[i])) return static_cast<int>(i) + 1;
  return std::nullopt;
}

// obs-zone, RFC 5322 §4.3. Military letters count as -0000, since RFC 822 had their signs wrong.
int named_zone(std::string_view word) {
  struct Row {
    std::string_view name;
    int hours;
  };
  static constexpr Row kRows[] = {{"EDT", -4}, {"EST", -5}, {"CDT", -5}, {"CST", -6},
                                  {"MDT", -6}, {"MST", -7}, {"PDT", -7}, {"PST", -8}};
  for (const Row& row : kRows)
    if (equal_no_case(word, row.name)) return row.hours * 60;
  return 0;
}

int zone_of(Scanner& in) {
  const bool minus = in.peek() == '-';
  if (!in.take('+') && !in.take('-')) return named_zone(in.word());
  const std::string_view digits = in.digits();
  const std::optional<int> value = number(digits, 4);
  if (!value || digits.size() < 3) return 0;
  const int minutes = *value / 100 * 60 + *value % 100;
  return minus ? -minutes : minutes;
}

std::optional<int> year_of(std::string_view digits) {
  const std::optional<int> year = number(digits, 6);
  if (!year || digits.size() < 2) return std::nullopt;
  if (digits.size() == 2) return *year < 50 ? 2000 + *year : 1900 + *year;
  return digits.size() == 3 ? 1900 + *year : *year;
}

int days_in(int month, int year) {
  constexpr std::array<int, 12> kDaysIn = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return kDaysIn[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

}  // namespace

std::string format_date(Date date) {
  const std::int64_t local = date.unix_seconds + date.zone_minutes * 60;
  const std::int64_t days = floor_div(local, 86400);
  const int second = static_cast<int>(local - days * 86400);
  const Civil civil = civil_from_days(days);
  const int zone = date.zone_minutes < 0 ? -date.zone_minutes : date.zone_minutes;
  const auto weekday = static_cast<std::size_t>(days - floor_div(days, 7) * 7);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} {}{:02}{:02}", kDays[weekday], civil.day,
                     kMonths[static_cast<std::size_t>(civil.month - 1)], civil.year, second / 3600,
                     second / 60 % 60, second % 60, date.zone_minutes < 0 ? '-' : '+', zone / 60,
                     zone % 60);
}

std::optional<Date> parse_date(std::string_view text) {
  Scanner in(text);
  if (is_alpha(in.peek())) {
    in.word();  // the day's name
    in.take(',');
  }
  const std::optional<int> day = number(in.digits(), 2);
  in.take('-');  // "01-Mar-2026", no RFC's, and yet met
  const std::optional<int> month = month_of(in.word());
  in.take('-');
  const std::optional<int> year = year_of(in.digits());
  const std::optional<int> hour = number(in.digits(), 2);
  if (!in.take(':')) return std::nullopt;
  const std::optional<int> minute = number(in.digits(), 2);
  std::optional<int> second = 0;
  if (in.take(':')) second = number(in.digits(), 2);
  if (!day || !month || !year || !hour || !minute || !second) return std::nullopt;
  if (*day < 1 || *day > days_in(*month, *year) || *hour > 23 || *minute > 59 || *second > 60)
    return std::nullopt;
  const int zone = zone_of(in);
  const std::int64_t local =
      days_from_civil(*year, *month, *day) * 86400 + *hour * 3600 + *minute * 60 + *second;
  return Date{local - zone * 60, zone};
}

}  // namespace mailscope::mime
