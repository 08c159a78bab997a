#include <fmt/format.h>

#include <charconv>
#include <iostream>

#include "captures/export/json.hpp"
#include "captures/export/pcap_export.hpp"
#include "captures/export/transcript.hpp"
#include "scenarios/playing/player.hpp"
#include "scenarios/reading/hints.hpp"
#include "scenarios/reading/loader.hpp"
#include "viz/cli/options.hpp"

namespace mailscope::cli {
namespace {

constexpr Usage kUsage = {
    "mailscope run SCENARIO [options]",
    "Plays a scenario and prints its narrated transcript: virtual time, who speaks to whom, C: and "
    "S:\n"
    "lines, and what happens inside the hosts. SCENARIO is a name from `mailscope list` or a .toml "
    "file.\n"
    "The same scenario, seed and interventions give the same frames, octet for octet.",
    "  mailscope run maa\n"
    "  mailscope run maa --json --exchanges\n"
    "  mailscope run lossy-line --seed 7 --pcap out.pcap\n"
    "  mailscope run maa --do \"300 ms drop mail.alpha.example internet\"\n"
    "  mailscope run my-lesson.toml --quiet && echo passed\n"};

po::options_description describe_options() {
  po::options_description options("Options");
  options.add_options()("seed", po::value<std::string>()->value_name("N"),
                        "seed of the random streams; the scenario's own if not given")(
      "do", po::value<std::vector<std::string>>()->value_name("\"TIME ACTION\"")->composing(),
      "an intervention, any number of them: drop HOST HOST, cut HOST HOST, mend HOST HOST, off "
      "HOST, on HOST, crash HOST, restart HOST, refuse HOST, full HOST, fault HOST VERB CODE and "
      "more (scenarios/README.md)")("json", "the report as JSON")(
      "exchanges", "every command with its replies: in the JSON, or as plain text without it")(
      "pcap", po::value<std::string>()->value_name("FILE"), "saves the frames as a capture")(
      "show-secrets", "does not mask passwords")("quiet,q",
                                                 "no transcript: only the checks that failed");
  return options;
}

tl::expected<std::uint64_t, std::string> parse_seed(const std::string& text) {
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error != std::errc{} || end != text.data() + text.size())
    return tl::unexpected(
        fmt::format("--seed \"{}\" is not a whole number from 0 up; write --seed 7", text));
  return seed;
}

tl::expected<std::vector<scenarios::Intervention>, std::string> parse_interventions(
    const po::variables_map& values, const scenarios::Scenario& scenario) {
  std::vector<scenarios::Intervention> list;
  if (!values.count("do")) return list;
  for (const std::string& text : values["do"].as<std::vector<std::string>>()) {
    auto one = scenarios::parse_intervention(text, scenario);
    if (!one) return tl::unexpected("--do " + one.error());
    list.push_back(*one);
  }
  return list;
}

void print_report(const scenarios::Run& run, const po::variables_map& values) {
  const bool secrets = values.count("show-secrets") > 0;
  const bool exchanges = values.count("exchanges") > 0;
  if (values.count("json")) {
    export_::write_json(std::cout, run.trace, {.exchanges = exchanges, .show_secrets = secrets});
    return;
  }
  if (values.count("quiet")) return;
  export_::TranscriptOptions options;
  options.show_secrets = secrets;
  options.inside_events = options.narration = !exchanges;
  export_::write_transcript(std::cout, run.trace, options);
  if (run.checks.empty()) return;
  std::cout << "\nAt the end:\n";
  for (const scenarios::CheckResult& one : run.checks)
    std::cout << (one.passed ? "  true   " : "  FALSE  ") << one.text
              << (one.passed ? "" : ": " + one.found) << '\n';
}

int verdict(const scenarios::Scenario& scenario, const scenarios::Run& run) {
  int code = kDone;
  if (!run.ended)
    code = fail(kFailed,
                fmt::format("{}: the run did not come to an end and was stopped", scenario.file));
  for (const scenarios::CheckResult& one : run.checks)
    if (!one.passed)
      code = fail(kFailed, fmt::format("{}:{}: the check \"{}\" failed: {}", scenario.file,
                                       one.line, one.text, one.found));
  return code;
}

// A note that is never told, an action that never begins and a world in which mail cannot arrive
// are most often a slip of the pen.
void tell_missed(const scenarios::Scenario& scenario, const scenarios::Run& run) {
  for (const scenarios::Missed& one : run.missed)
    std::cerr << scenario.file << ':' << one.line << ": \"" << one.event << "\" never happened\n";
  for (const scenarios::Hint& hint : scenarios::find_hints(scenario))
    std::cerr << scenario.file << ':' << hint.line << ": " << hint.text << '\n';
}

}  // namespace

int run_command(const Arguments& arguments) {
  po::variables_map values;
  if (const auto over = read_options(arguments, describe_options(), "SCENARIO", kUsage, values))
    return *over;
  const auto names =
      values.count("SCENARIO") ? values["SCENARIO"].as<std::vector<std::string>>() : Arguments{};
  if (names.size() != 1)
    return fail(kWrongUsage, fmt::format("run wants one scenario; usage: {}", kUsage.synopsis));
  const auto scenario = scenarios::load_scenario(names[0]);
  if (!scenario) return fail(kWrongUsage, scenario.error());
  tl::expected<std::uint64_t, std::string> seed = scenario->seed;
  if (values.count("seed")) seed = parse_seed(values["seed"].as<std::string>());
  if (!seed) return fail(kWrongUsage, seed.error());
  const auto interventions = parse_interventions(values, *scenario);
  if (!interventions) return fail(kWrongUsage, interventions.error());

  const scenarios::Run run = scenarios::play(*scenario, *seed, *interventions);
  if (values.count("pcap")) {
    const auto written = export_::write_pcap(run.trace, values["pcap"].as<std::string>());
    if (!written) return fail(kWrongUsage, written.error());
  }
  print_report(run, values);
  std::cout.flush();
  if (interventions->empty()) tell_missed(*scenario, run);
  return verdict(*scenario, run);
}

}  // namespace mailscope::cli
