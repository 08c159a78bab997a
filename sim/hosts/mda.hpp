// The MDA: takes mail for this host's users out of the spool and files it in their mailboxes, with
// the Return-Path line of final delivery. RFC 5321 §4.4, RFC 5598 §4.3.3.
//
// Before that it may look into the message (DeliveryConfig): one with a virus is not delivered and
// its sender gets a report; spam gets X-Spam lines and goes to the user's junk. The two hooks are
// there to put other judges in their place.
//
// Filing a message and marking it as filed in the spool is one change of the disk: a crash never
// falls between, so no message is filed twice by the MDA. Where the disk has no room, or
// the mailbox takes nothing more, the mail waits in the spool for the next run.
#pragma once

#include <deque>
#include <functional>

#include "sim/hosts/filters.hpp"
#include "sim/hosts/machine.hpp"
#include "sim/kernel/timer.hpp"

namespace mailscope::sim {

class Mda final : public Process, private Handler {
 public:
  explicit Mda(Machine& machine);

  void start() override;
  void stop() override;
  void on_spooled(const SpooledMail& mail) override;

  std::function<VirusVerdict(const DeliveryConfig&, std::string_view)> scan = scan_for_viruses;
  std::function<SpamVerdict(const DeliveryConfig&, std::string_view)> judge = judge_spam;

 private:
  void on_event(std::uint64_t token) override;
  void run(std::uint64_t number);
  void put_off(SpooledMail& mail, std::string text);
  void deliver(SpooledMail& mail);
  void file(const SpooledMail& mail, SpooledRecipient& recipient);
  mailbox::Result<mailbox::Uid> file_for(const Account& user, const SpooledMail& mail);
  bool reject_virus(SpooledMail& mail);
  bool is_mine(const SpooledRecipient& recipient) const;

  std::deque<std::uint64_t> waiting_;  // numbers of spooled mails
  std::string trouble_;                // why a mailbox took nothing
  Timer timer_;
};

}  // namespace mailscope::sim
