#include "protocols/base/ports.hpp"

namespace mailscope {
namespace {

constexpr std::string_view kPort = "port";

constexpr ReferenceEntry kPortEntries[] = {
    {"TCP", "25", kPort, "SMTP between servers",
     "Mail servers call each other here. Nobody logs in: the caller is a stranger, so the server "
     "takes mail for its own users only, and carries mail to other places only for computers that "
     "it knows.",
     "", "RFC 5321 §4.5.4.2"},
    {"TCP", "587", kPort, "Submission: SMTP with log-in",
     "A user's program hands in mail here, at the user's own server. The user logs in with AUTH, "
     "and then the server carries the mail anywhere. TLS begins with STARTTLS.",
     "", "RFC 6409 §3.1"},
    {"TCP", "465", kPort, "Submission under TLS from the first octet",
     "The same as 587, but the connection is encrypted before anything is said, so that there is "
     "no STARTTLS that somebody on the way could take out. It is the better of the two today.",
     "", "RFC 8314 §3.3"},
    {"TCP", "110", kPort, "POP3",
     "A user's program fetches the mail from the mailbox here. Name and password go in the clear "
     "unless STLS was said first.",
     "", "RFC 1939 §3"},
    {"TCP", "995", kPort, "POP3 under TLS from the first octet",
     "The same as 110, but encrypted before anything is said, the password too.", "",
     "RFC 8314 §3.1"},
    {"TCP", "143", kPort, "IMAP",
     "A user's program works with mailboxes that stay on the server, from several devices if the "
     "user has them. In the clear unless STARTTLS was said first.",
     "", "RFC 9051 §2.1"},
    {"TCP", "993", kPort, "IMAP under TLS from the first octet",
     "The same as 143, but encrypted before anything is said. Most mail programs of today read "
     "mail here.",
     "", "RFC 8314 §3.2"},
    {"UDP", "53", kPort, "DNS",
     "A mail server asks here which host takes the mail for a domain (MX), and what its address "
     "is. A question is one datagram, and so is the answer.",
     "", "RFC 1035 §4.2.1"},
};

}  // namespace

std::span<const ReferenceEntry> port_reference() {
  return kPortEntries;
}

}  // namespace mailscope
