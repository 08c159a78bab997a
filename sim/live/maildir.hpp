// Mailboxes as Maildir++ on this machine's disk, as Dovecot lays them out and mutt reads them: the
// second back end of protocols/mailbox.
//
//   DIR/USER/{cur,new,tmp}       INBOX
//   DIR/USER/.Name.Sub/{cur,...} the mailbox Name/Sub (maildir_names.hpp has the names)
//   .../mailscope-uids           what a Maildir has no place for (maildir_log.hpp)
//   DIR/USER/mailscope-names     \Noselect names, special uses, subscriptions, the next UIDVALIDITY
//   DIR/USER/mailscope-lock      held while an account is open: one program at a time
//
// A message is written into tmp, synced, entered into the log, and renamed into new (or cur, where
// it has flags); that it is in the log is what makes it be there, so several at a time are all
// there or none. A crash at any point leaves what had been answered; what a crash cut off is
// finished or forgotten when the mailbox is next loaded. The internal date is the file's time of
// modification.
//
// Other programs may file, flag and remove messages meanwhile: Mailbox::refresh() sees it. A
// message whose file says nothing of its own gets the next UID. Where the log is lost or damaged
// the mailbox gets a new UIDVALIDITY, and its messages new UIDs; flags are in the files' names.
//
// Left out: messages over kMaildirMessageOctetsMax (not read; those that others put there are no
// messages of the mailbox), symbolic links, Maildir++'s maildirsize. Fewer than all keywords are
// seen by others: the first 26.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "protocols/mailbox/storage.hpp"

namespace mailscope::sim {

constexpr std::uint64_t kMaildirMessageOctetsMax = std::uint64_t{1} << 28;

// The user's part of `directory`, which is made if it is not there. NoPermission, InvalidName (a
// user who cannot be a folder), Storage (another program has it open).
mailbox::Result<std::unique_ptr<mailbox::Storage>> open_maildir(const std::string& directory,
                                                                std::string_view user);

}  // namespace mailscope::sim
