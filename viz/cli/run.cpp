#include <fmt/format.h>

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

constexpr Option kRunOptions[] = {
    {.name = "seed",
     .value = "N",
     .help = "seed of the random streams; the scenario's own if not given"},
    {.name = "do",
     .value = "\"TIME ACTION\"",
     .help = "an intervention, any number of them: drop HOST HOST, cut HOST HOST, mend HOST HOST, "
             "off HOST, on HOST, crash HOST, restart HOST, refuse HOST, full HOST, fault HOST VERB "
             "CODE and more (scenarios/README.md)",
     .many = true},
    {.name = "json", .help = "the report as JSON"},
    {.name = "exchanges",
     .help = "every command with its replies: in the JSON, or as plain text without it"},
    {.name = "pcap", .value = "FILE", .help = "saves the frames as a capture"},
    {.name = "show-secrets", .help = "does not mask passwords"},
    {.name = "quiet,q", .help = "no transcript: only the checks that failed"},
};

constexpr Usage kRunUsage = {
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
    "  mailscope run my-lesson.toml --quiet && echo passed\n",
    "SCENARIO", kRunOptions};

tl::expected<std::vector<scenarios::Intervention>, std::string> parse_interventions(
    const Given& given, const scenarios::Scenario& scenario) {
  std::vector<scenarios::Intervention> interventions;
  for (const std::string& text : given.all("do")) {
    auto intervention = scenarios::parse_intervention(text, scenario);
    if (!intervention) return tl::unexpected("--do " + intervention.error());
    interventions.push_back(*intervention);
  }
  return interventions;
}

void print_report(const scenarios::Run& run, const Given& given) {
  const bool secrets = given.has("show-secrets");
  const bool exchanges = given.has("exchanges");
  if (given.has("json")) {
    export_::write_json(std::cout, run.trace, {.exchanges = exchanges, .show_secrets = secrets});
    return;
  }
  if (given.has("quiet")) return;
  export_::TranscriptOptions options;
  options.show_secrets = secrets;
  options.inside_events = options.narration = !exchanges;
  export_::write_transcript(std::cout, run.trace, options);
  if (run.checks.empty()) return;
  std::cout << "\nAt the end:\n";
  for (const scenarios::CheckResult& check : run.checks)
    std::cout << (check.passed ? "  true   " : "  FALSE  ") << check.text
              << (check.passed ? "" : ": " + check.found) << '\n';
}

int verdict(const scenarios::Scenario& scenario, const scenarios::Run& run) {
  int code = kDone;
  if (!run.ended)
    code = fail(kFailed,
                fmt::format("{}: the run did not come to an end and was stopped", scenario.file));
  for (const scenarios::CheckResult& check : run.checks)
    if (!check.passed)
      code = fail(kFailed, fmt::format("{}:{}: the check \"{}\" failed: {}", scenario.file,
                                       check.line, check.text, check.found));
  return code;
}

// A note that is never told, an action that never begins and a world in which mail cannot arrive
// are most often a slip of the pen.
void tell_missed(const scenarios::Scenario& scenario, const scenarios::Run& run) {
  for (const scenarios::Missed& missed : run.missed)
    std::cerr << scenario.file << ':' << missed.line << ": \"" << missed.event
              << "\" never happened\n";
  for (const scenarios::Hint& hint : scenarios::find_hints(scenario))
    std::cerr << scenario.file << ':' << hint.line << ": " << hint.text << '\n';
}

}  // namespace

int run_command(const Arguments& arguments) {
  Given given;
  if (const auto over = read_options(arguments, kRunUsage, given)) return *over;
  const Arguments names = given.all("SCENARIO");
  if (names.size() != 1)
    return fail(kWrongUsage, fmt::format("run wants one scenario; usage: {}", kRunUsage.synopsis));
  const auto scenario = scenarios::load_scenario(names[0]);
  if (!scenario) return fail(kWrongUsage, scenario.error());
  std::optional<std::uint64_t> seed = scenario->seed;
  if (!read_seed(given, seed)) return kWrongUsage;
  const auto interventions = parse_interventions(given, *scenario);
  if (!interventions) return fail(kWrongUsage, interventions.error());

  const scenarios::Run run = scenarios::play(*scenario, *seed, *interventions);
  if (given.has("pcap")) {
    const auto written = export_::write_pcap(run.trace, given.text("pcap"));
    if (!written) return fail(kWrongUsage, written.error());
  }
  print_report(run, given);
  std::cout.flush();
  if (interventions->empty()) tell_missed(*scenario, run);
  return verdict(*scenario, run);
}

}  // namespace mailscope::cli
