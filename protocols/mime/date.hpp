// Dates of messages: RFC 5322 §3.3 and the obsolete forms of §4.3.
//
//   date-time = [day-name ","] day month year hour ":" minute [":" second] zone
//   zone      = ("+" / "-") 4DIGIT / obs-zone        obs-zone  = "UT" / "GMT" / "EST" / ... /
//   military obs-year  = 2*3DIGIT: 00-49 are 20yy, 50-99 are 19yy, three digits are added to 1900
//
// No clock and no time zone of the machine: times are Unix seconds, zones minutes east of UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailscope::mime {

struct Date {
  std::int64_t unix_seconds = 0;
  int zone_minutes = 0;
  friend bool operator==(const Date&, const Date&) = default;
};

std::string format_date(Date date);  // "Mon, 02 Mar 2026 09:15:00 +0100"

// A day name is not checked. Comments and white space may stand anywhere. An unknown zone name
// counts as -0000 (RFC 5322 §4.3), and so does a missing one.
std::optional<Date> parse_date(std::string_view text);

}  // namespace mailscope::mime
