#include "sim/hosts/mda.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/compose.hpp"
#include "sim/hosts/reports.hpp"

namespace mailscope::sim {
namespace {

constexpr Time kAgentStart = 5 * kMillisecond;

}  // namespace

Mda::Mda(Machine& machine)
    : Process(machine, trace::AgentKind::Mda, "MDA"), timer_(machine.simulator(), *this, 0) {}

void Mda::start() {
  become(State::Idle, "the MDA runs when there is mail for a user of this host");
}

void Mda::stop() {
  timer_.cancel();
  waiting_.clear();
}

bool Mda::is_mine(const SpooledRecipient& recipient) const {
  return recipient.fate == Fate::Pending && machine_.directory().is_local(recipient.address);
}

void Mda::on_spooled(const SpooledMail& mail) {
  if (std::none_of(mail.recipients.begin(), mail.recipients.end(),
                   [&](const SpooledRecipient& recipient) { return is_mine(recipient); }))
    return;
  waiting_.push_back(mail.number);
  if (!timer_.armed() || timer_.deadline() > machine_.now() + kAgentStart)
    timer_.arm_after(kAgentStart);
}

void Mda::on_event(std::uint64_t) {
  std::deque<std::uint64_t> numbers;
  numbers.swap(waiting_);  // what is put back, or comes in meanwhile, waits for
                           // the next run
  for (const std::uint64_t number : numbers) run(number);
  if (!waiting_.empty() && !timer_.armed()) timer_.arm_after(machine_.config.queue.first_retry);
  become(State::Idle,
         waiting_.empty() ? "the MDA has nothing more to deliver" : "the MDA will try again later");
}

void Mda::run(std::uint64_t number) {
  SpooledMail* mail = machine_.store().spool().find(number);
  if (!mail) return;
  become(State::Running, "the MDA takes " + mail->id() + " out of the spool");
  // Moving it from the spool to a mailbox takes no room on a disk that can be written.
  if (machine_.faults.disk_full)
    return put_off(*mail, fmt::format("the disk is full: {} stays in the spool", mail->id()));
  if (!machine_.config.delivery.virus_scan || !reject_virus(*mail)) deliver(*mail);
  const bool undeliverable = std::any_of(
      mail->recipients.begin(), mail->recipients.end(), [&](const SpooledRecipient& recipient) {
        return recipient.fate == Fate::Failed && machine_.directory().is_local(recipient.address);
      });
  machine_.settle(number,
                  undeliverable ? "nothing more is to be done with the message: it leaves the spool"
                                : "the message is filed and leaves the spool",
                  agent());
  mail = machine_.store().spool().find(number);
  if (mail && std::any_of(mail->recipients.begin(), mail->recipients.end(),
                          [&](const SpooledRecipient& recipient) { return is_mine(recipient); }))
    put_off(*mail, fmt::format("{} stays in the spool: {}", mail->id(), trouble_));
}

// There is no room: later, but not for ever.
void Mda::put_off(SpooledMail& mail, std::string text) {
  tell(VariableKind::Disk, State::Full, std::move(text));
  if (machine_.now() - mail.arrived < machine_.config.queue.lifetime)
    return waiting_.push_back(mail.number);
  for (SpooledRecipient& recipient : mail.recipients) {
    if (!is_mine(recipient)) continue;
    recipient.fate = Fate::Failed;
    recipient.status = "4.3.1";
    recipient.reply = "The mail system has had no room for it for too long";
  }
  machine_.settle(mail.number, "given up: the message leaves the spool", agent());
}

// The sender hears why (RFC 3463 X.7.1); what comes back is the header alone, not the virus.
bool Mda::reject_virus(SpooledMail& mail) {
  const VirusVerdict verdict = scan(machine_.config.delivery, mail.content);
  tell(VariableKind::VirusScan, verdict.infected ? State::Infected : State::Clean,
       verdict.infected ? fmt::format("the virus scanner finds \"{}\" in {}: it is not delivered",
                                      verdict.name, mail.id())
                        : fmt::format("the virus scanner finds nothing in {}", mail.id()));
  if (!verdict.infected) return false;
  mail.return_full = false;
  for (SpooledRecipient& recipient : mail.recipients) {
    if (!is_mine(recipient)) continue;
    recipient.fate = Fate::Failed;
    recipient.status = "5.7.1";
    recipient.reply = fmt::format("The message was not delivered: it holds \"{}\"", verdict.name);
    recipient.last_attempt = machine_.now();
  }
  return true;
}

void Mda::deliver(SpooledMail& mail) {
  std::vector<SpooledRecipient> delivered;
  for (SpooledRecipient& recipient : mail.recipients) {
    if (!is_mine(recipient)) continue;
    recipient.last_attempt = machine_.now();
    file(mail, recipient);
    if (recipient.fate == Fate::Done) delivered.push_back(recipient);
  }
  report(machine_, mail, mime::DeliveryAction::Delivered, delivered);
}

void Mda::file(const SpooledMail& mail, SpooledRecipient& recipient) {
  const Account* user = machine_.directory().local_user(recipient.address);
  recipient.fate = user ? Fate::Done : Fate::Failed;
  recipient.status = user ? "2.0.0" : "5.1.1";
  if (!user) {
    recipient.reply = "There is no such mailbox here";
    tell(VariableKind::Undeliverable, recipient.address,
         fmt::format("{} has no mailbox here: {} is undeliverable",
                     printable_utf8(recipient.address), mail.id()));
    return;
  }
  const auto filed = file_for(*user, mail);
  if (filed) return;
  trouble_ = filed.error().text;
  recipient.fate = Fate::Pending;
}

// Into INBOX, or Junk.
mailbox::Result<mailbox::Uid> Mda::file_for(const Account& user, const SpooledMail& mail) {
  const std::string return_path = mime::return_path_field(mail.reverse_path);
  const DeliveryConfig& config = machine_.config.delivery;
  if (!config.spam_filter)
    return machine_.store().deliver(user.name, return_path + mail.content, *this);
  const SpamVerdict verdict = judge(config, mail.content);
  std::string content = return_path + spam_fields(config, verdict) + mail.content;
  const std::string text =
      fmt::format("the spam filter gives {} {:.1f} points of {:.1f}: {}", mail.id(), verdict.score,
                  config.spam_score, verdict.spam ? "spam" : "no spam");
  tell(VariableKind::SpamFilter, verdict.spam ? State::Spam : State::NoSpam, text);
  if (!verdict.spam) return machine_.store().deliver(user.name, std::move(content), *this);
  return machine_.store().deliver_junk(
      user.name, std::move(content),
      fmt::format("the MDA files the message in {}'s junk, not in the mailbox", user.name),
      agent());
}

}  // namespace mailscope::sim
