#include "viz/cli/options.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <sstream>

#include "protocols/base/ascii.hpp"

namespace mailscope::cli {
namespace {

void print_help(const po::options_description& visible, const Usage& usage) {
  std::ostringstream options;
  options << visible;
  fmt::print("Usage: {}\n\n{}\n\n{}\nExamples:\n{}", usage.synopsis, usage.about, options.str(),
             usage.examples);
}

}  // namespace

std::optional<int> read_options(const Arguments& arguments, po::options_description visible,
                                const std::string& positional, const Usage& usage,
                                po::variables_map& values) {
  visible.add_options()("help,h", "this text");
  po::options_description all;
  all.add(visible);
  po::positional_options_description places;
  if (!positional.empty()) {
    all.add_options()(positional.c_str(), po::value<std::vector<std::string>>(), "");
    places.add(positional.c_str(), -1);
  }
  try {
    using namespace po::command_line_style;
    // No guessing of shortened options: a script must mean what it says.
    const auto style = unix_style & ~allow_guessing;
    po::store(po::command_line_parser(arguments).options(all).positional(places).style(style).run(),
              values);
    if (values.count("help")) {
      print_help(visible, usage);
      return kDone;
    }
    po::notify(values);
  } catch (const po::error& error) {
    return fail(kWrongUsage,
                fmt::format("{}; usage: {}", printable_utf8(error.what()), usage.synopsis));
  }
  return std::nullopt;
}

int fail(int code, std::string_view text) {
  std::cout.flush();
  fmt::print(stderr, "mailscope: {}\n", text);
  return code;
}

bool shows_progress() {
  return isatty(STDERR_FILENO) == 1;
}

}  // namespace mailscope::cli
