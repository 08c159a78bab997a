#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "scenarios/lessons/shipped.hpp"
#include "scenarios/reading/loader.hpp"
#include "viz/cli/options.hpp"

namespace mailscope::cli {
namespace {

constexpr Usage kUsage = {
    "mailscope list [--json]",
    "Shows the scenarios that come with MailScope, in teaching order, with the curriculum topics\n"
    "that each of them teaches.",
    "  mailscope list\n"
    "  mailscope list --json\n"};

void print_wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (column > 0 && column + 1 + word.size() > width) {
      fmt::print("\n");
      column = 0;
    }
    if (column == 0)
      fmt::print("{:{}}{}", "", indent, word);
    else
      fmt::print(" {}", word);
    column += word.size() + (column > 0 ? 1 : 0);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  fmt::print("\n");
}

}  // namespace

int list_command(const Arguments& arguments) {
  po::options_description options("Options");
  options.add_options()("json", "as a JSON array of name, title, summary and topics");
  po::variables_map values;
  if (const auto over = read_options(arguments, options, "", kUsage, values)) return *over;

  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const scenarios::ShippedScenario& shipped : scenarios::shipped_scenarios()) {
    const auto scenario = scenarios::load_scenario(std::string(shipped.name));
    if (!scenario) return fail(kFailed, scenario.error());
    all.push_back({{"name", scenario->name},
                   {"title", scenario->title},
                   {"summary", scenario->summary},
                   {"topics", scenario->topics}});
  }
  if (values.count("json")) {
    fmt::print("{}\n", all.dump(2));
    return kDone;
  }
  for (const auto& one : all) {
    fmt::print("{}\n    {}\n", one["name"].get<std::string>(), one["title"].get<std::string>());
    print_wrapped(one["summary"].get<std::string>(), 4, 90);
    fmt::print("    topics: {}\n\n", fmt::join(one["topics"].get<std::vector<std::string>>(), " "));
  }
  fmt::print("mailscope view NAME opens one in the window, mailscope run NAME plays it here.\n");
  return kDone;
}

}  // namespace mailscope::cli
