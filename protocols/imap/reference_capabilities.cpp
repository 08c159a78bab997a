// The entries of the capabilities, and of IMAP's own notations.

#include <array>

#include "protocols/imap/reference_tables.hpp"

namespace mailscope::imap {
namespace {

constexpr ReferenceEntry capability_entry(std::string_view word, std::string_view title,
                                          std::string_view meaning, std::string_view section) {
  return {kImapName, word, kCapabilityContext, title, meaning, "", section};
}

constexpr std::array kCapabilityEntries = {
    capability_entry("IMAP4rev1", "The protocol since 2003",
                     "The version of RFC 3501, which nearly every server has.", "RFC 3501 §6.1.1"),
    capability_entry("IMAP4rev2", "The protocol since 2021",
                     "The version of RFC 9051: what had been extensions (ENABLE, IDLE, MOVE, "
                     "NAMESPACE, UNSELECT, "
                     "ESEARCH, UIDPLUS and more) belongs to it, and mailbox names are UTF-8.",
                     "RFC 9051 §6.1.1"),
    capability_entry("AUTH=", "A way to log in",
                     "A SASL mechanism that AUTHENTICATE takes: AUTH=PLAIN, AUTH=SCRAM-SHA-256.",
                     "RFC 9051 §6.2.2"),
    capability_entry("SASL-IR", "First response at once",
                     "AUTHENTICATE may have the first response in its own line.", "RFC 4959"),
    capability_entry("LOGINDISABLED", "No LOGIN here",
                     "LOGIN would be refused, mostly because TLS has to come first.",
                     "RFC 9051 §6.2.3"),
    capability_entry("LOGIN-REFERRALS", "Other servers for some users",
                     "A log-in may be answered with the server to go to.", "RFC 2221"),
    capability_entry("STARTTLS", "TLS", "The command STARTTLS is there.", "RFC 9051 §6.2.1"),
    capability_entry("LITERAL+", "Literals without waiting",
                     "A literal written {n+} is sent at once, without waiting for \"+\": a round "
                     "trip less each time.",
                     "RFC 7888 §4"),
    capability_entry("LITERAL-", "Short literals without waiting",
                     "As LITERAL+, but for literals of at most 4096 octets.", "RFC 7888 §5"),
    capability_entry("IDLE", "News at once", "The command IDLE is there.", "RFC 2177"),
    capability_entry("ENABLE", "Extensions on demand", "The command ENABLE is there.", "RFC 5161"),
    capability_entry("ID", "Programs' names", "The command ID is there.", "RFC 2971"),
    capability_entry("NAMESPACE", "Where mailboxes are", "The command NAMESPACE is there.",
                     "RFC 2342"),
    capability_entry("UIDPLUS", "UIDs of what was stored",
                     "UID EXPUNGE is there, and APPENDUID and COPYUID tell the new UIDs.",
                     "RFC 4315"),
    capability_entry("MOVE", "Move in one step", "The command MOVE is there.", "RFC 6851"),
    capability_entry("UNSELECT", "Close without removing", "The command UNSELECT is there.",
                     "RFC 3691"),
    capability_entry("CHILDREN", "What lies below", "LIST tells \\HasChildren and \\HasNoChildren.",
                     "RFC 3348"),
    capability_entry("SPECIAL-USE", "Which mailbox is for what",
                     "LIST tells \\Sent, \\Drafts, \\Trash and so on.", "RFC 6154"),
    capability_entry("CREATE-SPECIAL-USE", "Mailboxes made for a use",
                     "CREATE takes a special use.", "RFC 6154 §3"),
    capability_entry("LIST-EXTENDED", "LIST with options",
                     "Several patterns, selection and return options.", "RFC 5258"),
    capability_entry("LIST-STATUS", "LIST with counts",
                     "LIST brings a STATUS for each mailbox: one round trip for all.", "RFC 5819"),
    capability_entry("STATUS=SIZE", "STATUS of octets", "STATUS knows the item SIZE.", "RFC 8438"),
    capability_entry("ESEARCH", "Search results as sets", "SEARCH RETURN is there.", "RFC 4731"),
    capability_entry("SEARCHRES", "$ for the last result", "SEARCH RETURN (SAVE) is there, and $.",
                     "RFC 5182"),
    capability_entry("WITHIN", "Search by age", "The keys OLDER and YOUNGER are there.",
                     "RFC 5032"),
    capability_entry("SORT", "Sorting on the server", "The command SORT is there.", "RFC 5256"),
    capability_entry("THREAD=", "Threads on the server",
                     "The command THREAD is there, with this algorithm.", "RFC 5256"),
    capability_entry("CONDSTORE", "What has changed since",
                     "Every change of flags gets a growing number (MODSEQ), so that a client that "
                     "was away asks only for "
                     "what changed.",
                     "RFC 7162 §3.1"),
    capability_entry(
        "QRESYNC", "Up to date in one round trip",
        "SELECT itself tells what changed and what went since the client was last here.",
        "RFC 7162 §3.2"),
    capability_entry("BINARY", "Parts decoded by the server",
                     "FETCH BINARY and literal8 are there.", "RFC 3516"),
    capability_entry("MULTIAPPEND", "Several messages in one APPEND", "All are stored, or none.",
                     "RFC 3502"),
    capability_entry("APPENDLIMIT", "How large a message may be",
                     "The most octets that APPEND takes.", "RFC 7889"),
    capability_entry("CATENATE", "Messages put together on the server",
                     "APPEND takes pieces that are there already.", "RFC 4469"),
    capability_entry("QUOTA", "Limits",
                     "GETQUOTA and GETQUOTAROOT are there; QUOTA=RES-... names the resources.",
                     "RFC 9208"),
    capability_entry("ACL", "Rights", "GETACL, SETACL and so on are there.", "RFC 4314"),
    capability_entry("METADATA", "Annotations", "GETMETADATA and SETMETADATA are there.",
                     "RFC 5464"),
    capability_entry("NOTIFY", "News of all mailboxes", "The command NOTIFY is there.", "RFC 5465"),
    capability_entry("UTF8=ACCEPT", "UTF-8 everywhere",
                     "After ENABLE, names and headers may be UTF-8.", "RFC 6855"),
    capability_entry("COMPRESS=DEFLATE", "Compression", "The command COMPRESS is there.",
                     "RFC 4978"),
    capability_entry("OBJECTID", "Names that last",
                     "Mailboxes and messages have identifiers that survive renaming.", "RFC 8474"),
    capability_entry("PREVIEW", "The first words",
                     "FETCH PREVIEW brings the first words of a message.", "RFC 8970"),
    capability_entry("REPLACE", "A new version of a message",
                     "A draft is stored and its old version removed in one step.", "RFC 8508"),
};

constexpr ReferenceEntry notation_entry(std::string_view word, std::string_view title,
                                        std::string_view meaning, std::string_view syntax,
                                        std::string_view section) {
  return {kImapName, word, kNotationContext, title, meaning, syntax, section};
}

constexpr std::array kNotationEntries = {
    notation_entry("tag", "The name of a command",
                   "The client puts a name of its own choice in front of each command, and the "
                   "server's last word on it "
                   "bears the same. So several may be on their way, and be answered in any order.",
                   "a001", "RFC 9051 §2.2.1"),
    notation_entry("sequence set", "Which messages",
                   "Numbers of messages, as they stand in the mailbox now: 2 is one of them, 2:4 "
                   "is 2, 3 and 4, a comma "
                   "goes between several, and * is the last. After UID they are UIDs.",
                   "1,3:5,9:*", "RFC 9051 §9"),
    notation_entry("$", "The last result",
                   "Stands for the messages that the last SEARCH RETURN (SAVE) found.", "$",
                   "RFC 9051 §6.4.4, RFC 5182"),
    notation_entry("literal", "Octets counted beforehand",
                   "{n}, the end of the line, and then exactly n octets that may be anything but "
                   "NUL; the line goes on "
                   "behind them. The client waits for the server's \"+\" before it sends them; "
                   "with {n+} it does not. "
                   "~{n} may hold NUL, too.",
                   "{n} CRLF octets", "RFC 9051 §4.3, RFC 7888"),
    notation_entry(
        "quoted string", "A text in quotes",
        "Any characters but CR, LF and NUL; a quote or backslash in it has a backslash in front.",
        "\"text\"", "RFC 9051 §4.3"),
    notation_entry("NIL", "Nothing",
                   "Not an empty text but none at all: a field that the message does not have.",
                   "NIL", "RFC 9051 §4.5"),
    notation_entry("list", "Several things in parentheses",
                   "Values with a space between them; they may be lists again.", "(a b c)",
                   "RFC 9051 §4.4"),
    notation_entry("section", "Which octets of a message",
                   "Nothing: all of it. HEADER: the header with the empty line. TEXT: the body. "
                   "HEADER.FIELDS (...): only "
                   "these fields. 2 or 2.1: that part. 2.MIME: that part's own header.",
                   "[2.1.HEADER]", "RFC 9051 §6.4.5"),
    notation_entry("HEADER", "The header of a message",
                   "All its fields, and the empty line behind them.", "BODY[HEADER]",
                   "RFC 9051 §6.4.5.1"),
    notation_entry("HEADER.FIELDS", "Some fields of the header",
                   "Those that are named, and an empty line.", "BODY[HEADER.FIELDS (DATE FROM)]",
                   "RFC 9051 §6.4.5.1"),
    notation_entry("HEADER.FIELDS.NOT", "The other fields",
                   "All fields of the header but those that are named.",
                   "BODY[HEADER.FIELDS.NOT (RECEIVED)]", "RFC 9051 §6.4.5.1"),
    notation_entry("TEXT", "The body of a message", "Without its header.", "BODY[TEXT]",
                   "RFC 9051 §6.4.5.1"),
    notation_entry("MIME", "A part's own header", "The Content- fields of a part of a multipart.",
                   "BODY[2.MIME]", "RFC 9051 §6.4.5.1"),
    notation_entry("part number", "Which part of a message",
                   "Parts of a multipart are numbered from 1, level by level: 2.1 is the first "
                   "part of the second. A "
                   "message without parts has the part 1.",
                   "BODY[2.1]", "RFC 9051 §6.4.5.1"),
    notation_entry("partial", "A stretch of octets",
                   "<0.2048>: from octet 0 on at most 2048. In the answer <0> tells where the "
                   "stretch begins. So a large "
                   "message comes in pieces, or only its beginning.",
                   "BODY[]<origin.octets>", "RFC 9051 §6.4.5"),
    notation_entry("modified UTF-7", "Mailbox names before UTF-8",
                   "In IMAP4rev1 a name is printable ASCII; other characters stand between & and - "
                   "in a kind of base64. "
                   "&- is an &.",
                   "Entw&APw-rfe", "RFC 3501 §5.1.3"),
    notation_entry("INBOX", "Where mail arrives",
                   "The mailbox that every user has; its name means the same in any case.", "INBOX",
                   "RFC 9051 §5.1"),
};

}  // namespace

std::span<const ReferenceEntry> capability_entries() {
  return kCapabilityEntries;
}

std::span<const ReferenceEntry> notation_entries() {
  return kNotationEntries;
}

}  // namespace mailscope::imap
