// Each scenario's transcript, as it was looked at and approved. After a wanted change:
//   MAILSCOPE_APPROVE=1 ./test -R golden
// writes the files anew; read the difference before you commit it.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "captures/export/transcript.hpp"
#include "scenarios/loader.hpp"
#include "scenarios/player.hpp"

using namespace mailscope;

TEST_CASE("each scenario's transcript is its golden one") {
  for (const auto& shipped : scenarios::shipped_scenarios()) {
    INFO(shipped.name);
    const auto scenario = *scenarios::load_scenario(std::string(shipped.name));
    const auto run = scenarios::play(scenario, scenario.seed);
    const std::string now = export_::transcript(run.trace);
    const std::string file = std::string(MAILSCOPE_SOURCE_DIR) + "/tests/scenarios/goldens/" +
                             std::string(shipped.name) + ".txt";
    if (std::getenv("MAILSCOPE_APPROVE")) std::ofstream(file, std::ios::binary) << now;
    std::ifstream in(file, std::ios::binary);
    std::ostringstream golden;
    golden << in.rdbuf();
    REQUIRE(in);
    CHECK(now == golden.str());
  }
}
