#include "captures/trace/finding_kinds.hpp"

#include <algorithm>

namespace mailscope::trace {
namespace {

constexpr FindingKind kKinds[] = {
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
    {"file.damaged", Severity::Warning, "A damaged capture",
     "The capture file breaks off or contradicts itself. What stands before that is shown.", ""},
    {"file.time-disorder", Severity::Note, "Time stamps out of order",
     "A packet has an earlier time stamp than the one before it, as happens where a file holds "
     "what "
     "several interfaces saw.",
     ""},
    {"frame.cut", Severity::Note, "Frames cut within their headers",
     "The capture holds so little of these frames that not even their headers are whole.", ""},
    {"frame.link-type", Severity::Warning, "A link type that is not read",
     "The frames are of a kind of link that MailScope does not know. Nothing of them is shown.",
     ""},
    {"frame.malformed", Severity::Note, "Headers that contradict themselves",
     "A length in a frame's headers points outside the frame. The frame is passed over.", ""},
    {"mail.incomplete", Severity::Warning, "A message that is not whole",
     "Of this message only a part was seen: the capture has a gap, or the connection ended within "
     "it. Its size and its hash are those of the part.",
     ""},
    {"pop3.bare-cr-or-lf", Severity::Warning, "A CR or LF alone in the message",
     "The message holds a CR or an LF that is no line end. Programs differ in what they make of "
     "it.",
     "RFC 5322 §2.3"},
    {"pop3.bare-lf", Severity::Warning, "A line that ends in LF alone",
     "In POP3 a line ends with CR LF. This side ends its lines with LF alone; they are read all "
     "the "
     "same.",
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
    {"record.full", Severity::Warning, "The record is full",
     "A server (mailscope serve) was at work for longer than its record may grow. What came later "
     "was "
     "served, and is not in the record.",
     ""},
    {"smtp.bare-cr", Severity::Error, "A CR without an LF",
     "A CR stands alone in a line or in the message. It ends no line, but some servers think that "
     "it does: where two servers disagree about where a message ends, a second one can be smuggled "
     "in behind the first.",
     "RFC 5321 §2.3.8"},
    {"smtp.bare-lf", Severity::Error, "An LF without a CR",
     "A line ends with CR LF; an LF alone ends nothing. Some servers take it for a line end all "
     "the "
     "same: where two servers disagree about where a message ends, a second one can be smuggled in "
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
     "longer "
     "one.",
     "RFC 5321 §4.5.3.1.6"},
    {"tcp.cut", Severity::Warning, "Frames cut by the capture",
     "The capture was made with a limit for each frame (the snap length), and holds less than was "
     "sent.",
     ""},
    {"tcp.gap", Severity::Warning, "Octets that were never captured",
     "The other side acknowledged octets that the capture does not have. They arrived, but cannot "
     "be shown.",
     "RFC 9293 §3.4"},
    {"tcp.out-of-order", Severity::Note, "Segments out of order",
     "A segment came before one in front of it. TCP puts them in order; mail notices nothing.",
     "RFC 9293 §3.4"},
    {"tcp.overlap-conflict", Severity::Warning, "Octets that came twice and differ",
     "Octets of the stream came a second time and were not the same. The first copy is shown; the "
     "receiver may have taken the other. It happens when somebody wants a listener to see "
     "something "
     "else than the receiver.",
     "RFC 9293 §3.10.7.4"},
    {"tcp.port-reused", Severity::Note, "The same two ports again",
     "The two ends began a new connection from the same two ports. It is shown as a second "
     "connection.",
     "RFC 9293 §3.4"},
    {"tcp.retransmission", Severity::Note, "Sent again",
     "TCP sent something a second time because no acknowledgement came: octets, a SYN or a FIN. A "
     "frame was lost on the way, or its acknowledgement, or the answer was slow. Where no answer "
     "ever came, TCP gave up at last.",
     "RFC 9293 §3.8.1, §3.8.3"},
    {"tls.opaque", Severity::Note, "Enciphered",
     "From here on the connection speaks TLS. MailScope shows the records and what the handshake "
     "says "
     "in the clear, but cannot read what is in them.",
     "RFC 8446 §5"},
};
static_assert(std::is_sorted(std::begin(kKinds), std::end(kKinds),
                             [](const auto& a, const auto& b) { return a.code < b.code; }));

}  // namespace

std::span<const FindingKind> finding_kinds() {
  return kKinds;
}

const FindingKind* find_finding_kind(std::string_view code) {
  const auto* found = std::ranges::lower_bound(kKinds, code, {}, &FindingKind::code);
  return found != std::end(kKinds) && found->code == code ? found : nullptr;
}

}  // namespace mailscope::trace
