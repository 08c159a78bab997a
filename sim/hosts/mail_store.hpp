// The mail on a host's disk: its spool and its mailboxes, each change of them told. RFC 5321
// §4.5.4, RFC 5598 §4.
//
// The disk (disk.hpp) is values; here is who may write to it and how much. It outlives a crash,
// except for the locks of the mailboxes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "sim/hosts/disk.hpp"
#include "sim/hosts/mail_config.hpp"
#include "sim/hosts/teller.hpp"

namespace mailscope::sim {

class Process;

class MailStore {
 public:
  // All outlive it. The spool's mails are numbered from `first_number`.
  MailStore(Teller& teller, const DiskConfig& config, const Faults& faults,
            std::uint64_t first_number);

  // ---- set-up ----
  void add_spool();
  void add_mailbox(const std::string& user);
  void tell_empty();  // t = 0
  void lose_power();

  // ---- mailboxes ----
  // Null when there is no such user; so below.
  Mailbox* mailbox(std::string_view user);
  // What the spam filter set apart for the user.
  Mailbox* junk(std::string_view user);
  // `by`, here and below: the program, or its agent, that does it.
  void deliver(std::string_view user, std::string content, const Process& by);
  void deliver_junk(std::string_view user, std::string content, std::string text, trace::Id by);
  void mailbox_changed(std::string_view user, std::string text, trace::Id by);

  // ---- the spool ----
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
  void tell_spool(std::string text, trace::Id by);

  Teller& teller_;
  const DiskConfig& config_;
  const Faults& faults_;
  Disk disk_;
  std::map<std::string, trace::Id, std::less<>> mailbox_agents_;
  trace::Id spool_agent_ = trace::kNone;
};

}  // namespace mailscope::sim
