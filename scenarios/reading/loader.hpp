// Reads scenario files (TOML v1.0) and the shipped ones (lessons/shipped.hpp).
//
// A mistake comes back as one line, "FILE:LINE: what is wrong, and what would be right". Nothing of
// a file with a mistake is used.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "scenarios/reading/scenario.hpp"

namespace mailscope::scenarios {

// `name` is the scenario's name, `file` what messages call it.
tl::expected<Scenario, std::string> parse_scenario(std::string_view toml, std::string name,
                                                   std::string file);

// A shipped scenario's name, or the path of a .toml file.
tl::expected<Scenario, std::string> load_scenario(const std::string& name_or_path);

// True for a shipped name and for a path that ends in .toml.
bool is_scenario_name(std::string_view name_or_path);

// "Envelope and content" for "A12"; empty where the curriculum has no such topic.
std::string_view topic_title(std::string_view id);

}  // namespace mailscope::scenarios
