// What can be wrong in DNS.
#include "captures/languages/finding_tables.hpp"

namespace mailscope::languages {
namespace {

using trace::FindingKind;
using trace::Severity;

constexpr FindingKind kDnsKinds[] = {
    {"dns.cut", Severity::Note, "A DNS message cut by the capture",
     "The capture holds less of a DNS message than was sent. What is missing is not shown.", ""},
    {"dns.malformed", Severity::Warning, "No DNS message",
     "A datagram to or from port 53 cannot be read as a DNS message. It is shown as octets.",
     "RFC 1035 §4.1"},
    {"dns.no-answer", Severity::Warning, "A question without an answer",
     "A question was asked, perhaps several times, and no answer came. Who asked gives up or asks "
     "another server; a mail that waits for it stays in the spool.",
     "RFC 1035 §7.2"},
    {"dns.unasked", Severity::Note, "An answer to no question",
     "An answer came for which the capture has no question. The question may have been sent before "
     "the capture began; else somebody guesses, in the hope that a resolver believes it.",
     "RFC 5452 §4"},
};
static_assert(trace::are_sorted(kDnsKinds));

}  // namespace

std::span<const FindingKind> dns_finding_kinds() {
  return kDnsKinds;
}

}  // namespace mailscope::languages
