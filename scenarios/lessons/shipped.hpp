// The shipped lessons and the curriculum table: this folder's files, part of the program.
#pragma once

#include <string_view>
#include <vector>

namespace mailscope::scenarios {

struct ShippedScenario {
  std::string_view name;
  std::string_view toml;
  std::string_view part;  // of the course: "From Alice to Bob"
};
// In teaching order. Static text.
const std::vector<ShippedScenario>& shipped_scenarios();

// curriculum.md. Static text.
std::string_view curriculum();

}  // namespace mailscope::scenarios
