#include "protocols/mailbox/account.hpp"

#include <algorithm>
#include <numeric>

#include "protocols/mailbox/memory.hpp"

namespace mailscope::mailbox {
namespace {

using Kind = Failure::Kind;

Result<std::string> named(std::string_view text) {
  auto name = canonical_name(text);
  if (!name) return fail(Kind::InvalidName, "this cannot be the name of a mailbox");
  return *std::move(name);
}

}  // namespace

// ---- loading and saving ----

Result<std::unique_ptr<Account>> open_account(std::string owner, std::unique_ptr<Storage> storage,
                                              std::uint32_t uid_validity) {
  std::unique_ptr<Account> account(new Account(std::move(owner), std::move(storage)));
  account->uid_validity_next_ = std::max(uid_validity, std::uint32_t{1});
  if (auto loaded = account->load(); !loaded) return tl::unexpected(loaded.error());
  return account;
}

std::unique_ptr<Account> account_in_memory(std::string owner, std::uint32_t uid_validity) {
  return *open_account(std::move(owner), storage_in_memory(), uid_validity);
}

Result<void> Account::load() {
  const auto catalog = storage_->load();
  if (!catalog) return tl::unexpected(catalog.error());
  take_over(*catalog);
  subscriptions_.insert(catalog->subscriptions.begin(), catalog->subscriptions.end());
  const auto inbox = names_.contains(kInbox) ? find(kInbox) : create(kInbox);
  if (!inbox) return tl::unexpected(inbox.error());
  inbox_ = *inbox;
  return {};
}

void Account::take_over(const Catalog& catalog) {
  uid_validity_next_ = std::max(uid_validity_next_, catalog.uid_validity_next);
  for (const CatalogEntry& entry : catalog.mailboxes) {
    Name& name = names_[entry.name];
    name.selectable = entry.selectable;
    name.uses = entry.uses;
    add_parents(entry.name);
  }
}

// Loaded mailboxes of names that are gone end with their names.
Result<void> Account::refresh() {
  const auto catalog = storage_->load();
  if (!catalog) return tl::unexpected(catalog.error());
  Names before;
  before.swap(names_);
  take_over(*catalog);
  for (auto& [name, entry] : names_) {
    const auto known = before.find(name);
    if (entry.selectable && known != before.end()) entry.mailbox = std::move(known->second.mailbox);
  }
  if (!names_[std::string(kInbox)].mailbox)
    names_[std::string(kInbox)] = std::move(before.find(kInbox)->second);
  return {};
}

Catalog Account::catalog() const {
  Catalog catalog;
  for (const auto& [name, entry] : names_)
    catalog.mailboxes.push_back({name, entry.selectable, entry.uses});
  catalog.subscriptions.assign(subscriptions_.begin(), subscriptions_.end());
  catalog.uid_validity_next = uid_validity_next_;
  return catalog;
}

Result<void> Account::save() {
  return storage_->save(catalog());
}

Result<Mailbox*> Account::load(Names::iterator entry) {
  if (entry->second.mailbox) return entry->second.mailbox.get();
  auto folder = storage_->open(entry->first);
  if (!folder) return tl::unexpected(folder.error());
  return adopt(entry, *std::move(folder));
}

Result<Mailbox*> Account::adopt(Names::iterator entry, std::unique_ptr<Folder> folder) {
  auto state = folder->load();
  if (!state) return tl::unexpected(state.error());
  auto mailbox =
      std::make_unique<Mailbox>(entry->first, std::move(folder), *std::move(state), usage_);
  if (auto refreshed = mailbox->refresh(); !refreshed) return tl::unexpected(refreshed.error());
  uid_validity_next_ = std::max(uid_validity_next_, mailbox->uid_validity() + 1);
  entry->second.mailbox = std::move(mailbox);
  return entry->second.mailbox.get();
}

// ---- names ----

Account::Names::const_iterator Account::first_below(std::string_view name) const {
  return names_.lower_bound(std::string(name) + kSeparator);
}

bool Account::has_children(Names::const_iterator entry) const {
  const auto below = first_below(entry->first);
  return below != names_.end() && is_below(below->first, entry->first);
}

void Account::add_parents(std::string_view name) {
  for (name = parent_of(name); !name.empty(); name = parent_of(name))
    if (!names_.contains(name)) names_.emplace(name, Name{false, 0, nullptr});
}

// Counts the parents that come with it.
Result<void> Account::room_for(std::string_view name) const {
  std::size_t more = 0;
  for (; !name.empty() && !names_.contains(name); name = parent_of(name)) ++more;
  if (names_.size() + more > kMailboxesMax)
    return fail(Kind::Limit, "the account has too many mailboxes");
  return {};
}

bool Account::has(std::string_view name) const {
  const auto known = canonical_name(name);
  return known && names_.contains(*known);
}

Result<Mailbox*> Account::find(std::string_view text) {
  const auto name = canonical_name(text);
  const auto entry = name ? names_.find(*name) : names_.end();
  if (entry == names_.end()) return fail(Kind::NoSuchMailbox, "there is no such mailbox");
  if (!entry->second.selectable) return fail(Kind::NotSelectable, "this name holds no messages");
  return load(entry);
}

Result<Mailbox*> Account::create(std::string_view text, std::uint8_t uses) {
  const auto name = named(text);
  if (!name) return tl::unexpected(name.error());
  const auto known = names_.find(*name);
  if (known != names_.end() && known->second.selectable)
    return fail(Kind::AlreadyExists, "there is a mailbox of this name");
  if (auto room = room_for(*name); !room) return tl::unexpected(room.error());
  const std::uint32_t uid_validity = uid_validity_next_++;
  // The number is used up before the mailbox is there: it never comes again.
  if (auto saved = save(); !saved) return tl::unexpected(saved.error());
  auto folder = storage_->create(*name, uid_validity);
  if (!folder) return tl::unexpected(folder.error());
  const auto entry = names_.try_emplace(*name).first;
  entry->second.selectable = true;
  entry->second.uses = uses;
  add_parents(*name);
  if (auto saved = save(); !saved) return tl::unexpected(saved.error());
  return adopt(entry, *std::move(folder));
}

Result<void> Account::remove(std::string_view text) {
  const auto name = canonical_name(text);
  const auto entry = name ? names_.find(*name) : names_.end();
  if (entry == names_.end()) return fail(Kind::NoSuchMailbox, "there is no such mailbox");
  if (*name == kInbox) return fail(Kind::InvalidName, "INBOX cannot be removed");
  const bool children = has_children(entry);
  if (!entry->second.selectable && children)
    return fail(Kind::HasChildren, "there are mailboxes below this name");
  if (entry->second.selectable)
    if (auto removed = storage_->remove(*name); !removed) return removed;
  // Its sessions are told at the end, when the name is gone.
  const std::unique_ptr<Mailbox> mailbox = std::move(entry->second.mailbox);
  if (children)
    entry->second = {false, 0, nullptr};
  else
    names_.erase(entry);
  return save();
}

// What is to be renamed, or why it cannot be.
Result<std::vector<Renaming>> Account::renamings(const std::string& from,
                                                 const std::string& to) const {
  if (!names_.contains(from)) return fail(Kind::NoSuchMailbox, "there is no such mailbox");
  if (names_.contains(to)) return fail(Kind::AlreadyExists, "there is a mailbox of this name");
  if (is_below(to, from)) return fail(Kind::InvalidName, "a mailbox cannot go below itself");
  std::vector<Renaming> renamings{{from, to}};
  for (auto entry = first_below(from); entry != names_.end() && is_below(entry->first, from);
       ++entry) {
    renamings.emplace_back(entry->first, to + entry->first.substr(from.size()));
    if (!canonical_name(renamings.back().second))
      return fail(Kind::InvalidName, "a name below it would become too long");
  }
  return renamings;
}

Result<void> Account::rename(std::string_view from_text, std::string_view to_text) {
  const auto from = canonical_name(from_text);
  if (!from) return fail(Kind::NoSuchMailbox, "there is no such mailbox");
  const auto to = named(to_text);
  if (!to) return tl::unexpected(to.error());
  if (*from == kInbox) return rename_inbox(*to);
  if (auto room = room_for(*to); !room) return room;
  const auto renamed = renamings(*from, *to);
  if (!renamed) return tl::unexpected(renamed.error());
  std::vector<Renaming> selectable = *renamed;
  std::erase_if(selectable, [&](const Renaming& renaming) {
    return !names_.find(renaming.first)->second.selectable;
  });
  if (auto kept = storage_->rename(selectable); !kept) return kept;
  for (const auto& [old_name, new_name] : *renamed) {
    auto node = names_.extract(old_name);
    node.key() = new_name;
    if (node.mapped().mailbox) node.mapped().mailbox->name_ = new_name;
    names_.insert(std::move(node));
  }
  add_parents(*to);
  return save();
}

Result<void> Account::rename_inbox(const std::string& to) {
  const auto created = create(to);
  if (!created) return tl::unexpected(created.error());
  std::vector<Uid> uids;
  for (const Message& message : inbox_->messages()) uids.push_back(message.uid);
  if (auto moved = move(*inbox_, uids, **created); !moved) {
    (void)remove(to);  // as it was; the first failure is the one to tell
    return tl::unexpected(moved.error());
  }
  return {};
}

Result<Uid> Account::move(Mailbox& from, std::span<const Uid> uids, Mailbox& to) {
  const auto first = to.copy(from, uids, true);
  if (!first) return first;
  const auto gone = from.expunge(uids);
  if (gone) return first;
  std::vector<Uid> copies(uids.size());
  std::iota(copies.begin(), copies.end(), *first);
  (void)to.expunge(copies);
  return tl::unexpected(gone.error());
}

std::vector<Listed> Account::list() const {
  std::vector<Listed> listed;
  for (auto entry = names_.begin(); entry != names_.end(); ++entry)
    listed.push_back({entry->first, entry->second.selectable, has_children(entry),
                      subscriptions_.contains(entry->first), entry->second.uses});
  return listed;
}

// ---- subscriptions and special uses ----

Result<void> Account::subscribe(std::string_view text) {
  const auto name = named(text);
  if (!name) return tl::unexpected(name.error());
  if (subscriptions_.size() >= kSubscriptionsMax && !subscriptions_.contains(*name))
    return fail(Kind::Limit, "the account has too many subscriptions");
  if (!subscriptions_.insert(*name).second) return {};
  return save();
}

Result<void> Account::unsubscribe(std::string_view text) {
  const auto name = canonical_name(text);
  if (!name || subscriptions_.erase(*name) == 0) return {};
  return save();
}

Result<void> Account::set_uses(std::string_view text, std::uint8_t uses) {
  const auto name = canonical_name(text);
  const auto entry = name ? names_.find(*name) : names_.end();
  if (entry == names_.end()) return fail(Kind::NoSuchMailbox, "there is no such mailbox");
  entry->second.uses = uses;
  return save();
}

Mailbox* Account::with_use(SpecialUse use) {
  for (auto entry = names_.begin(); entry != names_.end(); ++entry) {
    if ((entry->second.uses & use) == 0 || !entry->second.selectable) continue;
    if (const auto mailbox = load(entry)) return *mailbox;
  }
  return nullptr;
}

// ---- quota ----

void Account::load_all() {
  for (auto entry = names_.begin(); entry != names_.end(); ++entry)
    if (entry->second.selectable) (void)load(entry);
}

const Usage& Account::usage() {
  load_all();
  return usage_;
}

void Account::set_limits(const Limits& limits) {
  load_all();
  usage_.octets_max = limits.octets;
  usage_.messages_max = limits.messages;
  usage_.message_octets_max = limits.message_octets;
}

}  // namespace mailscope::mailbox
