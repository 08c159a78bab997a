#include <fmt/format.h>
#include <fmt/ranges.h>

#include "captures/export/json_text.hpp"
#include "scenarios/lessons/shipped.hpp"
#include "scenarios/reading/loader.hpp"
#include "viz/cli/options.hpp"

namespace mailscope::cli {
namespace {

constexpr Option kListOptions[] = {
    {.name = "json", .help = "as a JSON array of name, title, summary and topics"},
};

constexpr Usage kListUsage = {
    "mailscope list [--json]",
    "Shows the scenarios that come with MailScope, in teaching order, with the curriculum topics\n"
    "that each of them teaches.",
    "  mailscope list\n"
    "  mailscope list --json\n",
    {},
    kListOptions};

void print_summary_lines(std::string_view text, std::size_t indent, std::size_t width) {
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

// A value a line, as people like to read it.
void print_json(const std::vector<scenarios::Scenario>& all) {
  const auto quoted = [](const std::vector<std::string>& texts) {
    std::vector<std::string> out;
    for (const std::string& text : texts) out.push_back("      " + export_::json_string(text));
    return out;
  };
  std::vector<std::string> objects;
  for (const scenarios::Scenario& scenario : all)
    objects.push_back(fmt::format(
        "  {{\n    \"name\": {},\n    \"title\": {},\n    \"summary\": {},\n    \"topics\": [\n{}\n"
        "    ]\n  }}",
        export_::json_string(scenario.name), export_::json_string(scenario.title),
        export_::json_string(scenario.summary), fmt::join(quoted(scenario.topics), ",\n")));
  fmt::print("[\n{}\n]\n", fmt::join(objects, ",\n"));
}

void print_text(const std::vector<scenarios::Scenario>& all) {
  for (const scenarios::Scenario& scenario : all) {
    fmt::print("{}\n    {}\n", scenario.name, scenario.title);
    print_summary_lines(scenario.summary, 4, 90);
    fmt::print("    topics: {}\n\n", fmt::join(scenario.topics, " "));
  }
  fmt::print("mailscope view NAME opens one in the window, mailscope run NAME plays it here.\n");
}

}  // namespace

int list_command(const Arguments& arguments) {
  Given given;
  if (const auto over = read_options(arguments, kListUsage, given)) return *over;
  std::vector<scenarios::Scenario> all;
  for (const scenarios::ShippedScenario& shipped : scenarios::shipped_scenarios()) {
    auto scenario = scenarios::load_scenario(std::string(shipped.name));
    if (!scenario) return fail(kFailed, scenario.error());
    all.push_back(std::move(*scenario));
  }
  given.has("json") ? print_json(all) : print_text(all);
  return kDone;
}

}  // namespace mailscope::cli
