// What can be wrong in POP3.
#include "captures/languages/finding_tables.hpp"

namespace mailscope::languages {
namespace {

using trace::FindingKind;
using trace::Severity;

constexpr FindingKind kPop3Kinds[] = {
    {"pop3.bare-cr-or-lf", Severity::Warning, "A CR or LF alone in the message",
     "The message holds a CR or an LF that is no line end. Programs differ in what they make of "
     "it.",
     "RFC 5322 §2.3"},
    {"pop3.bare-lf", Severity::Warning, "A line that ends in LF alone",
     "In POP3 a line ends with CR LF. This side ends its lines with LF alone; they are read all "
     "the same.",
     "RFC 1939 §3"},
    {"pop3.long-line", Severity::Note, "A line over the limit",
     "A command may have 255 octets, and the first line of an answer 512.", "RFC 2449 §4"},
    {"pop3.long-message-line", Severity::Note, "A long line in the message",
     "A line of a message may have 998 octets before its CR LF.", "RFC 5322 §2.1.1"},
    {"pop3.no-status", Severity::Error, "An answer without +OK or -ERR",
     "A line from the server where an answer was due begins with neither +OK nor -ERR. What it "
     "answers cannot be known.",
     "RFC 1939 §3"},
    {"pop3.size-differs", Severity::Note, "Another size than announced",
     "The +OK line said another number of octets than the message has.", "RFC 1939 §11"},
};
static_assert(trace::are_sorted(kPop3Kinds));

}  // namespace

std::span<const FindingKind> pop3_finding_kinds() {
  return kPop3Kinds;
}

}  // namespace mailscope::languages
