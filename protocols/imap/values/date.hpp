// The two dates of IMAP. RFC 9051 §9, §6.4.4.
//
//   date       = date-text / DQUOTE date-text DQUOTE
//   date-text  = date-day "-" date-month "-" date-year           ; date-day = 1*2DIGIT
//   date-time  = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP zone DQUOTE
//   date-day-fixed = (SP DIGIT) / 2DIGIT                         ; zone = ("+" / "-") 4DIGIT
//
// A day that the calendar does not have is refused. The 60th second counts as the next minute's
// first. Years are 0000 to 9999.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailscope::imap {

// A day without time and zone, as SEARCH has it.
class Date {
 public:
  static std::optional<Date> parse(std::string_view text);  // date-text, without quotes
  // The day on which a moment falls where the clocks are `zone_minutes` east of UTC.
  static Date of(std::int64_t unix_seconds, int zone_minutes);
  static Date from_days(std::int32_t days) { return Date(days); }

  std::int32_t days() const { return days_; }  // since 1970-01-01
  std::string text() const;                    // "2-Mar-2026"
  friend auto operator<=>(const Date&, const Date&) = default;

 private:
  explicit Date(std::int32_t days) : days_(days) {}
  std::int32_t days_;
};

// A moment with the zone that it was told in: INTERNALDATE, APPEND.
struct DateTime {
  std::int64_t unix_seconds = 0;
  std::int16_t zone_minutes = 0;                                // east of UTC, within a day
  static std::optional<DateTime> parse(std::string_view text);  // without quotes
  // " 2-Mar-2026 09:15:00 +0100", without quotes. Years outside 0000 to 9999 become the nearest.
  void append_to(std::string& out) const;
  std::string text() const;
  friend bool operator==(const DateTime&, const DateTime&) = default;
};

}  // namespace mailscope::imap
