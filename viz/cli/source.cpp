#include "viz/cli/source.hpp"

#include <fmt/format.h>

#include "captures/observe/capture/capture.hpp"
#include "scenarios/playing/player.hpp"
#include "scenarios/reading/loader.hpp"
#include "viz/cli/progress.hpp"

namespace mailscope::cli {

tl::expected<std::unique_ptr<trace::Trace>, std::string> open_source(
    const std::vector<std::string>& names, std::optional<std::uint64_t> seed) {
  if (names.size() == 1 && scenarios::is_scenario_name(names[0])) {
    const auto scenario = scenarios::load_scenario(names[0]);
    if (!scenario) return tl::unexpected(scenario.error());
    return std::make_unique<trace::Trace>(
        scenarios::play(*scenario, seed.value_or(scenario->seed)).trace);
  }
  for (const std::string& name : names)
    if (scenarios::is_scenario_name(name))
      return tl::unexpected(
          fmt::format("{} is a scenario: give one scenario, or any number of captures", name));
  auto trace = std::make_unique<trace::Trace>();
  observe::CaptureOptions options;
  Progress progress("reading");
  options.progress = [&](double share) { progress.show(share); };
  const auto read = observe::analyze_files(names, *trace, options);
  progress.clear();
  if (!read) return tl::unexpected(read.error());
  return trace;
}

}  // namespace mailscope::cli
