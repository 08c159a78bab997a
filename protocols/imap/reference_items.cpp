// The entries of flags, fetch items, status items and mailbox attributes.

#include <array>

#include "protocols/imap/reference_tables.hpp"

namespace mailscope::imap {
namespace {

constexpr ReferenceEntry item_entry(std::string_view word, std::string_view context,
                                    std::string_view title, std::string_view meaning,
                                    std::string_view syntax, std::string_view section) {
  return {kImapName, word, context, title, meaning, syntax, section};
}

constexpr std::array kItemEntries = {
    // ---- flags ----
    item_entry(
        "\\Seen", kFlagContext, "Read",
        "The message was read. Fetching octets of it with BODY[...] sets the flag; BODY.PEEK[...] "
        "does not.",
        "\\Seen", "RFC 9051 §2.3.2"),
    item_entry("\\Answered", kFlagContext, "Answered",
               "Its user has replied to it; the client sets it.", "\\Answered", "RFC 9051 §2.3.2"),
    item_entry("\\Flagged", kFlagContext, "Marked",
               "For special attention: a star or a little flag.", "\\Flagged", "RFC 9051 §2.3.2"),
    item_entry(
        "\\Deleted", kFlagContext, "To be removed",
        "Only a mark: the message stays until EXPUNGE or CLOSE, and taking the flag off saves it.",
        "\\Deleted", "RFC 9051 §2.3.2"),
    item_entry("\\Draft", kFlagContext, "Not finished", "Its user is still writing it.", "\\Draft",
               "RFC 9051 §2.3.2"),
    item_entry(
        "\\Recent", kFlagContext, "New to everybody",
        "This session is the first to be told of the message. Nobody can set it or take it off. "
        "IMAP4rev2 has it no more.",
        "\\Recent", "RFC 3501 §2.3.2"),
    item_entry(
        "\\*", kFlagContext, "New keywords may be made",
        "In PERMANENTFLAGS: a client may set flags of its own that the mailbox does not have yet.",
        "\\*", "RFC 9051 §7.1"),
    item_entry(
        "keyword", kFlagContext, "A flag of one's own",
        "A flag without a backslash: made by a client, for its own purpose. Some are agreed upon, "
        "such as $Forwarded, $MDNSent, $Junk, $NotJunk and $Phishing.",
        "atom", "RFC 9051 §2.3.2"),
    item_entry("$Forwarded", kFlagContext, "Forwarded",
               "A keyword: the message was sent on to somebody else.", "$Forwarded",
               "RFC 9051 §2.3.2"),
    item_entry(
        "$MDNSent", kFlagContext, "Receipt sent",
        "A keyword: the sender had asked for a notice that the message was read, and one was sent.",
        "$MDNSent", "RFC 9051 §2.3.2, RFC 3503"),
    item_entry("$Junk", kFlagContext, "Junk",
               "A keyword: the user, or a filter, says that this is junk.", "$Junk",
               "RFC 9051 §2.3.2"),
    item_entry("$NotJunk", kFlagContext, "Not junk",
               "A keyword: the user says that this is no junk.", "$NotJunk", "RFC 9051 §2.3.2"),
    item_entry("$Phishing", kFlagContext, "Fraud",
               "A keyword: the message tries to deceive its reader.", "$Phishing",
               "RFC 9051 §2.3.2"),

    // ---- fetch items ----
    item_entry("ALL", kFetchContext, "Short for what a list shows",
               "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE. It stands alone, not among other items.",
               "ALL", "RFC 9051 §6.4.5"),
    item_entry("FAST", kFetchContext, "Short for the cheapest three",
               "FLAGS INTERNALDATE RFC822.SIZE. It stands alone.", "FAST", "RFC 9051 §6.4.5"),
    item_entry("FULL", kFetchContext, "Short for a list with structure",
               "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY. It stands alone.", "FULL",
               "RFC 9051 §6.4.5"),
    item_entry("FLAGS", kFetchContext, "The flags", "All that are set for the message.",
               "FLAGS (flag ...)", "RFC 9051 §6.4.5, §7.5.2"),
    item_entry(
        "INTERNALDATE", kFetchContext, "When it came",
        "The date that the server keeps beside the message: of its arrival, or what APPEND said. "
        "Not the Date field of its header.",
        "INTERNALDATE \"02-Mar-2026 09:00:00 +0000\"", "RFC 9051 §2.3.3"),
    item_entry(
        "RFC822.SIZE", kFetchContext, "The size in octets",
        "Of the message as it would be fetched whole. A client asks it before it fetches anything "
        "large.",
        "RFC822.SIZE number", "RFC 9051 §2.3.4"),
    item_entry(
        "ENVELOPE", kFetchContext, "The header, taken apart",
        "Ten values that the server has read out of the header: date, subject, from, sender, "
        "reply-to, to, cc, bcc, in-reply-to, message-id. Each address is four: name, route, "
        "mailbox, host. It has nothing to do with the envelope of SMTP.",
        "ENVELOPE (date subject from sender reply-to to cc bcc in-reply-to message-id)",
        "RFC 9051 §2.3.5, §7.5.2"),
    item_entry("BODYSTRUCTURE", kFetchContext, "The MIME structure, taken apart",
               "The tree of parts: of each its type, parameters, encoding and size, and further "
               "data. So a "
               "client sees that a large file is attached, and fetches the text alone.",
               "BODYSTRUCTURE (part)", "RFC 9051 §2.3.6, §7.5.2"),
    item_entry("BODY", kFetchContext, "The MIME structure, without extension data",
               "As BODYSTRUCTURE, but only what MIME had from the beginning. With brackets it is "
               "something "
               "else: BODY[...] is octets of the message.",
               "BODY (part)", "RFC 9051 §6.4.5"),
    item_entry("BODY[]", kFetchContext, "Octets of the message",
               "Which, the brackets say: nothing for all of it, HEADER, TEXT, HEADER.FIELDS (...), "
               "a part's "
               "number, 1.MIME. They come as a literal. Fetching them sets \\Seen.",
               "BODY[section][<origin.octets>]", "RFC 9051 §6.4.5"),
    item_entry("BODY.PEEK[]", kFetchContext, "Octets of the message, unseen",
               "As BODY[...], but \\Seen is not set: for a look at the header or a preview.",
               "BODY.PEEK[section][<origin.octets>]", "RFC 9051 §6.4.5"),
    item_entry(
        "BINARY[]", kFetchContext, "A part, decoded",
        "The octets of a part with base64 or quoted-printable undone by the server. They may hold "
        "NUL, so they come as a literal8.",
        "BINARY[part][<origin.octets>]", "RFC 9051 §6.4.5, RFC 3516 §4.2"),
    item_entry("BINARY.PEEK[]", kFetchContext, "A part, decoded, unseen",
               "As BINARY[...], without setting \\Seen.", "BINARY.PEEK[part][<origin.octets>]",
               "RFC 9051 §6.4.5"),
    item_entry("BINARY.SIZE[]", kFetchContext, "A part's decoded size",
               "How many octets BINARY[...] would bring.", "BINARY.SIZE[part]", "RFC 9051 §6.4.5"),
    item_entry("RFC822", kFetchContext, "The whole message", "An old name for BODY[].",
               "RFC822 literal", "RFC 3501 §6.4.5"),
    item_entry("RFC822.HEADER", kFetchContext, "The header", "An old name for BODY.PEEK[HEADER].",
               "RFC822.HEADER literal", "RFC 3501 §6.4.5"),
    item_entry("RFC822.TEXT", kFetchContext, "The body", "An old name for BODY[TEXT].",
               "RFC822.TEXT literal", "RFC 3501 §6.4.5"),
    item_entry("UID", kFetchContext, "The UID",
               "The number that the message keeps as long as it is in the mailbox.", "UID number",
               "RFC 9051 §2.3.1.1"),
    item_entry(
        "MODSEQ", kFetchContext, "When it last changed",
        "The message's modification sequence: it grows whenever a flag of the message changes.",
        "MODSEQ (number)", "RFC 7162 §3.1.4"),
    item_entry(
        "CHANGEDSINCE", kFetchContext, "Only what changed since",
        "Messages whose modification sequence is greater than the number; of the others nothing is "
        "said.",
        "(CHANGEDSINCE number)", "RFC 7162 §3.1.4.1"),

    // ---- status items ----
    item_entry("MESSAGES", kStatusContext, "How many messages",
               "The number of messages in the mailbox.", "MESSAGES number", "RFC 9051 §6.3.11"),
    item_entry("UIDNEXT", kStatusContext, "The next UID",
               "What the next message will get, or more.", "UIDNEXT number", "RFC 9051 §6.3.11"),
    item_entry(
        "UIDVALIDITY", kStatusContext, "The generation of UIDs",
        "If it is another than before, the UIDs that a client remembers mean nothing any more.",
        "UIDVALIDITY number", "RFC 9051 §6.3.11"),
    item_entry("UNSEEN", kStatusContext, "How many unread",
               "The number of messages without \\Seen.", "UNSEEN number", "RFC 9051 §6.3.11"),
    item_entry("DELETED", kStatusContext, "How many are marked",
               "The number of messages with \\Deleted.", "DELETED number", "RFC 9051 §6.3.11"),
    item_entry("SIZE", kStatusContext, "Octets in all", "The sizes of all messages together.",
               "SIZE number", "RFC 9051 §6.3.11, RFC 8438"),
    item_entry("RECENT", kStatusContext, "How many recent", "The number of messages with \\Recent.",
               "RECENT number", "RFC 3501 §6.3.10"),
    item_entry("HIGHESTMODSEQ", kStatusContext, "How new the mailbox is",
               "The greatest modification sequence in it.", "HIGHESTMODSEQ number",
               "RFC 7162 §3.1.7"),
    item_entry("APPENDLIMIT", kStatusContext, "How large a message may be",
               "The most octets that APPEND takes for this mailbox.", "APPENDLIMIT number",
               "RFC 7889 §5"),

    // ---- mailbox attributes ----
    item_entry("\\Noselect", kMailboxContext, "No mailbox, only a level",
               "The name has others below it but cannot be opened.", "\\Noselect",
               "RFC 9051 §7.3.1"),
    item_entry("\\NonExistent", kMailboxContext, "Not there",
               "The name stands in the list for what lies below it.", "\\NonExistent",
               "RFC 9051 §7.3.1"),
    item_entry("\\Noinferiors", kMailboxContext, "Nothing below",
               "No mailbox can be made below it.", "\\Noinferiors", "RFC 9051 §7.3.1"),
    item_entry("\\HasChildren", kMailboxContext, "There are some below",
               "Mailboxes lie below this one.", "\\HasChildren", "RFC 9051 §7.3.1, RFC 3348"),
    item_entry("\\HasNoChildren", kMailboxContext, "None below", "No mailbox lies below this one.",
               "\\HasNoChildren", "RFC 9051 §7.3.1, RFC 3348"),
    item_entry("\\Marked", kMailboxContext, "Perhaps something new",
               "The mailbox may hold messages that came since it was last opened.", "\\Marked",
               "RFC 9051 §7.3.1"),
    item_entry("\\Unmarked", kMailboxContext, "Nothing new",
               "Nothing came since it was last opened.", "\\Unmarked", "RFC 9051 §7.3.1"),
    item_entry("\\Subscribed", kMailboxContext, "On the user's list",
               "The user has subscribed to it.", "\\Subscribed", "RFC 9051 §7.3.1"),
    item_entry("\\Remote", kMailboxContext, "On another server",
               "The mailbox is not on this server.", "\\Remote", "RFC 9051 §7.3.1"),
    item_entry("\\All", kMailboxContext, "All messages",
               "A special use: a view of all messages of the user.", "\\All", "RFC 6154 §2"),
    item_entry("\\Archive", kMailboxContext, "The archive",
               "A special use: where messages are put away.", "\\Archive", "RFC 6154 §2"),
    item_entry("\\Drafts", kMailboxContext, "Drafts",
               "A special use: messages that are still being written.", "\\Drafts", "RFC 6154 §2"),
    item_entry("\\Junk", kMailboxContext, "Junk", "A special use: what was found to be junk.",
               "\\Junk", "RFC 6154 §2"),
    item_entry("\\Sent", kMailboxContext, "Sent",
               "A special use: copies of what the user has sent.", "\\Sent", "RFC 6154 §2"),
    item_entry("\\Trash", kMailboxContext, "Trash", "A special use: what is to be thrown away.",
               "\\Trash", "RFC 6154 §2"),
};

}  // namespace

std::span<const ReferenceEntry> item_entries() {
  return kItemEntries;
}

}  // namespace mailscope::imap
