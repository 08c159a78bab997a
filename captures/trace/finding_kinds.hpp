// Every finding that there is: its code, how severe it can be, what it means, and the rule behind
// it. Whoever reports a finding takes its code from here; `mailscope explain CODE` says the
// sentence. (An observer of a protocol reports a Violation; told of a connection it is a finding.)
#pragma once

#include <span>
#include <string_view>

#include "captures/trace/trace.hpp"

namespace mailscope::trace {

struct FindingKind {
  std::string_view code;     // "smtp.bare-lf": who finds it, and what
  Severity severity;         // the most that it can be
  std::string_view title;    // a few words
  std::string_view meaning;  // what it is, and what may come of it
  std::string_view section;  // "RFC 5321 §2.3.8"; empty where no RFC has a rule
};

// Sorted by code. Static text.
std::span<const FindingKind> finding_kinds();
// Null when there is none of this code.
const FindingKind* find_finding_kind(std::string_view code);

}  // namespace mailscope::trace
