// What each reply code of refusal (4yz, 5yz) means, by itself and in answer to each verb. RFC 5321
// §4.2, §4.3.2.

#include "protocols/smtp/reference_tables.hpp"

namespace mailscope::smtp {
namespace {

// {protocol, word, context, title, meaning, syntax, section}
constexpr ReferenceEntry kRefusalEntries[] = {
    // ---- 4yz ---------------------------------------------------------------------------------
    {kSmtp, "421", "", "Service not available",
     "The server must stop, now, whatever the command was: it is shutting down, overloaded or "
     "tired of waiting. It closes the connection. Nothing is lost: the client still has its "
     "message and tries again later.",
     "421 domain text", "RFC 5321 §3.8, §4.2.2"},
    {kSmtp, "421", "CONNECT", "No service at the moment",
     "The server is there but takes no mail now, for it is too busy or going down. The client "
     "leaves its mail in the queue and calls again later, or tries the next server that DNS "
     "names.",
     "421 domain text", "RFC 5321 §3.8, §4.2.2, §5.1"},
    {kSmtp, "421", "RCPT", "The server must stop in mid-envelope",
     "The server closes the connection before the envelope was complete. Nothing of this message "
     "has arrived, and nothing is lost: it is still in the sender's queue.",
     "421 domain text", "RFC 5321 §3.8"},
    {kSmtp, "421", "END OF DATA", "Not taken: the server must stop",
     "The whole message has been sent, but the server has not taken responsibility for it and "
     "closes the connection. The client keeps its copy and sends it again later.",
     "421 domain text", "RFC 5321 §3.8, §4.2.5"},
    {kSmtp, "432", "", "A password transition is needed",
     "The server cannot yet check this way of logging in for this user. After one log-in with "
     "PLAIN, on an encrypted line, it can.",
     "432 text", "RFC 4954 §6"},
    {kSmtp, "450", "", "Mailbox unavailable, for now",
     "The mailbox cannot be used at this moment: it is locked, or the server puts strangers off "
     "the first time (greylisting). The message stays in the sender's queue and is tried again.",
     "450 text", "RFC 5321 §4.2.2"},
    {kSmtp, "450", "RCPT", "This mailbox not now",
     "The mailbox is locked, or the server puts a stranger off the first time: a proper mail "
     "server comes back after some minutes, a spammer's program does not (greylisting). The "
     "message stays in the sender's queue.",
     "450 text", "RFC 5321 §4.2.2"},
    {kSmtp, "450", "END OF DATA", "Not now, by the server's rules",
     "The server has read the message and does not take it at the moment. The client keeps it and "
     "tries again later.",
     "450 text", "RFC 5321 §4.3.2"},
    {kSmtp, "451", "", "Local error in processing",
     "Something went wrong inside the server, such as a disk or a lookup that failed. It is not "
     "the message's fault, so the client tries again later.",
     "451 text", "RFC 5321 §4.2.2"},
    {kSmtp, "451", "MAIL", "Trouble in the server",
     "Something in the server failed before the mail had even begun. The same MAIL may work "
     "later.",
     "451 text", "RFC 5321 §4.2.2"},
    {kSmtp, "451", "RCPT", "This recipient cannot be looked up now",
     "The server could not find out about this recipient, because a table or the DNS did not "
     "answer. It is neither yes nor no; the client tries this recipient again later.",
     "451 text", "RFC 5321 §4.2.2"},
    {kSmtp, "451", "END OF DATA", "The message could not be stored",
     "The message was read to its end, but something failed inside the server before it was safe "
     "on the disk. So the server does not say 250, and the client keeps its copy and tries "
     "again.",
     "451 text", "RFC 5321 §4.2.5"},
    {kSmtp, "452", "", "Insufficient storage, or too many recipients",
     "The server is short of room at the moment. In answer to RCPT it usually means that this "
     "transaction has enough recipients: the client sends the message to those accepted, and then "
     "once more to the others.",
     "452 text", "RFC 5321 §4.5.3.1.10"},
    {kSmtp, "452", "MAIL", "No room at the moment",
     "The client announced the size with SIZE=, and at the moment there is not so much room. Later "
     "there may be.",
     "452 text", "RFC 1870 §6.1"},
    {kSmtp, "452", "RCPT", "Too many recipients",
     "This transaction is full; a server must take at least a hundred recipients before it says "
     "so. Those already accepted stay accepted. The client opens another transaction for the "
     "rest.",
     "452 Too many recipients", "RFC 5321 §4.5.3.1.8, §4.5.3.1.10"},
    {kSmtp, "452", "END OF DATA", "The disk is full",
     "The message was read, but there is no room to store it. The client keeps its copy and tries "
     "again later.",
     "452 text", "RFC 5321 §4.2.5"},
    {kSmtp, "453", "", "You have no mail",
     "The answer to ATRN, a TURN with log-in, when nothing waits for the caller.", "453 text",
     "RFC 2645 §5.2.1"},
    {kSmtp, "454", "", "Not available at the moment",
     "The server cannot log anybody in, or cannot start TLS, at the moment. Later it may work.",
     "454 text", "RFC 4954 §6, RFC 3207 §4"},
    {kSmtp, "454", "STARTTLS", "No encryption at the moment",
     "The server knows TLS but cannot start it now. The client must decide whether it goes on in "
     "the clear or tries later.",
     "454 text", "RFC 3207 §4"},
    {kSmtp, "454", "AUTH", "No log-in at the moment",
     "The server cannot check passwords just now. The password may well be right, so the user "
     "should not be asked for another.",
     "454 text", "RFC 4954 §6"},
    {kSmtp, "455", "", "Cannot accommodate the parameters now",
     "The server knows the parameters of MAIL or RCPT but cannot grant them at the moment. The "
     "same may work later.",
     "455 text", "RFC 5321 §4.1.1.11"},
    {kSmtp, "458", "", "Cannot queue messages for that host",
     "An answer to ETRN: the server does not hold mail for that host, or cannot start its queue "
     "now.",
     "458 text", "RFC 1985 §5.1"},
    {kSmtp, "459", "", "That host is not allowed",
     "An answer to ETRN: this caller may not start the queue for that host. The text says why.",
     "459 text", "RFC 1985 §5.1"},

    // ---- 5yz ---------------------------------------------------------------------------------
    {kSmtp, "500", "", "Syntax error, command unrecognized",
     "The server does not know this word, or the line was too long or broken. It is the answer to "
     "a typing mistake at the keyboard.",
     "500 text", "RFC 5321 §4.2.4"},
    {kSmtp, "500", "EHLO", "EHLO is not known here",
     "The server dates from before the extensions. The client tries again with HELO and does "
     "without them.",
     "500 text", "RFC 5321 §3.2"},
    {kSmtp, "500", "AUTH", "The log-in line is too long",
     "The client's line is longer than the server can hold for this way of logging in. The log-in "
     "is over.",
     "500 text", "RFC 4954 §4, §6"},
    {kSmtp, "501", "", "Syntax error in parameters",
     "The verb is right, but what follows it is not: a missing <, a name that is no domain, an "
     "argument where none belongs.",
     "501 text", "RFC 5321 §4.2.2"},
    {kSmtp, "501", "EHLO", "That is no host name",
     "Behind EHLO stands the caller's own name: a domain, or an address in square brackets. What "
     "came was neither, or nothing at all.",
     "501 text", "RFC 5321 §4.1.1.1"},
    {kSmtp, "501", "HELO", "That is no host name",
     "Behind HELO stands the caller's own name, a domain. An address in square brackets belongs to "
     "EHLO, though many servers take it here too. What came was no name, or nothing at all.",
     "501 text", "RFC 5321 §4.1.1.1"},
    {kSmtp, "501", "AUTH", "That is no base64, or the log-in was called off",
     "The line could not be turned back from base64, or the client sent a lone * to give the "
     "log-in up.",
     "501 text", "RFC 4954 §4"},
    {kSmtp, "501", "MAIL", "That is no sender",
     "Wanted is MAIL FROM:<local-part@domain>, or MAIL FROM:<>, with the angle brackets and "
     "without a space after the colon.",
     "501 text", "RFC 5321 §4.1.2"},
    {kSmtp, "501", "RCPT", "That is no recipient",
     "Wanted is RCPT TO:<local-part@domain>, with the angle brackets and without a space after "
     "the colon. One name needs no domain: RCPT TO:<Postmaster>. An empty recipient, <>, makes no "
     "sense.",
     "501 text", "RFC 5321 §4.1.1.3, §4.1.2, §4.5.1"},
    {kSmtp, "502", "", "Command not implemented",
     "The server knows the word but has not built it. It is what servers of today say to the "
     "historic commands, such as TURN or SEND, and often to EXPN.",
     "502 text", "RFC 5321 §4.2.4"},
    {kSmtp, "502", "VRFY", "I do not answer such questions",
     "The server has switched VRFY off. For that the standard requires 252, which promises nothing "
     "either and cannot be taken for a verdict; 502 is for servers that have not "
     "built it.",
     "502 text", "RFC 5321 §3.5.3, §7.3"},
    {kSmtp, "502", "EXPN", "I do not answer such questions",
     "The server has not built EXPN, or has switched it off: who is on a list is nobody's "
     "business. Most servers today answer like this; a server that has switched it off is "
     "required to say 252.",
     "502 text", "RFC 5321 §3.5.3, §7.3"},
    {kSmtp, "502", "TURN", "No exchange of roles",
     "The server does not change places, and hardly any ever did: it cannot know whether the "
     "caller is who it says it is. ETRN does the job safely.",
     "502 text", "RFC 821 §3.8, RFC 5321 appendix F.1"},
    {kSmtp, "502", "SEND", "Not to terminals any more",
     "The server knows the word from the old standard, and has not built it. Hardly any ever did.",
     "502 text", "RFC 5321 appendix F.6"},
    {kSmtp, "502", "SOML", "Not to terminals any more",
     "The server knows the word from the old standard, and has not built it. Hardly any ever did.",
     "502 text", "RFC 5321 appendix F.6"},
    {kSmtp, "502", "SAML", "Not to terminals any more",
     "The server knows the word from the old standard, and has not built it. Hardly any ever did.",
     "502 text", "RFC 5321 appendix F.6"},
    {kSmtp, "503", "", "Bad sequence of commands",
     "A proper command at the wrong time: RCPT before MAIL, DATA before any recipient, a second "
     "MAIL within a transaction. The session stays as it was.",
     "503 text", "RFC 5321 §4.1.4"},
    {kSmtp, "503", "STARTTLS", "Not here",
     "The line is encrypted already, and then STARTTLS may not come again, or a mail transaction "
     "is open.",
     "503 text", "RFC 3207 §4.2, RFC 5321 §4.1.4"},
    {kSmtp, "503", "AUTH", "A log-in at the wrong time",
     "One session has one log-in, and it may not come in the middle of a mail transaction. The "
     "client is logged in already, or has to finish the mail first.",
     "503 text", "RFC 4954 §4"},
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
    {kSmtp, "503", "BDAT", "A chunk at the wrong time",
     "A chunk needs an envelope with a sender and a recipient, and none may follow the one marked "
     "LAST.",
     "503 text", "RFC 3030 §2"},
    {kSmtp, "504", "", "Parameter not implemented",
     "The command is known, but not this form of it; for instance a log-in mechanism that the "
     "server does not offer.",
     "504 text", "RFC 5321 §4.2.2"},
    {kSmtp, "504", "AUTH", "I do not know this way to log in",
     "The client may choose only among the mechanisms that stand after AUTH in the EHLO list.",
     "504 text", "RFC 4954 §4"},
    {kSmtp, "521", "", "This host takes no mail",
     "The host never accepts mail from anybody, and says so in its greeting. The sender need not "
     "try again. For one address or one caller it is the wrong code: that is 554, 550 or 556.",
     "521 text", "RFC 7504 §3"},
    {kSmtp, "521", "CONNECT", "This host takes no mail, ever",
     "The greeting of a machine that only tells callers to go away: a web server, say, to which "
     "somebody has sent mail by mistake. The client gives up at once.",
     "521 text", "RFC 7504 §3"},
    {kSmtp, "521", "RCPT", "This host takes no mail",
     "A host that takes mail from nobody may go on saying so after its greeting. Of another host, "
     "the recipient's, it should not be said: that is 556.",
     "521 text", "RFC 7504 §3, §4"},
    {kSmtp, "523", "", "Encryption needed",
     "Seen in older log-in rules: what was asked for is not allowed over an open line. Start TLS "
     "first.",
     "523 text", "RFC 5248 §2.4"},
    {kSmtp, "524", "", "Encryption needed for this log-in",
     "This way to log in wants an encrypted line. It was never in a standard of its own; 538 says "
     "the same.",
     "524 text", "RFC 5248 §2.4"},
    {kSmtp, "525", "", "User account disabled",
     "Name and password are right, but the account is closed until the administrator opens it "
     "again.",
     "525 text", "RFC 5248 §2.4"},
    {kSmtp, "530", "", "Log in first, or start TLS first",
     "The server wants to know who is calling, or wants the line encrypted, before it does what "
     "was asked. Servers that take mail from a user's own computer say this.",
     "530 text", "RFC 4954 §6, RFC 3207 §4"},
    {kSmtp, "530", "AUTH", "Encrypt before you log in",
     "The server will not hear a password on an open line. STARTTLS comes first.", "530 text",
     "RFC 3207 §4, RFC 4954 §4"},
    {kSmtp, "530", "MAIL", "Log in before you send",
     "This is the door for users (port 587): whoever wants to send has to log in first. Otherwise "
     "anybody could send spam through the server.",
     "530 text", "RFC 4954 §6, RFC 6409 §4.3"},
    {kSmtp, "534", "", "This log-in is too weak",
     "The server knows the mechanism but does not let this user in with it. A stronger one is "
     "needed.",
     "534 text", "RFC 4954 §6"},
    {kSmtp, "535", "", "Log-in failed",
     "Wrong name or wrong password; the server does not say which, so that nobody can find out "
     "names by trying.",
     "535 text", "RFC 4954 §6"},
    {kSmtp, "538", "", "Encryption required for this log-in",
     "This mechanism shows the password, so it may only be used under TLS. Historic: a "
     "server of today does not list such a mechanism before TLS has begun.",
     "538 text", "RFC 4954 §6"},
    {kSmtp, "550", "", "Mailbox unavailable",
     "Refused for good: there is no such mailbox, or the server's policy forbids it. The sender "
     "gets a report, and the message is not tried again.",
     "550 text", "RFC 5321 §4.2.2"},
    {kSmtp, "550", "MAIL", "This sender is not wanted",
     "The server takes no mail from this sender, or not from this caller in that name, by its own "
     "rules.",
     "550 text", "RFC 5321 §4.3.2"},
    {kSmtp, "550", "RCPT", "No such mailbox here",
     "The server has no mailbox of that name, or will not take mail for it from this caller. Only "
     "this recipient is refused; the others on the envelope still get the message. The sender will "
     "get a report about this one.",
     "550 text", "RFC 5321 §3.3"},
    {kSmtp, "550", "END OF DATA", "The message is refused",
     "The server has read the whole message and will not have it, by its policy: a virus or spam "
     "filter may have said no. The sending side keeps the message and reports to its sender.",
     "550 text", "RFC 5321 §4.3.2"},
    {kSmtp, "550", "VRFY", "No such user",
     "The server knows its users, and this is none of them. Many servers answer 252 instead, so as "
     "to tell strangers nothing.",
     "550 text", "RFC 5321 §3.5"},
    {kSmtp, "550", "EXPN", "No such list", "The server knows its lists, and this is none of them.",
     "550 text", "RFC 5321 §3.5"},
    {kSmtp, "551", "", "User not local; please try elsewhere",
     "The user has moved, and the server tells the new address but does not send the message on. "
     "The client, or the person behind it, has to send again to that address. Compare 251, where "
     "the server does it.",
     "551 User not local; please try <forward-path>", "RFC 5321 §3.4"},
    {kSmtp, "551", "RCPT", "The user has moved; send it there yourself",
     "Refused: the recipient is no longer here. The text names the new address, but this server "
     "does not send the message on; the sender has to. A server that would rather not tell "
     "strangers where people have gone says 550 instead.",
     "551 User not local; please try <forward-path>", "RFC 5321 §3.4"},
    {kSmtp, "551", "VRFY", "The user has moved; try there",
     "The user has gone, and the server names the new address. Mail for the old one is not "
     "taken.",
     "551 User not local; please try <forward-path>", "RFC 5321 §3.5.3"},
    {kSmtp, "552", "", "Exceeded storage allocation",
     "The message is larger than the server or the mailbox will take. Sending the same again is "
     "useless. Old servers also say 552 where 452 is meant: too many recipients.",
     "552 text", "RFC 5321 §4.2.2, §4.5.3.1.10"},
    {kSmtp, "552", "MAIL", "Larger than this server takes",
     "The client announced the size with SIZE=, and the server refuses before a single octet of "
     "the message was sent. That is what the SIZE extension is for.",
     "552 text", "RFC 1870 §6.1"},
    {kSmtp, "552", "RCPT", "This mailbox will not hold it",
     "The mailbox has no room for this message, or the message is larger than this mailbox may "
     "take. Other recipients may still get it.",
     "552 text", "RFC 5321 §4.2.2"},
    {kSmtp, "552", "END OF DATA", "The message is too large",
     "The server has counted, and the message is larger than it takes. Had the client announced "
     "the size on MAIL, both would have saved the time.",
     "552 text", "RFC 5321 §4.2.5"},
    {kSmtp, "553", "", "Mailbox name not allowed",
     "The address cannot be right, as it stands, on this server: ambiguous, misspelt, or a sender "
     "that this caller may not use.",
     "553 text", "RFC 5321 §4.2.2"},
    {kSmtp, "553", "MAIL", "A sender that you may not use",
     "The sender's address is not allowed: it cannot be right, or the logged-in user may not send "
     "in that name.",
     "553 text", "RFC 5321 §4.3.2"},
    {kSmtp, "553", "RCPT", "Such a name cannot be",
     "The recipient's address cannot be right on this server as it stands: wrongly written, or "
     "standing for too many.",
     "553 text", "RFC 5321 §4.3.2"},
    {kSmtp, "553", "VRFY", "More than one user fits",
     "The name is ambiguous. The server may list the mailboxes that would fit, and leaves the "
     "choice to the person who asked.",
     "553 text", "RFC 5321 §3.5.1"},
    {kSmtp, "554", "", "Transaction failed",
     "No, and without a finer code for the reason. The text usually says why: policy, a broken "
     "message, or no valid recipients.",
     "554 text", "RFC 5321 §4.2.2"},
    {kSmtp, "554", "CONNECT", "No SMTP service here",
     "The host answers on the mail port but takes no mail, at least not from this caller. The "
     "client may only say QUIT.",
     "554 text", "RFC 5321 §3.1"},
    {kSmtp, "554", "RCPT", "Not through this server",
     "The server will not carry mail from this caller to that domain: neither of them is its own. "
     "An open relay, which would, is soon full of spam. Many servers say 554 here; the standard "
     "says 550.",
     "554 text", "RFC 5321 §3.6.2, §7.9"},
    {kSmtp, "554", "DATA", "No valid recipients",
     "There is a sender, but every recipient was refused: a letter to nobody. The server will not "
     "hear its text.",
     "554 text", "RFC 5321 §3.3"},
    {kSmtp, "554", "END OF DATA", "The message is refused",
     "The server has read the message and refuses it for good. One reason may be a CR or LF that "
     "stands by itself: two servers could disagree on where such a message ends, and an attacker "
     "could smuggle a second message through the gap.",
     "554 text", "RFC 5321 §2.3.8, §4.1.1.4"},
    {kSmtp, "554", "BDAT LAST", "The message is refused",
     "The server has all chunks of the message and refuses it for good. The sender gets a "
     "report.",
     "554 text", "RFC 3030 §2, RFC 5321 §4.2.5"},
    {kSmtp, "555", "", "Parameters not recognized",
     "MAIL or RCPT carried a parameter that this server does not know or has not announced.",
     "555 text", "RFC 5321 §4.1.1.11"},
    {kSmtp, "555", "MAIL", "A parameter that I do not know",
     "Behind the sender stood a parameter, such as SIZE= or BODY=, that the server does not know "
     "or has not announced in its EHLO list.",
     "555 text", "RFC 5321 §4.1.1.11"},
    {kSmtp, "555", "RCPT", "A parameter that I do not know",
     "Behind the recipient stood a parameter, such as NOTIFY=, that the server does not know or "
     "has not announced in its EHLO list.",
     "555 text", "RFC 5321 §4.1.1.11"},
    {kSmtp, "556", "", "Domain does not accept mail",
     "The recipient's domain says in DNS that it takes no mail at all (a null MX), so the server "
     "does not even try.",
     "556 text", "RFC 7504 §4"},
    {kSmtp, "556", "RCPT", "That domain takes no mail",
     "The recipient's domain says in the DNS that it takes no mail (a null MX). The sender gets a "
     "report at once, instead of after days of trying.",
     "556 text", "RFC 7504 §4, RFC 7505 §4.1"},
};

}  // namespace

std::span<const ReferenceEntry> refusal_entries() {
  return kRefusalEntries;
}

}  // namespace mailscope::smtp
