// What cannot work in a lesson's world, found without playing it: a program, a link or a route that
// was forgotten. A hint is no mistake (a lesson may mean it so); `mailscope run` tells it.
#pragma once

#include <string>
#include <vector>

#include "scenarios/reading/scenario.hpp"

namespace mailscope::scenarios {

struct Hint {
  int line = 0;      // of the host, action or table that it is about
  std::string text;  // one line: what will not happen, why, and what would help
};

// In the order of the lines; none for a world in which every letter may arrive.
std::vector<Hint> find_hints(const Scenario& scenario);

}  // namespace mailscope::scenarios
