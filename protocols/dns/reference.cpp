#include "protocols/dns/reference.hpp"

#include <array>

namespace mailscope::dns {
namespace {

constexpr std::array kReference = {
    // ---- the dialogue ----
    ReferenceEntry{"DNS", "query", "", "A question to a name server",
                   "One UDP datagram: a number by which the answer will be known, a name, and the "
                   "type of record that is wanted. There is no connection; when no answer comes "
                   "within a few seconds the same question is sent again.",
                   "NAME TYPE CLASS", "RFC 1035 §4.1.2"},
    ReferenceEntry{"DNS", "answer", "", "What the name server said",
                   "One datagram with the number and the question of the query, a response code, "
                   "and the records that were found. Whoever asked believes only an answer that "
                   "comes from the server asked, to the port asked from, with that number.",
                   "", "RFC 1035 §4.1.1"},
    ReferenceEntry{"DNS", "resolver", "", "Asks for the programs of a host",
                   "Programs do not speak to name servers themselves: they give a name to their "
                   "host's resolver. It asks a server, waits, asks again, follows other names, and "
                   "remembers what it learned for as long as it may.",
                   "", "RFC 1034 §5"},
    ReferenceEntry{"DNS", "name server", "", "Knows a part of all names",
                   "A program that answers questions about the names of its zones. For those it is "
                   "the authority; about others it knows nothing, or has to ask itself.",
                   "", "RFC 1034 §4"},
    ReferenceEntry{"DNS", "zone", "", "The names that one administrator keeps",
                   "A domain with everything below it that was not handed over to somebody else. "
                   "It begins with a SOA record.",
                   "", "RFC 1034 §4.2"},
    ReferenceEntry{"DNS", "cache", "", "Answers that are remembered",
                   "Each record says for how many seconds it may be remembered. Until then nobody "
                   "is asked, and a change at the server is not noticed. That something is not "
                   "there is remembered too.",
                   "", "RFC 1034 §5.3.3, RFC 2308 §5"},
    ReferenceEntry{
        "DNS", "TTL", "", "How long a record may be remembered",
        "Time to live, in seconds. A long one spares questions, a short one lets changes "
        "be seen soon. Before a mail host moves, its administrator makes it short.",
        "", "RFC 1035 §3.2.1"},
    ReferenceEntry{"DNS", "AA", "", "The authority itself answers",
                   "The server that sent this keeps the zone; it did not repeat what it heard.", "",
                   "RFC 1035 §4.1.1"},
    ReferenceEntry{"DNS", "TC", "", "The answer did not fit",
                   "Over UDP an answer has 512 octets unless both sides agreed on more. What is "
                   "left out has to be asked for over TCP.",
                   "", "RFC 1035 §4.2.1"},
    ReferenceEntry{"DNS", "RD", "", "Please find out for me",
                   "Recursion desired: the server should ask others itself if it does not know. A "
                   "server that does so sets RA, recursion available.",
                   "", "RFC 1035 §4.1.1"},
    ReferenceEntry{"DNS", "RA", "", "Would ask others too",
                   "Recursion available: this server also finds out what it does not know itself.",
                   "", "RFC 1035 §4.1.1"},
    ReferenceEntry{
        "DNS", "negative answer", "", "There is no such thing",
        "Either the name is not there at all (NXDOMAIN), or it is, but has no record of "
        "the type asked for (NOERROR without answers). The zone's SOA that comes with it "
        "says how long that may be remembered.",
        "", "RFC 2308 §2"},

    // ---- record types ----
    ReferenceEntry{"DNS", "MX", "", "Who takes the mail for a domain",
                   "Mail exchanger: the name of a host that takes mail for the domain, and a "
                   "preference. A sender tries the lowest number first, those with the same number "
                   "in any order. A host that finds itself in the list uses only better ones, so "
                   "that mail does not go in circles.",
                   "preference exchange", "RFC 5321 §5.1, RFC 1035 §3.3.9"},
    ReferenceEntry{"DNS", "null MX", "", "This domain takes no mail",
                   "A single MX record whose host is the root, written as a dot. Mail for the "
                   "domain is sent back at once (5.1.10) instead of waiting in queues for days.",
                   "0 .", "RFC 7505 §3"},
    ReferenceEntry{"DNS", "implicit MX", "", "No MX: the domain is its own mail host",
                   "If a domain has no MX record but an address, mail goes to that address, as if "
                   "it had an MX record with preference 0 that names the domain itself. If it has "
                   "MX records that lead nowhere, this does not apply.",
                   "", "RFC 5321 §5.1"},
    ReferenceEntry{"DNS", "A", "", "The address of a host",
                   "The IPv4 address that belongs to a name. A host with several has several "
                   "records. Mail needs it after MX, which gives only names.",
                   "address", "RFC 1035 §3.4.1"},
    ReferenceEntry{"DNS", "AAAA", "", "The IPv6 address of a host",
                   "Like A, four times as long. A mail host may have either or both.", "address",
                   "RFC 3596 §2.1"},
    ReferenceEntry{"DNS", "CNAME", "", "Another name for the same thing",
                   "Says that the name is only an alias, and what the real one is. The question is "
                   "then asked about that one. The name in an MX record must not be an alias, "
                   "though the domain of an address may be.",
                   "canonical-name", "RFC 1034 §3.6.2, RFC 5321 §5.1"},
    ReferenceEntry{"DNS", "NS", "", "Who answers for a zone",
                   "The name of a server that keeps the zone. The zone above hands a domain over "
                   "to others by such records.",
                   "name-server", "RFC 1035 §3.3.11"},
    ReferenceEntry{"DNS", "SOA", "", "Where a zone begins",
                   "Start of authority: the zone's first server, its administrator's mailbox (the "
                   "first dot stands for the @), a serial number that grows with each change, and "
                   "times. The last of them says how long a negative answer may be remembered.",
                   "primary mailbox serial refresh retry expire minimum",
                   "RFC 1035 §3.3.13, RFC 2308 §4"},
    ReferenceEntry{"DNS", "PTR", "", "From an address back to a name",
                   "Asked for a name made from the address backwards, below in-addr.arpa. Mail "
                   "servers ask for it to learn who is calling; who keeps the addresses writes it, "
                   "so it proves little alone.",
                   "name", "RFC 1035 §3.3.12"},
    ReferenceEntry{"DNS", "TXT", "", "Any text",
                   "Strings of at most 255 octets each. Mail uses them to say which hosts may send "
                   "for a domain (SPF) and which keys sign its messages (DKIM).",
                   "text ...", "RFC 1035 §3.3.14"},
    ReferenceEntry{"DNS", "ANY", "", "Whatever there is",
                   "A question, no record: everything that the server has for the name. Many "
                   "servers answer it with little, since the long answers were misused.",
                   "", "RFC 1035 §3.2.3, RFC 8482 §4"},

    // ---- response codes ----
    ReferenceEntry{"DNS", "NOERROR", "", "The question was answered",
                   "Everything went well. If no record came with it, the name is there but has "
                   "none of the type asked for.",
                   "0", "RFC 1035 §4.1.1"},
    ReferenceEntry{"DNS", "FORMERR", "", "The question was not understood",
                   "The server could not read the query.", "1", "RFC 1035 §4.1.1"},
    ReferenceEntry{"DNS", "SERVFAIL", "", "The server could not find out",
                   "Something is broken on the server's side, and may be mended. A mail server "
                   "keeps the mail and asks again later (4.4.3); it must not send it back.",
                   "2", "RFC 1035 §4.1.1, RFC 5321 §5.1"},
    ReferenceEntry{"DNS", "NXDOMAIN", "", "There is no such name",
                   "The name does not exist, whatever type one asks for. For the domain of a mail "
                   "address that is final: the mail goes back to its sender (5.1.2).",
                   "3", "RFC 1035 §4.1.1, RFC 2308 §2.1"},
    ReferenceEntry{"DNS", "NOTIMP", "", "The server does not do this",
                   "A kind of question that the server does not know.", "4", "RFC 1035 §4.1.1"},
    ReferenceEntry{"DNS", "REFUSED", "", "The server will not answer",
                   "By rule, not by fault: it does not speak for this name, or not to this client.",
                   "5", "RFC 1035 §4.1.1"},
};

}  // namespace

std::span<const ReferenceEntry> reference() {
  return kReference;
}

std::string_view gist(Type type) {
  switch (type) {
    case Type::Mx:
      return "asks who takes mail for a domain";
    case Type::A:
      return "asks for a host's address";
    case Type::Aaaa:
      return "asks for a host's IPv6 address";
    case Type::Ns:
      return "asks which servers keep a zone";
    case Type::Ptr:
      return "asks which name an address has";
    case Type::Cname:
      return "asks what a name stands for";
    case Type::Txt:
      return "asks for texts about a name";
    case Type::Soa:
      return "asks where a zone begins";
    case Type::Any:
      return "asks for everything about a name";
  }
  return "asks about a name";
}

std::string_view gist(Rcode rcode) {
  switch (rcode) {
    case Rcode::NoError:
      return "answered";
    case Rcode::FormErr:
      return "question not understood";
    case Rcode::ServFail:
      return "the server could not find out";
    case Rcode::NxDomain:
      return "there is no such name";
    case Rcode::NotImp:
      return "the server does not do this";
    case Rcode::Refused:
      return "the server will not answer";
  }
  return "answered with a code";
}

}  // namespace mailscope::dns
