#include "protocols/smtp/reference.hpp"

#include <array>
#include <string>

namespace mailscope::smtp {
namespace {

constexpr std::string_view kSmtp = "SMTP";
constexpr std::string_view kExtension = "extension";
constexpr std::string_view kState = "state";
constexpr std::string_view kDigit = "digit";

// {protocol, word, context, title, meaning, syntax, section}
constexpr ReferenceEntry kEntries[] = {
    // ---- verbs of the connection and of identification ------------------------------------------
    {kSmtp, "CONNECT", "", "The connection opens",
     "Nobody sends this as a command: it stands for the TCP connection itself. In SMTP the server "
     "speaks first, so the client waits for its greeting before it says a word. A client that does "
     "not wait is often a spammer's program in a hurry.",
     "", "RFC 5321 §3.1"},
    {kSmtp, "EHLO", "", "Extended hello: who is calling",
     "The client says its own host name and asks which extensions the server has. The server "
     "answers with its name and a list, one extension a line. Said again later, it wipes out an "
     "open transaction, just as RSET does. The name is only a claim: nobody has proved it.",
     "EHLO domain", "RFC 5321 §4.1.1.1"},
    {kSmtp, "HELO", "", "Hello: who is calling",
     "The greeting of 1982, before there were extensions. The client says its host name, the "
     "server "
     "says its own, and the two keep to the basic protocol. Clients of today fall back to it only "
     "when a server does not know EHLO.",
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

    // ---- verbs of the transaction
    // -----------------------------------------------------------------
    {kSmtp, "MAIL", "", "A new envelope: from whom",
     "Opens a mail transaction and writes the sender on the envelope. This address, the "
     "reverse-path, is where a failure report would go; it need not be the From: line that the "
     "reader sees, and nobody checks that the two agree. An empty path, <>, says that no report "
     "may "
     "come back: failure reports themselves are sent that way.",
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
     "Carries a part of the message behind a count of octets, instead of DATA with its dot. Since "
     "the octets are counted, nothing has to be doubled or searched for, and any octet may occur. "
     "The chunk marked LAST completes the message.",
     "BDAT octets [LAST]", "RFC 3030 §2"},
    {kSmtp, "BDAT LAST", "", "The last chunk",
     "The chunk that completes a message sent with BDAT. The server's answer to it is the verdict "
     "on the whole message, like the answer to the lone dot after DATA.",
     "BDAT octets LAST", "RFC 3030 §2"},

    // ---- verbs of questions ---------------------------------------------------------------------
    {kSmtp, "NOOP", "", "Are you still there?",
     "Does nothing and asks for a 250. Clients use it to keep a connection alive, or to see "
     "whether "
     "the other side still answers.",
     "NOOP [anything]", "RFC 5321 §4.1.1.9"},
    {kSmtp, "HELP", "", "What do you understand?",
     "Asks for help text, meant for a person at a keyboard and not for programs. With a verb "
     "behind "
     "it, the server may say more about that one.",
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

    // ---- historic verbs
    // ---------------------------------------------------------------------------
    {kSmtp, "TURN", "", "Let us change places (historic)",
     "Asked the server to become the client on the same connection and to send what it held for "
     "the "
     "caller: handy when calls by telephone line were dear. But the server had no proof of who was "
     "calling, so anybody could collect anybody's mail. It was dropped; ETRN does the same over a "
     "new connection that the server opens itself.",
     "TURN", "RFC 821 §3.8, RFC 5321 appendix F.1"},
    {kSmtp, "SEND", "", "To the terminal (historic)",
     "As MAIL, but the text was to appear at once on the terminal of a user who was logged in, "
     "like "
     "an instant message of 1982. Hardly anyone built it, and servers of today answer 502.",
     "SEND FROM:<reverse-path>", "RFC 821 §3.4, RFC 5321 appendix F.6"},
    {kSmtp, "SOML", "", "Send or mail (historic)",
     "To the user's terminal if the user was logged in, else to the mailbox. Servers of today "
     "answer "
     "502.",
     "SOML FROM:<reverse-path>", "RFC 821 §3.4, RFC 5321 appendix F.6"},
    {kSmtp, "SAML", "", "Send and mail (historic)",
     "To the user's terminal if the user was logged in, and to the mailbox in any case. Servers of "
     "today answer 502.",
     "SAML FROM:<reverse-path>", "RFC 821 §3.4, RFC 5321 appendix F.6"},

    // ---- verbs of extensions
    // ------------------------------------------------------------------------
    {kSmtp, "AUTH", "", "Log in",
     "The client proves who its user is, so that the server will send mail on for it. The "
     "mechanism "
     "says how: PLAIN and LOGIN carry the password itself, only written in base64, which anyone "
     "can "
     "read; CRAM-MD5 and SCRAM answer a challenge without showing it. The lines that go to and fro "
     "afterwards are no commands.",
     "AUTH mechanism [initial-response]", "RFC 4954 §4"},
    {kSmtp, "STARTTLS", "", "Let us go on in secret",
     "Asks to wrap the rest of the connection in TLS. After 220 come the TLS handshake and then "
     "EHLO once more, because nothing that was said in the clear may be trusted. It protects this "
     "one hop: every server on the way still reads the message.",
     "STARTTLS", "RFC 3207 §4"},
    {kSmtp, "ETRN", "", "Send me my mail now",
     "Asks a server to start sending what it holds for a host. Unlike TURN, the mail goes out over "
     "a "
     "new connection to where DNS says that host is, so asking gains a thief nothing.",
     "ETRN domain", "RFC 1985 §5"},

    // ---- digits of a reply code
    // ----------------------------------------------------------------------
    {kSmtp, "2yz", kDigit, "Done",
     "The first digit 2: the command was understood and carried out. The client may go on.", "",
     "RFC 5321 §4.2.1"},
    {kSmtp, "3yz", kDigit, "So far so good, go on",
     "The first digit 3: the command was accepted, and the server waits for the rest of it. In "
     "basic "
     "SMTP only DATA is answered this way.",
     "", "RFC 5321 §4.2.1"},
    {kSmtp, "4yz", kDigit, "Not now",
     "The first digit 4: refused, but only for the moment; the very same command may succeed "
     "later. "
     "The sending server keeps the message in its queue and tries again, usually for some days, "
     "before it gives up.",
     "", "RFC 5321 §4.2.1, §4.5.4.1"},
    {kSmtp, "5yz", kDigit, "No",
     "The first digit 5: refused for good; trying the same again is useless. The sending server "
     "gives up and reports to the sender why: the message bounces.",
     "", "RFC 5321 §4.2.1"},
    {kSmtp, "x0z", kDigit, "About the language",
     "The second digit 0: the reply is about syntax. A command was mistyped, misplaced or not "
     "known.",
     "", "RFC 5321 §4.2.1"},
    {kSmtp, "x1z", kDigit, "Information",
     "The second digit 1: the reply carries information that was asked for, such as help.", "",
     "RFC 5321 §4.2.1"},
    {kSmtp, "x2z", kDigit, "About the connection",
     "The second digit 2: the reply is about the connection itself, its opening or its closing.",
     "", "RFC 5321 §4.2.1"},
    {kSmtp, "x3z", kDigit, "Not defined in basic SMTP",
     "The second digit 3 has no meaning in basic SMTP. The log-in extension uses it: 235, 334, "
     "530, "
     "535.",
     "", "RFC 5321 §4.2.1, RFC 4954 §6"},
    {kSmtp, "x4z", kDigit, "Not defined", "The second digit 4 has no meaning in SMTP.", "",
     "RFC 5321 §4.2.1"},
    {kSmtp, "x5z", kDigit, "About the mail system",
     "The second digit 5: the reply is about mailboxes, storage and the message, the real business "
     "of the server.",
     "", "RFC 5321 §4.2.1"},

    // ---- reply codes: 2yz
    // ---------------------------------------------------------------------------
    {kSmtp, "211", "", "System status, or help",
     "The server tells something about itself, or answers HELP. The text is for people; no program "
     "acts on it.",
     "211 text", "RFC 5321 §4.2.2"},
    {kSmtp, "214", "", "Help message",
     "The answer to HELP: text for the person at the keyboard. No program acts on it.", "214 text",
     "RFC 5321 §4.2.2"},
    {kSmtp, "220", "", "Service ready",
     "The server is ready for what comes next. It is the greeting of a new connection, and also "
     "the "
     "leave to begin TLS after STARTTLS.",
     "220 domain text", "RFC 5321 §4.2.2"},
    {kSmtp, "220", "CONNECT", "Greeting: service ready",
     "The server's first words: I am here, this is my name, and I take mail. Only now may the "
     "client "
     "speak. A busy server may let the client wait for this line, up to five minutes.",
     "220 domain text", "RFC 5321 §3.1, §4.5.3.2.1"},
    {kSmtp, "220", "STARTTLS", "Ready to start TLS",
     "From the next octet on the connection speaks TLS. An eavesdropper sees from here only that "
     "two "
     "hosts are talking and how much; and the session begins again with a new EHLO.",
     "220 text", "RFC 3207 §4"},
    {kSmtp, "221", "", "Service closing transmission channel",
     "Goodbye from the server, which closes the connection now.", "221 domain text",
     "RFC 5321 §4.2.2"},
    {kSmtp, "221", "QUIT", "Goodbye",
     "The server has heard QUIT, says goodbye and closes its side of the connection first. What "
     "follows on the wire is the orderly end of TCP: FIN and ACK in both directions.",
     "221 domain text", "RFC 5321 §4.1.1.10"},
    {kSmtp, "235", "", "Authentication succeeded",
     "The log-in was accepted: the server now knows which user is calling and will take mail from "
     "that user to anywhere.",
     "235 text", "RFC 4954 §6"},
    {kSmtp, "250", "", "Requested action okay",
     "Yes, done. What exactly was done depends on the command that it answers.", "250 text",
     "RFC 5321 §4.2.2"},
    {kSmtp, "250", "EHLO", "Welcome, and this is what I can do",
     "The server accepts the caller and lists its extensions, one a line: all lines but the last "
     "have a hyphen behind the code. The client may use what stands in the list and nothing else.",
     "250-domain ... 250 keyword", "RFC 5321 §4.1.1.1"},
    {kSmtp, "250", "HELO", "Welcome",
     "The server accepts the caller and says its own name. No extensions: this is the basic "
     "protocol "
     "of 1982.",
     "250 domain", "RFC 5321 §4.1.1.1"},
    {kSmtp, "250", "MAIL", "Sender accepted",
     "The envelope has its sender, and the server waits for recipients. It does not mean that the "
     "sender exists, or that the caller is that sender: nobody has checked.",
     "250 text", "RFC 5321 §3.3"},
    {kSmtp, "250", "RCPT", "Recipient accepted",
     "This server will take mail for that recipient, into a mailbox here or to be sent on. It does "
     "not mean that Bob has anything yet: so far only the envelope has been talked about, and the "
     "client can still change its mind.",
     "250 text", "RFC 5321 §3.3"},
    {kSmtp, "250", "END OF DATA", "Message accepted: it is mine now",
     "The most important line of the dialogue: the server has stored the message and taken "
     "responsibility for it. The sending side may delete its copy. It does not mean that Bob has "
     "the message: it may still be queued, sent on, or come back as a failure report.",
     "250 text", "RFC 5321 §4.2.5, §6.1"},
    {kSmtp, "250", "BDAT LAST", "Message accepted: it is mine now",
     "The last chunk has arrived, and the server has taken responsibility for the whole message, "
     "as "
     "it does with 250 after the lone dot.",
     "250 text", "RFC 3030 §2"},
    {kSmtp, "250", "BDAT", "Chunk received",
     "This part of the message has arrived. There is no verdict yet on the message as a whole: "
     "that "
     "comes with the last chunk.",
     "250 text", "RFC 3030 §2"},
    {kSmtp, "250", "RSET", "Forgotten",
     "The envelope and everything in it was thrown away. Nothing of it will be delivered; the "
     "connection is ready for another message.",
     "250 text", "RFC 5321 §4.1.1.5"},
    {kSmtp, "250", "NOOP", "Still here", "The server is alive and did nothing, as it was asked.",
     "250 text", "RFC 5321 §4.1.1.9"},
    {kSmtp, "250", "VRFY", "Yes, that mailbox exists",
     "The server knows the user and gives the full address. Few servers still say so to strangers.",
     "250 name <mailbox>", "RFC 5321 §3.5"},
    {kSmtp, "250", "EXPN", "These are the members",
     "The members of the list, one a line. A message to the list goes to each of them.",
     "250-name <mailbox> ... 250 name <mailbox>", "RFC 5321 §3.5"},
    {kSmtp, "251", "", "User not local; will forward",
     "The user has moved, the server knows where to, and will send the message on itself. The "
     "client "
     "has nothing more to do. Compare 551, where the client has to do it.",
     "251 User not local; will forward to <forward-path>", "RFC 5321 §3.4"},
    {kSmtp, "252", "", "Cannot verify, but will try",
     "The polite non-answer to VRFY: the server will not say whether the user exists, but would "
     "take "
     "a message and try to deliver it. It says nothing either way, so that address collectors "
     "learn "
     "nothing.",
     "252 text", "RFC 5321 §3.5.3, §7.3"},

    // ---- reply codes: 3yz
    // ---------------------------------------------------------------------------
    {kSmtp, "334", "", "Log-in: your turn",
     "A challenge in the middle of AUTH. The text is base64: with LOGIN it says no more than "
     "\"Username:\" and \"Password:\", with CRAM-MD5 it is a puzzle that only the owner of the "
     "password can solve.",
     "334 base64", "RFC 4954 §4"},
    {kSmtp, "354", "", "Start mail input",
     "Go ahead with the message. From now on every line is text, even one that looks like a "
     "command, "
     "until a line that is a single dot. Nothing has been accepted yet: the verdict comes after "
     "the "
     "dot.",
     "354 Start mail input; end with <CRLF>.<CRLF>", "RFC 5321 §4.1.1.4"},

    // ---- reply codes: 4yz
    // ---------------------------------------------------------------------------
    {kSmtp, "421", "", "Service not available",
     "The server must stop, now, whatever the command was: it is shutting down, overloaded or "
     "tired "
     "of waiting. It closes the connection. Nothing is lost: the client still has its message and "
     "tries again later.",
     "421 domain text", "RFC 5321 §3.8, §4.2.2"},
    {kSmtp, "421", "CONNECT", "No service at the moment",
     "The server is there but takes no mail now, for it is too busy or going down. The client "
     "leaves "
     "its mail in the queue and calls again later, or tries the next server that DNS names.",
     "421 domain text", "RFC 5321 §3.1, §4.2.2"},
    {kSmtp, "450", "", "Mailbox unavailable, for now",
     "The mailbox cannot be used at this moment: it is locked, or the server puts strangers off "
     "the "
     "first time (greylisting). The message stays in the sender's queue and is tried again.",
     "450 text", "RFC 5321 §4.2.2"},
    {kSmtp, "451", "", "Local error in processing",
     "Something went wrong inside the server, such as a disk or a lookup that failed. It is not "
     "the "
     "message's fault, so the client tries again later.",
     "451 text", "RFC 5321 §4.2.2"},
    {kSmtp, "452", "", "Insufficient storage, or too many recipients",
     "The server is short of room at the moment. In answer to RCPT it usually means that this "
     "transaction has enough recipients: the client sends the message to those accepted, and then "
     "once more to the others.",
     "452 text", "RFC 5321 §4.5.3.1.10"},
    {kSmtp, "452", "RCPT", "Too many recipients",
     "This transaction is full; a server must take at least a hundred recipients before it says "
     "so. "
     "Those already accepted stay accepted. The client opens another transaction for the rest.",
     "452 Too many recipients", "RFC 5321 §4.5.3.1.10"},
    {kSmtp, "454", "", "Not available at the moment",
     "The server cannot log anybody in, or cannot start TLS, at the moment. Later it may work.",
     "454 text", "RFC 4954 §4.7.3, RFC 3207 §4"},
    {kSmtp, "455", "", "Cannot accommodate the parameters now",
     "The server knows the parameters of MAIL or RCPT but cannot grant them at the moment. The "
     "same "
     "may work later.",
     "455 text", "RFC 5321 §4.1.1.11"},

    // ---- reply codes: 5yz
    // ---------------------------------------------------------------------------
    {kSmtp, "500", "", "Syntax error, command unrecognized",
     "The server does not know this word, or the line was too long or broken. It is the answer to "
     "a "
     "typing mistake at the keyboard.",
     "500 text", "RFC 5321 §4.2.4"},
    {kSmtp, "500", "EHLO", "EHLO is not known here",
     "The server dates from before the extensions. The client tries again with HELO and does "
     "without "
     "them.",
     "500 text", "RFC 5321 §3.2"},
    {kSmtp, "501", "", "Syntax error in parameters",
     "The verb is right, but what follows it is not: a missing <, a name that is no domain, an "
     "argument where none belongs.",
     "501 text", "RFC 5321 §4.2.2"},
    {kSmtp, "502", "", "Command not implemented",
     "The server knows the word but has not built it. It is what servers of today say to the "
     "historic commands, such as TURN or SEND, and often to EXPN.",
     "502 text", "RFC 5321 §4.2.4"},
    {kSmtp, "503", "", "Bad sequence of commands",
     "A proper command at the wrong time: RCPT before MAIL, DATA before any recipient, a second "
     "MAIL "
     "within a transaction. The session stays as it was.",
     "503 text", "RFC 5321 §4.1.4"},
    {kSmtp, "503", "MAIL", "Not now: no EHLO, or a transaction is open",
     "MAIL opens a transaction, and there can be only one at a time. Either the client has not "
     "introduced itself, or it has to finish the open transaction or give it up with RSET.",
     "503 text", "RFC 5321 §4.1.4"},
    {kSmtp, "503", "RCPT", "First say who sends it",
     "A recipient needs an envelope to stand on: MAIL has to come first.", "503 text",
     "RFC 5321 §3.3"},
    {kSmtp, "503", "DATA", "The envelope is not complete",
     "A message needs a sender and at least one accepted recipient before its text may be sent.",
     "503 text", "RFC 5321 §3.3"},
    {kSmtp, "504", "", "Parameter not implemented",
     "The command is known, but not this form of it; for instance a log-in mechanism that the "
     "server "
     "does not offer.",
     "504 text", "RFC 5321 §4.2.2"},
    {kSmtp, "521", "", "This host takes no mail",
     "The host never accepts mail, and says so in its greeting or to every recipient. The sender "
     "need not try again.",
     "521 text", "RFC 7504 §3"},
    {kSmtp, "523", "", "Encryption needed",
     "Seen in older log-in rules: what was asked for is not allowed over an open line. Start TLS "
     "first.",
     "523 text", "RFC 5248"},
    {kSmtp, "530", "", "Log in first, or start TLS first",
     "The server wants to know who is calling, or wants the line encrypted, before it does what "
     "was "
     "asked. Servers that take mail from a user's own computer say this.",
     "530 text", "RFC 4954 §6, RFC 3207 §4"},
    {kSmtp, "534", "", "This log-in is too weak",
     "The server knows the mechanism but does not let this user in with it. A stronger one is "
     "needed.",
     "534 text", "RFC 4954 §6"},
    {kSmtp, "535", "", "Log-in failed",
     "Wrong name or wrong password; the server does not say which, so that nobody can find out "
     "names "
     "by trying.",
     "535 text", "RFC 4954 §6"},
    {kSmtp, "538", "", "Encryption required for this log-in",
     "This mechanism shows the password, so it may only be used under TLS.", "538 text",
     "RFC 4954 §4.7.2"},
    {kSmtp, "550", "", "Mailbox unavailable",
     "Refused for good: there is no such mailbox, or the server's policy forbids it. The sender "
     "gets "
     "a report, and the message is not tried again.",
     "550 text", "RFC 5321 §4.2.2"},
    {kSmtp, "550", "RCPT", "No such mailbox here",
     "The server has no mailbox of that name, or will not take mail for it from this caller. Only "
     "this recipient is refused; the others on the envelope still get the message. The sender will "
     "get a report about this one.",
     "550 text", "RFC 5321 §3.3"},
    {kSmtp, "550", "VRFY", "No such user",
     "The server knows its users, and this is none of them. Many servers answer 252 instead, so as "
     "to tell strangers nothing.",
     "550 text", "RFC 5321 §3.5"},
    {kSmtp, "550", "END OF DATA", "The message is refused",
     "The server has read the whole message and will not have it, by its policy: a virus or spam "
     "filter may have said no. The sending side keeps the message and reports to its sender.",
     "550 text", "RFC 5321 §4.3.2"},
    {kSmtp, "551", "", "User not local; please try elsewhere",
     "The user has moved, and the server tells the new address but does not send the message on. "
     "The "
     "client, or the person behind it, has to send again to that address. Compare 251, where the "
     "server does it.",
     "551 User not local; please try <forward-path>", "RFC 5321 §3.4"},
    {kSmtp, "552", "", "Exceeded storage allocation",
     "The message is larger than the server or the mailbox will take. Sending the same again is "
     "useless. Old servers also say 552 where 452 is meant: too many recipients.",
     "552 text", "RFC 5321 §4.2.2, §4.5.3.1.10"},
    {kSmtp, "552", "MAIL", "Larger than this server takes",
     "The client announced the size with SIZE=, and the server refuses before a single octet of "
     "the "
     "message was sent. That is what the SIZE extension is for.",
     "552 text", "RFC 1870 §6.1"},
    {kSmtp, "553", "", "Mailbox name not allowed",
     "The address cannot be right, as it stands, on this server: ambiguous, misspelt, or a sender "
     "that this caller may not use.",
     "553 text", "RFC 5321 §4.2.2"},
    {kSmtp, "554", "", "Transaction failed",
     "No, and without a finer code for the reason. The text usually says why: policy, a broken "
     "message, or no valid recipients.",
     "554 text", "RFC 5321 §4.2.2"},
    {kSmtp, "554", "CONNECT", "No SMTP service here",
     "The host answers on the mail port but takes no mail, at least not from this caller. The "
     "client "
     "may only say QUIT.",
     "554 text", "RFC 5321 §3.1"},
    {kSmtp, "554", "DATA", "No valid recipients",
     "There is a sender, but every recipient was refused: a letter to nobody. The server will not "
     "hear its text.",
     "554 text", "RFC 5321 §3.3"},
    {kSmtp, "554", "END OF DATA", "The message is refused",
     "The server has read the message and refuses it for good. One reason may be a CR or LF that "
     "stands by itself: two servers could disagree on where such a message ends, and an attacker "
     "could smuggle a second message through the gap.",
     "554 text", "RFC 5321 §2.3.8, §4.1.1.4"},
    {kSmtp, "555", "", "Parameters not recognized",
     "MAIL or RCPT carried a parameter that this server does not know or has not announced.",
     "555 text", "RFC 5321 §4.1.1.11"},
    {kSmtp, "556", "", "Domain does not accept mail",
     "The recipient's domain says in DNS that it takes no mail at all (a null MX), so the server "
     "does not even try.",
     "556 text", "RFC 7504 §4"},

    // ---- extensions
    // ------------------------------------------------------------------------------------
    {kSmtp, "SIZE", kExtension, "Message size declaration",
     "The server names the largest message that it takes, and the client may say on MAIL how large "
     "its message is. A message that is too large is then refused before it is sent, and not after "
     "minutes on a slow line. Line ends count as two octets; doubled dots do not count.",
     "SIZE octets / MAIL FROM:<path> SIZE=octets", "RFC 1870"},
    {kSmtp, "8BITMIME", kExtension, "8-bit content",
     "The server takes text with the eighth bit set, as in UTF-8 or Latin-1. Without it a message "
     "has to be plain 7-bit ASCII on the way, and MIME turns everything else into that.",
     "MAIL FROM:<path> BODY=8BITMIME", "RFC 6152"},
    {kSmtp, "PIPELINING", kExtension, "Commands in a row",
     "The client need not wait for each answer: MAIL, all RCPT and DATA may go out together, and "
     "the "
     "answers come back together, in order. On a long line that saves several round trips a "
     "message. "
     "EHLO, DATA, VRFY, EXPN, QUIT and NOOP may only stand at the end of such a group.",
     "PIPELINING", "RFC 2920"},
    {kSmtp, "ENHANCEDSTATUSCODES", kExtension, "Finer reasons",
     "The server puts a second code in three parts in front of its text, such as 5.1.1 for a bad "
     "mailbox address. It says the reason more finely than three digits can, and failure reports "
     "repeat it.",
     "250 2.1.5 text", "RFC 2034, RFC 3463"},
    {kSmtp, "DSN", kExtension, "Delivery reports on request",
     "The client may ask to be told of delivery, of delay, of failure, or of nothing, and whether "
     "a "
     "report should bring the whole message back or the header only.",
     "RCPT TO:<path> NOTIFY=SUCCESS,FAILURE", "RFC 3461"},
    {kSmtp, "STARTTLS", kExtension, "Encryption of the hop",
     "The server can wrap the connection in TLS. An attacker in the middle can take this line out "
     "of "
     "the list, and a client that does not insist goes on in the clear.",
     "STARTTLS", "RFC 3207"},
    {kSmtp, "AUTH", kExtension, "Log-in",
     "The server lets users log in, by the mechanisms that it lists. It is for the first hop, from "
     "a "
     "user's own computer; servers among themselves hardly use it.",
     "AUTH mechanisms", "RFC 4954"},
    {kSmtp, "CHUNKING", kExtension, "Counted chunks instead of the dot",
     "The server knows BDAT, which sends the message in chunks of a stated length.", "CHUNKING",
     "RFC 3030"},
    {kSmtp, "BINARYMIME", kExtension, "Any octets",
     "The server takes content without lines, such as raw images, sent with BDAT.",
     "MAIL FROM:<path> BODY=BINARYMIME", "RFC 3030"},
    {kSmtp, "SMTPUTF8", kExtension, "Addresses in any script",
     "Addresses and header lines may be in UTF-8, so that a mailbox can have a name in Greek, "
     "Hindi "
     "or Chinese. Every server on the way has to take part.",
     "MAIL FROM:<path> SMTPUTF8", "RFC 6531"},
    {kSmtp, "ETRN", kExtension, "Queue run on request",
     "The server starts sending what it holds for a host when it is asked.", "ETRN domain",
     "RFC 1985"},
    {kSmtp, "HELP", kExtension, "The HELP command is there",
     "HELP is optional, so a server that has it says so.", "HELP", "RFC 5321 §4.1.1.8"},
    {kSmtp, "EXPN", kExtension, "The EXPN command is there",
     "EXPN is optional, so a server that has it says so.", "EXPN", "RFC 5321 §4.1.1.7"},
    {kSmtp, "VRFY", kExtension, "The VRFY command is there",
     "Every server has to know VRFY; many name it in the list all the same.", "VRFY",
     "RFC 5321 §4.1.1.6"},

    // ---- session states
    // ---------------------------------------------------------------------------------
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
     "after "
     "the final dot can the two sides be of different minds.",
     "", "RFC 5321 §3.8, RFC 1047"},
    {kSmtp, "UNKNOWN", kState, "Joined in the middle",
     "The capture begins, or goes on behind a gap, in the middle of a session, so what was agreed "
     "before is not known.",
     "", ""},

    // ---- words of the trade
    // -------------------------------------------------------------------------------
    {kSmtp, "envelope", "", "Envelope",
     "The sender and the recipients as MAIL and RCPT name them. It carries the mail, as the "
     "envelope "
     "of a paper letter does; the To: and From: lines are part of the letter inside. The two may "
     "differ, and with Bcc or a mailing list they do.",
     "", "RFC 5321 §2.3.1"},
    {kSmtp, "CRLF", "", "Line end",
     "Every line ends in the two octets carriage return and line feed, and in nothing else. A "
     "server "
     "that takes a lone line feed for a line end can be tricked into seeing the end of a message "
     "where the sender put none.",
     "<CR><LF>", "RFC 5321 §2.3.8"},
    {kSmtp, "dot-stuffing", "", "Transparency: the doubled dot",
     "A lone dot ends the message, so a line of text that begins with a dot is sent with one more "
     "dot in front. The receiver takes it off again. The message arrives as it was written.",
     "", "RFC 5321 §4.5.2"},
    {kSmtp, "bounce", "", "Failure report",
     "When a server has accepted a message and then cannot deliver it, it sends a report back to "
     "the "
     "envelope's sender. The report itself goes out with an empty sender, MAIL FROM:<>, so that a "
     "report about a report can never arise.",
     "MAIL FROM:<>", "RFC 5321 §6.1, RFC 3464"},
};

// "4yz" and the like, made from a digit.
const ReferenceEntry* first_digit_entry(std::uint16_t code) {
  const std::string word = std::string(1, static_cast<char>('0' + code / 100)) + "yz";
  return find_entry(kEntries, word, kDigit);
}

}  // namespace

std::span<const ReferenceEntry> reference() {
  return kEntries;
}

const ReferenceEntry* explain_reply(std::uint16_t code, Verb answers) {
  const ReferenceEntry* entry = find_entry(kEntries, std::to_string(code), name(answers));
  return entry != nullptr ? entry : first_digit_entry(code);
}

const ReferenceEntry* explain_verb(Verb verb) {
  return find_entry(kEntries, name(verb));
}

std::string_view first_digit_word(std::uint16_t code) {
  switch (code / 100) {
    case 2:
      return "success";
    case 3:
      return "go on";
    case 4:
      return "not now";
    case 5:
      return "refused";
    default:
      return "";
  }
}

std::string_view second_digit_word(std::uint16_t code) {
  constexpr std::array<std::string_view, 6> kWords = {
      "syntax", "information", "connection", "log-in", "", "mail system"};
  const std::size_t digit = code / 10 % 10;
  return digit < kWords.size() ? kWords[digit] : "";
}

}  // namespace mailscope::smtp
