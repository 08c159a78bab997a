#include "protocols/pop3/reference.hpp"

#include <array>

namespace mailscope::pop3 {
namespace {

constexpr std::array kReference = {
    // ---- commands ----
    ReferenceEntry{"POP3", "CONNECT", "", "The connection opens",
                   "The client opens a TCP connection to port 110, or to 995 where TLS begins at "
                   "once, and then waits: in "
                   "POP3 the server speaks first. Its greeting is a +OK line.",
                   "", "RFC 1939 §4, RFC 8314 §3.1"},
    ReferenceEntry{
        "POP3", "USER", "", "Names the mailbox",
        "First half of the log-in: whose mail it is about. A careful server answers +OK to any "
        "name, since "
        "otherwise strangers could find out which mailboxes it has. Only PASS may follow, or QUIT.",
        "USER name", "RFC 1939 §7"},
    ReferenceEntry{
        "POP3", "PASS", "", "Gives the password",
        "Second half of the log-in. The password travels as it is: without TLS everyone on the way "
        "reads it. On "
        "+OK the server locks the maildrop for this session alone and numbers its messages.",
        "PASS string", "RFC 1939 §7"},
    ReferenceEntry{"POP3", "APOP", "", "Logs in without sending the password",
                   "The greeting held a time stamp that is new each time. The client sends the MD5 "
                   "of time stamp and password; "
                   "an eavesdropper learns neither the password nor a digest that works again. MD5 "
                   "is weak today, so "
                   "TLS has taken its place.",
                   "APOP name digest", "RFC 1939 §7"},
    ReferenceEntry{"POP3", "AUTH", "", "Logs in by a SASL mechanism",
                   "Names a way of proving who one is, PLAIN or SCRAM-SHA-256 for example. The two "
                   "sides then exchange base64 "
                   "lines, the server's beginning with \"+ \", until +OK or -ERR. A lone * from "
                   "the client gives it up.",
                   "AUTH mechanism [initial-response]", "RFC 5034 §4"},
    ReferenceEntry{"POP3", "STLS", "", "Asks for TLS",
                   "After +OK both sides begin TLS on this very connection, and the log-in happens "
                   "inside, where nobody on the "
                   "way can read it. Allowed only before the log-in. It protects this one "
                   "connection, not the mail's "
                   "whole way.",
                   "STLS", "RFC 2595 §4"},
    ReferenceEntry{"POP3", "CAPA", "", "Asks what the server can do",
                   "The answer lists the server's extensions, one a line: TOP, UIDL, SASL "
                   "mechanisms, STLS and so on. It may be "
                   "asked before and after the log-in, and the lists may differ.",
                   "CAPA", "RFC 2449 §5"},
    ReferenceEntry{"POP3", "STAT", "", "How many messages, how large",
                   "Answers with the number of messages in the maildrop and their octets together. "
                   "Messages marked as "
                   "deleted no longer count.",
                   "STAT", "RFC 1939 §5"},
    ReferenceEntry{"POP3", "LIST", "", "The size of each message",
                   "One line for each message: its number and its octets, a line end counted as "
                   "two. With a number, the "
                   "answer is that one line. Numbers are given at log-in and stay until QUIT, "
                   "whatever is deleted.",
                   "LIST [msg]", "RFC 1939 §5"},
    ReferenceEntry{"POP3", "RETR", "", "Fetches a message",
                   "The server sends +OK and then the whole message, header and body, up to a line "
                   "with a single dot. A line of "
                   "the message that begins with a dot gets one more, which the client takes off. "
                   "The message stays "
                   "on the server.",
                   "RETR msg", "RFC 1939 §5"},
    ReferenceEntry{"POP3", "DELE", "", "Marks a message as deleted",
                   "Only marks it: the message goes when QUIT is answered. Until then RSET takes "
                   "the mark off again, and a "
                   "connection that breaks deletes nothing at all.",
                   "DELE msg", "RFC 1939 §5"},
    ReferenceEntry{"POP3", "RSET", "", "Takes all marks off",
                   "Undoes every DELE of this session. The maildrop is as it was at log-in.",
                   "RSET", "RFC 1939 §5"},
    ReferenceEntry{"POP3", "NOOP", "", "Does nothing",
                   "The server says +OK. A client sends it to show that it is still there, since a "
                   "server may close after "
                   "ten silent minutes.",
                   "NOOP", "RFC 1939 §5"},
    ReferenceEntry{
        "POP3", "TOP", "", "Fetches the top of a message",
        "The header, the empty line after it, and the first n lines of the body. So a list of "
        "subjects can be "
        "shown before anything large is fetched: POP3's modest answer to IMAP's partial fetch.",
        "TOP msg n", "RFC 1939 §7"},
    ReferenceEntry{"POP3", "UIDL", "", "The lasting name of each message",
                   "Message numbers hold for one session only; these names hold for ever. A client "
                   "in keep mode remembers "
                   "them and so knows which messages it has fetched already.",
                   "UIDL [msg]", "RFC 1939 §7"},
    ReferenceEntry{
        "POP3", "QUIT", "", "Ends the session",
        "After the log-in this is the moment of truth: the server enters the UPDATE "
        "state, removes the messages marked "
        "by DELE, answers, releases the lock and closes. Before the log-in it only answers and "
        "closes.",
        "QUIT", "RFC 1939 §6"},
    ReferenceEntry{
        "POP3", "UTF8", "", "Turns UTF-8 mode on",
        "Before the log-in the client says that it can show mail whose header holds letters beyond "
        "ASCII. Without it a server sends such a message in another form or not at all.",
        "UTF8", "RFC 6856 §2.1"},
    ReferenceEntry{
        "POP3", "LANG", "", "Chooses the language of the texts",
        "With a language tag the texts behind +OK and -ERR are in that language from then on; * "
        "asks for the server's own choice. Without one the answer lists the languages, one a line.",
        "LANG [language]", "RFC 6856 §3.2"},

    // ---- states ----
    ReferenceEntry{"POP3", "AUTHORIZATION", "", "State: who are you?",
                   "From the greeting to a successful log-in. Only USER, PASS, APOP, AUTH, STLS, "
                   "CAPA and QUIT make sense here; "
                   "the mailbox is not open yet.",
                   "", "RFC 1939 §4"},
    ReferenceEntry{
        "POP3", "TRANSACTION", "", "State: working with the messages",
        "From the log-in to QUIT. The maildrop is locked: no second session can open it, mail that "
        "arrives "
        "meanwhile does not show, and the numbers do not change. Deletions are only marks.",
        "", "RFC 1939 §5"},
    ReferenceEntry{"POP3", "UPDATE", "", "State: the deletions happen",
                   "Entered by QUIT and in no other way. The server removes the marked messages, "
                   "answers, and then releases the lock and closes. "
                   "A connection lost earlier never gets here, so nothing is deleted then.",
                   "", "RFC 1939 §6"},
    ReferenceEntry{"POP3", "CLOSED", "", "State: over",
                   "The session is over and the connection closes.", "", "RFC 1939 §6"},

    // ---- answers ----
    ReferenceEntry{
        "POP3", "+OK", "", "Done",
        "The command succeeded. POP3 has no numbers for its answers; the text after it is "
        "for people, "
        "except where STAT, LIST and UIDL put their results there.",
        "+OK [text]", "RFC 1939 §3"},
    ReferenceEntry{"POP3", "-ERR", "", "Not done",
                   "The command failed and changed nothing; only QUIT may have removed some of the "
                   "marked messages all the same. The text says why; a word in brackets at its "
                   "beginning, such as [IN-USE], says it to programs as well.",
                   "-ERR [text]", "RFC 1939 §3, §6"},
    ReferenceEntry{"POP3", "+", "", "Go on",
                   "A step of AUTH: the server's challenge in base64. The client answers with a "
                   "line that is no command.",
                   "+ [base64]", "RFC 5034 §4"},
    ReferenceEntry{"POP3", ".", "", "The end of a long answer",
                   "A line that is a dot and nothing else ends an answer of several lines. That is "
                   "why a dot at the beginning of "
                   "any other line is doubled on the wire.",
                   "CRLF \".\" CRLF", "RFC 1939 §3"},
    ReferenceEntry{"POP3", "+OK", "CONNECT", "The greeting",
                   "The server is there and the session is in the AUTHORIZATION state. Something "
                   "like <1896.697@mail> in it is the "
                   "time stamp for APOP, and shows that APOP is offered.",
                   "+OK text [timestamp]", "RFC 1939 §4"},
    ReferenceEntry{"POP3", "-ERR", "CONNECT", "No service",
                   "The server does not want this connection now and closes it.", "-ERR text",
                   "RFC 1939 §4"},
    ReferenceEntry{"POP3", "+OK", "USER", "Name noted, now the password",
                   "Does not say that such a mailbox exists: many servers answer so to every name.",
                   "+OK [text]", "RFC 1939 §7"},
    ReferenceEntry{"POP3", "-ERR", "USER", "Name refused",
                   "The server tells that it has no such mailbox, or does not take plain passwords "
                   "here, for example before "
                   "STLS.",
                   "-ERR [text]", "RFC 1939 §7"},
    ReferenceEntry{"POP3", "+OK", "PASS", "Logged in, maildrop locked",
                   "Name and password fit, and no other session has the maildrop open. From now on "
                   "it belongs to this session, "
                   "and the session is in the TRANSACTION state.",
                   "+OK [text]", "RFC 1939 §7"},
    ReferenceEntry{"POP3", "-ERR", "PASS", "Not logged in",
                   "Wrong name or wrong password (the same answer for both, so that nobody learns "
                   "which), or the maildrop is "
                   "locked by another session: then [IN-USE] says so.",
                   "-ERR [text]", "RFC 1939 §7"},
    ReferenceEntry{"POP3", "+OK", "APOP", "Logged in, maildrop locked",
                   "The digest was right. The session is in the TRANSACTION state, as after PASS.",
                   "+OK [text]", "RFC 1939 §7"},
    ReferenceEntry{"POP3", "-ERR", "APOP", "Not logged in",
                   "The digest did not fit, or the maildrop is locked by another session.",
                   "-ERR [text]", "RFC 1939 §7"},
    ReferenceEntry{"POP3", "+OK", "AUTH", "Logged in, maildrop locked",
                   "The mechanism is content; the session is in the TRANSACTION state.",
                   "+OK [text]", "RFC 5034 §4"},
    ReferenceEntry{"POP3", "-ERR", "AUTH", "Not logged in",
                   "The mechanism is not known, was given up, or did not believe the proof.",
                   "-ERR [text]", "RFC 5034 §4"},
    ReferenceEntry{"POP3", "+OK", "STLS", "TLS begins",
                   "The next octet in either direction is TLS. What the client knew of the "
                   "server's capabilities, it must ask "
                   "again inside.",
                   "+OK [text]", "RFC 2595 §4"},
    ReferenceEntry{"POP3", "+OK", "CAPA", "The list follows",
                   "One capability a line, up to the lone dot. A client should ask for nothing "
                   "that is not there.",
                   "+OK [text]", "RFC 2449 §5"},
    ReferenceEntry{"POP3", "+OK", "STAT", "Count and size",
                   "Two numbers: messages, and octets of all together.", "+OK count octets",
                   "RFC 1939 §5"},
    ReferenceEntry{"POP3", "+OK", "LIST", "Numbers and sizes",
                   "Without an argument a line for each message follows, up to the lone dot; with "
                   "one, the number and the size "
                   "stand in this line.",
                   "+OK [text] / +OK msg octets", "RFC 1939 §5"},
    ReferenceEntry{"POP3", "+OK", "UIDL", "Numbers and lasting names",
                   "Without an argument a line for each message follows, up to the lone dot; with "
                   "one, the number and the name "
                   "stand in this line.",
                   "+OK [text] / +OK msg unique-id", "RFC 1939 §7"},
    ReferenceEntry{
        "POP3", "+OK", "RETR", "The message follows",
        "Everything up to the line with the lone dot is the message. Fetching does not delete it.",
        "+OK [text]", "RFC 1939 §5"},
    ReferenceEntry{
        "POP3", "+OK", "TOP", "The top follows",
        "Header, empty line and as many body lines as were asked for, up to the lone dot.",
        "+OK [text]", "RFC 1939 §7"},
    ReferenceEntry{"POP3", "+OK", "DELE", "Marked, not gone",
                   "Only marked: the message is still there and goes when QUIT is answered. If the "
                   "connection breaks before, "
                   "it stays.",
                   "+OK [text]", "RFC 1939 §5"},
    ReferenceEntry{"POP3", "-ERR", "DELE", "Not marked",
                   "There is no such message, or it bears a mark already.", "-ERR [text]",
                   "RFC 1939 §5"},
    ReferenceEntry{"POP3", "-ERR", "RETR", "No such message",
                   "The number is beyond the last one, or the message is marked as deleted.",
                   "-ERR [text]", "RFC 1939 §5"},
    ReferenceEntry{"POP3", "+OK", "RSET", "Marks taken off", "Nothing will be deleted at QUIT now.",
                   "+OK [text]", "RFC 1939 §5"},
    ReferenceEntry{"POP3", "+OK", "NOOP", "Still here", "Nothing happened, as asked.", "+OK",
                   "RFC 1939 §5"},
    ReferenceEntry{"POP3", "+OK", "QUIT", "Deletions done, goodbye",
                   "The marked messages are gone now; next the server releases the lock and "
                   "closes. Before the log-in it is only a goodbye.",
                   "+OK [text]", "RFC 1939 §6"},
    ReferenceEntry{"POP3", "-ERR", "QUIT", "Some deletions failed",
                   "The server could not remove all of the marked messages, perhaps none. It "
                   "releases the lock and closes all the same.",
                   "-ERR [text]", "RFC 1939 §6"},

    ReferenceEntry{"POP3", "-ERR", "LIST", "No such message",
                   "The number is beyond the last one, or the message is marked as deleted.",
                   "-ERR [text]", "RFC 1939 §5"},
    ReferenceEntry{"POP3", "-ERR", "UIDL", "No such message",
                   "The number is beyond the last one, or the message is marked as deleted.",
                   "-ERR [text]", "RFC 1939 §7"},
    ReferenceEntry{"POP3", "-ERR", "TOP", "No such message",
                   "The number is beyond the last one, the message is marked as deleted, or the "
                   "count of lines is missing: TOP wants both.",
                   "-ERR [text]", "RFC 1939 §7"},
    ReferenceEntry{"POP3", "-ERR", "STLS", "No TLS here",
                   "The server has no TLS, it is on already, or the log-in is over. The connection "
                   "stays as it is, readable on the way.",
                   "-ERR [text]", "RFC 2595 §4"},
    ReferenceEntry{"POP3", "-ERR", "CAPA", "An old server",
                   "The server does not know CAPA. A client then has the commands of RFC 1939 and "
                   "tries out the optional ones.",
                   "-ERR [text]", "RFC 2449 §5"},
    ReferenceEntry{"POP3", "+OK", "UTF8", "UTF-8 mode is on",
                   "From now on messages may come with letters beyond ASCII in their headers.",
                   "+OK [text]", "RFC 6856 §2.1"},
    ReferenceEntry{"POP3", "-ERR", "UTF8", "No UTF-8 mode",
                   "The server does not have it, or the log-in is over: UTF8 comes before it.",
                   "-ERR [text]", "RFC 6856 §2.1"},
    ReferenceEntry{"POP3", "+OK", "LANG", "Language chosen, or a list",
                   "With a language, its tag stands behind +OK and the texts are in it from now "
                   "on. Without one a line for each language follows, up to the lone dot.",
                   "+OK tag [text] / +OK [text]", "RFC 6856 §3.2"},
    ReferenceEntry{"POP3", "-ERR", "LANG", "No such language",
                   "The texts stay in the language that they were in.", "-ERR [text]",
                   "RFC 6856 §3.2"},

    // ---- response codes ----
    ReferenceEntry{"POP3", "[IN-USE]", "", "Another session has it open",
                   "The log-in was right, but the maildrop is locked: another program is fetching "
                   "from it at this moment. "
                   "Trying again later will do.",
                   "-ERR [IN-USE] text", "RFC 2449 §8.1.2"},
    ReferenceEntry{"POP3", "[LOGIN-DELAY]", "", "Too soon",
                   "This user logged in a short while ago, and the server wants a longer pause "
                   "between two sessions.",
                   "-ERR [LOGIN-DELAY] text", "RFC 2449 §8.1.1"},
    ReferenceEntry{
        "POP3", "[AUTH]", "", "Name or password is wrong",
        "The proof was not accepted; asking the user for the password again makes sense.",
        "-ERR [AUTH] text", "RFC 3206 §5"},
    ReferenceEntry{"POP3", "[SYS/TEMP]", "", "Trouble at the server, try later",
                   "Something on the server's side failed for now; the password is not to blame.",
                   "-ERR [SYS/TEMP] text", "RFC 3206 §4"},
    ReferenceEntry{
        "POP3", "[SYS/PERM]", "", "Trouble at the server, ask someone",
        "Something on the server's side is broken and will stay so until a person mends it.",
        "-ERR [SYS/PERM] text", "RFC 3206 §4"},
    ReferenceEntry{"POP3", "[UTF8]", "", "Needs UTF-8 mode",
                   "The header of this message holds letters beyond ASCII, and the client has not "
                   "said UTF8 before it logged in.",
                   "-ERR [UTF8] text", "RFC 6856 §5"},

    // ---- capabilities ----
    ReferenceEntry{"POP3", "TOP", "CAPA", "Capability: TOP", "The server has the TOP command.",
                   "TOP", "RFC 2449 §6.1"},
    ReferenceEntry{"POP3", "USER", "CAPA", "Capability: USER and PASS",
                   "The server takes a log-in with USER and PASS here.", "USER", "RFC 2449 §6.2"},
    ReferenceEntry{"POP3", "SASL", "", "Capability: AUTH mechanisms",
                   "The mechanisms that AUTH knows, one after the other.", "SASL mechanism...",
                   "RFC 2449 §6.3"},
    ReferenceEntry{"POP3", "RESP-CODES", "", "Capability: response codes",
                   "A word in brackets at the beginning of an answer's text is meant for programs.",
                   "RESP-CODES", "RFC 2449 §6.4"},
    ReferenceEntry{"POP3", "AUTH-RESP-CODE", "", "Capability: [AUTH]",
                   "The server says [AUTH] whenever name or password is to blame for a failed "
                   "log-in, and only then.",
                   "AUTH-RESP-CODE", "RFC 3206 §6"},
    ReferenceEntry{"POP3", "LOGIN-DELAY", "", "Capability: pause between log-ins",
                   "The seconds that a client must wait from one log-in to the next.",
                   "LOGIN-DELAY seconds", "RFC 2449 §6.5"},
    ReferenceEntry{"POP3", "PIPELINING", "", "Capability: several commands at once",
                   "The client may send further commands before the first is answered; the answers "
                   "come in order. On a long "
                   "line that saves a round trip for each message.",
                   "PIPELINING", "RFC 2449 §6.6"},
    ReferenceEntry{
        "POP3", "EXPIRE", "", "Capability: how long mail is kept",
        "The days after which the server itself may remove mail, 0 for at once, NEVER for never.",
        "EXPIRE days / NEVER", "RFC 2449 §6.7"},
    ReferenceEntry{"POP3", "UIDL", "CAPA", "Capability: UIDL", "The server has the UIDL command.",
                   "UIDL", "RFC 2449 §6.8"},
    ReferenceEntry{"POP3", "IMPLEMENTATION", "", "Capability: which program",
                   "The name of the server program, for finding faults; not to be relied on.",
                   "IMPLEMENTATION text", "RFC 2449 §6.9"},
    ReferenceEntry{"POP3", "STLS", "CAPA", "Capability: TLS", "The server has the STLS command.",
                   "STLS", "RFC 2595 §4"},
    ReferenceEntry{"POP3", "UTF8", "CAPA", "Capability: UTF-8 mode",
                   "The server has the UTF8 command. With USER behind it, names and passwords may "
                   "hold letters beyond ASCII too.",
                   "UTF8 [USER]", "RFC 6856 §2"},
    ReferenceEntry{"POP3", "LANG", "CAPA", "Capability: languages",
                   "The server has the LANG command.", "LANG", "RFC 6856 §3.1"},
};

constexpr std::array<std::string_view, kVerbs> kVerbGists = {
    "no command of POP3",
    "the connection opens",
    "names the mailbox",
    "gives the password",
    "logs in by a digest",
    "logs in by a SASL mechanism",
    "asks for TLS",
    "asks what the server can do",
    "asks for count and size",
    "asks for the size of each message",
    "fetches a message",
    "marks a message; it goes at QUIT",
    "does nothing",
    "takes all marks off",
    "fetches the top of a message",
    "asks for the lasting names",
    "ends the session; marked messages go",
    "turns UTF-8 mode on",
    "chooses the language of the texts",
};

constexpr std::array<std::string_view, kVerbs> kOkGists = {
    "done",
    "greeting: ready for a log-in",
    "name noted, now the password",
    "logged in, maildrop locked",
    "logged in, maildrop locked",
    "logged in, maildrop locked",
    "TLS begins",
    "capabilities follow",
    "messages and octets",
    "sizes follow",
    "the message follows",
    "marked; it goes at QUIT",
    "still here",
    "no message is marked any more",
    "the top of the message follows",
    "lasting names follow",
    "marked messages are gone; goodbye",
    "UTF-8 mode is on",
    "language chosen, or languages follow",
};

constexpr std::array<std::string_view, kVerbs> kErrGists = {
    "command not understood",
    "no service now",
    "name refused",
    "not logged in",
    "not logged in",
    "not logged in",
    "no TLS here",
    "the server knows no CAPA",
    "refused",
    "no such message",
    "no such message",
    "nothing marked",
    "refused",
    "refused",
    "no such message",
    "no such message",
    "some deletions failed; goodbye",
    "no UTF-8 mode",
    "no such language",
};

}  // namespace

std::span<const ReferenceEntry> reference() {
  return kReference;
}

std::string_view gist(Verb verb) {
  return kVerbGists[static_cast<std::size_t>(verb)];
}

std::string_view gist(bool ok, Verb answers) {
  return (ok ? kOkGists : kErrGists)[static_cast<std::size_t>(answers)];
}

}  // namespace mailscope::pop3
