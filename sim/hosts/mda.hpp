// The MDA: takes mail for this host's users out of the spool and files it in their mailboxes, with
// the Return-Path line of final delivery. RFC 5321 §4.4, RFC 5598 §4.3.3.
#pragma once

#include "sim/hosts/machine.hpp"

namespace mailscope::sim {

class Mda final : public Process, private Handler {
 public:
  explicit Mda(Machine& machine);

  void start() override;
  void on_spooled() override;

 private:
  void on_event(std::uint64_t token) override;
  void deliver(SpooledMail& mail);
};

}  // namespace mailscope::sim
