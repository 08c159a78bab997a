// The command line of a subcommand as data: its options, --help, positional arguments, and errors
// as one line. Boost.Program_options reads it, in options.cpp alone.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "viz/cli/commands.hpp"

namespace mailscope::cli {

struct Option {
  std::string_view name;        // "json"; with its letter: "output,o"
  std::string_view value = {};  // what it takes, for people: "FILE"; empty: it takes nothing
  std::string_view help;
  std::string_view usual = {};  // the value where none is given
  bool many = false;            // may be given several times
};

struct Usage {
  std::string_view synopsis;         // "mailscope run SCENARIO [options]"
  std::string_view about;            // what it does, in two or three lines
  std::string_view examples;         // lines of example calls
  std::string_view positional = {};  // what stands without a name: "CAPTURE"; empty: nothing may
  std::span<const Option> options = {};
};

// What was given, by the names of the options and of what is positional.
class Given {
 public:
  bool has(std::string_view name) const { return values_.contains(name); }
  // The value, which is the usual one where none was given; empty where there is neither.
  std::string text(std::string_view name) const;
  // All values of an option that may be given several times, or of what is positional.
  Arguments all(std::string_view name) const;
  void put(std::string_view name, Arguments values);

 private:
  std::map<std::string, Arguments, std::less<>> values_;
};

// Reads `arguments` into `given`. Returns an exit code when the command is already over: --help was
// answered, or the usage was wrong and that was said.
std::optional<int> read_options(const Arguments& arguments, const Usage& usage, Given& given);

// The number of an option; it stays as it is where the option was not given. False, and the error
// said, when it is no whole number from 0 to `max`.
bool read_number(const Given& given, std::string_view name, std::uint64_t max,
                 std::uint64_t& number);
// The same for --seed, which has no bound.
bool read_seed(const Given& given, std::optional<std::uint64_t>& seed);
// --theme; false, and the error said, when there is no such.
bool read_theme(const Given& given, bool& light);

// "mailscope: TEXT" on standard error.
int fail(int code, std::string_view text);

// Whether standard error is a terminal: only then is progress shown.
bool shows_progress();

}  // namespace mailscope::cli
