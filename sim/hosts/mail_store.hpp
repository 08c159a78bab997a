// The mail on a host's disk: its spool and its mailboxes, each change of them told. RFC 5321
// §4.5.4, RFC 5598 §4.
//
// The disk (disk.hpp) is values; here is who may write to it and how much. It outlives a crash,
// except for the locks of the mailboxes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "sim/hosts/disk.hpp"
#include "sim/hosts/mail_config.hpp"
#include "sim/hosts/spool_keeper.hpp"
#include "sim/hosts/teller.hpp"

namespace mailscope::sim {

class Process;

class MailStore {
 public:
  // All outlive it. The spool's mails are numbered from `first_number`.
  // `begin`: the Unix time of t = 0.
  MailStore(Teller& teller, const DiskConfig& config, const Faults& faults,
            std::uint64_t first_number, std::int64_t begin);

  // ---- set-up ----
  void add_spool();
  void add_mailbox(const std::string& user);
  // In place of the user's account: one that outlives the program. Tells what is in it.
  void keep_outside(const std::string& user, std::unique_ptr<mailbox::Account> account);
  void tell_empty();  // t = 0
  void lose_power();

  // ---- mailboxes ----
  // Anyone may add to an account's mailboxes, only its owner() may open them. Null when there is no
  // such user; so below.
  mailbox::Account* account(std::string_view user);
  mailbox::Mailbox* inbox(std::string_view user);
  bool is_outside(std::string_view user) const { return disk_.outside.contains(user); }
  // What the spam filter set apart for the user.
  mailbox::Mailbox* junk(std::string_view user);
  // `by`, here and below: the program, or its agent, that does it. A message that could not be
  // filed is in no mailbox.
  mailbox::Result<mailbox::Uid> deliver(std::string_view user, std::string content,
                                        const Process& by);
  mailbox::Result<mailbox::Uid> deliver_junk(std::string_view user, std::string content,
                                             std::string text, trace::Id by);
  void mailbox_changed(std::string_view user, std::string text, trace::Id by);

  // ---- the spool ----
  // Outlives the store. From now on what is in the spool is kept there, too.
  void keep_spool(SpoolKeeper& keeper) { keeper_ = &keeper; }
  // Why mail was not kept since the last call; empty: all was. It is in the spool all the same.
  std::string take_trouble() { return std::exchange(trouble_, {}); }
  bool has_spool() const { return spool_agent_ != trace::kNone; }
  trace::Id spool_agent() const { return spool_agent_; }
  Spool& spool() { return disk_.spool; }
  const Spool& spool() const { return disk_.spool; }
  // Gives it its number. Who brings mail into the host calls Machine::spool().
  SpooledMail& put(SpooledMail mail, std::string text, trace::Id by);
  void take_out(std::uint64_t number, std::string text, trace::Id by);

  // ---- the disk ----
  std::map<std::string, Time, std::less<>>& greylist() { return disk_.greylist; }
  bool has_room_for(std::uint64_t octets) const;

 private:
  mailbox::NewMessage received_now(std::string content) const;
  void tell_spool(std::string text, trace::Id by);

  Teller& teller_;
  const DiskConfig& config_;
  const Faults& faults_;
  std::int64_t begin_;
  Disk disk_;
  std::map<std::string, trace::Id, std::less<>> mailbox_agents_;
  trace::Id spool_agent_ = trace::kNone;
  SpoolKeeper* keeper_ = nullptr;
  std::string trouble_;
};

}  // namespace mailscope::sim
