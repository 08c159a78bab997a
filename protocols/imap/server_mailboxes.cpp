// The server: the tree of mailboxes, STATUS, and quota. RFC 9051 §6.3.4 to §6.3.11; RFC 5258, RFC
// 5819 (LIST-STATUS), RFC 6154 (special uses), RFC 8438 (SIZE), RFC 9208 (QUOTA).

#include <algorithm>
#include <utility>

#include "protocols/imap/list.hpp"
#include "protocols/imap/server.hpp"

namespace mailscope::imap {

// RFC 9051 §6.3.4: a "/" at the end only says that there will be names below.
void Server::create(const CreateCommand& command) {
  std::string_view name = command.mailbox.utf8();
  if (name.ends_with(mailbox::kSeparator)) name.remove_suffix(1);
  if (!command.uses.empty() && !has(Extension::CreateSpecialUse))
    return bad("CREATE takes a name alone");
  const std::uint8_t uses = uses_of(command.uses);
  for (const mailbox::SpecialUse use : mailbox::kSpecialUses)
    if ((uses & use) != 0 && account_->with_use(use))
      return no("There is a mailbox for this use", "USEATTR");
  if (const auto created = account_->create(name, uses); !created) return no(created.error());
  ok("It is created");
}

void Server::remove(const MailboxCommand& command) {
  if (const auto removed = account_->remove(command.mailbox.utf8()); !removed)
    return no(removed.error());
  ok("It is gone");
}

void Server::rename(const RenameCommand& command) {
  std::string_view to = command.to.utf8();
  if (to.ends_with(mailbox::kSeparator)) to.remove_suffix(1);
  if (const auto renamed = account_->rename(command.from.utf8(), to); !renamed)
    return no(renamed.error());
  ok("It has its new name");
}

void Server::subscribe(const MailboxCommand& command, bool on) {
  const std::string& name = command.mailbox.utf8();
  const auto done = on ? account_->subscribe(name) : account_->unsubscribe(name);
  if (!done) return no(done.error());
  ok("Done");
}

// ---- LIST ---------------------------------------------------------------------------------------

void Server::list(const ListCommand& command, bool lsub) {
  if (command.extended && !has(Extension::ListExtended))
    return bad("LIST takes a reference and a pattern");
  if (command.select == EnumSet{ListSelect::RecursiveMatch} ||
      command.select == EnumSet{ListSelect::RecursiveMatch, ListSelect::Remote})
    return bad("RECURSIVEMATCH needs another selection option");
  if (const auto fresh = account_->refresh(); !fresh) return no(fresh.error());
  const bool status = command.returns.contains(ListReturn::Status) && has(Extension::ListStatus);
  for (const ListResponse& name :
       lsub ? list_subscribed(command, *account_) : list_names(command, *account_)) {
    writer_.list(name);
    if (!status || name.attributes.contains(MailboxAttribute::NoSelect)) continue;
    if (const auto found = account_->find(name.mailbox.utf8()))
      tell_status(**found, command.status);
  }
  ok("That is all");
}

void Server::tell_namespace() {
  NamespaceResponse response;
  response.personal.push_back({"", mailbox::kSeparator});
  writer_.write(response);
  ok("That is all");
}

// ---- STATUS -------------------------------------------------------------------------------------

void Server::mailbox_status(const StatusCommand& command) {
  const auto found = account_->find(command.mailbox.utf8());
  if (!found) return no(found.error());
  if (const auto fresh = (*found)->refresh(); !fresh) return no(fresh.error());
  if (command.items.contains(StatusItem::HighestModSeq)) enable_condstore();
  tell_status(**found, command.items);
  ok("That is all");
}

void Server::tell_status(mailbox::Mailbox& mailbox, StatusItems items) {
  std::uint64_t unseen = 0, deleted = 0, deleted_octets = 0, recent = 0;
  for (const mailbox::Message& message : mailbox.messages()) {
    if (!message.flags.has(mailbox::kSeen)) ++unseen;
    if (message.uid >= mailbox.recent_from()) ++recent;
    if (message.flags.has(mailbox::kDeleted)) ++deleted, deleted_octets += message.octets;
  }
  StatusValues values;
  values[StatusItem::Messages] = mailbox.size();
  values[StatusItem::Recent] = recent;
  values[StatusItem::UidNext] = mailbox.uid_next();
  values[StatusItem::UidValidity] = mailbox.uid_validity();
  values[StatusItem::Unseen] = unseen;
  values[StatusItem::Deleted] = deleted;
  values[StatusItem::Size] = mailbox.octets();
  values[StatusItem::HighestModSeq] = mailbox.highest_modseq();
  values[StatusItem::AppendLimit] = append_octets_max();
  values[StatusItem::DeletedStorage] = (deleted_octets + 1023) / 1024;
  writer_.mailbox_status(mailbox.name(), items, values);
}

// ---- quota --------------------------------------------------------------------------------------

namespace {

// The account is the one quota root; its name is empty (RFC 9208 §3.2).
QuotaResponse quota_of(const mailbox::Usage& usage) {
  QuotaResponse response;
  if (usage.octets_max)
    response.resources.push_back(
        {"STORAGE", (usage.octets + 1023) / 1024, *usage.octets_max / 1024});
  if (usage.messages_max)
    response.resources.push_back({"MESSAGE", usage.messages, *usage.messages_max});
  return response;
}

}  // namespace

void Server::get_quota(const QuotaCommand& command) {
  if (!command.root.empty()) return no("There is no such quota root", "NONEXISTENT");
  writer_.quota(quota_of(account_->usage()));
  ok("That is all");
}

void Server::get_quota_root(const MailboxCommand& command) {
  QuotaRootResponse roots;
  roots.mailbox = command.mailbox;
  roots.roots.emplace_back();
  writer_.quota_root(roots);
  writer_.quota(quota_of(account_->usage()));
  ok("That is all");
}

}  // namespace mailscope::imap
