#include "protocols/pop3/observer_looks.hpp"

#include <algorithm>

#include "protocols/base/ascii.hpp"

namespace mailscope::pop3 {

bool may_become_status(std::string_view line) {
  constexpr std::string_view kOk = "+OK", kErr = "-ERR";
  return kOk.starts_with(line) || kErr.starts_with(line);
}

bool is_status(std::string_view line) {
  const bool ok = line.starts_with("+OK");
  if (!ok && !line.starts_with("-ERR")) return false;
  const std::size_t length = ok ? 3 : 4;
  return line.size() == length || line[length] == ' ' || line[length] == '\r' ||
         line[length] == '\n';
}

bool looks_like_listing(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (line == ".") return true;
  if (space == std::string_view::npos || space == 0 || space > 9) return false;
  if (!std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(space), is_digit))
    return false;
  return line.size() > space + 1 && line.find(' ', space + 1) == std::string_view::npos;
}

bool looks_like_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  return std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon),
                     [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace mailscope::pop3
