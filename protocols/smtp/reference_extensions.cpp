// What the keywords of the EHLO list, the parameters of MAIL and RCPT and the ways to log in mean.
// RFC 1869 and the extensions' own RFCs.

#include "protocols/smtp/reference_tables.hpp"

namespace mailscope::smtp {
namespace {

// {protocol, word, context, title, meaning, syntax, section}
constexpr ReferenceEntry kExtensionEntries[] = {
    // ---- the EHLO list -----------------------------------------------------------------------
    {kSmtp, "SIZE", kExtension, "Message size declaration",
     "The server names the largest message that it takes, and the client may say on MAIL how large "
     "its message is. A message that is too large is then refused before it is sent, and not after "
     "minutes on a slow line. Line ends count as two octets; doubled dots do not count.",
     "SIZE octets / MAIL FROM:<path> SIZE=octets", "RFC 1870 §4"},
    {kSmtp, "8BITMIME", kExtension, "8-bit content",
     "The server takes text with the eighth bit set, as in UTF-8 or Latin-1. Without it a message "
     "has to be plain 7-bit ASCII on the way, and MIME turns everything else into that.",
     "MAIL FROM:<path> BODY=8BITMIME", "RFC 6152 §2"},
    {kSmtp, "PIPELINING", kExtension, "Commands in a row",
     "The client need not wait for each answer: MAIL, all RCPT and DATA may go out together, and "
     "the answers come back together, in order. On a long line that saves several round trips a "
     "message. EHLO, DATA, VRFY, EXPN, QUIT and NOOP may only stand at the end of such a group.",
     "PIPELINING", "RFC 2920 §3"},
    {kSmtp, "ENHANCEDSTATUSCODES", kExtension, "Finer reasons",
     "The server puts a second code in three parts in front of its text, such as 5.1.1 for a bad "
     "mailbox address. It says the reason more finely than three digits can, and failure reports "
     "repeat it.",
     "250 2.1.5 text", "RFC 2034 §4, RFC 3463 §2"},
    {kSmtp, "DSN", kExtension, "Delivery reports on request",
     "The client may ask to be told of delivery, of delay, of failure, or of nothing, and whether "
     "a report should bring the whole message back or the header only.",
     "RCPT TO:<path> NOTIFY=SUCCESS,FAILURE", "RFC 3461 §4"},
    {kSmtp, "STARTTLS", kExtension, "Encryption of the hop",
     "The server can wrap the connection in TLS. An attacker in the middle can take this line out "
     "of the list, and a client that does not insist goes on in the clear.",
     "STARTTLS", "RFC 3207 §4"},
    {kSmtp, "AUTH", kExtension, "Log-in",
     "The server lets users log in, by the mechanisms that it lists. It is for the first hop, from "
     "a user's own computer; servers among themselves hardly use it.",
     "AUTH mechanisms", "RFC 4954 §3"},
    {kSmtp, "CHUNKING", kExtension, "Counted chunks instead of the dot",
     "The server knows BDAT, which sends the message in chunks of a stated length.", "CHUNKING",
     "RFC 3030 §2"},
    {kSmtp, "BINARYMIME", kExtension, "Any octets",
     "The server takes content without lines, such as raw images, sent with BDAT.",
     "MAIL FROM:<path> BODY=BINARYMIME", "RFC 3030 §3"},
    {kSmtp, "SMTPUTF8", kExtension, "Addresses in any script",
     "Addresses and header lines may be in UTF-8, so that a mailbox can have a name in Greek, "
     "Hindi or Chinese. Every server on the way has to take part.",
     "MAIL FROM:<path> SMTPUTF8", "RFC 6531 §3.1"},
    {kSmtp, "ETRN", kExtension, "Queue run on request",
     "The server starts sending what it holds for a host when it is asked.", "ETRN domain",
     "RFC 1985 §5"},
    {kSmtp, "HELP", kExtension, "The HELP command is there",
     "A server should have HELP, but it need not, so one that has it says so.", "HELP",
     "RFC 5321 §4.1.1.1, §4.1.1.8, §4.5.1"},
    {kSmtp, "EXPN", kExtension, "The EXPN command is there",
     "A server should have EXPN, but it need not, and one that has it must name it in the list.",
     "EXPN", "RFC 5321 §3.5.2, §4.1.1.1"},
    {kSmtp, "VRFY", kExtension, "The VRFY command is there",
     "Every server has to know VRFY, so none has to name it in the list; many do all the same.",
     "VRFY", "RFC 5321 §3.5.2, §4.5.1"},

    // ---- parameters of MAIL and RCPT ---------------------------------------------------------
    {kSmtp, "SIZE", "MAIL", "How large the message is",
     "The client says how many octets the message will have. If that is too much, the server says "
     "552 (never) or 452 (no room now) at once, before the message itself has crossed the line. "
     "Line ends count as two octets, and dots that are doubled on the way do not count.",
     "MAIL FROM:<path> SIZE=octets", "RFC 1870 §6"},
    {kSmtp, "BODY", "MAIL", "What kind of octets the message has",
     "Says which road the message needs. 7BIT: plain ASCII lines, as in 1982. 8BITMIME: lines with "
     "characters beyond ASCII. BINARYMIME: any octets, not even divided into lines.",
     "MAIL FROM:<path> BODY=7BIT / 8BITMIME / BINARYMIME", "RFC 6152 §3, RFC 3030 §3"},
    {kSmtp, "BODY=7BIT", "MAIL", "Seven bits to a letter",
     "The message holds only ASCII, in lines of at most 1000 octets, the CRLF counted. Every mail "
     "server in the world can carry that. Without BODY= this is what is meant.",
     "MAIL FROM:<path> BODY=7BIT", "RFC 6152 §3, RFC 5321 §4.5.3.1.6"},
    {kSmtp, "BODY=8BITMIME", "MAIL", "Eight bits to a letter",
     "The message has lines, and characters beyond ASCII may stand in them as they are. A server "
     "that "
     "sends it on to one which takes seven bits only has to rewrite it, as quoted-printable or "
     "base64, or send it back.",
     "MAIL FROM:<path> BODY=8BITMIME", "RFC 6152 §3"},
    {kSmtp, "BODY=BINARYMIME", "MAIL", "Any octets at all",
     "The message may hold any octets, without lines. The lone dot could not end such a message, "
     "since it might stand in the picture by chance; so it has to be sent in counted chunks, with "
     "BDAT.",
     "MAIL FROM:<path> BODY=BINARYMIME", "RFC 3030 §3"},
    {kSmtp, "RET", "MAIL", "How much should come back in a failure report",
     "If the message fails, should the report bring all of it back (FULL), or its header lines "
     "only (HDRS)? It counts for reports of failure alone: other reports bring the header only.",
     "MAIL FROM:<path> RET=FULL / HDRS", "RFC 3461 §4.3"},
    {kSmtp, "ENVID", "MAIL", "A mark on the envelope",
     "A mark that the sender chooses. Every report about this message repeats it, so that the "
     "sender's program knows which message it is about. It belongs to the envelope; Message-ID "
     "belongs to the letter.",
     "MAIL FROM:<path> ENVID=mark", "RFC 3461 §4.4"},
    {kSmtp, "AUTH", "MAIL", "Who handed this in at first",
     "Servers that trust one another may pass on which logged-in user handed in the message. "
     "AUTH=<> says: nobody that I could vouch for. It is seldom used today.",
     "MAIL FROM:<path> AUTH=<> / mailbox", "RFC 4954 §5"},
    {kSmtp, "SMTPUTF8", "MAIL", "Characters of any script in the addresses",
     "This message needs servers that know the SMTPUTF8 extension, because an address or a header "
     "line holds characters beyond ASCII. When the next server does not know it, the message has "
     "to "
     "come back.",
     "MAIL FROM:<path> SMTPUTF8", "RFC 6531 §3.4"},
    {kSmtp, "NOTIFY", "RCPT", "Which reports the sender wants",
     "The sender asks to be told when the message has been put into this mailbox (SUCCESS), when "
     "it cannot be (FAILURE), when it is late (DELAY), or not to be told anything (NEVER). Without "
     "it a server reports failures, and perhaps delay. It says nothing of whether anybody has read "
     "the message.",
     "RCPT TO:<path> NOTIFY=NEVER / SUCCESS,FAILURE,DELAY", "RFC 3461 §4.1"},
    {kSmtp, "ORCPT", "RCPT", "The recipient as the sender wrote it",
     "On the way the recipient's address may change, because of an alias or because the user has "
     "moved. This keeps the first one, so that a report can name the address that the sender "
     "knows.",
     "RCPT TO:<path> ORCPT=rfc822;address", "RFC 3461 §4.2"},
    {kSmtp, "SMTPUTF8", "VRFY", "The answer may be in any script",
     "The client can read an answer in UTF-8. Without it the server must not show a mailbox name "
     "that holds characters beyond ASCII. EXPN takes the same word.",
     "VRFY name SMTPUTF8", "RFC 6531 §3.7.4.2"},

    // ---- log-in mechanisms -------------------------------------------------------------------
    {kSmtp, "PLAIN", kMechanism, "Name and password in one line",
     "Sends name and password together, in base64. That is a way of writing and no secret: anybody "
     "can turn it back. So it belongs on an encrypted line only.",
     "AUTH PLAIN base64(NUL name NUL password)", "RFC 4616 §2"},
    {kSmtp, "LOGIN", kMechanism, "Name and password, one after the other",
     "The server asks for the name and then for the password, and both come in base64, which "
     "anybody can read. It is older than the standard and never became one, but it is still met "
     "with everywhere.",
     "AUTH LOGIN", "draft-murchison-sasl-login"},
    {kSmtp, "CRAM-MD5", kMechanism, "Proof without showing the password",
     "The server sends a puzzle that is different each time; the client mixes it with the password "
     "(HMAC-MD5) and sends the result. The server does the same and compares. The password does "
     "not cross the line, but who has listened can try out passwords at home, and the server has "
     "to keep the password itself.",
     "AUTH CRAM-MD5", "RFC 2195 §2"},
    {kSmtp, "SCRAM-SHA-256", kMechanism, "Proof by both sides",
     "Client and server each add a random number, and each proves that it knows something that can "
     "only be made from the password. So the server is checked as well. The password does not "
     "cross the line, and the server need not even keep it. Many rounds of computing make it slow "
     "to try out passwords.",
     "AUTH SCRAM-SHA-256", "RFC 5802 §5, RFC 7677 §3"},
};

}  // namespace

std::span<const ReferenceEntry> extension_entries() {
  return kExtensionEntries;
}

}  // namespace mailscope::smtp
