#include "protocols/smtp/observer_looks.hpp"

#include <array>

#include "protocols/base/ascii.hpp"

namespace mailscope::smtp {
namespace {

// Beginnings of lines that are commands and hardly text: a header field has its colon elsewhere.
constexpr std::array<std::string_view, 12> kCommandBeginnings = {
    "MAIL FROM:", "RCPT TO:",     "RSET\r\n", "QUIT\r\n", "DATA\r\n", "NOOP\r\n",
    "EHLO ",      "STARTTLS\r\n", "HELO ",    "BDAT ",    "AUTH ",    "LHLO "};

}  // namespace

Looks looks_like(std::string_view front) {
  Looks looks = Looks::Text;
  for (const std::string_view beginning : kCommandBeginnings) {
    if (starts_with_no_case(front, beginning)) return Looks::Command;
    if (starts_with_no_case(beginning, front)) looks = Looks::NotYet;
  }
  return looks;
}

bool is_surely_command(std::string_view line) {
  for (std::string_view beginning : kCommandBeginnings) {
    const bool whole = beginning.ends_with("\r\n");
    if (whole) beginning.remove_suffix(2);
    if (whole ? equal_no_case(trim(line), beginning) : starts_with_no_case(line, beginning))
      return true;
  }
  return false;
}

}  // namespace mailscope::smtp
