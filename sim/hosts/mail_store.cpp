#include "sim/hosts/mail_store.hpp"

#include <fmt/format.h>

#include "sim/hosts/process.hpp"

namespace mailscope::sim {

using trace::AgentKind;
using trace::VariableKind;

MailStore::MailStore(Teller& teller, const DiskConfig& config, const Faults& faults,
                     std::uint64_t first_number, std::int64_t begin)
    : teller_(teller), config_(config), faults_(faults), begin_(begin) {
  disk_.spool.count_from(first_number);
}

// ---- set-up ----

void MailStore::add_spool() {
  if (!has_spool()) spool_agent_ = teller_.add_agent(AgentKind::Spool, "spool");
}

void MailStore::add_mailbox(const std::string& user) {
  mailbox_agents_[user] = teller_.add_agent(AgentKind::Mailbox, user + "'s mailbox");
  auto account = mailbox::account_in_memory(user, static_cast<std::uint32_t>(begin_));
  (void)account->create("Junk", mailbox::kJunk);
  disk_.accounts.emplace(user, std::move(account));
}

void MailStore::keep_outside(const std::string& user, std::unique_ptr<mailbox::Account> account) {
  if (!account->has("Junk")) (void)account->create("Junk", mailbox::kJunk);
  disk_.accounts[user] = std::move(account);
  disk_.outside.insert(user);
  mailbox_changed(user, fmt::format("{}'s mailbox is a Maildir of this computer", user),
                  trace::kNone);
}

void MailStore::tell_empty() {
  if (has_spool())
    teller_.tell(spool_agent_, VariableKind::Spool, std::uint64_t{0}, "the spool is empty");
  for (const auto& [user, agent] : mailbox_agents_)
    teller_.tell(agent, {VariableKind::Mailbox, user}, std::uint64_t{0},
                 fmt::format("{}'s mailbox is empty", user));
}

void MailStore::lose_power() {
  for (auto& [user, account] : disk_.accounts) account->inbox().unlock();
}

// ---- mailboxes ----

mailbox::Account* MailStore::account(std::string_view user) {
  const auto found = disk_.accounts.find(user);
  return found == disk_.accounts.end() ? nullptr : found->second.get();
}

mailbox::Mailbox* MailStore::inbox(std::string_view user) {
  mailbox::Account* owned = account(user);
  return owned ? &owned->inbox() : nullptr;
}

mailbox::Mailbox* MailStore::junk(std::string_view user) {
  mailbox::Account* owned = account(user);
  return owned ? owned->with_use(mailbox::kJunk) : nullptr;
}

mailbox::NewMessage MailStore::received_now(std::string content) const {
  return {std::move(content), {begin_ + teller_.now() / kSecond, 0}, {}};
}

mailbox::Result<mailbox::Uid> MailStore::deliver(std::string_view user, std::string content,
                                                 const Process& by) {
  const std::size_t octets = content.size();
  auto filed = inbox(user)->append(received_now(std::move(content)));
  if (!filed) return filed;
  // "the MDA", but "alice's user agent".
  const std::string_view article = by.name().find('\'') == std::string::npos ? "the " : "";
  mailbox_changed(user,
                  fmt::format("{}{} files a message of {} octets in {}'s mailbox", article,
                              by.name(), octets, user),
                  by.agent());
  return filed;
}

mailbox::Result<mailbox::Uid> MailStore::deliver_junk(std::string_view user, std::string content,
                                                      std::string text, trace::Id by) {
  mailbox::Mailbox* box = junk(user);
  auto filed = (box ? box : inbox(user))->append(received_now(std::move(content)));
  if (!filed) return filed;
  const auto agent = mailbox_agents_.find(user);
  teller_.tell(agent->second, {VariableKind::Junk, user}, std::uint64_t{junk(user)->size()},
               std::move(text), by);
  return filed;
}

void MailStore::mailbox_changed(std::string_view user, std::string text, trace::Id by) {
  const auto agent = mailbox_agents_.find(user);
  teller_.tell(agent->second, {VariableKind::Mailbox, user}, std::uint64_t{inbox(user)->size()},
               std::move(text), by);
}

// ---- the spool ----

SpooledMail& MailStore::put(SpooledMail mail, std::string text, trace::Id by) {
  SpooledMail& kept = disk_.spool.add(std::move(mail));
  if (keeper_)
    if (const auto written = keeper_->keep(kept); !written) trouble_ = written.error().text;
  tell_spool(std::move(text), by);
  return kept;
}

void MailStore::take_out(std::uint64_t number, std::string text, trace::Id by) {
  disk_.spool.take_out(number);
  if (keeper_) keeper_->drop(number);
  tell_spool(std::move(text), by);
}

void MailStore::tell_spool(std::string text, trace::Id by) {
  teller_.tell(spool_agent_, VariableKind::Spool, std::uint64_t{disk_.spool.size()},
               std::move(text), by);
}

// ---- the disk ----

bool MailStore::has_room_for(std::uint64_t octets) const {
  if (faults_.disk_full) return false;
  if (config_.octets_max == 0) return true;
  std::uint64_t used = disk_.spool.octets();
  for (const auto& [user, account] : disk_.accounts)
    if (!is_outside(user)) used += account->usage().octets;
  return used + octets <= config_.octets_max;
}

}  // namespace mailscope::sim
