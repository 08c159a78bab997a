// Names that stand for others: aliases, mailing lists and users who have moved, put in place of the
// recipients of a mail when it comes into the spool. RFC 5321 §3.9, RFC 3461 §5.2.7.
//
// An alias keeps the sender, and what the sender wants to be told: with one member all of it, with
// several everything but success (RFC 3461 §5.2.7.2, .3 c). A list is the end of the message and
// the beginning of another one with the same content, whose reports go to the list's owner. Nobody
// gets a mail twice, however many names lead to him. An alias that leads back to itself fails.
#pragma once

#include <string>
#include <vector>

#include "sim/hosts/directory.hpp"
#include "sim/hosts/disk.hpp"

namespace mailscope::sim {

struct Expansion {
  std::vector<SpooledRecipient> recipients;  // who stays; Failed ones among them
  std::vector<SpooledRecipient> expanded;    // aliases whose sender wants to know: "expanded"
  std::vector<SpooledRecipient> listed;      // lists whose sender wants to know: "delivered"
  std::vector<const MailingList*> lists;     // they get mails of their own
  std::vector<std::string> texts;            // what to tell
};
Expansion expand(const Directory& directory, std::vector<SpooledRecipient> recipients);

// The mail that goes to a list's members.
SpooledMail list_mail(const MailingList& list, const SpooledMail& mail);

}  // namespace mailscope::sim
