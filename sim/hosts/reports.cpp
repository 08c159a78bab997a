#include "sim/hosts/reports.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "protocols/mime/charset.hpp"

namespace mailscope::sim {
namespace {

using mime::DeliveryAction;

std::string_view happening(DeliveryAction action) {
  switch (action) {
    case DeliveryAction::Failed:
      return "cannot be delivered";
    case DeliveryAction::Delayed:
      return "is late";
    case DeliveryAction::Delivered:
      return "was delivered";
    case DeliveryAction::Relayed:
      return "was passed on to a host that does not report";
    case DeliveryAction::Expanded:
      break;
  }
  return "was sent on to several addresses";
}

mime::RecipientStatus status_of(const Machine& machine, const SpooledMail& mail,
                                const SpooledRecipient& recipient, DeliveryAction action) {
  mime::RecipientStatus status;
  status.original = recipient.original;
  status.recipient = recipient.address;
  status.action = action;
  status.status = recipient.status;
  status.remote_mta = recipient.remote;
  const bool said = action == DeliveryAction::Failed || action == DeliveryAction::Delayed ||
                    action == DeliveryAction::Relayed;
  if (said) status.diagnostic = recipient.remote.empty() ? std::string() : recipient.reply;
  status.words = recipient.words;
  if (said && recipient.remote.empty() && !recipient.reply.empty())
    status.words += (status.words.empty() ? "" : ": ") + recipient.reply;
  if (recipient.last_attempt != kNever)
    status.last_attempt = machine.date_at(recipient.last_attempt);
  if (action == DeliveryAction::Delayed)
    status.will_retry_until = machine.date_at(mail.arrived + machine.config.queue.lifetime);
  return status;
}

}  // namespace

bool wants(const SpooledRecipient& recipient, DeliveryAction action) {
  if (action == DeliveryAction::Failed) return recipient.notify.on_failure();
  if (action == DeliveryAction::Delayed) return recipient.notify.on_delay();
  return recipient.notify.success;
}

void report(Machine& machine, const SpooledMail& mail, DeliveryAction action,
            const std::vector<SpooledRecipient>& recipients, const std::string& words) {
  if (recipients.empty()) return;
  const bool nobody = mail.reverse_path.empty();  // RFC 5321 §4.5.5: or two hosts would report to
                                                  // each other
  mime::DeliveryReport report;
  for (const SpooledRecipient& recipient : recipients) {
    if (nobody || !wants(recipient, action)) continue;
    report.recipients.push_back(status_of(machine, mail, recipient, action));
    if (!words.empty()) report.recipients.back().words = words;
  }
  if (report.recipients.empty()) {
    if (action == DeliveryAction::Failed)
      machine.teller().tell(
          trace::kNone, VariableKind::Report, "none",
          fmt::format("{} {}, but {}", mail.id(), happening(action),
                      nobody ? "it came from <>: nobody is told" : "its sender wanted no report"));
    return;
  }
  report.from = "MAILER-DAEMON@" + machine.mail_name();
  report.to = mail.reverse_path;
  report.date = machine.date();
  report.message_id = fmt::format("<{}.{}.report@{}>", report.date.unix_seconds,
                                  machine.store().spool().next_number(), machine.mail_name());
  report.reporting_mta = machine.mail_name();
  report.received_from = mail.origin;
  report.envelope_id = mail.envelope_id;
  report.arrival = machine.date_at(mail.arrived);
  report.original = mail.content;
  report.full = mail.return_full;
  report.boundary = fmt::format("=_{}.report", machine.store().spool().next_number());

  SpooledMail answer;
  answer.content = compose(report);
  answer.internationalized = !mime::is_ascii(mail.reverse_path);
  SpooledRecipient sender;
  sender.address = mail.reverse_path;
  sender.notify.stated = true;  // NEVER: RFC 3461 §6.1
  answer.recipients.push_back(std::move(sender));
  machine.teller().tell(trace::kNone, VariableKind::Report, std::string(mime::name(action)),
                        fmt::format("{} {}: a report goes to {}, from <>", mail.id(),
                                    happening(action), mail.reverse_path));
  machine.spool(std::move(answer),
                fmt::format("the report about {} goes into the spool", mail.id()));
}

}  // namespace mailscope::sim
