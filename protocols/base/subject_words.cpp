#include "protocols/base/subject_words.hpp"

namespace mailscope {
namespace {

constexpr std::string_view kMail = "mail";
constexpr std::string_view kSocket = "sockets";
constexpr std::string_view kCall = "call";

constexpr ReferenceEntry kWordEntries[] = {
    // ---- who takes part
    {kMail, "UA", "", "User agent: the program in front of the user",
     "It lets its user write, read, answer and file letters. It hands letters in and fetches them, "
     "and is no part of the mail's way between servers. The RFCs call it MUA.",
     "", "RFC 5598 §4.2.1"},
    {kMail, "MUA", "", "Message user agent",
     "The RFCs' name for the user agent, the program in front of the user.", "", "RFC 5598 §4.2.1"},
    {kMail, "MTA", "", "Message transfer agent: carries mail",
     "Takes mail by SMTP and passes it on by SMTP, towards the recipient. Its server part listens "
     "always and fills the spool, its client part runs when there is something in it. One letter "
     "may pass several, and each answers for it from its 250 on.",
     "", "RFC 5598 §4.3.2"},
    {kMail, "MSA", "", "Message submission agent: where users hand in",
     "An MTA server for the first step, at port 587 or 465. It lets its users log in, and may mend "
     "what their programs left out.",
     "", "RFC 5598 §4.3.1, RFC 6409 §3"},
    {kMail, "MDA", "", "Mail delivery agent: puts it into the mailbox",
     "The last program on the way: it takes a letter out of the spool and files it in the "
     "recipient's mailbox. Filters for spam and viruses, and a user's own rules, work here. It "
     "does "
     "not speak to the reader's program; that is the access agent's job.",
     "", "RFC 5598 §4.3.3"},
    {kMail, "MAA", "", "Message access agent: brings it to the reader",
     "The textbooks' word for the pair that pulls mail out of the mailbox: its client runs on the "
     "reader's computer, its server where the mailbox is, and they speak POP3 or IMAP. The RFCs "
     "call the server's side the message store.",
     "", "RFC 5598 §4.2.2"},
    {kMail, "mailbox", "", "Where a user's mail waits to be read",
     "On the server, filled by the MDA, opened by its owner alone. An address names it: the local "
     "part says which mailbox, the domain says where.",
     "", "RFC 5321 §2.3.11"},
    {kMail, "junk", "", "Where the filter puts what looks like spam",
     "A folder beside the mailbox. The MDA files there what its filter takes for spam, so that the "
     "user can look whether it was right. Nobody is told that a letter lies there.",
     "", "RFC 6154 §2"},
    {kMail, "header", "", "The lines on top of a letter",
     "Lines such as From:, To:, Subject: and Received:, up to the first empty line; then comes the "
     "body. They are part of the letter. Where it goes is decided by the envelope (MAIL and RCPT), "
     "which the header need not match.",
     "Name: text", "RFC 5322 §2.1, §2.2"},
    {kMail, "body", "", "The letter itself",
     "What stands behind the first empty line. SMTP does not look at it; MIME says in the header "
     "how it is to be read.",
     "", "RFC 5322 §2.1, §2.3"},
    {kMail, "maildrop", "", "POP3's word for the mailbox",
     "What a POP3 client opens with its log-in: the messages that wait for one user. The server "
     "locks it for the session.",
     "", "RFC 1939 §3, §4"},
    {kMail, "spool", "", "The queue on the disk",
     "Where mail waits to be sent on or delivered. It is on the disk, so that a crash loses "
     "nothing: a server says 250 when the letter is in it, and takes it out when the next one has "
     "said 250.",
     "", "RFC 5321 §4.5.4.1, §6.1"},
    {kMail, "SMTP", "", "Simple Mail Transfer Protocol",
     "Pushes mail: from the writer's computer to a server, and from server to server. Lines of "
     "text over TCP, a command and a reply at a time; the server speaks first.",
     "", "RFC 5321 §2.1"},
    {kMail, "ESMTP", "", "SMTP with extensions",
     "What SMTP has been since EHLO: the server lists what it can do, and the client uses what is "
     "in the list.",
     "", "RFC 5321 §2.2"},
    {kMail, "ESMTPA", "", "By ESMTP, after a log-in",
     "Stands in a Received line after \"with\": the client spoke EHLO and had logged in with AUTH. "
     "ESMTPS would be: under TLS; ESMTPSA: both.",
     "", "RFC 3848 §1"},
    {kMail, "POP3", "", "Post Office Protocol, version 3",
     "Pulls mail: the reader's program fetches what is in the mailbox, and mostly deletes it "
     "there. Small and simple; made for one computer that is seldom on line.",
     "", "RFC 1939 §1"},
    {kMail, "IMAP", "", "Internet Message Access Protocol",
     "Pulls mail as POP3 does, but the mail stays on the server, in folders, with marks for what "
     "was "
     "read; several devices see the same, and parts can be fetched by themselves. MailScope "
     "explains it but does not speak it.",
     "", "RFC 9051 §2"},
    {kMail, "MIME", "", "Multipurpose Internet Mail Extensions",
     "How a letter that is lines of ASCII carries other scripts, pictures and several parts: "
     "header "
     "fields that say what a part is and how its octets were packed. SMTP knows nothing of it.",
     "", "RFC 2045 §1"},
    {kMail, "DNS", "", "Domain Name System",
     "The Internet's directory. A mail server asks it twice: who takes mail for this domain (MX), "
     "and what is that host's address (A or AAAA)?",
     "", "RFC 1034 §2"},
    {kMail, "SPF", "", "Which hosts may send in this domain's name",
     "A TXT record in the DNS names the addresses from which mail with this domain in MAIL FROM "
     "may "
     "come. The server asks for it and compares. The From: line is not looked at. MailScope "
     "explains it but does not check it.",
     "v=spf1 mx -all", "RFC 7208 §1"},
    {kMail, "DKIM", "", "A signature of the sender's domain",
     "A server signs the body and parts of the header, and a key in the DNS lets anybody test it: "
     "that domain answers for the message, and what was signed has not been changed. MailScope "
     "explains it but does not check it.",
     "DKIM-Signature: v=1; d=domain; ...", "RFC 6376 §1"},
    {kMail, "DMARC", "", "What to do if From: is not borne out",
     "With a TXT record a domain asks that mail with its name in the From: line pass SPF or DKIM "
     "for that same domain, and says what should happen to mail that does not. MailScope explains "
     "it but does not check it.",
     "v=DMARC1; p=reject", "RFC 7489 §1"},
    {kMail, "push", "", "The sender begins",
     "Who has something calls and hands it over: SMTP, from the writer to the mailbox. The "
     "receiver's program has to listen always, which is why servers stand in between.",
     "", "RFC 5321 §2.1"},
    {kMail, "pull", "", "The reader begins",
     "Who wants something calls and fetches it: POP3 and IMAP, out of the mailbox. Nobody calls "
     "the reader's computer, so it may be off.",
     "", "RFC 5598 §4.2.2"},
    // ---- beneath it
    {"TCP", "SYN", "", "May I call you?",
     "The first segment of a connection, and the first answer: each side says from where it will "
     "count its octets. The caller's program waits in connect() meanwhile. If nothing comes back "
     "it is sent again, each time after twice as long: for three minutes at least, the standard "
     "asks; many systems give up after two.",
     "", "RFC 9293 §3.5, §3.8.3"},
    {"TCP", "ACK", "", "I have all up to here",
     "A number in nearly every segment: the octet that is expected next, so all before it have "
     "arrived. It says that the other host's TCP has them. It does not say that a program has read "
     "them, let alone that a letter was accepted: that is SMTP's 250.",
     "", "RFC 9293 §3.4"},
    {"TCP", "FIN", "", "I have nothing more to say",
     "Ends one direction; what was sent before still arrives, and the other side may go on. The "
     "connection is over when both have said it and both were acknowledged.",
     "", "RFC 9293 §3.6"},
    {"TCP", "RST", "", "This connection does not exist",
     "Breaks a connection off at once; what was on its way is lost. It comes when nobody listens "
     "at a port, when a host has forgotten the connection in a crash, or when a program closes "
     "with octets unread or asks for it. If a program only ends, its system sends FIN.",
     "", "RFC 9293 §3.5.2, §3.6.1, §3.10.5"},
    {"TCP", "handshake", "", "SYN, SYN ACK, ACK",
     "The three segments that open a connection: ringing, being answered, and saying so. No octet "
     "of mail has been sent by then.",
     "", "RFC 9293 §3.5"},
    {"TCP", "TCP", "", "Transmission Control Protocol: a call between two programs",
     "Makes two streams of octets, one each way, out of packets that may be lost, doubled or "
     "overtaken: it numbers the octets, has them acknowledged, and sends again what was not. SMTP "
     "and POP3 are spoken over it. Either all arrives, in order, or the program is told that it "
     "did not.",
     "", "RFC 9293 §2.2"},
    {"UDP", "UDP", "", "User Datagram Protocol: single packets",
     "One packet from a program to a program, with two port numbers and a checksum, and nothing "
     "more: no connection, no acknowledgement, no order. DNS asks and answers with it; who gets "
     "no answer asks again.",
     "", "RFC 768"},
    {"IP", "IP", "", "Internet Protocol: packets from host to host",
     "Gives every interface an address and carries packets from one network to the next, each by "
     "itself. It tries and promises nothing: a packet may be lost, and whether anybody minds is "
     "the business of TCP or of the program.",
     "", "RFC 791 §1.4"},
    {"IP", "ICMP", "", "The network's own messages",
     "Packets by which hosts and routers tell a sender that something went wrong: the host or the "
     "port cannot be reached, the TTL has run out. Ping is a part of it.",
     "", "RFC 792"},
    {"Ethernet", "Ethernet", "", "Frames from station to station",
     "What the octets travel in on a cable or a local network: the hardware address of the "
     "receiver, that of the sender, what is inside, and a checksum. A damaged frame is thrown "
     "away, and nobody is told.",
     "", "RFC 894"},
    {"Ethernet", "frame", "", "What is on the wire at a time",
     "A packet in its wrapping for one line. At every router the wrapping is taken off and a new "
     "one put on; the packet inside stays the same, but for TTL and checksum.",
     "", "RFC 894"},
    {"TCP", "port", "", "Which program on the host",
     "The address finds the host, the port number the program: 25 for the MTA server, 110 for the "
     "POP3 server. The caller's own port is any free one.",
     "", "RFC 9293 §3.1"},
    {"TCP", "segment", "", "What TCP sends at a time",
     "A piece of the octet stream with a header: ports, the number of its first octet, an "
     "acknowledgement, flags. Segments may be lost or overtake each other; the receiver puts them "
     "in order, so programs see one stream without borders.",
     "", "RFC 9293 §3.7"},
    {"IP", "TTL", "", "How many routers it may still pass",
     "Time to live: each router takes one away, and the one that makes it zero throws the packet "
     "away, so "
     "that none goes in circles for ever. MailScope's hosts begin with 64. The same letters mean "
     "something else in the DNS.",
     "", "RFC 791 §3.1"},
    {"ARP", "ARP", "", "Who has this address?",
     "On an Ethernet a frame needs a hardware address. So the sender asks all stations who has "
     "this "
     "IP address, the owner answers, and the answer is remembered. A line with two ends only, such "
     "as a dial-up call, has no need of it.",
     "", "RFC 826"},
    {"IP", "router", "", "Passes packets on",
     "A host with a foot in several networks that sends on what is not for itself, looking at the "
     "address alone. It knows nothing of mail; do not take it for a relay, which takes a whole "
     "letter and answers for it.",
     "", "RFC 791 §2.4"},
    // ---- the socket calls
    {kSocket, "socket", kCall, "Gets a telephone",
     "Makes an end point for TCP and gives the program a handle for it. It has no number yet and "
     "speaks to nobody.",
     "socket()", "RFC 9293 §3.9.1"},
    {kSocket, "bind", kCall, "Gives it a number",
     "Ties the socket to an address and a port of this host: 25 for a mail server. A client mostly "
     "leaves it out and gets any free port.",
     "bind(port)", "RFC 9293 §3.9.1.1"},
    {kSocket, "listen", kCall, "Plugs it in, so that it can ring",
     "From now on TCP takes calls for that port and lets them wait in a line (a passive OPEN).",
     "listen()", "RFC 9293 §3.9.1.1"},
    {kSocket, "accept", kCall, "Picks up",
     "Gives the program the next connection that waits, as a new socket, while the old one goes on "
     "ringing for others. TCP has shaken hands already, perhaps long before: accept dials nothing "
     "and sends nothing.",
     "accept()", "RFC 9293 §3.9.1.1"},
    {kSocket, "connect", kCall, "Dials",
     "Sends SYN to an address and a port (an active OPEN) and comes back when the other side has "
     "answered, or nobody did. It is the client's call.",
     "connect(address:port)", "RFC 9293 §3.9.1.1"},
    {kSocket, "send", kCall, "Speaks",
     "Gives octets to TCP, which cuts them into segments as it likes and repeats what is lost. "
     "When "
     "the call returns they are in this host's buffer, and may not have left yet.",
     "send(octets)", "RFC 9293 §3.9.1.2"},
    {kSocket, "recv", kCall, "Listens",
     "Takes octets that have arrived, in order. How many come at once has nothing to do with how "
     "they were sent: a line may come in two pieces, and three lines in one. No octets at all "
     "means "
     "that the other side has hung up.",
     "recv()", "RFC 9293 §3.9.1.3"},
    {kSocket, "close", kCall, "Hangs up",
     "Says that nothing more will be sent; TCP delivers what is still in its buffer and then sends "
     "FIN. The line is free when the other side has hung up as well.",
     "close()", "RFC 9293 §3.9.1.4"},
};

}  // namespace

std::span<const ReferenceEntry> subject_reference() {
  return kWordEntries;
}

}  // namespace mailscope
