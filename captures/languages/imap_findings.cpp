// What can be wrong in IMAP.
#include "captures/languages/finding_tables.hpp"

namespace mailscope::languages {
namespace {

using trace::FindingKind;
using trace::Severity;

constexpr FindingKind kKinds[] = {
    {"imap.bare-lf", Severity::Warning, "A line that ends in LF alone",
     "In IMAP a line ends with CR LF. This side ends its lines with LF alone; they are read all "
     "the same.",
     "RFC 9051 §2.2"},
    {"imap.command-while-idling", Severity::Error, "A command before DONE",
     "The client sent a command while IDLE was in progress. It has to end IDLE with the line DONE "
     "first; a server cannot tell its command from that line.",
     "RFC 9051 §6.3.13"},
    {"imap.expunge-out-of-place", Severity::Error, "An EXPUNGE where numbers must stay",
     "EXPUNGE moves the numbers of the messages behind the one that is gone. So it may not come "
     "while no command is in progress, nor in answer to FETCH, STORE or SEARCH by number: the "
     "client and the server would mean different messages.",
     "RFC 9051 §7.5.1"},
    {"imap.no-such-message", Severity::Error, "A message number that nothing has",
     "The number is above the count that the server told with EXISTS, less what EXPUNGE took away. "
     "In a command it is answered with BAD.",
     "RFC 9051 §9"},
    {"imap.no-tag", Severity::Error, "A line of the server that is none",
     "The server's lines begin with a command's tag, with * or with +. What this one belongs to "
     "cannot be known.",
     "RFC 9051 §2.2.2"},
    {"imap.nul-in-literal", Severity::Error, "A NUL in a literal",
     "A literal may hold any octet but NUL; only a literal8, which is written ~{n}, may hold that, "
     "too. Some programs end a text at a NUL.",
     "RFC 9051 §4.3"},
    {"imap.out-of-place", Severity::Warning, "A command in the wrong state",
     "Which commands may come depends on the state: before the log-in hardly any, and those about "
     "messages only while a mailbox is open.",
     "RFC 9051 §3"},
    {"imap.unknown-command", Severity::Warning, "A command that IMAP does not have",
     "The word behind the tag is no command that IMAP or one of its extensions has, or the line "
     "has "
     "no tag.",
     "RFC 9051 §2.2.1"},
    {"imap.unknown-tag", Severity::Warning, "A tag that no command has",
     "The server answered under a tag of which no command waits: the answer came twice, or tag and "
     "command do not fit.",
     "RFC 9051 §2.2.2"},
};
static_assert(trace::are_sorted(kKinds));

}  // namespace

std::span<const FindingKind> imap_finding_kinds() {
  return kKinds;
}

}  // namespace mailscope::languages
