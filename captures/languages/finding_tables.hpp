// The tables behind Language::finding_kinds() of the larger descriptions, each in a file of its
// own.
#pragma once

#include <span>

#include "captures/trace/finding_kinds.hpp"

namespace mailscope::languages {

std::span<const trace::FindingKind> smtp_finding_kinds();
std::span<const trace::FindingKind> pop3_finding_kinds();
std::span<const trace::FindingKind> imap_finding_kinds();
std::span<const trace::FindingKind> dns_finding_kinds();

}  // namespace mailscope::languages
