// What each verb means. RFC 5321 §4.1.1, RFC 821, and the extensions' RFCs.

#include "protocols/smtp/reference_tables.hpp"

namespace mailscope::smtp {
namespace {

// {protocol, word, context, title, meaning, syntax, section}
constexpr ReferenceEntry kVerbEntries[] = {
    // ---- the connection and who is calling ---------------------------------------------------
    {kSmtp, "CONNECT", "", "The connection opens",
     "Nobody sends this as a command: it stands for the TCP connection itself. In SMTP the server "
     "speaks first, so the client waits for its greeting before it says a word. A client that does "
     "not wait is often a spammer's program in a hurry.",
     "", "RFC 5321 §3.1"},
    {kSmtp, "EHLO", "", "Extended hello: who is calling",
     "The client says its own host name, or its address in square brackets where it has no name, "
     "and asks which extensions the server has. The server answers with its name and a list, one "
     "extension a line. Said again later, it wipes out an "
     "open transaction, just as RSET does. The name is only a claim: nobody has proved it.",
     "EHLO domain / [address]", "RFC 5321 §4.1.1.1"},
    {kSmtp, "HELO", "", "Hello: who is calling",
     "The greeting of 1982, before there were extensions. The client says its host name, the "
     "server says its own, and the two keep to the basic protocol. Clients of today fall back to "
     "it only when a server does not know EHLO.",
     "HELO domain", "RFC 5321 §4.1.1.1"},
    {kSmtp, "LHLO", "", "Hello in LMTP",
     "The EHLO of LMTP, a close relative of SMTP that hands mail to a mailbox program on the same "
     "site. The different verb makes sure that the two protocols are never mixed up. After the "
     "message LMTP gives one verdict for each recipient, where SMTP gives one for all.",
     "LHLO domain", "RFC 2033 §4.1"},
    {kSmtp, "QUIT", "", "Goodbye",
     "The client has nothing more to say. The server answers 221 and closes the connection; only "
     "then does the client close its side. A transaction that is still open is given up, but a "
     "message that was answered 250 stays delivered.",
     "QUIT", "RFC 5321 §4.1.1.10"},

    // ---- the transaction ---------------------------------------------------------------------
    {kSmtp, "MAIL", "", "A new envelope: from whom",
     "Opens a mail transaction and writes the sender on the envelope. This address, the "
     "reverse-path, is where a failure report would go; it need not be the From: line that the "
     "reader sees, and nobody checks that the two agree. An empty path, <>, says that no report "
     "may come back: failure reports themselves are sent that way.",
     "MAIL FROM:<reverse-path> [parameters]", "RFC 5321 §4.1.1.2"},
    {kSmtp, "RCPT", "", "One more recipient",
     "Writes one recipient on the envelope; ten recipients take ten RCPT commands. The server "
     "answers each by itself, so some may be accepted and others refused. These addresses, and not "
     "the To: line, decide where the message goes. That is how Bcc works: a recipient on the "
     "envelope that no header line mentions.",
     "RCPT TO:<forward-path> [parameters]", "RFC 5321 §4.1.1.3"},
    {kSmtp, "DATA", "", "Now the letter",
     "Asks for leave to send the message itself. The server answers 354, and from then on "
     "everything that the client sends is text and not command, until a line with nothing but a "
     "dot. Header and body travel together here; SMTP itself does not look inside.",
     "DATA", "RFC 5321 §4.1.1.4"},
    {kSmtp, "END OF DATA", "", "The lone dot: the end of the message",
     "A line that is a dot and nothing else ends the message: the five octets CR LF . CR LF. It is "
     "no command, but the server answers it, and this answer is the one that counts: with 250 the "
     "server has taken responsibility. A line of the text that begins with a dot gets a second dot "
     "on the way, and loses it again on arrival, so that text can never be taken for the end.",
     "<CR><LF>.<CR><LF>", "RFC 5321 §4.1.1.4, §4.5.2"},
    {kSmtp, "RSET", "", "Forget this envelope",
     "Gives up the transaction: sender, recipients and any text are forgotten, and nothing is "
     "delivered. The connection stays open for the next message. Without a transaction it does "
     "nothing at all, and the answer is 250 all the same.",
     "RSET", "RFC 5321 §4.1.1.5"},
    {kSmtp, "BDAT", "", "A chunk of the message, counted",
     "Carries a part of the message after a count of octets, instead of DATA with its dot. Since "
     "the octets are counted, nothing has to be doubled or searched for. The message still has "
     "lines that end with CR LF; octets of any kind may come only if MAIL said BODY=BINARYMIME. "
     "The chunk marked LAST completes the message.",
     "BDAT octets [LAST]", "RFC 3030 §2, §3"},
    {kSmtp, "BDAT LAST", "", "The last chunk",
     "The chunk that completes a message sent with BDAT. The server's answer to it is the verdict "
     "on the whole message, like the answer to the lone dot after DATA.",
     "BDAT octets LAST", "RFC 3030 §2"},

    // ---- questions ---------------------------------------------------------------------------
    {kSmtp, "NOOP", "", "Are you still there?",
     "Does nothing and asks for a 250. Clients use it to keep a connection alive, or to see "
     "whether the other side still answers.",
     "NOOP [anything]", "RFC 5321 §4.1.1.9"},
    {kSmtp, "HELP", "", "What do you understand?",
     "Asks for help text, meant for a person at a keyboard and not for programs. With a verb "
     "after it, the server may say more about that one.",
     "HELP [verb]", "RFC 5321 §4.1.1.8"},
    {kSmtp, "VRFY", "", "Is there such a mailbox?",
     "Asks the server whether it knows a user, without sending anything. It was made for finding "
     "addresses in a friendlier Internet. Address collectors loved it too, so most servers now "
     "answer 252: send it, and we shall see.",
     "VRFY user", "RFC 5321 §4.1.1.6, §3.5"},
    {kSmtp, "EXPN", "", "Who is on this list?",
     "Asks for the members of a mailing list, one a line. It tells strangers who belongs to what, "
     "so few servers answer it today.",
     "EXPN list", "RFC 5321 §4.1.1.7, §3.5"},

    // ---- historic ----------------------------------------------------------------------------
    {kSmtp, "TURN", "", "Let us change places (historic)",
     "Asked the server to become the client on the same connection and to send what it held for "
     "the caller: handy when calls by telephone line were dear. But the server had no proof of who "
     "was calling, so anybody could collect anybody's mail. It was dropped; ETRN does the same "
     "over a new connection that the server opens itself.",
     "TURN", "RFC 821 §3.8, RFC 5321 appendix F.1"},
    {kSmtp, "SEND", "", "To the terminal (historic)",
     "As MAIL, but the text was to appear at once on the terminal of a user who was logged in, "
     "like an instant message of 1982. Hardly anyone built it, and servers of today answer 502.",
     "SEND FROM:<reverse-path>", "RFC 821 §3.4, RFC 5321 appendix F.6"},
    {kSmtp, "SOML", "", "Send or mail (historic)",
     "To the user's terminal if the user was logged in, else to the mailbox. Servers of today "
     "answer 502.",
     "SOML FROM:<reverse-path>", "RFC 821 §3.4, RFC 5321 appendix F.6"},
    {kSmtp, "SAML", "", "Send and mail (historic)",
     "To the user's terminal if the user was logged in, and to the mailbox in any case. Servers of "
     "today answer 502.",
     "SAML FROM:<reverse-path>", "RFC 821 §3.4, RFC 5321 appendix F.6"},

    // ---- extensions --------------------------------------------------------------------------
    {kSmtp, "AUTH", "", "Log in",
     "The client proves who its user is, so that the server will send mail on for it. The "
     "mechanism says how: PLAIN and LOGIN carry the password itself, only written in base64, which "
     "anyone can read; CRAM-MD5 and SCRAM answer a challenge without showing it. The lines that go "
     "to and fro afterwards are no commands.",
     "AUTH mechanism [initial-response]", "RFC 4954 §4"},
    {kSmtp, "STARTTLS", "", "Let us go on in secret",
     "Asks to wrap the rest of the connection in TLS. After 220 come the TLS handshake and then "
     "EHLO once more, because nothing that was said in the clear may be trusted. It protects this "
     "one hop: every server on the way still reads the message.",
     "STARTTLS", "RFC 3207 §4"},
    {kSmtp, "ETRN", "", "Send me my mail now",
     "Asks a server to start sending what it holds for a host. Unlike TURN, the mail goes out over "
     "a new connection to where DNS says that host is, so asking gains a thief nothing.",
     "ETRN domain", "RFC 1985 §5"},
};

}  // namespace

std::span<const ReferenceEntry> verb_entries() {
  return kVerbEntries;
}

}  // namespace mailscope::smtp
