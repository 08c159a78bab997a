#include "viz/cli/instant.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "protocols/base/ascii.hpp"

namespace mailscope::cli {

std::optional<trace::Time> parse_time(std::string_view text, trace::Time duration) {
  struct Unit {
    std::string_view name;
    double nanoseconds;
  };
  const Unit units[] = {{"%", static_cast<double>(duration) / 100},
                        {"ns", 1},
                        {"us", 1e3},
                        {"ms", 1e6},
                        {"min", 6e10},
                        {"s", 1e9},
                        {"h", 3.6e12},
                        {"", 1e9}};
  double number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || !(number >= 0)) return std::nullopt;
  const std::string_view unit = trim(text.substr(static_cast<std::size_t>(rest - text.data())));
  for (const Unit& known : units)
    if (unit == known.name && number * known.nanoseconds < 9e18)
      return std::llround(number * known.nanoseconds);
  return std::nullopt;
}

std::string no_time(std::string_view text) {
  return fmt::format("--at \"{}\" is not a time; write --at 1.25s, --at 300ms or --at 50%",
                     printable(text));
}

}  // namespace mailscope::cli
