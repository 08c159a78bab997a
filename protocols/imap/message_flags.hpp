// Flags as they are named on the wire and as a mailbox keeps them.
#pragma once

#include <vector>

#include "protocols/imap/response_writer.hpp"
#include "protocols/imap/values/flag.hpp"
#include "protocols/mailbox/mailbox.hpp"

namespace mailscope::imap {

// The bit of a system flag; 0 for all else.
std::uint8_t system_bit(Flag::Kind kind);

struct NamedFlags {
  mailbox::FlagSet set{};
  bool complete = true;  // false: the mailbox has no room for another keyword
};
// Keywords that the mailbox does not know are made; \Recent and what is no flag are passed over.
NamedFlags make_flags(mailbox::Mailbox& mailbox, const std::vector<Flag>& flags);
// Of keywords that it does not know there is nothing.
mailbox::FlagSet known_flags(const mailbox::Mailbox& mailbox, const std::vector<Flag>& flags);

// Each by its name, within what writer.begin_flags() or its like began.
void write_flags(ResponseWriter& writer, const mailbox::FlagSet& flags,
                 const mailbox::Keywords& keywords, bool recent);

}  // namespace mailscope::imap
