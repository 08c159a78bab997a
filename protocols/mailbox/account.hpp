// A user's mailboxes: their tree, subscriptions, special uses and quota. RFC 9051 §6.3.4 to §6.3.9;
// RFC 6154 (special uses); RFC 9208 (quota).
//
// Names are given in any way that canonical_name() takes. INBOX is always there. A name may be
// there without messages (\Noselect): as a parent that nobody created, or because it was removed
// while names below it were there. A mailbox that is created again under a name gets a UIDVALIDITY
// that no mailbox of the account had before. Mailbox pointers are good until the mailbox is
// removed; a rename leaves them good. Single thread.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/mailbox/mailbox.hpp"
#include "protocols/mailbox/name.hpp"
#include "protocols/mailbox/storage.hpp"

namespace mailscope::mailbox {

// What LIST tells of a name.
struct Listed {
  std::string name{};
  bool selectable = true;
  bool has_children = false;
  bool subscribed = false;
  std::uint8_t uses = 0;  // of SpecialUse
};

struct Limits {
  std::optional<std::uint64_t> octets{};
  std::optional<std::uint64_t> messages{};
  std::uint32_t message_octets = UINT32_MAX;
};

class Account {
 public:
  static constexpr std::size_t kMailboxesMax = 10'000;
  static constexpr std::size_t kSubscriptionsMax = 10'000;

  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;

  const std::string& owner() const { return owner_; }

  // ---- mailboxes ----
  Mailbox& inbox() { return *inbox_; }
  // Loaded at the first call.
  Result<Mailbox*> find(std::string_view name);
  bool has(std::string_view name) const;  // also \Noselect
  Result<Mailbox*> create(std::string_view name, std::uint8_t uses = 0);
  Result<void> remove(std::string_view name);
  // With what is below it. Of INBOX: its messages move to the new mailbox (RFC 9051 §6.3.6).
  Result<void> rename(std::string_view from, std::string_view to);
  // The UID of the first one, see Mailbox::copy(). All or nothing.
  Result<Uid> move(Mailbox& from, std::span<const Uid> uids, Mailbox& to);
  // All names, by octets. Those to which somebody is subscribed and which are gone:
  // subscriptions().
  std::vector<Listed> list() const;
  // Takes over what other programs created and removed. Loaded mailboxes have a refresh() of their
  // own.
  Result<void> refresh();

  // ---- subscriptions: names, whether they are there or not ----
  const std::set<std::string, std::less<>>& subscriptions() const { return subscriptions_; }
  Result<void> subscribe(std::string_view name);
  Result<void> unsubscribe(std::string_view name);

  // ---- special uses ----
  Result<void> set_uses(std::string_view name, std::uint8_t uses);
  // The first mailbox with this use, or null.
  Mailbox* with_use(SpecialUse use);

  // ---- quota ----
  // All mailboxes count: those not yet loaded are loaded, those that cannot be are left out.
  const Usage& usage();
  void set_limits(const Limits& limits);
  std::uint32_t message_octets_max() const { return usage_.message_octets_max; }

 private:
  friend Result<std::unique_ptr<Account>> open_account(std::string owner,
                                                       std::unique_ptr<Storage> storage,
                                                       std::uint32_t uid_validity);
  struct Name {
    bool selectable = true;
    std::uint8_t uses = 0;
    std::unique_ptr<Mailbox> mailbox{};  // null: not loaded, or not selectable
  };
  using Names = std::map<std::string, Name, std::less<>>;

  Account(std::string owner, std::unique_ptr<Storage> storage)
      : owner_(std::move(owner)), storage_(std::move(storage)) {}

  Result<void> load();
  void take_over(const Catalog& catalog);
  Result<void> save();
  Catalog catalog() const;
  Result<Mailbox*> load(Names::iterator entry);
  Result<Mailbox*> adopt(Names::iterator entry, std::unique_ptr<Folder> folder);
  void load_all();
  bool has_children(Names::const_iterator entry) const;
  Names::const_iterator first_below(std::string_view name) const;
  Result<void> room_for(std::string_view name) const;
  void add_parents(std::string_view name);
  Result<void> rename_inbox(const std::string& to);
  Result<std::vector<Renaming>> renamings(const std::string& from, const std::string& to) const;

  std::string owner_;
  std::unique_ptr<Storage> storage_;
  Usage usage_;  // outlives the mailboxes
  Names names_;
  std::set<std::string, std::less<>> subscriptions_;
  std::uint32_t uid_validity_next_ = 1;
  Mailbox* inbox_ = nullptr;
};

// The account that the storage holds; INBOX is created when it is not there. Mailboxes that are
// created get a UIDVALIDITY from `uid_validity` on: the Unix time is a good one.
Result<std::unique_ptr<Account>> open_account(std::string owner, std::unique_ptr<Storage> storage,
                                              std::uint32_t uid_validity);
// An empty one that lives in memory.
std::unique_ptr<Account> account_in_memory(std::string owner, std::uint32_t uid_validity = 1);

}  // namespace mailscope::mailbox
