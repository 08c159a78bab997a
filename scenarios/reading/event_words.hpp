// Whether the words of an event exist at all: its command, its reply code, the variable of an
// inside event. A pattern with a word that nothing ever says would be true of no run, and nobody
// would notice that it was only misspelt.
#pragma once

#include <optional>
#include <string>

#include "scenarios/reading/scenario.hpp"

namespace mailscope::scenarios {

// What is wrong and what was perhaps meant; nothing when all is well. Hosts are not looked at.
std::optional<std::string> find_unknown_word(const EventPattern& pattern, const Scenario& scenario);

}  // namespace mailscope::scenarios
