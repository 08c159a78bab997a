// The command line of a subcommand, read with Boost.Program_options: --help, named options,
// positional arguments, and errors as one line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/program_options.hpp>

#include "viz/cli/commands.hpp"

namespace mailscope::cli {

namespace po = boost::program_options;

struct Usage {
  std::string_view synopsis;  // "mailscope run SCENARIO [options]"
  std::string_view about;     // what it does, in two or three lines
  std::string_view examples;  // lines of example calls
};

// Reads `arguments` into `values`. Returns an exit code when the command is already over: --help
// was answered, or the usage was wrong and that was said.
std::optional<int> read_options(const Arguments& arguments, po::options_description visible,
                                const std::string& positional, const Usage& usage,
                                po::variables_map& values);

// "mailscope: TEXT" on standard error.
int fail(int code, std::string_view text);

// Whether standard error is a terminal: only then is progress shown.
bool shows_progress();

}  // namespace mailscope::cli
