// Where a verb, a parameter, an extension, a reply code, an enhanced code can be seen: the first
// place of each in a run, and in the shipped scenarios.
//
// An occurrence bears the words of the reference (protocols/base/reference.hpp), so that an entry
// and the place where it happens find each other: {"SMTP", "550", "RCPT"} is 550 in answer to RCPT,
// {"SMTP", "SIZE", "extension"} a line of an EHLO list, {"SMTP", "NOTIFY", "RCPT"} a parameter,
// {"SMTP", "PLAIN", "mechanism"} a log-in, {"SMTP", "5.1.1", "enhanced code"}, {"POP3", "RETR",
// ""}. Nothing here explains anything. Mail in captures of the user's own is not looked at.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "captures/trace/trace.hpp"

namespace mailscope::scenarios {

struct Occurrence {
  std::string scenario;  // its name; empty from occurrences_in()
  std::string protocol;  // "SMTP", "POP3"
  std::string word, context;
  trace::Time at = 0;
  trace::Id pdu = trace::kNone;
  std::string line;  // as it was sent, secrets masked
};

// The first of each (protocol, word, context), in order of time.
std::vector<Occurrence> occurrences_in(const trace::Trace& trace);

// A word to look for; case does not count. "X.1.1" is that reason with any class.
struct Term {
  std::string protocol, word;
  std::optional<std::string> context;  // nothing: in any
};
bool matches(const Occurrence& occurrence, const Term& term);

// Plays the shipped scenarios in teaching order, and stops when `max` of them show one of the
// terms: the first occurrence in each. All of them together take about a tenth of a second.
std::vector<Occurrence> find_occurrences(const std::vector<Term>& terms, std::size_t max = 3);

}  // namespace mailscope::scenarios
