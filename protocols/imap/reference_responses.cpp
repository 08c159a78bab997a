// The entries of the responses, by themselves and in answer to a command, and of the states.

#include <array>

#include "protocols/imap/reference_tables.hpp"

namespace mailscope::imap {
namespace {

constexpr ReferenceEntry response_entry(std::string_view word, std::string_view context,
                                        std::string_view title, std::string_view meaning,
                                        std::string_view syntax, std::string_view section) {
  return {kImapName, word, context, title, meaning, syntax, section};
}

constexpr std::array kResponseEntries = {
    // ---- status ----
    response_entry(
        "OK", "", "Done",
        "With a tag: the command with this tag has succeeded, and all its data stands before this "
        "line. With * in place of a tag: a piece of information, mostly for its response code.",
        "tag OK [[code]] text", "RFC 9051 §7.1.1"),
    response_entry(
        "NO", "", "Not done",
        "With a tag: the command was understood and has failed, and the text says why. With *: a "
        "warning; the command goes on.",
        "tag NO [[code]] text", "RFC 9051 §7.1.2"),
    response_entry(
        "BAD", "", "Not understood",
        "With a tag: the command is not known, its arguments are wrong, or it may not come in this "
        "state. With *: a line whose tag could not even be read.",
        "tag BAD [[code]] text", "RFC 9051 §7.1.3"),
    response_entry("PREAUTH", "", "Logged in already",
                   "A greeting: the connection says who the user is, by a client's certificate for "
                   "example. The "
                   "session begins in the AUTHENTICATED state, and STARTTLS is no longer possible.",
                   "* PREAUTH text", "RFC 9051 §7.1.4"),
    response_entry(
        "BYE", "", "The server is about to close",
        "After LOGOUT it is the goodbye. As a greeting it says that no session is to be had. "
        "In the "
        "middle of one: the server closes for a reason of its own, such as a long silence.",
        "* BYE [[code]] text", "RFC 9051 §7.1.5"),
    response_entry(
        "+", "", "Go on",
        "The server waits for more of this command: for the octets of a literal, for the next "
        "response of AUTHENTICATE, or it idles until DONE.",
        "+ [text or base64]", "RFC 9051 §7.6"),
    response_entry(
        "*", "", "Untagged data",
        "A line of the server that completes no command. It may come at any time, also unasked: "
        "what is new in the mailbox is told so.",
        "* data", "RFC 9051 §2.2.2"),

    // ---- data ----
    response_entry("CAPABILITY", kResponseContext, "What the server can do",
                   "The protocol versions, extensions and log-in mechanisms that it offers now.",
                   "* CAPABILITY capability ...", "RFC 9051 §7.2.2"),
    response_entry("ENABLED", "", "What is switched on now",
                   "Of the extensions that ENABLE named, those that are on from here on.",
                   "* ENABLED capability ...", "RFC 9051 §7.2.1"),
    response_entry("ID", kResponseContext, "Which program the server is",
                   "Pairs of field and value, or NIL.", "* ID (\"name\" \"value\" ...)",
                   "RFC 2971 §3.2"),
    response_entry(
        "FLAGS", kResponseContext, "The flags of this mailbox",
        "System flags and keywords that messages here may have. PERMANENTFLAGS says which of them "
        "can be changed for good.",
        "* FLAGS (flag ...)", "RFC 9051 §7.3.5"),
    response_entry("LIST", kResponseContext, "A mailbox",
                   "Its attributes, the character that separates levels (or NIL), and its name.",
                   "* LIST (attributes) \"/\" name", "RFC 9051 §7.3.1"),
    response_entry("LSUB", kResponseContext, "A subscribed mailbox",
                   "As LIST; the mailbox itself need not exist any more.",
                   "* LSUB (attributes) \"/\" name", "RFC 3501 §7.2.3"),
    response_entry(
        "NAMESPACE", kResponseContext, "Where mailboxes are",
        "Three lists: the user's own, other users', shared; each a prefix and its separator, or "
        "NIL.",
        "* NAMESPACE personal other-users shared", "RFC 9051 §7.3.3"),
    response_entry("STATUS", kResponseContext, "Counts of a mailbox",
                   "The items that were asked for, each with its number.",
                   "* STATUS mailbox (item number ...)", "RFC 9051 §7.3.4"),
    response_entry(
        "SEARCH", kResponseContext, "The messages that fit",
        "Their numbers, or UIDs after UID SEARCH; none where nothing fits. IMAP4rev2 says ESEARCH "
        "instead.",
        "* SEARCH number ...", "RFC 3501 §7.2.5"),
    response_entry(
        "ESEARCH", "", "What a search found",
        "Only what was asked for: the least and the greatest number, their count, or all of "
        "them as "
        "a set, which is much shorter than a list. TAG names the command.",
        "* ESEARCH (TAG \"a1\") [UID] ALL 2,10:15 ...", "RFC 9051 §7.3.2, RFC 4731"),
    response_entry("SORT", kResponseContext, "The messages in order",
                   "Their numbers, or UIDs after UID SORT, sorted as asked.", "* SORT number ...",
                   "RFC 5256 §4"),
    response_entry("THREAD", kResponseContext, "The messages in conversations",
                   "Numbers in nested parentheses: what follows a number answers it.",
                   "* THREAD (2)(3 6 (4 23)(44 7 96))", "RFC 5256 §4"),
    response_entry(
        "EXISTS", "", "How many messages there are",
        "The number of messages in the open mailbox, told when it is opened and whenever it grows. "
        "That is how new mail shows. It never shrinks by this response, only by EXPUNGE.",
        "* number EXISTS", "RFC 9051 §7.4.1"),
    response_entry(
        "RECENT", kResponseContext, "How many are recent",
        "Messages of which this session is the first to be told. IMAP4rev2 has it no more.",
        "* number RECENT", "RFC 3501 §7.3.2"),
    response_entry(
        "EXPUNGE", kResponseContext, "A message is gone",
        "The message with this number was removed for good; every number above it is one less from "
        "here on. It never comes while no command is in progress, nor in answer to FETCH, STORE or "
        "SEARCH, since the client's numbers must keep their meaning then.",
        "* number EXPUNGE", "RFC 9051 §7.5.1"),
    response_entry(
        "VANISHED", "", "Messages are gone, by UID",
        "In place of EXPUNGE once QRESYNC is on: a set of UIDs at a time. With (EARLIER) it tells "
        "what went before this session.",
        "* VANISHED [(EARLIER)] uid-set", "RFC 7162 §3.2.10"),
    response_entry(
        "FETCH", kResponseContext, "Data of a message",
        "The message's number, and item by item what was fetched, or what has changed: flags that "
        "another session set come unasked in the same form.",
        "* number FETCH (item value ...)", "RFC 9051 §7.5.2"),
    response_entry("QUOTA", kResponseContext, "Usage and limit",
                   "Of each resource of a quota root: what is used, and how much may be.",
                   "* QUOTA root (resource usage limit ...)", "RFC 9208 §4.2.1"),
    response_entry("QUOTAROOT", "", "Which quota a mailbox counts for",
                   "The names of its quota roots.", "* QUOTAROOT mailbox root ...",
                   "RFC 9208 §4.2.2"),
    response_entry("ACL", "", "Who may do what", "The rights of each identifier on a mailbox.",
                   "* ACL mailbox identifier rights ...", "RFC 4314 §3.6"),
    response_entry("LISTRIGHTS", "", "Which rights can be given",
                   "Rights that go together stand together.",
                   "* LISTRIGHTS mailbox identifier required optional ...", "RFC 4314 §3.7"),
    response_entry("MYRIGHTS", "", "What this user may do",
                   "The rights of who is logged in, on a mailbox.", "* MYRIGHTS mailbox rights",
                   "RFC 4314 §3.8"),
    response_entry("METADATA", "", "Annotations",
                   "Entries of a mailbox or of the server, each with its value.",
                   "* METADATA mailbox (entry value ...)", "RFC 5464 §4.4"),

    // ---- in answer to ----
    response_entry(
        "OK", "CONNECT", "The greeting",
        "The server is there, and the session is in the NOT AUTHENTICATED state. Many servers list "
        "their capabilities in it, which saves a round trip.",
        "* OK [[CAPABILITY ...]] text", "RFC 9051 §7.1"),
    response_entry("OK", "LOGIN", "Logged in",
                   "Name and password fit. The session is AUTHENTICATED.",
                   "tag OK [[CAPABILITY ...]] text", "RFC 9051 §6.2.3"),
    response_entry(
        "NO", "LOGIN", "Not logged in",
        "Name or password is wrong (the same answer for both, so that nobody learns which), or the "
        "server wants TLS first.",
        "tag NO [[code]] text", "RFC 9051 §6.2.3"),
    response_entry("OK", "AUTHENTICATE", "Logged in",
                   "The mechanism is content. The session is AUTHENTICATED.",
                   "tag OK [[CAPABILITY ...]] text", "RFC 9051 §6.2.2"),
    response_entry(
        "NO", "AUTHENTICATE", "Not logged in",
        "The mechanism is not offered, was given up with *, or did not believe the proof.",
        "tag NO [[code]] text", "RFC 9051 §6.2.2"),
    response_entry("+", "AUTHENTICATE", "A challenge",
                   "What the mechanism says, in base64; empty where the client begins. The client "
                   "answers with a "
                   "line of base64 that has no tag.",
                   "+ [base64]", "RFC 9051 §6.2.2"),
    response_entry("+", "IDLE", "Idling",
                   "From here on the server tells by itself what happens, until the client's DONE.",
                   "+ text", "RFC 9051 §6.3.13"),
    response_entry(
        "+", "APPEND", "Send the message",
        "The server is willing to take so many octets, and the client sends them. With LITERAL+ a "
        "client need not wait for it.",
        "+ text", "RFC 9051 §4.3"),
    response_entry("OK", "IDLE", "Idling is over",
                   "DONE came, and the connection is free for commands.", "tag OK text",
                   "RFC 9051 §6.3.13"),
    response_entry("OK", "STARTTLS", "TLS begins", "The next octet in either direction is TLS.",
                   "tag OK text", "RFC 9051 §6.2.1"),
    response_entry("OK", "COMPRESS", "Compression begins",
                   "The next octet in either direction belongs to a DEFLATE stream.", "tag OK text",
                   "RFC 4978 §3"),
    response_entry(
        "OK", "SELECT", "The mailbox is open",
        "Everything about it stands in the untagged responses before. [READ-WRITE] or [READ-ONLY] "
        "says what may be done with it. The session is SELECTED.",
        "tag OK [READ-WRITE] text", "RFC 9051 §6.3.2"),
    response_entry(
        "NO", "SELECT", "The mailbox is not open",
        "It is not there or may not be opened. No mailbox is open now, also where one was before.",
        "tag NO [[code]] text", "RFC 9051 §6.3.2"),
    response_entry("OK", "EXAMINE", "The mailbox is open to read only",
                   "As after SELECT, but nothing can be changed.", "tag OK [READ-ONLY] text",
                   "RFC 9051 §6.3.3"),
    response_entry(
        "OK", "APPEND", "The message is stored",
        "With UIDPLUS the code APPENDUID tells the mailbox's UIDVALIDITY and the message's UID.",
        "tag OK [[APPENDUID uidvalidity uid]] text", "RFC 9051 §6.3.12"),
    response_entry(
        "NO", "APPEND", "The message is not stored",
        "[TRYCREATE] says that the mailbox is not there but could be made; [OVERQUOTA] that "
        "there is "
        "no room.",
        "tag NO [[code]] text", "RFC 9051 §6.3.12"),
    response_entry("OK", "FETCH", "All data was sent",
                   "A message that is not there any more is passed over in silence.", "tag OK text",
                   "RFC 9051 §6.4.5"),
    response_entry("OK", "SEARCH", "The search is over",
                   "Which messages fit stands in the untagged SEARCH or ESEARCH.", "tag OK text",
                   "RFC 9051 §6.4.4"),
    response_entry("OK", "STORE", "The flags are changed",
                   "The new flags stand in untagged FETCH responses, unless .SILENT was asked for.",
                   "tag OK text", "RFC 9051 §6.4.6"),
    response_entry("OK", "COPY", "The messages are copied",
                   "With UIDPLUS the code COPYUID pairs old and new UIDs.",
                   "tag OK [[COPYUID uidvalidity source destination]] text", "RFC 9051 §6.4.7"),
    response_entry(
        "NO", "COPY", "Nothing is copied",
        "Not one of them. [TRYCREATE] says that the mailbox is not there but could be made.",
        "tag NO [[code]] text", "RFC 9051 §6.4.7"),
    response_entry("OK", "MOVE", "The messages are moved",
                   "They are gone here, as untagged EXPUNGE responses told, and are there.",
                   "tag OK text", "RFC 9051 §6.4.8"),
    response_entry("OK", "EXPUNGE", "What was deleted is gone",
                   "Each message that went was told by an untagged EXPUNGE.", "tag OK text",
                   "RFC 9051 §6.4.3"),
    response_entry(
        "OK", "CLOSE", "The mailbox is closed",
        "What was deleted is gone, without being told one by one. The session is AUTHENTICATED.",
        "tag OK text", "RFC 9051 §6.4.1"),
    response_entry("OK", "LOGOUT", "Goodbye", "Both sides close the connection now.", "tag OK text",
                   "RFC 9051 §6.1.3"),
    response_entry("OK", "NOOP", "Nothing done, as asked", "What was new stood before it.",
                   "tag OK text", "RFC 9051 §6.1.2"),

    // ---- states ----
    response_entry(
        "NOT AUTHENTICATED", kStateContext, "State: who are you?",
        "From the greeting to the log-in. Only CAPABILITY, NOOP, ID, STARTTLS, AUTHENTICATE, LOGIN "
        "and LOGOUT may come.",
        "", "RFC 9051 §3.1"),
    response_entry(
        "AUTHENTICATED", kStateContext, "State: logged in, no mailbox open",
        "Mailboxes can be listed, made, renamed, removed and opened, and messages stored in them "
        "with APPEND; but no message can be named yet.",
        "", "RFC 9051 §3.2"),
    response_entry(
        "SELECTED", kStateContext, "State: a mailbox is open",
        "Messages can be searched, fetched, flagged, copied, moved and removed; all that may "
        "come in "
        "the AUTHENTICATED state may come here too.",
        "", "RFC 9051 §3.3"),
    response_entry("LOGOUT", kStateContext, "State: over",
                   "The client said LOGOUT, or the server BYE. The connection closes.", "",
                   "RFC 9051 §3.4"),
};

}  // namespace

std::span<const ReferenceEntry> response_entries() {
  return kResponseEntries;
}

}  // namespace mailscope::imap
