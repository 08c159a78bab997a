// The entries of the response codes: the word in brackets that a status response may begin with.

#include <array>

#include "protocols/imap/reference_tables.hpp"

namespace mailscope::imap {
namespace {

constexpr ReferenceEntry code_entry(std::string_view word, std::string_view title,
                                    std::string_view meaning, std::string_view syntax,
                                    std::string_view section) {
  return {kImapName, word, kCodeContext, title, meaning, syntax, section};
}

constexpr std::array kCodeEntries = {
    code_entry("ALERT", "The user must see this",
               "The text behind it is for the user, and a client must show it as it is.", "[ALERT]",
               "RFC 9051 §7.1"),
    code_entry("ALREADYEXISTS", "There is one of this name",
               "CREATE or RENAME would make a mailbox that is there already.", "[ALREADYEXISTS]",
               "RFC 5530 §3"),
    code_entry(
        "APPENDUID", "Where the stored message is",
        "The UIDVALIDITY of the mailbox, and the UID that the message got there. So a client "
        "knows its message again without looking for it.",
        "[APPENDUID uidvalidity uid-set]", "RFC 4315 §3"),
    code_entry(
        "AUTHENTICATIONFAILED", "Name or password is wrong",
        "The proof was not accepted; asking the user again makes sense. It does not say which of "
        "the two is wrong.",
        "[AUTHENTICATIONFAILED]", "RFC 5530 §3"),
    code_entry("AUTHORIZATIONFAILED", "Known, but not allowed",
               "The proof was good, but this user may not act as the one asked for.",
               "[AUTHORIZATIONFAILED]", "RFC 5530 §3"),
    code_entry("BADCHARSET", "A charset that the server does not know",
               "The search was in a charset that cannot be used; those that can follow.",
               "[BADCHARSET (charset ...)]", "RFC 9051 §7.1"),
    code_entry("BADCOMPARATOR", "A way to compare that is not known",
               "None of the comparators asked for is there.", "[BADCOMPARATOR]", "RFC 5255 §4.8"),
    code_entry("BADURL", "A URL that leads nowhere",
               "CATENATE was told to put together what is not there.", "[BADURL url]",
               "RFC 4469 §4"),
    code_entry("CANNOT", "It can never be done",
               "The operation violates a rule of this server, whoever asks.", "[CANNOT]",
               "RFC 5530 §3"),
    code_entry(
        "CAPABILITY", "What the server can do",
        "The list that the command CAPABILITY brings, told here so that the client need not ask.",
        "[CAPABILITY capability ...]", "RFC 9051 §7.1"),
    code_entry("CLIENTBUG", "The client does something odd",
               "It was carried out or not; the server thinks that the client is wrong to ask.",
               "[CLIENTBUG]", "RFC 5530 §3"),
    code_entry(
        "CLOSED", "The old mailbox is closed here",
        "SELECT came while another mailbox was open: all untagged data before this is of the old "
        "one, all behind it of the new one.",
        "[CLOSED]", "RFC 9051 §7.1, RFC 7162 §3.2.11"),
    code_entry("COMPRESSIONACTIVE", "Compressed already",
               "A second layer of compression is not had.", "[COMPRESSIONACTIVE]", "RFC 4978 §3"),
    code_entry("CONTACTADMIN", "Ask someone", "The user should call those who run the server.",
               "[CONTACTADMIN]", "RFC 5530 §3"),
    code_entry(
        "COPYUID", "Where the copies are",
        "The UIDVALIDITY of the other mailbox, the UIDs of the messages here, and those of their "
        "copies there, in the same order.",
        "[COPYUID uidvalidity source-set destination-set]", "RFC 4315 §3"),
    code_entry("CORRUPTION", "Something on the server is damaged",
               "The mailbox or a message could not be read.", "[CORRUPTION]", "RFC 5530 §3"),
    code_entry("EXPIRED", "The password is too old",
               "The log-in was right once; a new password is needed.", "[EXPIRED]", "RFC 5530 §3"),
    code_entry("EXPUNGEISSUED", "Messages went meanwhile",
               "Some of the messages that the command named are gone, removed by another session.",
               "[EXPUNGEISSUED]", "RFC 5530 §3"),
    code_entry("HASCHILDREN", "There are mailboxes below",
               "DELETE refused a mailbox for what lies below it.", "[HASCHILDREN]",
               "RFC 9051 §7.1"),
    code_entry(
        "HIGHESTMODSEQ", "How new the mailbox is",
        "The greatest modification sequence of any message in it. A client that remembers it asks "
        "next time for what has changed since, and for nothing else.",
        "[HIGHESTMODSEQ number]", "RFC 7162 §3.1.2.1"),
    code_entry("INUSE", "Something holds it just now", "Trying again in a little while will do.",
               "[INUSE]", "RFC 5530 §3"),
    code_entry("LIMIT", "A limit is reached",
               "Of mailboxes, of flags, of connections: the text says which.", "[LIMIT]",
               "RFC 5530 §3"),
    code_entry("METADATA", "About annotations", "An annotation was too long, or one too many.",
               "[METADATA ...]", "RFC 5464 §4.2"),
    code_entry(
        "MODIFIED", "These had changed meanwhile",
        "STORE was to change only messages that nobody else had changed; those in the set had been "
        "and stay as they are.",
        "[MODIFIED sequence-set]", "RFC 7162 §3.1.3"),
    code_entry("NOMODSEQ", "No modification sequences here",
               "The mailbox does not keep them, so CONDSTORE and QRESYNC do not work in it.",
               "[NOMODSEQ]", "RFC 7162 §3.1.2.2"),
    code_entry("NONEXISTENT", "There is no such mailbox",
               "It was to be opened, removed or renamed.", "[NONEXISTENT]", "RFC 5530 §3"),
    code_entry("NOPERM", "This user may not", "The right for it is missing.", "[NOPERM]",
               "RFC 5530 §3"),
    code_entry("NOTSAVED", "The search result is not kept",
               "SEARCH RETURN (SAVE) did not save; $ stands for nothing now.", "[NOTSAVED]",
               "RFC 5182 §2.1"),
    code_entry(
        "OVERQUOTA", "No room",
        "With NO: the message or mailbox would go beyond the user's limit. With OK: it is nearly "
        "reached.",
        "[OVERQUOTA]", "RFC 5530 §3, RFC 9208 §4.3.1"),
    code_entry("PARSE", "A message could not be taken apart",
               "Its header or structure could not be read, and what is told of it may be wrong.",
               "[PARSE]", "RFC 9051 §7.1"),
    code_entry(
        "PERMANENTFLAGS", "The flags that last",
        "Which flags the client can change for good in this mailbox. \\* among them says that it "
        "may make keywords of its own.",
        "[PERMANENTFLAGS (flag ...)]", "RFC 9051 §7.1"),
    code_entry("PRIVACYREQUIRED", "Not without TLS",
               "The log-in is not taken on a line that others can read.", "[PRIVACYREQUIRED]",
               "RFC 5530 §3"),
    code_entry("READ-ONLY", "Nothing can be changed", "The mailbox was opened to read only.",
               "[READ-ONLY]", "RFC 9051 §7.1"),
    code_entry("READ-WRITE", "All may be changed",
               "The mailbox was opened for reading and changing.", "[READ-WRITE]", "RFC 9051 §7.1"),
    code_entry("REFERRAL", "Try there",
               "The mailbox or the user is on another server, which the URL names.",
               "[REFERRAL url]", "RFC 2221, RFC 2193"),
    code_entry("SERVERBUG", "The server is wrong", "It met an error of its own.", "[SERVERBUG]",
               "RFC 5530 §3"),
    code_entry("TOOBIG", "The message is too large",
               "APPEND offered more octets than the server takes.", "[TOOBIG]",
               "RFC 7889 §3, RFC 4469 §4"),
    code_entry("TRYCREATE", "Make the mailbox first",
               "APPEND, COPY or MOVE named a mailbox that is not there but could be made.",
               "[TRYCREATE]", "RFC 9051 §7.1"),
    code_entry(
        "UIDNEXT", "The next UID",
        "The UID that the next message will get, or a greater one. A client that remembers it sees "
        "at once whether anything came since.",
        "[UIDNEXT number]", "RFC 9051 §7.1, §2.3.1.1"),
    code_entry("UIDNOTSTICKY", "UIDs do not last", "This mailbox gives new UIDs in every session.",
               "[UIDNOTSTICKY]", "RFC 9051 §7.1, RFC 4315 §3"),
    code_entry(
        "UIDVALIDITY", "Which generation of UIDs this is",
        "As long as this number is the same, a UID means the same message for ever. If it differs "
        "from the one that a client remembers, all UIDs that it has stored are worthless, and it "
        "fetches everything anew.",
        "[UIDVALIDITY number]", "RFC 9051 §7.1, §2.3.1.1"),
    code_entry("UNAVAILABLE", "Something behind the server is down",
               "A part that it needs does not answer; trying later will do.", "[UNAVAILABLE]",
               "RFC 5530 §3"),
    code_entry("UNKNOWN-CTE", "An encoding that cannot be undone",
               "BINARY asked for a part whose transfer encoding the server does not know.",
               "[UNKNOWN-CTE]", "RFC 9051 §7.1, RFC 3516 §4.3"),
    code_entry("UNSEEN", "The first that was not read",
               "The number of the first message without \\Seen. IMAP4rev2 has it no more.",
               "[UNSEEN number]", "RFC 3501 §7.1"),
    code_entry("USEATTR", "Not for that use",
               "CREATE asked for a special use that the server cannot give.", "[USEATTR]",
               "RFC 6154 §3"),
};

}  // namespace

std::span<const ReferenceEntry> code_entries() {
  return kCodeEntries;
}

}  // namespace mailscope::imap
