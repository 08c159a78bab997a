// The words for inside events: which variables there are, whose they are, which values each can
// have. `mailbox bob = 1`, `power = crashed`, `socket MTA client = connect(10.0.2.25:25)`.
//
// They are read once, with the file, into the typed values that a run's changes have
// (captures/trace/inside.hpp); a word that no host ever tells is an error, with what was perhaps
// meant.
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "captures/trace/inside.hpp"
#include "scenarios/reading/scenario.hpp"

namespace mailscope::scenarios {

// "mailbox bob": a kind and the user's or program's name. The subject is a view of `text`.
tl::expected<trace::What, std::string> parse_variable(std::string_view text,
                                                      const Scenario& scenario);

// As trace::text() writes it. Where a variable may have a state or a name ("log-in = failed",
// "log-in = bob"), a state's word is the state.
tl::expected<trace::Value, std::string> parse_value(trace::VariableKind kind,
                                                    std::string_view text);

}  // namespace mailscope::scenarios
