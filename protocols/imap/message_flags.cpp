#include "protocols/imap/message_flags.hpp"

#include <bit>

namespace mailscope::imap {

std::uint8_t system_bit(Flag::Kind kind) {
  switch (kind) {
    case Flag::Kind::Seen:
      return mailbox::kSeen;
    case Flag::Kind::Answered:
      return mailbox::kAnswered;
    case Flag::Kind::Flagged:
      return mailbox::kFlagged;
    case Flag::Kind::Deleted:
      return mailbox::kDeleted;
    case Flag::Kind::Draft:
      return mailbox::kDraft;
    default:
      return 0;
  }
}

NamedFlags make_flags(mailbox::Mailbox& mailbox, const std::vector<Flag>& flags) {
  NamedFlags named;
  for (const Flag& flag : flags) {
    named.set.system |= system_bit(flag.kind());
    if (!flag.is_keyword()) continue;
    if (const auto bit = mailbox.keyword(flag.name()))
      named.set.keywords |= std::uint64_t{1} << *bit;
    else
      named.complete = false;
  }
  return named;
}

mailbox::FlagSet known_flags(const mailbox::Mailbox& mailbox, const std::vector<Flag>& flags) {
  mailbox::FlagSet set;
  for (const Flag& flag : flags) {
    set.system |= system_bit(flag.kind());
    if (!flag.is_keyword()) continue;
    if (const auto bit = mailbox.keywords().find(flag.name()))
      set.keywords |= std::uint64_t{1} << *bit;
  }
  return set;
}

void write_flags(ResponseWriter& writer, const mailbox::FlagSet& flags,
                 const mailbox::Keywords& keywords, bool recent) {
  if (recent) writer.flag("\\Recent");
  for (const mailbox::SystemFlag flag : mailbox::kSystemFlags)
    if (flags.has(flag)) writer.flag(name(flag));
  for (std::uint64_t left = flags.keywords; left != 0; left &= left - 1)
    writer.flag(keywords.names()[static_cast<std::size_t>(std::countr_zero(left))]);
}

}  // namespace mailscope::imap
