#include "sim/hosts/mda.hpp"

#include "protocols/mime/compose.hpp"

namespace mailscope::sim {
namespace {

constexpr Time kProcessStart = 5 * kMillisecond;

bool has_local_mail(Machine& machine, const SpooledMail& mail) {
  for (const SpooledRecipient& recipient : mail.recipients)
    if (recipient.fate == Fate::Pending && machine.is_local(recipient.address)) return true;
  return false;
}

}  // namespace

Mda::Mda(Machine& machine) : Process(machine, trace::AgentKind::Mda, "MDA") {}

void Mda::start() {
  become("idle", "the MDA runs when there is mail for a user of this host");
}

void Mda::on_spooled() {
  for (const SpooledMail& mail : machine_.spooled())
    if (has_local_mail(machine_, mail)) {
      machine_.simulator().schedule_after(kProcessStart, *this, token(0));
      return;
    }
}

void Mda::on_event(std::uint64_t started) {
  if (!is_current(started)) return;
  for (SpooledMail& mail : machine_.spooled())
    if (has_local_mail(machine_, mail)) deliver(mail);
  become("idle", "the MDA has nothing more to deliver");
  machine_.sweep_spool("the message is in its mailbox and leaves the spool");
}

void Mda::deliver(SpooledMail& mail) {
  become("running", "the MDA takes " + mail.id() + " out of the spool");
  for (SpooledRecipient& recipient : mail.recipients) {
    if (recipient.fate != Fate::Pending || !machine_.is_local(recipient.address)) continue;
    const Account* user = machine_.local_user(recipient.address);
    recipient.fate = user ? Fate::Done : Fate::Failed;
    if (user)
      machine_.deliver(user->name, mime::return_path_field(mail.reverse_path) + mail.content,
                       *this);
  }
}

}  // namespace mailscope::sim
