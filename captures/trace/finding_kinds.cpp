#include "captures/trace/finding_kinds.hpp"

namespace mailscope::trace {
namespace {

constexpr FindingKind kKinds[] = {
    {"file.damaged", Severity::Warning, "A damaged capture",
     "The capture file breaks off or contradicts itself. What stands before that is shown.", ""},
    {"file.time-disorder", Severity::Note, "Time stamps out of order",
     "A packet has an earlier time stamp than the one before it, as happens where a file holds "
     "what several interfaces saw.",
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
    {"record.full", Severity::Warning, "The record is full",
     "A server (mailscope serve) was at work for longer than its record may grow. What came later "
     "was served, and is not in the record.",
     ""},
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
     "something else than the receiver.",
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
};
static_assert(are_sorted(kKinds));

}  // namespace

std::span<const FindingKind> common_finding_kinds() {
  return kKinds;
}

}  // namespace mailscope::trace
