// Whether the words of an event exist at all: its hosts, its command, its reply code. A pattern
// with a word that nothing ever says would be true of no run, and nobody would notice that it was
// only misspelt.
//
// Each function says what is wrong and what was perhaps meant; nothing when all is well.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/reading/scenario.hpp"

namespace mailscope::scenarios {

std::optional<std::string> find_unknown_host(std::string_view name, const Scenario& scenario);
std::optional<std::string> find_unknown_verb(std::string_view verb);
// `verb`: that is answered; "the message" for the answer to the final dot, empty for any.
std::optional<std::string> find_unknown_reply(std::string_view code, std::string_view verb);

// A record type of DNS: the verb of a question in a language that talks in datagrams.
bool is_question(std::string_view word);

// "there is no KIND "WORD"; perhaps NEAR?", or what there is.
std::string no_such_word(std::string_view kind, std::string_view word,
                         const std::vector<std::string_view>& known);

inline constexpr std::string_view kTheMessage = "the message";

}  // namespace mailscope::scenarios
