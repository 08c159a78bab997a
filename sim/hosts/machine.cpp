#include "sim/hosts/machine.hpp"

#include <fmt/format.h>

#include "sim/hosts/expansion.hpp"
#include "sim/hosts/reports.hpp"

namespace mailscope::sim {

using trace::kNone;

namespace {

constexpr int kListDepthMax = 8;  // lists that are members of lists

// So that a mail has another number on every host, as it would have in life.
std::uint64_t first_number(trace::Id host) {
  return host * 1000 + 1;
}

}  // namespace

Machine::Machine(Node& node, trace::Trace& trace, std::string domain, std::int64_t begin)
    : node_(node),
      network_(node, node.simulator()),
      begin_(begin),
      teller_(trace, node.id(), node.simulator()),
      directory_(std::move(domain), config.names, faults),
      store_(teller_, config.disk, faults, first_number(node.id()), begin) {}

mime::Date Machine::date_at(Time time) const {
  return {begin_ + time / kSecond, 0};
}

void Machine::add_user(Account account) {
  store_.add_mailbox(account.name);
  directory_.add(std::move(account));
}

void Machine::boot() {
  directory_.build();
  store_.tell_empty();
  power_on();
}

// ---- power ----

void Machine::power_on() {
  ++boots_;
  node_.power_on();
  teller_.tell(kNone, VariableKind::Power, State::On, fmt::format("{} is on", name()));
  programs_.start();
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, mail] : store_.spool().mails()) numbers.push_back(number);
  programs_.tell_spooled(numbers, store_.spool());
}

void Machine::power_off(State why) {
  ++boots_;
  node_.power_off();
  network_.clear();
  programs_.lose_power();
  store_.lose_power();
  teller_.tell(
      kNone, VariableKind::Power, why,
      fmt::format("{} {} {}", name(), why == State::Crashed ? "has" : "is", trace::name(why)));
}

void Machine::restart() {
  if (!powered()) power_on();
}

// ---- a mail's way ----

std::uint64_t Machine::spool(SpooledMail mail, std::string text, trace::Id by) {
  return spool(std::move(mail), std::move(text), by, 0);
}

std::uint64_t Machine::spool(SpooledMail mail, std::string text, trace::Id by, int depth) {
  mail.arrived = mail.next_attempt = now();
  Expansion expansion = expand(directory_, std::move(mail.recipients));
  mail.recipients = std::move(expansion.recipients);
  const bool empty = mail.recipients.empty();  // all of it goes to lists
  const SpooledMail& kept = store_.put(std::move(mail), std::move(text), by);
  const std::uint64_t number = kept.number;
  for (std::string& line : expansion.texts)
    teller_.tell(store_.spool_agent(), VariableKind::Expansion, kept.id(), std::move(line));
  report(*this, kept, mime::DeliveryAction::Expanded, expansion.expanded);
  report(*this, kept, mime::DeliveryAction::Delivered, expansion.listed,
         "It reached the mailing list.");
  for (const MailingList* list : expansion.lists) send_to_list(*list, kept, depth);
  if (empty || kept.settled()) {
    settle(number, empty ? "the list has it: the message leaves the spool"
                         : "nobody can get it: the message leaves the spool");
    return number;
  }
  settle(number, {});
  programs_.tell_spooled({number}, store_.spool());
  return number;
}

void Machine::send_to_list(const MailingList& list, const SpooledMail& mail, int depth) {
  if (depth == kListDepthMax)
    return teller_.tell(
        store_.spool_agent(), VariableKind::Expansion, mail.id(),
        fmt::format("the list {} is a member of a member of itself: here it ends", list.name));
  spool(list_mail(list, mail),
        fmt::format("the list {} sends it on to {}; reports go to {}", list.name,
                    count_of(list.members.size(), "member"), list.owner),
        kNone, depth + 1);
}

void Machine::settle(std::uint64_t number, std::string text, trace::Id by) {
  SpooledMail* mail = store_.spool().find(number);
  if (!mail) return;
  std::vector<SpooledRecipient> failed;
  for (SpooledRecipient& recipient : mail->recipients) {
    if (recipient.fate != Fate::Failed || recipient.reported) continue;
    recipient.reported = true;
    failed.push_back(recipient);
  }
  if (!failed.empty()) report(*this, *mail, mime::DeliveryAction::Failed, failed);
  if (mail->settled()) store_.take_out(number, std::move(text), by);
}

}  // namespace mailscope::sim
