// What the enhanced status codes mean: class, subject, detail. RFC 3463 §2, §3; RFC 4954 §6,
// RFC 5248 §2.4, RFC 6531 §4.2, RFC 7372, RFC 7505 §6.

#include "protocols/smtp/reference_tables.hpp"

namespace mailscope::smtp {
namespace {

// {protocol, word, context, title, meaning, syntax, section}
constexpr ReferenceEntry kEnhancedEntries[] = {
    // ---- classes -----------------------------------------------------------------------------
    {kSmtp, "2.X.X", kEnhanced, "Success",
     "The first number 2: it worked. It stands in replies such as 250, and in a report that "
     "somebody asked for to say that the message has arrived.",
     "2.subject.detail", "RFC 3463 §2"},
    {kSmtp, "4.X.X", kEnhanced, "Persistent transient failure",
     "The first number 4: it did not work, but nothing is wrong with the message, and it may well "
     "work later. \"Persistent\" and \"transient\" together mean: it lasts for the moment, but not "
     "for ever. The message stays in the queue and is tried again; when its time is up, the report "
     "to the sender still carries this 4.",
     "4.subject.detail", "RFC 3463 §2"},
    {kSmtp, "5.X.X", kEnhanced, "Permanent failure",
     "The first number 5: it did not work, and it will not work by trying again. Something has to "
     "be changed first, such as the address or the message. The sender gets a report.",
     "5.subject.detail", "RFC 3463 §2"},

    // ---- subjects ----------------------------------------------------------------------------
    {kSmtp, "X.0.X", kEnhanced, "Subject: nothing in particular",
     "The middle number 0: which part of the way failed is not known, or it fits none of the other "
     "subjects.",
     "class.0.detail", "RFC 3463 §3.1"},
    {kSmtp, "X.1.X", kEnhanced, "Subject: the address",
     "The middle number 1: it is about an address, of the recipient or of the sender. The one who "
     "wrote the address can put it right.",
     "class.1.detail", "RFC 3463 §3.2"},
    {kSmtp, "X.2.X", kEnhanced, "Subject: the mailbox",
     "The middle number 2: the address is right, but something is the matter with the mailbox "
     "itself. The one whose mailbox it is can do something about it.",
     "class.2.detail", "RFC 3463 §3.3"},
    {kSmtp, "X.3.X", kEnhanced, "Subject: the mail system",
     "The middle number 3: something is the matter with the whole mail server, and not with one "
     "mailbox. Its administrator can do something about it.",
     "class.3.detail", "RFC 3463 §3.4"},
    {kSmtp, "X.4.X", kEnhanced, "Subject: network and routing",
     "The middle number 4: the way from server to server is disturbed: no answer, a bad line, no "
     "route, a loop.",
     "class.4.detail", "RFC 3463 §3.5"},
    {kSmtp, "X.5.X", kEnhanced, "Subject: the dialogue",
     "The middle number 5: the two programs did not get on with each other: a command that is "
     "wrong, misplaced or not known.",
     "class.5.detail", "RFC 3463 §3.6"},
    {kSmtp, "X.6.X", kEnhanced, "Subject: the content",
     "The middle number 6: the message itself is the trouble, because of what it is made of or how "
     "it is encoded.",
     "class.6.detail", "RFC 3463 §3.7"},
    {kSmtp, "X.7.X", kEnhanced, "Subject: security and policy",
     "The middle number 7: somebody is not allowed to do this, or a proof of identity or a "
     "protection is missing.",
     "class.7.detail", "RFC 3463 §3.8"},

    // ---- X.0 ---------------------------------------------------------------------------------
    {kSmtp, "X.0.0", kEnhanced, "Other undefined status",
     "No reason is given beyond the first number. As 2.0.0 it is the plain \"done\" after most of "
     "the commands that succeed.",
     "class.0.0", "RFC 3463 §3.1"},

    // ---- X.1 ---------------------------------------------------------------------------------
    {kSmtp, "X.1.0", kEnhanced, "Other address status",
     "It is about an address, and no finer reason fits. As 2.1.0 it comes in answer to MAIL: the "
     "sender's address was taken.",
     "class.1.0", "RFC 3463 §3.2"},
    {kSmtp, "X.1.1", kEnhanced, "Bad destination mailbox address",
     "There is no such mailbox: the part of the address in front of the @ is wrong. It is the "
     "commonest reason for mail to come back, and it is mostly a typing mistake, or somebody who "
     "has left.",
     "class.1.1", "RFC 3463 §3.2"},
    {kSmtp, "X.1.2", kEnhanced, "Bad destination system address",
     "There is no such domain, or it cannot take mail: the part of the address after the @ is "
     "wrong.",
     "class.1.2", "RFC 3463 §3.2"},
    {kSmtp, "X.1.3", kEnhanced, "Bad destination mailbox address syntax",
     "What was given as the recipient's address cannot be an address at all: there are signs in it "
     "that may not be there, or something is missing.",
     "class.1.3", "RFC 3463 §3.2"},
    {kSmtp, "X.1.4", kEnhanced, "Destination mailbox address ambiguous",
     "The address fits more than one mailbox, and the server will not guess which one is meant. "
     "That happens where a server also takes names that are only nearly right.",
     "class.1.4", "RFC 3463 §3.2"},
    {kSmtp, "X.1.5", kEnhanced, "Destination address valid",
     "The recipient's address is good. As 2.1.5 it comes in answer to RCPT, and in reports of "
     "success.",
     "class.1.5", "RFC 3463 §3.2"},
    {kSmtp, "X.1.6", kEnhanced, "Destination mailbox has moved, no forwarding address",
     "The user once had a mailbox here and has gone. Mail for the old address is no longer taken, "
     "and this server does not send it on. By its title no new address is known; but there is no "
     "other code for somebody who has moved, so it also comes with 551, whose text names the new "
     "address.",
     "class.1.6", "RFC 3463 §3.2"},
    {kSmtp, "X.1.7", kEnhanced, "Bad sender's mailbox address syntax",
     "What was given as the sender's address cannot be an address at all. A report could never be "
     "sent to it, so the server will not take the message.",
     "class.1.7", "RFC 3463 §3.2"},
    {kSmtp, "X.1.8", kEnhanced, "Bad sender's system address",
     "The domain of the sender's address does not exist or cannot take mail. Nobody could be told "
     "if something went wrong, and senders of spam love such addresses.",
     "class.1.8", "RFC 3463 §3.2"},
    {kSmtp, "X.1.9", kEnhanced, "Message relayed to non-compliant mailer",
     "The message went on to a server that cannot report what becomes of it. From here on nobody "
     "will send word.",
     "class.1.9", "RFC 3886 §3.3.4, RFC 5248 §2.4"},
    {kSmtp, "X.1.10", kEnhanced, "Recipient address has null MX",
     "The recipient's domain says in the DNS that it takes no mail at all (a null MX). So the "
     "sending side gives up at once, and does not go on knocking for days.",
     "class.1.10", "RFC 7505 §6"},

    // ---- X.2 ---------------------------------------------------------------------------------
    {kSmtp, "X.2.0", kEnhanced, "Other or undefined mailbox status",
     "The mailbox exists, but something about it caused this; what, is not said.", "class.2.0",
     "RFC 3463 §3.3"},
    {kSmtp, "X.2.1", kEnhanced, "Mailbox disabled, not accepting messages",
     "The mailbox exists, but it takes no mail: for a while (4.2.1) or for good (5.2.1).",
     "class.2.1", "RFC 3463 §3.3"},
    {kSmtp, "X.2.2", kEnhanced, "Mailbox full",
     "The mailbox has used up the room that it is allowed. When its owner deletes something, there "
     "is room again, so it should come as 4.2.2: try later.",
     "class.2.2", "RFC 3463 §3.3"},
    {kSmtp, "X.2.3", kEnhanced, "Message length exceeds administrative limit",
     "The message is larger than this one mailbox may take. Other mailboxes on the same server "
     "might have taken it.",
     "class.2.3", "RFC 3463 §3.3"},
    {kSmtp, "X.2.4", kEnhanced, "Mailing list expansion problem",
     "The address is a mailing list, and the server could not find out who its members are.",
     "class.2.4", "RFC 3463 §3.3"},

    // ---- X.3 ---------------------------------------------------------------------------------
    {kSmtp, "X.3.0", kEnhanced, "Other or undefined mail system status",
     "The server normally takes mail, but something inside it went wrong; what, is not said.",
     "class.3.0", "RFC 3463 §3.4"},
    {kSmtp, "X.3.1", kEnhanced, "Mail system full",
     "The disk of the whole server is full. No single user can help that by deleting a letter, so "
     "it comes as 4.3.1, and the sending side tries again later.",
     "class.3.1", "RFC 3463 §3.4"},
    {kSmtp, "X.3.2", kEnhanced, "System not accepting network messages",
     "The host takes no mail now, since it is shutting down, too busy or being repaired (4.3.2); "
     "or it never takes any (5.3.2).",
     "class.3.2", "RFC 3463 §3.4, RFC 7504 §6"},
    {kSmtp, "X.3.3", kEnhanced, "System not capable of selected features",
     "The message asks for something that the next server cannot do. That happens on the way out "
     "of one mail system into another.",
     "class.3.3", "RFC 3463 §3.4"},
    {kSmtp, "X.3.4", kEnhanced, "Message too big for system",
     "The message is larger than this server takes from anybody. The EHLO list tells the limit "
     "beforehand, after SIZE.",
     "class.3.4", "RFC 3463 §3.4"},
    {kSmtp, "X.3.5", kEnhanced, "System incorrectly configured",
     "The server is set up wrongly: for instance, it believes that the mail is for somebody else, "
     "and the DNS believes that it is for this server.",
     "class.3.5", "RFC 3463 §3.4"},

    // ---- X.4 ---------------------------------------------------------------------------------
    {kSmtp, "X.4.0", kEnhanced, "Other or undefined network or routing status",
     "Something on the way between the servers went wrong, and nobody can say what.", "class.4.0",
     "RFC 3463 §3.5"},
    {kSmtp, "X.4.1", kEnhanced, "No answer from host",
     "The next server did not pick up the telephone: it is off, unreachable or too busy. The mail "
     "waits in the queue and is tried again.",
     "class.4.1", "RFC 3463 §3.5"},
    {kSmtp, "X.4.2", kEnhanced, "Bad connection",
     "The connection came about, but it broke, or it was too slow, before the message was "
     "through.",
     "class.4.2", "RFC 3463 §3.5"},
    {kSmtp, "X.4.3", kEnhanced, "Directory server failure",
     "A server that had to be asked for the way, usually the DNS, did not answer. Without it "
     "nobody knows where the mail should go, so it waits.",
     "class.4.3", "RFC 3463 §3.5"},
    {kSmtp, "X.4.4", kEnhanced, "Unable to route",
     "The DNS was asked and has no host that takes mail for the domain: neither MX nor address.",
     "class.4.4", "RFC 3463 §3.5"},
    {kSmtp, "X.4.5", kEnhanced, "Mail system congestion",
     "There is more mail than the system can carry at the moment. It comes as 4.4.5, and the "
     "sending side waits.",
     "class.4.5", "RFC 3463 §3.5"},
    {kSmtp, "X.4.6", kEnhanced, "Routing loop detected",
     "The message goes round in a circle: two or more servers keep sending it to one another. A "
     "server notices by counting the Received lines, and cuts the circle. Somebody has to mend a "
     "forwarding address or a table.",
     "class.4.6", "RFC 3463 §3.5"},
    {kSmtp, "X.4.7", kEnhanced, "Delivery time expired",
     "The message waited in the queue for as long as a message may, usually four to five days, and "
     "its time is up. The sender gets it back.",
     "class.4.7", "RFC 3463 §3.5"},

    // ---- X.5 ---------------------------------------------------------------------------------
    {kSmtp, "X.5.0", kEnhanced, "Other or undefined protocol status",
     "Something went wrong in the dialogue between the two programs, and no finer reason fits.",
     "class.5.0", "RFC 3463 §3.6"},
    {kSmtp, "X.5.1", kEnhanced, "Invalid command",
     "A command that this server does not have, or one that may not come at this point. It goes "
     "with 502 and 503.",
     "class.5.1", "RFC 3463 §3.6"},
    {kSmtp, "X.5.2", kEnhanced, "Syntax error",
     "The server could not make sense of the line: an unknown word, or a broken one. It goes with "
     "500 and 501.",
     "class.5.2", "RFC 3463 §3.6"},
    {kSmtp, "X.5.3", kEnhanced, "Too many recipients",
     "This transaction has as many recipients as the server takes at once. The client sends the "
     "message to those, and then again to the others.",
     "class.5.3", "RFC 3463 §3.6"},
    {kSmtp, "X.5.4", kEnhanced, "Invalid command arguments",
     "The command is right, but what stands after it is not: a value out of range, or a parameter "
     "that the server does not know.",
     "class.5.4", "RFC 3463 §3.6"},
    {kSmtp, "X.5.5", kEnhanced, "Wrong protocol version",
     "The two programs speak different versions of the protocol and could not agree on one.",
     "class.5.5", "RFC 3463 §3.6"},
    {kSmtp, "X.5.6", kEnhanced, "Authentication exchange line is too long",
     "During a log-in the client sent a line that is longer than the server can hold. It goes with "
     "500.",
     "class.5.6", "RFC 4954 §6"},

    // ---- X.6 ---------------------------------------------------------------------------------
    {kSmtp, "X.6.0", kEnhanced, "Other or undefined media error",
     "Something in the content of the message makes it undeliverable, and no finer reason fits.",
     "class.6.0", "RFC 3463 §3.7"},
    {kSmtp, "X.6.1", kEnhanced, "Media not supported",
     "The content is of a kind that the next server, or the line to it, cannot carry.", "class.6.1",
     "RFC 3463 §3.7"},
    {kSmtp, "X.6.2", kEnhanced, "Conversion required and prohibited",
     "The content would have to be rewritten to go on, and the sender or a server's rules have "
     "forbidden that. A signed message, for instance, would no longer be valid.",
     "class.6.2", "RFC 3463 §3.7"},
    {kSmtp, "X.6.3", kEnhanced, "Conversion required but not supported",
     "The content would have to be rewritten to go on, and this server cannot do it. The usual "
     "case: text with eight-bit letters, and a next server that takes seven bits only.",
     "class.6.3", "RFC 3463 §3.7, RFC 6152 §3"},
    {kSmtp, "X.6.4", kEnhanced, "Conversion with loss performed",
     "The message has arrived, but it had to be rewritten on the way, and something of it was "
     "lost.",
     "class.6.4", "RFC 3463 §3.7"},
    {kSmtp, "X.6.5", kEnhanced, "Conversion failed",
     "The content had to be rewritten to go on, and that went wrong.", "class.6.5",
     "RFC 3463 §3.7"},
    {kSmtp, "X.6.6", kEnhanced, "Message content not available",
     "The server was told to fetch the content of the message from somewhere else, and could not "
     "get it.",
     "class.6.6", "RFC 4468 §5"},
    {kSmtp, "X.6.7", kEnhanced, "Non-ASCII addresses not permitted",
     "An address with characters beyond ASCII is not allowed for this sender or recipient, or the "
     "next server cannot carry it.",
     "class.6.7", "RFC 6531 §4.2"},
    {kSmtp, "X.6.8", kEnhanced, "A UTF-8 reply is required, but not permitted by the client",
     "The answer would have to show a mailbox name in a script that the client has not said it can "
     "read, for it did not ask with SMTPUTF8.",
     "class.6.8", "RFC 6531 §4.2"},
    {kSmtp, "X.6.9", kEnhanced, "A message with a UTF-8 header cannot be transferred",
     "The header has characters beyond ASCII, and for one or more recipients there is no way on "
     "that "
     "can carry them. The message is refused after its final dot.",
     "class.6.9", "RFC 6531 §4.2"},
    {kSmtp, "X.6.10", kEnhanced, "The same as X.6.8 (no longer used)",
     "It was registered twice by mistake; X.6.8 is the one to use.", "class.6.10", "RFC 6531 §4.2"},

    // ---- X.7 ---------------------------------------------------------------------------------
    {kSmtp, "X.7.0", kEnhanced, "Other or undefined security status",
     "It has to do with security, and more the server cannot or will not say. As 2.7.0 it says "
     "that a log-in succeeded; as 5.7.0 that one has to log in or encrypt first.",
     "class.7.0", "RFC 3463 §3.8"},
    {kSmtp, "X.7.1", kEnhanced, "Delivery not authorized, message refused",
     "This sender or this caller may not send there. It is what a server says that will not carry "
     "mail for strangers (\"relaying denied\"), or whose filter refused the message. With a "
     "4 it means: not now. Greylisting says it.",
     "class.7.1", "RFC 3463 §3.8"},
    {kSmtp, "X.7.2", kEnhanced, "Mailing list expansion prohibited",
     "This sender may not write to that mailing list, or may not ask who is on it.", "class.7.2",
     "RFC 3463 §3.8"},
    {kSmtp, "X.7.3", kEnhanced, "Security conversion required but not possible",
     "The message would have to go from one protected mail system to another, and its protection "
     "cannot be carried over.",
     "class.7.3", "RFC 3463 §3.8"},
    {kSmtp, "X.7.4", kEnhanced, "Security features not supported",
     "What was asked for, such as a way to log in, is not something that this server can do. It "
     "goes with 504 in answer to AUTH.",
     "class.7.4", "RFC 3463 §3.8"},
    {kSmtp, "X.7.5", kEnhanced, "Cryptographic failure",
     "The server should have checked or decrypted the message and could not: a key was missing or "
     "did not fit.",
     "class.7.5", "RFC 3463 §3.8"},
    {kSmtp, "X.7.6", kEnhanced, "Cryptographic algorithm not supported",
     "The server should have checked or decrypted the message and does not know the method that "
     "was used.",
     "class.7.6", "RFC 3463 §3.8"},
    {kSmtp, "X.7.7", kEnhanced, "Message integrity failure",
     "The message is not as it was when it was signed: it was damaged or changed on the way.",
     "class.7.7", "RFC 3463 §3.8"},
    {kSmtp, "X.7.8", kEnhanced, "Authentication credentials invalid",
     "The name or the password is wrong; which of them, the server does not say. The user has to "
     "type them again.",
     "class.7.8", "RFC 4954 §6"},
    {kSmtp, "X.7.9", kEnhanced, "Authentication mechanism is too weak",
     "This way to log in is not safe enough for this user here. The client should take a stronger "
     "one from the list.",
     "class.7.9", "RFC 4954 §6"},
    {kSmtp, "X.7.10", kEnhanced, "Encryption needed",
     "This way to log in shows the password, so the line must be encrypted first (STARTTLS), or a "
     "safer way be taken.",
     "class.7.10", "RFC 5248 §2.4"},
    {kSmtp, "X.7.11", kEnhanced, "Encryption required for requested authentication mechanism",
     "This way to log in may only be used on an encrypted line. Servers of today simply leave it "
     "out of their list until then.",
     "class.7.11", "RFC 4954 §6"},
    {kSmtp, "X.7.12", kEnhanced, "A password transition is needed",
     "The server wants to use the newer way to log in, but it does not yet have what it needs for "
     "it. Logging in once with PLAIN, on an encrypted line, gives it that.",
     "class.7.12", "RFC 4954 §6"},
    {kSmtp, "X.7.13", kEnhanced, "User account disabled",
     "Name and password are right, but the account has been closed, for instance because somebody "
     "broke into it. Typing the password again will not help; the administrator has to.",
     "class.7.13", "RFC 5248 §2.4"},
    {kSmtp, "X.7.14", kEnhanced, "Trust relationship required",
     "The server should fetch the message from another server, and the two have not been made "
     "known to each other.",
     "class.7.14", "RFC 5248 §2.4"},
    {kSmtp, "X.7.20", kEnhanced, "No passing DKIM signature found",
     "The message carries no signature of a domain (DKIM) that is valid, and this server wants "
     "one.",
     "class.7.20", "RFC 7372 §3.1"},
    {kSmtp, "X.7.21", kEnhanced, "No acceptable DKIM signature found",
     "The message carries a valid signature of a domain (DKIM), but none that this server's rules "
     "accept.",
     "class.7.21", "RFC 7372 §3.1"},
    {kSmtp, "X.7.22", kEnhanced, "No valid author-matched DKIM signature found",
     "The message is signed by a domain (DKIM), but by another one than the From: line names.",
     "class.7.22", "RFC 7372 §3.1"},
    {kSmtp, "X.7.23", kEnhanced, "SPF validation failed",
     "The sender's domain says in the DNS which hosts may send its mail (SPF), and the caller is "
     "none of them.",
     "class.7.23", "RFC 7372 §3.2"},
    {kSmtp, "X.7.24", kEnhanced, "SPF validation error",
     "Whether the caller may send mail for that domain (SPF) could not be found out: the DNS did "
     "not answer, or the entry makes no sense.",
     "class.7.24", "RFC 7372 §3.2"},
    {kSmtp, "X.7.25", kEnhanced, "Reverse DNS validation failed",
     "The caller's IP address has no name in the DNS, or a name that does not lead back to it. "
     "Proper mail servers have one.",
     "class.7.25", "RFC 7372 §3.3"},
    {kSmtp, "X.7.26", kEnhanced, "Multiple authentication checks failed",
     "The message failed more than one of the checks of where it comes from; which ones, is not "
     "said.",
     "class.7.26", "RFC 7372 §3.4"},
    {kSmtp, "X.7.27", kEnhanced, "Sender address has null MX",
     "The sender's domain says in the DNS that it takes no mail at all (a null MX). A failure "
     "report could never get back, so the server does not take the message.",
     "class.7.27", "RFC 7505 §6"},
};

}  // namespace

std::span<const ReferenceEntry> enhanced_entries() {
  return kEnhancedEntries;
}

}  // namespace mailscope::smtp
