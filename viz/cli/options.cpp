#include "viz/cli/options.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/program_options.hpp>
#include <charconv>
#include <iostream>
#include <sstream>

#include "protocols/base/ascii.hpp"

namespace mailscope::cli {
namespace {

namespace po = boost::program_options;

constexpr Option kHelpOption = {.name = "help,h", .help = "this text"};

void add(po::options_description& described, const Option& option) {
  const std::string name(option.name), help(option.help);
  auto adding = described.add_options();
  if (option.value.empty()) return void(adding(name.c_str(), help.c_str()));
  const std::string takes(option.value);
  if (option.many)
    return void(adding(name.c_str(), po::value<Arguments>()->value_name(takes), help.c_str()));
  auto* value = po::value<std::string>()->value_name(takes);
  if (!option.usual.empty()) value->default_value(std::string(option.usual));
  adding(name.c_str(), value, help.c_str());
}

po::options_description describe(const Usage& usage) {
  po::options_description described("Options");
  for (const Option& option : usage.options) add(described, option);
  add(described, kHelpOption);
  return described;
}

void print_help(const po::options_description& described, const Usage& usage) {
  std::ostringstream options;
  options << described;
  fmt::print("Usage: {}\n\n{}\n\n{}\nExamples:\n{}", usage.synopsis, usage.about, options.str(),
             usage.examples);
}

void parse(const Arguments& arguments, const Usage& usage, po::options_description all,
           po::variables_map& values) {
  po::positional_options_description places;
  if (!usage.positional.empty()) {
    const std::string name(usage.positional);
    all.add_options()(name.c_str(), po::value<Arguments>(), "");
    places.add(name.c_str(), -1);
  }
  using namespace po::command_line_style;
  // No guessing of shortened options: a script must mean what it says.
  const auto style = unix_style & ~allow_guessing;
  po::store(po::command_line_parser(arguments).options(all).positional(places).style(style).run(),
            values);
  po::notify(values);
}

Arguments texts_of(const boost::any& value) {
  if (const auto* many = boost::any_cast<Arguments>(&value)) return *many;
  const auto* text = boost::any_cast<std::string>(&value);
  return text ? Arguments{*text} : Arguments{};
}

// True when all of the text is a number from 0 to `max`.
bool parse_number(std::string_view text, std::uint64_t max, std::uint64_t& number) {
  std::uint64_t read = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
  if (error != std::errc{} || end != text.data() + text.size() || read > max) return false;
  number = read;
  return true;
}

}  // namespace

std::string Given::text(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() || found->second.empty() ? std::string() : found->second.back();
}

Arguments Given::all(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? Arguments{} : found->second;
}

void Given::put(std::string_view name, Arguments values) {
  values_.insert_or_assign(std::string(name), std::move(values));
}

std::optional<int> read_options(const Arguments& arguments, const Usage& usage, Given& given) {
  const po::options_description described = describe(usage);
  po::variables_map values;
  try {
    parse(arguments, usage, described, values);
  } catch (const po::error& error) {
    return fail(kWrongUsage,
                fmt::format("{}; usage: {}", printable_utf8(error.what()), usage.synopsis));
  }
  if (values.count("help")) {
    print_help(described, usage);
    return kDone;
  }
  for (const auto& [name, value] : values) given.put(name, texts_of(value.value()));
  return std::nullopt;
}

bool read_number(const Given& given, std::string_view name, std::uint64_t max,
                 std::uint64_t& number) {
  if (!given.has(name)) return true;
  const std::string text = given.text(name);
  if (parse_number(text, max, number)) return true;
  fail(kWrongUsage, fmt::format("--{} \"{}\" is not a whole number from 0 to {}", name,
                                printable_utf8(text), max));
  return false;
}

bool read_seed(const Given& given, std::optional<std::uint64_t>& seed) {
  if (!given.has("seed")) return true;
  const std::string text = given.text("seed");
  std::uint64_t number = 0;
  if (!parse_number(text, UINT64_MAX, number)) {
    fail(kWrongUsage, fmt::format("--seed \"{}\" is not a whole number from 0 up; write --seed 7",
                                  printable_utf8(text)));
    return false;
  }
  seed = number;
  return true;
}

bool read_theme(const Given& given, bool& light) {
  const std::string theme = given.text("theme");
  light = theme == "light";
  if (light || theme == "dark") return true;
  fail(kWrongUsage,
       fmt::format("there is no theme \"{}\"; there are dark and light", printable_utf8(theme)));
  return false;
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
