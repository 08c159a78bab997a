// What the session's states mean, and a few words of the trade.

#include "protocols/smtp/reference_tables.hpp"

namespace mailscope::smtp {
namespace {

// {protocol, word, context, title, meaning, syntax, section}
constexpr ReferenceEntry kSessionEntries[] = {
    // ---- session states ----------------------------------------------------------------------
    {kSmtp, "OPENING", kState, "Waiting for the greeting",
     "TCP is open and nobody has spoken. In SMTP the server speaks first.", "", "RFC 5321 §3.1"},
    {kSmtp, "CONNECTED", kState, "Greeted by the server",
     "The server has said 220. The client has to introduce itself with EHLO or HELO before it may "
     "send mail.",
     "", "RFC 5321 §3.2"},
    {kSmtp, "GREETED", kState, "Introduced, no transaction",
     "The two know each other. Any number of messages may follow, one transaction after the other; "
     "MAIL opens the next.",
     "", "RFC 5321 §3.3"},
    {kSmtp, "MAIL", kState, "The envelope has a sender",
     "MAIL was accepted. Recipients are awaited; a message without one cannot be sent.", "",
     "RFC 5321 §3.3"},
    {kSmtp, "RCPT", kState, "The envelope has a recipient",
     "At least one recipient was accepted. More may follow, or DATA.", "", "RFC 5321 §3.3"},
    {kSmtp, "DATA", kState, "The message is on its way",
     "The server reads text until the lone dot. If the connection breaks here, nothing is "
     "delivered.",
     "", "RFC 5321 §4.1.1.4"},
    {kSmtp, "BDAT", kState, "The message comes in chunks",
     "At least one chunk was accepted, and the last one has not come.", "", "RFC 3030 §2"},
    {kSmtp, "AUTH", kState, "Log-in in progress",
     "The server has asked with 334. What the client sends now is part of its log-in and no "
     "command.",
     "", "RFC 4954 §4"},
    {kSmtp, "TLS", kState, "Encrypted",
     "The dialogue goes on under TLS. From outside only its length and its timing can be seen.", "",
     "RFC 3207 §4"},
    {kSmtp, "TURNED", kState, "Roles exchanged (historic)",
     "After TURN: who was the server sends now, and who was the client receives.", "",
     "RFC 821 §3.8"},
    {kSmtp, "REFUSED", kState, "No mail service here",
     "The server greeted with 554. It answers 503 to everything, and waits for QUIT.", "",
     "RFC 5321 §3.1"},
    {kSmtp, "QUIT", kState, "Goodbye was said",
     "After 221, or after 421. What remains is to close the TCP connection.", "",
     "RFC 5321 §3.8, §4.1.1.10"},
    {kSmtp, "CLOSED", kState, "Closed",
     "The connection is over. A transaction that was not answered by then did not happen; only "
     "after the final dot can the two sides be of different minds.",
     "", "RFC 5321 §3.8, RFC 1047"},
    {kSmtp, "UNKNOWN", kState, "Joined in the middle",
     "The capture begins, or goes on after a gap, in the middle of a session, so what was agreed "
     "before is not known.",
     "", ""},

    // ---- words of the trade ------------------------------------------------------------------
    {kSmtp, "envelope", "", "Envelope",
     "The sender and the recipients as MAIL and RCPT name them. It carries the mail, as the "
     "envelope of a paper letter does; the To: and From: lines are part of the letter inside. The "
     "two may differ, and with Bcc or a mailing list they do.",
     "", "RFC 5321 §2.3.1"},
    {kSmtp, "CRLF", "", "Line end",
     "Every line ends in the two octets carriage return and line feed, and in nothing else. A "
     "server that takes a lone line feed for a line end can be tricked into seeing the end of a "
     "message where the sender put none.",
     "<CR><LF>", "RFC 5321 §2.3.8"},
    {kSmtp, "dot-stuffing", "", "Transparency: the doubled dot",
     "A lone dot ends the message, so a line of text that begins with a dot is sent with one more "
     "dot in front. The receiver takes it off again. The message arrives as it was written.",
     "", "RFC 5321 §4.5.2"},
    {kSmtp, "bounce", "", "Failure report",
     "When a server has accepted a message and then cannot deliver it, it sends a report back to "
     "the envelope's sender. The report itself goes out with an empty sender, MAIL FROM:<>, so "
     "that a report about a report can never arise.",
     "MAIL FROM:<>", "RFC 5321 §6.1, RFC 3464 §2"},
    {kSmtp, "backscatter", "", "Reports to people who wrote nothing",
     "Spam and viruses forge their envelope's sender. A server that first says 250 and refuses "
     "later sends its report to somebody who knows nothing of the message. So servers refuse while "
     "the client is still on the line.",
     "", "RFC 5321 §6.2"},
    {kSmtp, "queue", "", "Mail that waits",
     "Also called the spool: the place on a server's disk where mail waits to be sent on. When the "
     "next server does not answer, or says \"not now\" (4yz), the message stays there and is tried "
     "again: after half an hour at the earliest, as the standard would have it (many servers, and "
     "some lessons here, are quicker the first time), then less and less often, for four to five "
     "days.",
     "", "RFC 5321 §4.5.4.1"},
    {kSmtp, "relay", "", "A server that passes mail on",
     "A server that takes a message which is not for its own users and sends it on to the next. "
     "Every relay puts a Received line on top. It relays only for those it knows, since an open "
     "relay would be used for spam.",
     "", "RFC 5321 §2.3.10, §3.6"},
    {kSmtp, "gateway", "", "A server between two worlds",
     "Takes mail from one mail system and hands it on into another, and may have to change it: "
     "between SMTP and something else, or at a firewall that rewrites addresses. Companies also "
     "call the relay at their door a gateway.",
     "", "RFC 5321 §2.3.10, §3.7"},
    {kSmtp, "mailing list", "", "One address for many",
     "A message to the list goes to each of its members. The letter stays as it is, and its From: "
     "line still names who wrote it, but the envelope's sender becomes the list's owner: failure "
     "reports go to the one who can mend the list.",
     "", "RFC 5321 §3.9.2"},
    {kSmtp, "alias", "", "A second name",
     "A name that stands for one or several other addresses. The server writes those on the "
     "envelope and changes nothing else: failure reports still go to the one who sent the "
     "message.",
     "", "RFC 5321 §3.9.1"},
    {kSmtp, "mail loop", "", "Mail that goes round in a circle",
     "A forwards to B, and B forwards to A. Nothing in the dialogue shows it, but every server "
     "must "
     "be able to stop it. Each hop adds a Received line, and a server that counts too many of "
     "them, "
     "a hundred or more, refuses the message and cuts the circle.",
     "", "RFC 5321 §6.3"},
    {kSmtp, "greylisting", "", "Come back in a few minutes",
     "A server says 450 to a caller that it has never met with this sender and recipient. A proper "
     "mail server keeps the message and comes back; most programs that send spam do not.",
     "450 text", "RFC 6647 §2.4"},
    {kSmtp, "submission", "", "Handing in mail, with log-in",
     "The first step of a message, from its writer's program to its writer's own server. It has a "
     "port of its own, 587, where users log in; port 25 is for mail between servers.",
     "port 587", "RFC 6409 §3"},
    {kSmtp, "LMTP", "", "SMTP for the last step",
     "A close relative of SMTP that hands mail to the program which keeps the mailboxes, on the "
     "same site. After the message it gives a verdict for each recipient.",
     "LHLO domain", "RFC 2033 §4"},
    {kSmtp, "return receipt", "", "A note that it was shown",
     "A letter may ask in its header for a note when it is shown to its reader. The reader's "
     "program sends it, or asks the reader first, or does not. A delivery report (DSN) is "
     "something else: servers send it, and it says only that the letter is in the mailbox.",
     "Disposition-Notification-To: address", "RFC 8098 §2.1"},
    {kSmtp, "MDN", "", "Message disposition notification: a return receipt",
     "The report of the reader's program on what became of a message in its hands: displayed, "
     "deleted, processed, or sent on (dispatched). It goes to the address in "
     "Disposition-Notification-To. It claims, and proves nothing: it can be forged like any "
     "letter, and \"displayed\" does not say that somebody has read the message.",
     "Disposition: manual-action/MDN-sent-manually; displayed", "RFC 8098 §3.2.6, §6.1, §6.3"},
    {kSmtp, "null MX", "", "This domain takes no mail",
     "An entry in the DNS that says: do not even try. A message to such a domain is refused or "
     "comes back at once.",
     "domain MX 0 .", "RFC 7505 §3"},
    {kSmtp, "smart host", "", "One neighbour for all",
     "A server that hands everything on to one other server, and leaves it to that one to find the "
     "way. Small sites and computers at home do so.",
     "", "RFC 5321 §3.6"},
};

}  // namespace

std::span<const ReferenceEntry> session_entries() {
  return kSessionEntries;
}

}  // namespace mailscope::smtp
