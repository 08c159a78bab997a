// What a finding can be: its code, how severe it can be, what it means, and the rule behind it.
// Those of files, frames, TCP and mail stand here, those of a protocol in its description
// (captures/languages/languages.hpp has all of them). Whoever reports a finding takes its code from
// there; `mailscope explain CODE` says the sentence. (An observer of a protocol reports a
// Violation; told of a connection it is a finding.)
#pragma once

#include <algorithm>
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

constexpr bool are_sorted(std::span<const FindingKind> kinds) {
  return std::ranges::is_sorted(kinds, {}, &FindingKind::code);
}

// Those of no protocol, sorted by code. Static text.
std::span<const FindingKind> common_finding_kinds();

}  // namespace mailscope::trace
