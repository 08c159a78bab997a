// Which names LIST and LSUB tell of, and what. RFC 9051 §6.3.9; RFC 3501 §6.3.9 (LSUB); RFC 5258;
// RFC 6154.
#pragma once

#include <vector>

#include "protocols/imap/response.hpp"
#include "protocols/mailbox/account.hpp"

namespace mailscope::imap {

// By name. Of a \Noselect name that is in the account's tree, or \NonExistent where only a
// subscription or a name below tells of it.
std::vector<ListResponse> list_names(const ListCommand& command, const mailbox::Account& account);
std::vector<ListResponse> list_subscribed(const ListCommand& command,
                                          const mailbox::Account& account);

// A mailbox's uses, as LIST tells them and CREATE asks for them.
void add_uses(MailboxAttributes& attributes, std::uint8_t uses);
std::uint8_t uses_of(const MailboxAttributes& attributes);

}  // namespace mailscope::imap
