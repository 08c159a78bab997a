// What the digits of reply codes mean, and each code of success (2yz, 3yz), by itself and in answer
// to each verb. RFC 5321 §4.2, §4.3.2.

#include "protocols/smtp/reference_tables.hpp"

namespace mailscope::smtp {
namespace {

// {protocol, word, context, title, meaning, syntax, section}
constexpr ReferenceEntry kReplyEntries[] = {
    // ---- the digits --------------------------------------------------------------------------
    {kSmtp, "2yz", kDigit, "Done",
     "The first digit 2: the command was understood and carried out. The client may go on.", "",
     "RFC 5321 §4.2.1"},
    {kSmtp, "3yz", kDigit, "So far so good, go on",
     "The first digit 3: the command was accepted, and the server waits for the rest of it. In "
     "basic SMTP only DATA is answered this way.",
     "", "RFC 5321 §4.2.1"},
    {kSmtp, "4yz", kDigit, "Not now",
     "The first digit 4: refused, but only for the moment; the very same command may succeed "
     "later. The sending server keeps the message in its queue and tries again, usually for some "
     "days, before it gives up.",
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
     "530, 535.",
     "", "RFC 5321 §4.2.1, RFC 4954 §6"},
    {kSmtp, "x4z", kDigit, "Not defined", "The second digit 4 has no meaning in SMTP.", "",
     "RFC 5321 §4.2.1"},
    {kSmtp, "x5z", kDigit, "About the mail system",
     "The second digit 5: the reply is about mailboxes, storage and the message, the real business "
     "of the server.",
     "", "RFC 5321 §4.2.1"},

    // ---- 2yz ---------------------------------------------------------------------------------
    {kSmtp, "211", "", "System status, or help",
     "The server tells something about itself, or answers HELP. The text is for people; no program "
     "acts on it.",
     "211 text", "RFC 5321 §4.2.2"},
    {kSmtp, "211", "HELP", "About this server",
     "An answer to HELP that tells of the server itself: its state, its name, whom to ask.",
     "211 text", "RFC 5321 §4.3.2"},
    {kSmtp, "214", "", "Help message",
     "The answer to HELP: text for the person at the keyboard. No program acts on it.", "214 text",
     "RFC 5321 §4.2.2"},
    {kSmtp, "214", "HELP", "What you can type here",
     "The server lists what it understands, or says more about the verb that was asked for. It is "
     "text for the person at the keyboard; programs ask with EHLO.",
     "214 text", "RFC 5321 §4.1.1.8"},
    {kSmtp, "220", "", "Service ready",
     "The server is ready for what comes next. It is the greeting of a new connection, and also "
     "the leave to begin TLS after STARTTLS.",
     "220 domain text", "RFC 5321 §4.2.2"},
    {kSmtp, "220", "CONNECT", "Greeting: service ready",
     "The server's first words: I am here, this is my name, and I take mail. The client should "
     "say nothing before it has come. A busy server may let it wait for this line, and a patient "
     "client does, five minutes at least.",
     "220 domain text", "RFC 5321 §3.1, §4.3.1, §4.5.3.2.1"},
    {kSmtp, "220", "STARTTLS", "Ready to start TLS",
     "From the next octet on the connection speaks TLS. An eavesdropper sees from here only that "
     "two hosts are talking and how much; and the session begins again with a new EHLO.",
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
     "have a hyphen after the code. The client may use what stands in the list and nothing "
     "else.",
     "250-domain ... 250 keyword", "RFC 5321 §4.1.1.1"},
    {kSmtp, "250", "HELO", "Welcome",
     "The server accepts the caller and says its own name. No extensions: this is the basic "
     "protocol of 1982.",
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
    {kSmtp, "250", "BDAT", "Chunk received",
     "This part of the message has arrived. There is no verdict yet on the message as a whole: "
     "that comes with the last chunk.",
     "250 text", "RFC 3030 §2"},
    {kSmtp, "250", "BDAT LAST", "Message accepted: it is mine now",
     "The last chunk has arrived, and the server has taken responsibility for the whole message, "
     "as it does with 250 after the lone dot.",
     "250 text", "RFC 3030 §2"},
    {kSmtp, "250", "RSET", "Forgotten",
     "The envelope and everything in it was thrown away. Nothing of it will be delivered; the "
     "connection is ready for another message.",
     "250 text", "RFC 5321 §4.1.1.5"},
    {kSmtp, "250", "NOOP", "Still here", "The server is alive and did nothing, as it was asked.",
     "250 text", "RFC 5321 §4.1.1.9"},
    {kSmtp, "250", "VRFY", "Yes, that mailbox exists",
     "The server knows the user and gives the full address. Few servers still say so to "
     "strangers.",
     "250 name <mailbox>", "RFC 5321 §3.5"},
    {kSmtp, "250", "EXPN", "These are the members",
     "The members of the list, one a line. A message to the list goes to each of them.",
     "250-name <mailbox> ... 250 name <mailbox>", "RFC 5321 §3.5"},
    {kSmtp, "250", "TURN", "Agreed: the roles change",
     "From now on the server sends and the caller receives, on the same connection. The old "
     "server, now the client, goes on as after a greeting: it waits for a 220. Whose mail it hands "
     "out, it has to take the caller's word for; that was the danger.",
     "250 text", "RFC 821 §3.8"},
    {kSmtp, "250", "SEND", "Sender accepted (historic)",
     "As in answer to MAIL: recipients come next. Only servers of the 1980s ever said it.",
     "250 text", "RFC 821 §3.4"},
    {kSmtp, "250", "ETRN", "The queue for that host is started",
     "The server starts sending what it holds for that host, over a new connection of its own. "
     "Whether it holds anything, this answer does not say.",
     "250 text", "RFC 1985 §5.1"},
    {kSmtp, "251", "", "User not local; will forward",
     "The user has moved, the server knows where to, and will send the message on itself. The "
     "client has nothing more to do. Compare 551, where the client has to do it.",
     "251 User not local; will forward to <forward-path>", "RFC 5321 §3.4"},
    {kSmtp, "251", "RCPT", "The user has moved; I shall send it on",
     "Accepted: the recipient is no longer here, but the server knows the new address and forwards "
     "the message there. The text tells the new address, so that the sender may note it; nothing "
     "else need be done.",
     "251 User not local; will forward to <forward-path>", "RFC 5321 §3.4"},
    {kSmtp, "251", "VRFY", "The user has moved; mail is sent on",
     "The server knows the user, who has moved, and would forward mail to the new address that it "
     "names.",
     "251 User not local; will forward to <forward-path>", "RFC 5321 §3.5.3"},
    {kSmtp, "251", "ETRN", "Nothing waits for that host",
     "The server knows the host and holds no mail for it, so there is nothing to send.", "251 text",
     "RFC 1985 §5.1"},
    {kSmtp, "252", "", "Cannot verify, but will try",
     "The polite non-answer to VRFY: the server will not say whether the user exists, but would "
     "take a message and try to deliver it. It says nothing either way, so that address collectors "
     "learn nothing.",
     "252 text", "RFC 5321 §3.5.3, §7.3"},
    {kSmtp, "252", "VRFY", "I cannot say, but send it",
     "The polite non-answer: the server will not say whether the user exists, but it would take a "
     "message and try to deliver it. A server that has switched VRFY off against address "
     "collectors must answer this to everybody.",
     "252 text", "RFC 5321 §3.5.3, §7.3"},
    {kSmtp, "252", "EXPN", "I will not say who is on it",
     "The server does not tell strangers who is on a list. A message to the list would be taken "
     "all the same.",
     "252 text", "RFC 5321 §3.5.3, §7.3"},
    {kSmtp, "252", "ETRN", "What waits for that host is sent now",
     "There is mail for that host, and the server has begun to send it, over a new connection of "
     "its own.",
     "252 text", "RFC 1985 §5.1"},
    {kSmtp, "253", "", "Messages wait, and are sent now",
     "An answer to ETRN only: so many messages wait for that host, and the server has begun to "
     "send them, over a new connection of its own.",
     "253 number text", "RFC 1985 §5.1"},

    // ---- 3yz ---------------------------------------------------------------------------------
    {kSmtp, "334", "", "Log-in: your turn",
     "A challenge in the middle of AUTH. The text is base64: with LOGIN it says no more than "
     "\"Username:\" and \"Password:\", with CRAM-MD5 it is a puzzle that only the owner of the "
     "password can solve.",
     "334 base64", "RFC 4954 §4"},
    {kSmtp, "334", "AUTH", "Log-in: your turn",
     "The server asks the next question of the log-in. The text is base64. The line with which the "
     "client answers is no command, and it is masked here if it may hold a password.",
     "334 base64", "RFC 4954 §4"},
    {kSmtp, "354", "", "Start mail input",
     "Go ahead with the message. From now on every line is text, even one that looks like a "
     "command, until a line that is a single dot. Nothing has been accepted yet: the verdict comes "
     "after the dot.",
     "354 Start mail input; end with <CRLF>.<CRLF>", "RFC 5321 §4.1.1.4"},

};

}  // namespace

std::span<const ReferenceEntry> reply_entries() {
  return kReplyEntries;
}

}  // namespace mailscope::smtp
