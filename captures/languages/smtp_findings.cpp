// What can be wrong in SMTP.
#include "captures/languages/finding_tables.hpp"

namespace mailscope::languages {
namespace {

using trace::FindingKind;
using trace::Severity;

constexpr FindingKind kSmtpKinds[] = {
    {"smtp.bare-cr", Severity::Error, "A CR without an LF",
     "A CR stands alone in a line or in the message. It ends no line, but some servers think that "
     "it does: where two servers disagree about where a message ends, a second one can be smuggled "
     "in behind the first.",
     "RFC 5321 §2.3.8"},
    {"smtp.bare-lf", Severity::Error, "An LF without a CR",
     "A line ends with CR LF; an LF alone ends nothing. Some servers take it for a line end all "
     "the same: where two servers disagree about where a message ends, a second one can be "
     "smuggled in "
     "behind the first.",
     "RFC 5321 §2.3.8"},
    {"smtp.before-tls", Severity::Error, "Octets between STARTTLS and TLS",
     "Something in the clear stands behind STARTTLS and before the TLS handshake. A server that "
     "keeps it and reads it as if it had come through TLS obeys whoever put it there.",
     "RFC 3207 §4.2"},
    {"smtp.behind-data", Severity::Error, "Lines behind DATA, before 354",
     "The client did not wait for the 354. The server reads what it sent as the beginning of the "
     "message.",
     "RFC 2920 §3.1"},
    {"smtp.content-refused", Severity::Error, "A message though DATA was refused",
     "The client sent the message although the server had not answered 354. The server reads its "
     "lines as commands.",
     "RFC 5321 §4.1.1.4"},
    {"smtp.early-talker", Severity::Warning, "The client speaks first",
     "In SMTP the server greets first. A client that does not wait is often a program that sends "
     "spam.",
     "RFC 5321 §4.3.1"},
    {"smtp.joined", Severity::Note, "Joined within a message",
     "The capture begins while a message is under way. The rest of that message was passed over.",
     ""},
    {"smtp.line-too-long", Severity::Warning, "A line over the limit",
     "A command line and a reply line may have 512 octets, if no extension allows more.",
     "RFC 5321 §4.5.3.1.4, §4.5.3.1.5"},
    {"smtp.not-a-reply", Severity::Error, "A line without a reply code",
     "A line from the server does not begin with three digits. What it answers cannot be known.",
     "RFC 5321 §4.2"},
    {"smtp.not-ascii", Severity::Warning, "Octets outside ASCII in a command",
     "Commands are ASCII, but for MAIL with SMTPUTF8 and what belongs to it.", "RFC 6531 §3.4"},
    {"smtp.nul", Severity::Warning, "A NUL",
     "An octet of value 0 stands in a line or in the message. Programs that end a text there read "
     "less than others.",
     "RFC 5321 §4.1.2"},
    {"smtp.reply-code-changed", Severity::Error, "Another code within one reply",
     "All lines of a reply begin with the same code. Here a line has another one; the first line's "
     "counts.",
     "RFC 5321 §4.2.1"},
    {"smtp.text-line-too-long", Severity::Warning, "A long line in the message",
     "A line of a message may have 1000 octets with its CR LF. A server may refuse or break a "
     "longer one.",
     "RFC 5321 §4.5.3.1.6"},
};
static_assert(trace::are_sorted(kSmtpKinds));

}  // namespace

std::span<const FindingKind> smtp_finding_kinds() {
  return kSmtpKinds;
}

}  // namespace mailscope::languages
