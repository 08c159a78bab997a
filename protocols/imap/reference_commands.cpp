// The entries of the commands.

#include <array>

#include "protocols/imap/reference_tables.hpp"

namespace mailscope::imap {
namespace {

constexpr ReferenceEntry command_entry(std::string_view word, std::string_view title,
                                       std::string_view meaning, std::string_view syntax,
                                       std::string_view section) {
  return {kImapName, word, "", title, meaning, syntax, section};
}

constexpr std::array kCommandEntries = {
    command_entry(
        "CONNECT", "The connection opens",
        "The client opens a TCP connection to port 143, or to 993 where TLS begins at once, and "
        "then waits: in IMAP the server speaks first. Its greeting is an untagged OK, PREAUTH or "
        "BYE.",
        "", "RFC 9051 §2.1, §7.1"),
    command_entry(
        "CAPABILITY", "Asks what the server can do",
        "The server lists its protocol versions, its extensions and its ways to log in, in an "
        "untagged CAPABILITY response. A client uses nothing that is not listed, and asks again "
        "after STARTTLS and after the log-in, since the list may be another one then.",
        "CAPABILITY", "RFC 9051 §6.1.1"),
    command_entry(
        "NOOP", "Does nothing, and hears what is new",
        "It always succeeds. Any command lets the server tell what happened in the mailbox "
        "meanwhile, such as EXISTS for new mail; this one is sent for nothing else. It also keeps "
        "the server from closing an idle connection.",
        "NOOP", "RFC 9051 §6.1.2"),
    command_entry(
        "LOGOUT", "Ends the session",
        "The server says an untagged BYE, then answers OK, and both close the connection. It "
        "removes no messages: only EXPUNGE and CLOSE do that.",
        "LOGOUT", "RFC 9051 §6.1.3"),
    command_entry(
        "ID", "Says which program this is",
        "Each side tells the other its program's name, version and so on, or NIL. It is for "
        "statistics and for finding faults; neither side may behave differently for what the "
        "other says.",
        "ID (\"name\" \"value\" ...) / ID NIL", "RFC 2971 §3.1"),
    command_entry(
        "STARTTLS", "Asks for TLS",
        "After OK both sides begin TLS on this very connection. All that the client knew of the "
        "server's capabilities it forgets, and asks for them again inside. Allowed only before "
        "the log-in.",
        "STARTTLS", "RFC 9051 §6.2.1"),
    command_entry(
        "AUTHENTICATE", "Logs in by a SASL mechanism",
        "Names a way of proving who one is, such as PLAIN or SCRAM-SHA-256. The server's "
        "challenges then come behind \"+\", and the client's responses are lines of base64 without "
        "a tag. A lone * from the client gives up. With SASL-IR the first response may stand in "
        "the "
        "command.",
        "AUTHENTICATE mechanism [initial-response]", "RFC 9051 §6.2.2, RFC 4959 §3"),
    command_entry(
        "LOGIN", "Logs in with name and password",
        "Both travel as they are, as strings of any kind. A server that wants TLS first says so by "
        "the capability LOGINDISABLED, and then a client does not even try.",
        "LOGIN user password", "RFC 9051 §6.2.3"),
    command_entry(
        "ENABLE", "Switches extensions on",
        "Some extensions change what the server sends without being asked. They stay silent until "
        "the client has named them here. What was switched on comes back in an untagged ENABLED.",
        "ENABLE capability ...", "RFC 5161 §3.1, RFC 9051 §6.3.1"),
    command_entry(
        "COMPRESS", "Asks for compression",
        "After OK both directions are one DEFLATE stream each, begun at once. Useful on slow "
        "lines; "
        "what is compressed cannot be read off the wire without having seen it from the beginning.",
        "COMPRESS DEFLATE", "RFC 4978 §3"),
    command_entry(
        "SELECT", "Opens a mailbox",
        "From now on messages are named by their numbers in this mailbox, and can be read and "
        "changed. The server tells what there is: FLAGS, EXISTS, UIDVALIDITY, UIDNEXT, "
        "PERMANENTFLAGS. Another mailbox that was open is closed without EXPUNGE. If it fails no "
        "mailbox is open.",
        "SELECT mailbox", "RFC 9051 §6.3.2"),
    command_entry(
        "EXAMINE", "Opens a mailbox to read only",
        "The same as SELECT, but nothing in the mailbox changes: not even \\Seen is set by "
        "fetching.",
        "EXAMINE mailbox", "RFC 9051 §6.3.3"),
    command_entry(
        "CREATE", "Makes a mailbox",
        "Levels of the hierarchy that the name needs and that are not there are made too. A "
        "mailbox "
        "made anew under an old name must not reuse UIDs: it gets another UIDVALIDITY.",
        "CREATE mailbox", "RFC 9051 §6.3.4"),
    command_entry(
        "DELETE", "Removes a mailbox",
        "With all its messages, but without the mailboxes below it. INBOX cannot be removed.",
        "DELETE mailbox", "RFC 9051 §6.3.5"),
    command_entry(
        "RENAME", "Gives a mailbox another name",
        "What lies below it is renamed too. Renaming INBOX is special: its messages go to the new "
        "mailbox, and INBOX stays, empty.",
        "RENAME mailbox new-name", "RFC 9051 §6.3.6"),
    command_entry(
        "SUBSCRIBE", "Puts a mailbox on the user's list",
        "A client may show only the mailboxes that its user cares for. The list is kept on the "
        "server, so that every program of the user shows the same.",
        "SUBSCRIBE mailbox", "RFC 9051 §6.3.7"),
    command_entry("UNSUBSCRIBE", "Takes a mailbox off the user's list",
                  "The mailbox itself stays as it is, with all its messages.", "UNSUBSCRIBE mailbox", "RFC 9051 §6.3.8"),
    command_entry(
        "LIST", "Lists mailboxes",
        "The names below a reference that fit a pattern: * stands for anything, % for anything "
        "within one level. Each comes in an untagged LIST with its attributes and the "
        "character that "
        "separates levels. LIST \"\" \"\" asks for that character alone.",
        "LIST reference pattern", "RFC 9051 §6.3.9"),
    command_entry(
        "LSUB", "Lists subscribed mailboxes",
        "As LIST, for what the user has subscribed to. IMAP4rev2 has LIST (SUBSCRIBED) instead.",
        "LSUB reference pattern", "RFC 3501 §6.3.9"),
    command_entry(
        "NAMESPACE", "Asks where mailboxes may be",
        "The prefixes of the user's own mailboxes, of other users' and of shared ones, each "
        "with its "
        "separator.",
        "NAMESPACE", "RFC 9051 §6.3.10"),
    command_entry(
        "STATUS", "Counts of a mailbox that is not open",
        "How many messages, how many unseen, the next UID and so on, without opening it. Meant for "
        "a list of folders; for the open mailbox the server tells by itself.",
        "STATUS mailbox (item ...)", "RFC 9051 §6.3.11"),
    command_entry(
        "APPEND", "Stores a message in a mailbox",
        "The message travels as a literal, octet for octet, with flags and a date if wanted. It is "
        "not sent to anybody: so a client keeps a copy in Sent or a draft in Drafts. Where "
        "MULTIAPPEND "
        "is offered several messages may follow each other; then all are stored or none.",
        "APPEND mailbox [(flags)] [\"date\"] literal", "RFC 9051 §6.3.12, RFC 3502"),
    command_entry(
        "IDLE", "Waits for news",
        "The server answers \"+\" and from then on tells at once what happens in the mailbox, "
        "until "
        "the client sends the line DONE, which has no tag. So new mail shows without asking "
        "again and "
        "again. A client renews it before half an hour is over.",
        "IDLE, then DONE", "RFC 9051 §6.3.13, RFC 2177"),
    command_entry("GETQUOTA", "Asks for a quota",
                  "Usage and limit of each resource of a quota root, in an untagged QUOTA.",
                  "GETQUOTA root", "RFC 9208 §4.1.1"),
    command_entry(
        "GETQUOTAROOT", "Asks which quota a mailbox counts for",
        "An untagged QUOTAROOT names the roots of the mailbox, and a QUOTA for each follows.",
        "GETQUOTAROOT mailbox", "RFC 9208 §4.1.2"),
    command_entry("SETQUOTA", "Sets a quota",
                  "For administrators: new limits for the resources of a root.",
                  "SETQUOTA root (resource limit ...)", "RFC 9208 §4.1.3"),
    command_entry(
        "CHECK", "Asks for a checkpoint",
        "Housekeeping of a server that keeps the mailbox in memory. It promises nothing that NOOP "
        "does not, and IMAP4rev2 has it no more.",
        "CHECK", "RFC 3501 §6.4.1"),
    command_entry(
        "CLOSE", "Closes the mailbox and removes what is deleted",
        "All messages with \\Deleted go, without an untagged EXPUNGE for each; the session is back "
        "in the AUTHENTICATED state. UNSELECT closes without removing.",
        "CLOSE", "RFC 9051 §6.4.1"),
    command_entry("UNSELECT", "Closes the mailbox, removes nothing",
                  "Messages with \\Deleted stay and keep the flag.", "UNSELECT",
                  "RFC 9051 §6.4.2, RFC 3691"),
    command_entry(
        "EXPUNGE", "Removes what is deleted",
        "All messages with the flag \\Deleted go for good. The server tells each by an untagged "
        "EXPUNGE, and every message behind it moves up by one number.",
        "EXPUNGE", "RFC 9051 §6.4.3"),
    command_entry(
        "SEARCH", "Finds messages on the server",
        "The server looks at flags, dates, sizes, header fields and text, and answers with the "
        "numbers of the messages that fit all keys. Nothing has to be fetched for it.",
        "SEARCH [RETURN (...)] [CHARSET name] key ...", "RFC 9051 §6.4.4"),
    command_entry(
        "FETCH", "Fetches data of messages",
        "Of each message of a set exactly the items that are named: flags, size, envelope, "
        "structure, "
        "or octets of the message, of one part of it or of a stretch. BODY[...] sets \\Seen, "
        "BODY.PEEK[...] does not. Each message's data comes in an untagged FETCH.",
        "FETCH sequence-set items", "RFC 9051 §6.4.5"),
    command_entry(
        "STORE", "Changes flags",
        "FLAGS replaces them, +FLAGS adds, -FLAGS takes away. The server tells the new flags in an "
        "untagged FETCH, unless .SILENT asks it not to.",
        "STORE sequence-set [+/-]FLAGS[.SILENT] (flags)", "RFC 9051 §6.4.6"),
    command_entry(
        "COPY", "Copies messages to another mailbox",
        "With flags and date; all of them or none. With UIDPLUS the answer's COPYUID tells the new "
        "UIDs.",
        "COPY sequence-set mailbox", "RFC 9051 §6.4.7"),
    command_entry(
        "MOVE", "Moves messages to another mailbox",
        "COPY, and removal here, in one step: no message is lost or doubled if the connection "
        "breaks.",
        "MOVE sequence-set mailbox", "RFC 9051 §6.4.8, RFC 6851"),
    command_entry(
        "SORT", "Finds messages and sorts them",
        "As SEARCH, but the numbers come in the order of the criteria: date, subject, size and "
        "so on. "
        "So a client shows a sorted list of which it has fetched only what is on the screen.",
        "SORT (criteria) charset key ...", "RFC 5256 §3"),
    command_entry("THREAD", "Finds messages and groups them",
                  "As SEARCH, but the numbers come as trees of conversations: by subject, or by "
                  "References and "
                  "In-Reply-To.",
                  "THREAD algorithm charset key ...", "RFC 5256 §3"),
    command_entry(
        "UID", "The same by UID",
        "In front of FETCH, STORE, COPY, MOVE, SEARCH, EXPUNGE, SORT or THREAD: the numbers of the "
        "command and of its answer are UIDs, which a message keeps as long as it is in the "
        "mailbox, "
        "and not its place in it, which changes when others go.",
        "UID command", "RFC 9051 §6.4.9"),
    command_entry(
        "UID FETCH", "Fetches data of messages named by UID",
        "As FETCH, but the set holds UIDs; a UID that is not there is passed over. Each answer "
        "tells "
        "the UID too. So a client fetches what it has not fetched before: UID FETCH 4827:*.",
        "UID FETCH uid-set items", "RFC 9051 §6.4.9"),
    command_entry(
        "UID STORE", "Changes flags of messages named by UID",
        "As STORE, but the set holds UIDs, so that another session's EXPUNGE cannot make it "
        "hit the "
        "wrong message.",
        "UID STORE uid-set [+/-]FLAGS[.SILENT] (flags)", "RFC 9051 §6.4.9"),
    command_entry("UID COPY", "Copies messages named by UID", "As COPY, but the set holds UIDs.",
                  "UID COPY uid-set mailbox", "RFC 9051 §6.4.9"),
    command_entry("UID MOVE", "Moves messages named by UID", "As MOVE, but the set holds UIDs.",
                  "UID MOVE uid-set mailbox", "RFC 9051 §6.4.9"),
    command_entry(
        "UID SEARCH", "Finds messages, and tells their UIDs",
        "As SEARCH, but the answer holds UIDs. A set of numbers among the keys still means numbers "
        "in the mailbox, unless UID stands in front of it.",
        "UID SEARCH [RETURN (...)] key ...", "RFC 9051 §6.4.9"),
    command_entry(
        "UID EXPUNGE", "Removes what is deleted, of these UIDs",
        "Messages that have \\Deleted and are in the set. What another session has marked "
        "meanwhile "
        "stays.",
        "UID EXPUNGE uid-set", "RFC 4315 §2.1, RFC 9051 §6.4.9"),
    command_entry("UID SORT", "Sorts messages, and tells their UIDs",
                  "As SORT, but the answer holds UIDs.", "UID SORT (criteria) charset key ...",
                  "RFC 5256 §3"),
    command_entry("UID THREAD", "Groups messages, and tells their UIDs",
                  "As THREAD, but the answer holds UIDs.", "UID THREAD algorithm charset key ...",
                  "RFC 5256 §3"),
    command_entry(
        "DONE", "Ends IDLE",
        "A line by itself, without a tag: it belongs to the IDLE that waits, and the server "
        "answers "
        "that with OK now.",
        "DONE", "RFC 9051 §6.3.13"),
};

}  // namespace

std::span<const ReferenceEntry> command_entries() {
  return kCommandEntries;
}

}  // namespace mailscope::imap
