#include "protocols/mime/reference.hpp"

#include <array>

namespace mailscope::mime {
namespace {

constexpr std::array kReference = {
    // ---- fields of every message (RFC 5322) ----
    ReferenceEntry{"IMF", "Date", "", "When it was written",
                   "The moment at which the author pressed Send, with the author's time zone. The "
                   "author's computer "
                   "writes it, so a wrong clock there gives a wrong date here; each server's own "
                   "time stands in the "
                   "Received fields.",
                   "Date: [day-name \",\"] day month year hour \":\" minute [\":\" second] zone",
                   "RFC 5322 §3.6.1"},
    ReferenceEntry{"IMF", "From", "", "Who claims to be the author",
                   "The author's address, as the author's own program wrote it. SMTP does not look "
                   "at it, so nothing "
                   "in plain mail proves it: the envelope's MAIL FROM may name somebody else. SPF, "
                   "DKIM and DMARC "
                   "were added later to check it.",
                   "From: mailbox-list", "RFC 5322 §3.6.2"},
    ReferenceEntry{"IMF", "Sender", "", "Who sent it off, when that is not the author",
                   "The one mailbox that handed the message in: a secretary, a mailing list "
                   "program. It is left out "
                   "when the author and the sender are the same, and must be there when From names "
                   "several authors.",
                   "Sender: mailbox", "RFC 5322 §3.6.2"},
    ReferenceEntry{"IMF", "Reply-To", "", "Where answers should go",
                   "The address that the reader's Reply button is to use instead of From. It is a "
                   "wish of the author "
                   "and changes nothing about delivery.",
                   "Reply-To: address-list", "RFC 5322 §3.6.2"},
    ReferenceEntry{
        "IMF", "Disposition-Notification-To", "", "Where a return receipt should go",
        "Asks the reader's program for a note (MDN) when the message is shown. The program "
        "may ask its user first, or send none.",
        "Disposition-Notification-To: mailbox-list", "RFC 8098 §2.1"},
    ReferenceEntry{"IMF", "To", "", "Whom it addresses",
                   "The recipients as the author wants them shown. It does not route the mail: "
                   "servers deliver to the "
                   "envelope's RCPT TO addresses, and the two lists may differ, as they do with "
                   "mailing lists and Bcc.",
                   "To: address-list", "RFC 5322 §3.6.3"},
    ReferenceEntry{"IMF", "Cc", "", "Who gets a copy for information",
                   "Carbon copy: further recipients whom the message is not mainly for. For the "
                   "servers there is no "
                   "difference to To; each of them is one more RCPT TO in the envelope.",
                   "Cc: address-list", "RFC 5322 §3.6.3"},
    ReferenceEntry{"IMF", "Bcc", "", "Hidden recipients",
                   "Blind carbon copy. The sender's own program takes these addresses into the "
                   "envelope as RCPT TO and "
                   "leaves the field out of the message; the others then cannot see them. No "
                   "server hides it: had it "
                   "been sent, everybody could read it.",
                   "Bcc: [address-list]", "RFC 5322 §3.6.3"},
    ReferenceEntry{
        "IMF", "Subject", "", "What it is about",
        "A line for people to read in their list of messages. Characters beyond ASCII are carried "
        "in encoded "
        "words such as =?UTF-8?Q?Caf=C3=A9?=. \"Re: \" in front marks a reply, by custom only.",
        "Subject: unstructured", "RFC 5322 §3.6.5"},
    ReferenceEntry{"IMF", "Message-ID", "", "The message's own name",
                   "An identifier that no other message in the world has, made by the program that "
                   "wrote it. Replies "
                   "point to it, readers build threads from it, and a server may know a duplicate "
                   "by it. It stays the "
                   "same on every hop.",
                   "Message-ID: \"<\" id-left \"@\" id-right \">\"", "RFC 5322 §3.6.4"},
    ReferenceEntry{"IMF", "In-Reply-To", "", "Which message it answers",
                   "The Message-ID of the message that this one replies to. With References it is "
                   "what a reader builds "
                   "its threads from.",
                   "In-Reply-To: 1*msg-id", "RFC 5322 §3.6.4"},
    ReferenceEntry{"IMF", "References", "", "The thread so far",
                   "The Message-IDs of the messages before this one in the conversation, the "
                   "oldest first. A reply takes "
                   "its parent's list and adds the parent.",
                   "References: 1*msg-id", "RFC 5322 §3.6.4"},
    ReferenceEntry{"IMF", "Comments", "", "A remark",
                   "Text for people about the message. Programs make nothing of it.",
                   "Comments: unstructured", "RFC 5322 §3.6.5"},
    ReferenceEntry{"IMF", "Keywords", "", "Words to find it by",
                   "A list of key words and phrases, for people who sort their mail by them. Few "
                   "programs write it.",
                   "Keywords: phrase *(\",\" phrase)", "RFC 5322 §3.6.5"},
    ReferenceEntry{"IMF", "Received", "", "One hop of its way",
                   "Each server that takes the message puts one of these lines on top: from whom, "
                   "by whom, with which "
                   "protocol, when. Read from the bottom up, they are the message's journey, and "
                   "the differences of "
                   "their times show where it waited. A server that counts a hundred or so takes "
                   "it for a loop.",
                   "Received: from X by Y [via L] [with P] [id I] [for R] \";\" date-time",
                   "RFC 5321 §4.4"},
    ReferenceEntry{"IMF", "Return-Path", "", "The envelope's sender, written down",
                   "The server that finally delivers the message writes the MAIL FROM address "
                   "here, before the envelope is "
                   "thrown away. Failure reports go to it. \"<>\" means that nobody wants one: the "
                   "message is such "
                   "a report itself.",
                   "Return-Path: \"<\" [reverse-path] \">\"", "RFC 5321 §4.4"},
    ReferenceEntry{"IMF", "Resent-From", "", "Who sent it on",
                   "Someone put the message back into the mail unchanged, and this says who. A "
                   "block of Resent- fields "
                   "stands on top for each time; the original From and Date stay as they were.",
                   "Resent-From: mailbox-list", "RFC 5322 §3.6.6"},
    ReferenceEntry{"IMF", "Delivered-To", "", "The mailbox that it reached",
                   "Written by some servers at delivery, to tell a forwarding loop: mail that "
                   "already bears one's own "
                   "address has been here before. No RFC of the mail standards asks for it.",
                   "Delivered-To: addr-spec", ""},
    ReferenceEntry{"IMF", "DKIM-Signature", "", "A server vouches for it",
                   "A signature over the body and some header fields, made by the sending domain "
                   "with a key that is "
                   "published in DNS. It shows that those parts were not changed on the way and "
                   "that the domain let the "
                   "message out.",
                   "DKIM-Signature: tag-list", "RFC 6376 §3.5"},
    ReferenceEntry{"IMF", "Authentication-Results", "", "What the receiving server checked",
                   "The results of SPF, DKIM and DMARC as the reader's own server saw them. One "
                   "that came in from outside "
                   "must not be believed, and servers remove those that bear their own name.",
                   "Authentication-Results: authserv-id \";\" results", "RFC 8601 §2.2"},
    ReferenceEntry{"IMF", "List-Id", "", "The mailing list that it came through",
                   "Names the list for programs that sort mail. The list's other commands, such as "
                   "how to leave it, stand in "
                   "List-Unsubscribe and its relatives.",
                   "List-Id: [phrase] \"<\" list-id \">\"", "RFC 2919 §3"},
    ReferenceEntry{"IMF", "User-Agent", "", "The program that wrote it",
                   "The author's mail program and its version, also seen as X-Mailer. It is there "
                   "for curiosity and for "
                   "finding faults; nothing depends on it.",
                   "User-Agent: unstructured", ""},
    ReferenceEntry{"IMF", "Auto-Submitted", "", "A program sent it",
                   "Says that no person wrote the message: an automatic reply, a report. Another "
                   "automatic replier must "
                   "then keep silent, or the two would answer each other for ever.",
                   "Auto-Submitted: no / auto-generated / auto-replied", "RFC 3834 §5"},

    // ---- MIME fields ----
    ReferenceEntry{
        "MIME", "MIME-Version", "", "This message uses MIME",
        "Says that the Content- fields are to be read as RFC 2045 has them. Without it a message "
        "is plain "
        "ASCII text, as all mail was before 1992. The only version there ever was is 1.0.",
        "MIME-Version: 1.0", "RFC 2045 §4"},
    ReferenceEntry{
        "MIME", "Content-Type", "", "What kind of content it is",
        "A type and a subtype such as text/html or image/png, and parameters such as charset and "
        "boundary. "
        "It tells the reader's program how to show the content. When it is missing, the content is "
        "text/plain in ASCII.",
        "Content-Type: type \"/\" subtype *(\";\" parameter)", "RFC 2045 §5"},
    ReferenceEntry{"MIME", "Content-Transfer-Encoding", "",
                   "How the octets were packed for the journey",
                   "SMTP once carried 7-bit lines of limited length and nothing else. base64 and "
                   "quoted-printable turn "
                   "any octets into such lines; 7bit, 8bit and binary say that nothing was turned. "
                   "It is undone before "
                   "Content-Type is looked at.",
                   "Content-Transfer-Encoding: 7bit / 8bit / binary / quoted-printable / base64",
                   "RFC 2045 §6"},
    ReferenceEntry{"MIME", "Content-ID", "", "A part's own name",
                   "Lets one part point to another: an HTML text shows the picture in the next "
                   "part by a cid: address. Like "
                   "Message-ID it is unique in the world.",
                   "Content-ID: msg-id", "RFC 2045 §7"},
    ReferenceEntry{"MIME", "Content-Description", "", "A caption",
                   "A few words about a part for people, such as what a picture shows.",
                   "Content-Description: text", "RFC 2045 §8"},
    ReferenceEntry{"MIME", "Content-Disposition", "", "Show it here, or offer it as a file",
                   "inline: show the part in its place. attachment: offer it as a file, under the "
                   "name in its filename "
                   "parameter. That name comes from a stranger, so a program drops any folders in "
                   "it and never writes "
                   "to it unasked.",
                   "Content-Disposition: (\"inline\" / \"attachment\") *(\";\" parameter)",
                   "RFC 2183 §2"},
    ReferenceEntry{
        "MIME", "Content-Language", "", "The language of a part",
        "Names the language that a part is written in, for readers that choose or read aloud.",
        "Content-Language: language-tag *(\",\" language-tag)", "RFC 3282 §2"},
    ReferenceEntry{"MIME", "Content-Location", "", "Where the part can be found",
                   "An address for the part, so that an HTML text in the same message can refer to "
                   "it by that address.",
                   "Content-Location: URI", "RFC 2557 §4.2"},

    // ---- encodings ----
    ReferenceEntry{"MIME", "7bit", "", "Nothing packed: short ASCII lines",
                   "The content is ASCII in lines of at most 998 octets, 1000 with their CRLF, as "
                   "every server since 1982 can carry it. It is the default when no encoding is "
                   "stated.",
                   "", "RFC 2045 §6.2"},
    ReferenceEntry{"MIME", "8bit", "", "Nothing packed: short lines of any octets",
                   "The content has octets above 127, as UTF-8 text does, in lines of at most 998 "
                   "(1000 with their CRLF). "
                   "Every server on the way "
                   "must offer 8BITMIME; one that meets a server without it has to convert the "
                   "message or send it back.",
                   "", "RFC 2045 §6.2"},
    ReferenceEntry{"MIME", "binary", "", "Nothing packed at all",
                   "Any octets in any order, without lines. Only SMTP's BDAT command with "
                   "BINARYMIME can carry that, "
                   "since DATA needs lines.",
                   "", "RFC 2045 §6.2"},
    ReferenceEntry{
        "MIME", "base64", "", "Three octets become four letters",
        "Takes three octets, 24 bits, as four numbers of six bits and writes each as "
        "one of 64 letters, digits, + "
        "and /. A = fills up the end. In this form anything survives the journey, one third "
        "larger and unreadable for "
        "people, though no secret at all.",
        "", "RFC 2045 §6.8"},
    ReferenceEntry{"MIME", "quoted-printable", "", "Readable text, odd octets as =XY",
                   "ASCII stays as it is; another octet is written as = and two hex digits, so é "
                   "in UTF-8 is =C3=A9. A = at a "
                   "line's end joins it with the next one. It suits text that is mostly ASCII: "
                   "people can still "
                   "read it raw, and it hardly grows.",
                   "", "RFC 2045 §6.7"},
    ReferenceEntry{"MIME", "encoded-word", "", "More than ASCII in a header field",
                   "Header fields are ASCII, so a name or subject in another script is written as "
                   "=?charset?B?...?= (base64) or =?charset?Q?...?= (like quoted-printable). Words "
                   "have at most "
                   "75 characters; the space between two of them is not part of the text.",
                   "\"=?\" charset \"?\" encoding \"?\" encoded-text \"?=\"", "RFC 2047 §2"},
    ReferenceEntry{
        "MIME", "boundary", "", "The line between parts",
        "A string that the sender chose so that it stands nowhere in the content. A "
        "line of two hyphens and the "
        "boundary begins the next part; with two more hyphens after it, it ends the last "
        "one. The line end in front "
        "belongs to the boundary, not to the part.",
        "CRLF \"--\" boundary [\"--\"] CRLF", "RFC 2046 §5.1.1"},
    ReferenceEntry{"MIME", "charset", "", "Which characters the octets mean",
                   "Names the character set of a text, for example utf-8 or iso-8859-1. Without it "
                   "the reader would have to "
                   "guess what the octet E9 is; the wrong guess is why Ã© stands where é should.",
                   "\"charset=\" value", "RFC 2046 §4.1.2"},
    ReferenceEntry{
        "MIME", "filename", "", "The name offered for a file",
        "What the sender's program called the file. A name beyond ASCII is written as "
        "filename*=utf-8''..., a long "
        "one in pieces filename*0, filename*1. Folders in it are dropped by the receiver.",
        "\"filename=\" value", "RFC 2183 §2.3"},

    // ---- media types ----
    ReferenceEntry{"MIME", "text/plain", "", "Plain text",
                   "Text as it is, without fonts or pictures; the type of a message that states "
                   "none. With format=flowed "
                   "its lines may be rejoined to fit the window.",
                   "", "RFC 2046 §4.1.3"},
    ReferenceEntry{"MIME", "text/html", "", "A web page as a message",
                   "Text with markup, shown as a browser would. Pictures that it takes from the "
                   "net tell their server "
                   "that the mail was read, so many programs first ask.",
                   "", "RFC 2854 §2"},
    ReferenceEntry{"MIME", "text/enriched", "", "Text with a little markup",
                   "An early try at bold and italic in mail, before HTML took that place.", "",
                   "RFC 1896"},
    ReferenceEntry{"MIME", "multipart/mixed", "", "Several things in one message",
                   "Independent parts in their order: a text, and the files attached to it. It is "
                   "what every message "
                   "with an attachment is.",
                   "", "RFC 2046 §5.1.3"},
    ReferenceEntry{"MIME", "multipart/alternative", "", "The same thing in several forms",
                   "Each part says the same, the plainest first and the richest last. The reader "
                   "shows the last one that it "
                   "understands: usually text/plain and then text/html.",
                   "", "RFC 2046 §5.1.4"},
    ReferenceEntry{"MIME", "multipart/digest", "", "A bundle of messages",
                   "Like mixed, but a part that states no type is a whole message, message/rfc822. "
                   "Mailing lists send a "
                   "day's mail so.",
                   "", "RFC 2046 §5.1.5"},
    ReferenceEntry{"MIME", "multipart/parallel", "", "Parts to be shown together",
                   "Like mixed, without an order: a picture and its sound at the same time. "
                   "Today's programs show it as "
                   "mixed.",
                   "", "RFC 2046 §5.1.6"},
    ReferenceEntry{"MIME", "multipart/related", "", "Parts that make up one thing",
                   "One main part, most often HTML, and what belongs to it, most often its "
                   "pictures. The main part points to "
                   "them by their Content-ID.",
                   "", "RFC 2387 §3"},
    ReferenceEntry{"MIME", "multipart/report", "", "A report about mail",
                   "A text for people, then the same for programs (message/delivery-status or the "
                   "like), then the message "
                   "in question or its header. Bounces have this form.",
                   "", "RFC 6522 §3"},
    ReferenceEntry{"MIME", "multipart/signed", "", "Content and a signature over it",
                   "The first part is the content, the second its signature, by PGP or S/MIME. The "
                   "first must not be changed "
                   "on the way by a single octet, or the signature fails.",
                   "", "RFC 1847 §2.1"},
    ReferenceEntry{"MIME", "multipart/encrypted", "", "Content that only the recipient can read",
                   "The first part says how it was encrypted, the second is the encrypted content. "
                   "The header around it, "
                   "subject included, stays readable for every server on the way.",
                   "", "RFC 1847 §2.2"},
    ReferenceEntry{"MIME", "multipart/form-data", "", "A filled-in form",
                   "How a web browser sends the fields and files of a form; web-based mail "
                   "programs take attachments "
                   "this way. It is MIME, carried by HTTP.",
                   "", "RFC 7578 §4"},
    ReferenceEntry{"MIME", "message/rfc822", "", "A whole message as a part",
                   "Another message with its own header and body: a forwarded one, or the one that "
                   "a bounce is "
                   "about. A part 2.1 of such a part 2 is the first part of the inner message.",
                   "", "RFC 2046 §5.2.1"},
    ReferenceEntry{
        "MIME", "message/partial", "", "A piece of a large message",
        "A message too large for some server was cut; each piece bears an id, its number and how "
        "many there are. "
        "The receiver puts them together again. Hardly used, since filters cannot look inside.",
        "", "RFC 2046 §5.2.2"},
    ReferenceEntry{"MIME", "message/external-body", "", "A pointer instead of the content",
                   "The content lies elsewhere, on an FTP server for example, and the part says "
                   "where. The reader fetches it "
                   "when asked.",
                   "", "RFC 2046 §5.2.3"},
    ReferenceEntry{"MIME", "message/delivery-status", "", "What happened, for programs",
                   "The machine's half of a bounce: for each recipient the action, the status code "
                   "such as 5.1.1, and what "
                   "the other server said.",
                   "", "RFC 3464 §2"},
    ReferenceEntry{"MIME", "message/disposition-notification", "", "A return receipt, for programs",
                   "Says that the message was displayed, deleted or printed. The reader's program "
                   "sends it, if its user "
                   "agrees.",
                   "", "RFC 8098 §3"},
    ReferenceEntry{"MIME", "image/jpeg", "", "A photograph",
                   "A picture packed with loss, well suited for photographs.", "", "RFC 2046 §4.2"},
    ReferenceEntry{"MIME", "image/gif", "", "A picture of up to 256 colours",
                   "An old format for drawings and small animations.", "", "RFC 2046 §4.2"},
    ReferenceEntry{"MIME", "image/png", "", "A drawing",
                   "A picture packed without loss, well suited for drawings and screen shots.", "",
                   "RFC 2083"},
    ReferenceEntry{"MIME", "audio/basic", "", "A sound of telephone quality",
                   "One channel, 8000 samples a second, 8-bit mu-law: the one sound format that "
                   "MIME began with.",
                   "", "RFC 2046 §4.3"},
    ReferenceEntry{"MIME", "video/mpeg", "", "A film",
                   "Moving pictures, with sound, in the MPEG format.", "", "RFC 2046 §4.4"},
    ReferenceEntry{"MIME", "application/octet-stream", "", "Some octets",
                   "Data of which the sender's program knew no more. The reader's program offers "
                   "to save it as a file, "
                   "and should do no more than that.",
                   "", "RFC 2046 §4.5.1"},
    ReferenceEntry{"MIME", "application/postscript", "", "A page for the printer",
                   "A program in the PostScript language that draws pages. Since it is a program, "
                   "showing it safely needs care.",
                   "", "RFC 2046 §4.5.2"},
    ReferenceEntry{
        "MIME", "application/pdf", "", "A document in PDF",
        "Pages that look the same everywhere; today's usual form for documents sent by mail.", "",
        "RFC 8118"},
    ReferenceEntry{"MIME", "application/pgp-encrypted", "", "PGP: how it was encrypted",
                   "The first, small part of a multipart/encrypted made by PGP; the encrypted "
                   "content follows as "
                   "application/octet-stream.",
                   "", "RFC 3156 §4"},
    ReferenceEntry{"MIME", "application/pgp-signature", "", "PGP: the signature",
                   "The second part of a multipart/signed made by PGP: proves who wrote the first "
                   "part and that it was not "
                   "changed, to whoever trusts the key.",
                   "", "RFC 3156 §5"},
    ReferenceEntry{"MIME", "application/pkcs7-mime", "", "S/MIME: signed or encrypted content",
                   "A whole MIME part inside a CMS envelope, encrypted for the recipient or signed "
                   "by the author. The "
                   "message's header stays outside.",
                   "", "RFC 8551 §3.2"},
    ReferenceEntry{
        "MIME", "application/pkcs7-signature", "", "S/MIME: the signature",
        "The second part of a multipart/signed made by S/MIME, with the author's certificate.", "",
        "RFC 8551 §3.5"},
    ReferenceEntry{
        "MIME", "application/zip", "", "A ZIP archive",
        "Several files packed into one. What is inside can be anything, so scanners look into it.",
        "", ""},
};

}  // namespace

std::span<const ReferenceEntry> reference() {
  return kReference;
}

}  // namespace mailscope::mime
