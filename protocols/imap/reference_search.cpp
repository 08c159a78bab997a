// The entries of search keys, of what SEARCH may return, and of what SORT and THREAD go by.

#include <array>

#include "protocols/imap/reference_tables.hpp"

namespace mailscope::imap {
namespace {

constexpr ReferenceEntry key_entry(std::string_view word, std::string_view title,
                                   std::string_view meaning, std::string_view syntax,
                                   std::string_view section = "RFC 9051 §6.4.4") {
  return {kImapName, word, kSearchContext, title, meaning, syntax, section};
}

constexpr std::array kSearchEntries = {
    key_entry("ALL", "Every message", "All messages in the mailbox.", "ALL"),
    key_entry("ANSWERED", "With \\Answered", "Messages that were replied to.", "ANSWERED"),
    key_entry("BCC", "Somebody in Bcc", "The text stands in the Bcc field, in any case.",
              "BCC string"),
    key_entry("BEFORE", "Came before that day",
              "By the server's date (INTERNALDATE); time and zone do not count.",
              "BEFORE 1-Mar-2026"),
    key_entry("BODY", "Text in the body", "The text stands in the body, its encoding undone.",
              "BODY string"),
    key_entry("CC", "Somebody in Cc", "The text stands in the Cc field.", "CC string"),
    key_entry("DELETED", "With \\Deleted", "Messages that EXPUNGE would remove.", "DELETED"),
    key_entry("DRAFT", "With \\Draft", "Messages that are still being written.", "DRAFT"),
    key_entry("FLAGGED", "With \\Flagged", "Messages that the user has marked.", "FLAGGED"),
    key_entry("FROM", "Somebody in From", "The text stands in the From field.", "FROM string"),
    key_entry("HEADER", "Text in a header field",
              "The text stands in the field of this name; with an empty text it is enough that the "
              "field is "
              "there.",
              "HEADER field string"),
    key_entry("KEYWORD", "With that keyword", "Messages that have the flag.", "KEYWORD flag"),
    key_entry("LARGER", "Larger than that", "More octets than the number.", "LARGER number"),
    key_entry("NEW", "Recent and unread", "RECENT UNSEEN.", "NEW", "RFC 3501 §6.4.4"),
    key_entry("NOT", "Not that", "Messages that the key behind it does not fit.", "NOT key"),
    key_entry("OLD", "Not recent", "Messages without \\Recent.", "OLD", "RFC 3501 §6.4.4"),
    key_entry("ON", "Came on that day", "By the server's date (INTERNALDATE).", "ON 1-Mar-2026"),
    key_entry("OR", "One or the other",
              "Messages that at least one of the two keys behind it fits.", "OR key key"),
    key_entry("RECENT", "With \\Recent", "Messages that are new to everybody.", "RECENT",
              "RFC 3501 §6.4.4"),
    key_entry("SEEN", "With \\Seen", "Messages that were read.", "SEEN"),
    key_entry("SENTBEFORE", "Written before that day", "By the header's Date field.",
              "SENTBEFORE 1-Mar-2026"),
    key_entry("SENTON", "Written on that day", "By the header's Date field.", "SENTON 1-Mar-2026"),
    key_entry("SENTSINCE", "Written on that day or later", "By the header's Date field.",
              "SENTSINCE 1-Mar-2026"),
    key_entry("SINCE", "Came on that day or later", "By the server's date (INTERNALDATE).",
              "SINCE 1-Mar-2026"),
    key_entry("SMALLER", "Smaller than that", "Fewer octets than the number.", "SMALLER number"),
    key_entry("SUBJECT", "Text in the subject",
              "The text stands in the Subject field, encoded words undone.", "SUBJECT string"),
    key_entry("TEXT", "Text anywhere", "The text stands in the header or in the body.",
              "TEXT string"),
    key_entry("TO", "Somebody in To", "The text stands in the To field.", "TO string"),
    key_entry("UID", "These UIDs", "Messages whose UID is in the set.", "UID uid-set"),
    key_entry("UNANSWERED", "Without \\Answered", "Messages that were not replied to.",
              "UNANSWERED"),
    key_entry("UNDELETED", "Without \\Deleted", "Messages that are to stay.", "UNDELETED"),
    key_entry("UNDRAFT", "Without \\Draft", "Messages that are finished.", "UNDRAFT"),
    key_entry("UNFLAGGED", "Without \\Flagged", "Messages that are not marked.", "UNFLAGGED"),
    key_entry("UNKEYWORD", "Without that keyword", "Messages that do not have the flag.",
              "UNKEYWORD flag"),
    key_entry("UNSEEN", "Without \\Seen", "Messages that were not read.", "UNSEEN"),
    key_entry("MODSEQ", "Changed since",
              "Messages whose modification sequence is the number or greater.",
              "MODSEQ [entry] number", "RFC 7162 §3.1.5"),
    key_entry("OLDER", "Came longer ago", "More seconds ago than the number.", "OLDER seconds",
              "RFC 5032 §3"),
    key_entry("YOUNGER", "Came more lately", "Within so many seconds.", "YOUNGER seconds",
              "RFC 5032 §3"),
    key_entry("CHARSET", "The charset of the texts",
              "In which charset the strings of the command are. IMAP4rev2 knows UTF-8 alone.",
              "CHARSET name"),
    key_entry("RETURN", "What the answer shall tell",
              "MIN, MAX, COUNT, ALL or SAVE. The answer is an ESEARCH then.", "RETURN (option ...)",
              "RFC 9051 §6.4.4, RFC 4731"),
    key_entry("MIN", "The least number", "Of the messages that fit. A word of RETURN.",
              "RETURN (MIN)"),
    key_entry("MAX", "The greatest number", "Of the messages that fit. A word of RETURN.",
              "RETURN (MAX)"),
    key_entry("COUNT", "How many", "Only the number of messages that fit. A word of RETURN.",
              "RETURN (COUNT)"),
    key_entry("SAVE", "Keep the result",
              "A word of RETURN: the server remembers which messages fit, and $ stands for them in "
              "the next "
              "commands.",
              "RETURN (SAVE)", "RFC 9051 §6.4.4, RFC 5182"),
    key_entry("ARRIVAL", "By arrival", "SORT: by the server's date (INTERNALDATE).", "ARRIVAL",
              "RFC 5256 §3"),
    key_entry("DATE", "By date written",
              "SORT: by the header's Date field, zones taken into account.", "DATE", "RFC 5256 §3"),
    key_entry("SIZE", "By size", "SORT: by octets.", "SIZE", "RFC 5256 §3"),
    key_entry("REVERSE", "The other way round", "SORT: the criterion behind it, descending.",
              "REVERSE criterion", "RFC 5256 §3"),
    key_entry("ORDEREDSUBJECT", "Threads by subject",
              "THREAD: messages of one base subject stand together, the earliest on top.",
              "ORDEREDSUBJECT", "RFC 5256 §3"),
    key_entry(
        "REFERENCES", "Threads by reference",
        "THREAD: by References and In-Reply-To, so that an answer stands below what it answers.",
        "REFERENCES", "RFC 5256 §3"),
};

}  // namespace

std::span<const ReferenceEntry> search_entries() {
  return kSearchEntries;
}

}  // namespace mailscope::imap
