#include "sim/hosts/user_agent.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/charset.hpp"
#include "protocols/mime/compose.hpp"
#include "protocols/mime/header.hpp"
#include "protocols/mime/report.hpp"

namespace mailscope::sim {
namespace {

mime::Mailbox mailbox(std::string_view name, std::string_view address) {
  mime::Mailbox made;
  made.display_name = name;
  made.local_part = local_part_of(address);
  made.domain = domain_of(address);
  return made;
}

std::vector<mime::Mailbox> mailboxes(const std::vector<std::string>& addresses) {
  std::vector<mime::Mailbox> list;
  for (const std::string& address : addresses) list.push_back(mailbox("", address));
  return list;
}

}  // namespace

UserAgent::UserAgent(Machine& machine, Account user, std::string name)
    : Process(machine, trace::AgentKind::UserAgent, std::move(name)), user_(std::move(user)) {}

void UserAgent::start() {
  tell({VariableKind::Inbox, user_.name}, std::uint64_t{inbox_.size()},
       fmt::format("{}'s user agent shows {}", user_.name, count_of(inbox_.size(), "message")));
}

void UserAgent::send(const Letter& letter) {
  tell({VariableKind::Letter, user_.name}, letter.subject,
       fmt::format("{} has written \"{}\"", user_.name, letter.subject));
  SpooledMail mail;
  mail.reverse_path = letter.from.empty() ? user_.address : letter.from;
  mail.internationalized = !mime::is_ascii(mail.reverse_path);
  mail.return_full = letter.return_full;
  mail.return_stated = letter.return_full || letter.notify.stated;
  for (const auto* list : {&letter.to, &letter.cc, &letter.bcc})
    for (const std::string& address : *list) {
      SpooledRecipient recipient;
      recipient.address = address;
      recipient.notify = letter.notify;
      if (letter.notify.stated) recipient.original = "rfc822;" + address;
      // The header names it, too; Bcc stays in the envelope.
      if (list != &letter.bcc) mail.internationalized |= !mime::is_ascii(address);
      mail.recipients.push_back(std::move(recipient));
    }
  mail.content = compose(letter);
  post(std::move(mail), fmt::format("{}'s user agent puts the letter into the spool", user_.name));
}

void UserAgent::post(SpooledMail mail, std::string text) {
  const bool all_here = std::all_of(mail.recipients.begin(), mail.recipients.end(),
                                    [&](const SpooledRecipient& recipient) {
                                      return machine_.directory().is_local(recipient.address);
                                    });
  if (all_here && !machine_.store().has_spool()) return deliver_here(mail);
  machine_.spool(std::move(mail), std::move(text), agent());
}

std::string UserAgent::new_message_id() {
  return fmt::format("<{}.{}.{}@{}>", machine_.date().unix_seconds, user_.name, ++letters_,
                     machine_.mail_name());
}

std::string UserAgent::compose(const Letter& letter) {
  mime::Draft draft;
  draft.from =
      letter.from.empty() ? mailbox(user_.full_name, user_.address) : mailbox("", letter.from);
  draft.to = mailboxes(letter.to);
  draft.cc = mailboxes(letter.cc);
  draft.subject = letter.subject;
  draft.date = machine_.date();
  draft.message_id = new_message_id();
  draft.body = letter.body;
  if (letter.eight_bit) draft.encoding = mime::TextEncoding::EightBit;
  if (letter.request_receipt)
    draft.more_fields.emplace_back("Disposition-Notification-To", draft.from.address());
  return mime::compose(draft);
}

void UserAgent::deliver_here(const SpooledMail& mail) {
  for (const SpooledRecipient& recipient : mail.recipients) {
    const Account* owner = machine_.directory().local_user(recipient.address);
    if (owner)
      (void)machine_.store().deliver(owner->name, mail.content, *this);
    else
      tell(VariableKind::Undeliverable, recipient.address,
           fmt::format("{} has no mailbox here", recipient.address));
  }
}

void UserAgent::open_mailbox(std::string_view whose) {
  const mailbox::Account* account = machine_.store().account(whose);
  const bool granted = account && account->owner() == user_.name;
  tell({VariableKind::Access, user_.name}, granted ? State::Granted : State::Refused,
       granted
           ? fmt::format("{} opens the mailbox", user_.name)
           : fmt::format("{} tries to open {}'s mailbox: permission refused", user_.name, whose));
}

void UserAgent::read() {
  mailbox::Mailbox* inbox = machine_.store().inbox(user_.name);
  if (!inbox) return;
  std::vector<mailbox::Uid> uids;
  std::vector<std::string> contents;
  for (const mailbox::Message& message : inbox->messages()) {
    std::string buffer;
    const auto content = inbox->content(message.uid, buffer);
    if (!content) continue;  // it stays where it is
    uids.push_back(message.uid);
    contents.emplace_back(*content);
  }
  if (!inbox->expunge(uids)) return;
  machine_.store().mailbox_changed(
      user_.name, fmt::format("{} takes the messages out of the mailbox", user_.name), agent());
  for (std::string& content : contents) receive(std::move(content));
}

void UserAgent::receive(std::string content) {
  inbox_.push_back(std::move(content));
  tell({VariableKind::Inbox, user_.name}, std::uint64_t{inbox_.size()},
       fmt::format("{}'s user agent shows a new message of {} octets", user_.name,
                   inbox_.back().size()));
  tell_report(inbox_.back());
  answer_receipt(inbox_.back());
}

void UserAgent::show_header(std::string_view header, std::uint64_t octets) {
  const std::string subject = mime::field_body(mime::read_fields(header), "Subject");
  tell({VariableKind::Fetch, user_.name}, State::PassedOver,
       fmt::format("{}'s user agent shows the header of \"{}\"; its {} octets stay on the server",
                   user_.name, printable_utf8(subject), octets));
}

// What the report says, as a mail program shows it.
void UserAgent::tell_report(std::string_view content) {
  const auto report = mime::read_report(content);
  if (!report) return;
  const std::string about =
      report->subject.empty() ? "a message" : fmt::format("\"{}\"", report->subject);
  for (const auto& recipient : report->recipients) {
    std::string text =
        report->receipt
            ? fmt::format("a receipt came back: {} was {} by {}", about, recipient.action,
                          recipient.address)
            : fmt::format("a report came back: {} to {} {}{}{}", about, recipient.address,
                          recipient.action,
                          recipient.status.empty() ? "" : fmt::format(" ({})", recipient.status),
                          recipient.diagnostic.empty() ? "" : ": " + recipient.diagnostic);
    tell({VariableKind::Report, user_.name}, recipient.action, printable_utf8(text));
  }
}

// RFC 8098 §2.1: once; not for what a program wrote; not to another address than it came from,
// since a forger could have receipts sent to anybody.
void UserAgent::answer_receipt(std::string_view content) {
  const std::vector<mime::Field> fields = mime::read_fields(content);
  const std::string wanted = mime::field_body(fields, "Disposition-Notification-To");
  const auto addresses = mime::read_addresses(wanted);
  if (addresses.empty() || mime::is_automatic(content)) return;
  const std::string to = addresses[0].address();
  if (!send_receipts) {
    return tell({VariableKind::Receipt, user_.name}, State::NotSent,
                fmt::format("the message asks for a receipt; {} sends none", user_.name));
  }
  const auto path = mime::read_addresses(mime::field_body(fields, "Return-Path"));
  if (addresses.size() > 1 || (!path.empty() && !equal_no_case(path[0].address(), to))) {
    return tell({VariableKind::Receipt, user_.name}, State::NotSent,
                "the message asks for a receipt to another address than it came from: "
                "none is sent");
  }
  const std::string id = mime::field_body(fields, "Message-ID");
  if (!receipted_.insert(id).second) return;
  mime::ReadReceipt receipt;
  receipt.from = mailbox(user_.full_name, user_.address);
  receipt.to = to;
  receipt.automatic = true;  // the user has said so once, for all letters
  receipt.date = machine_.date();
  receipt.message_id = new_message_id();
  receipt.reporting_ua = machine_.mail_name() + "; MailScope";
  receipt.recipient = user_.address;
  receipt.original = content;
  SpooledMail mail;  // from <>: nobody answers a receipt
  mail.content = mime::compose(receipt);
  SpooledRecipient recipient;
  recipient.address = to;
  recipient.notify.stated = true;
  mail.recipients.push_back(std::move(recipient));
  tell({VariableKind::Receipt, user_.name}, State::Sent,
       fmt::format("{}'s user agent has shown it: a receipt goes to {}", user_.name,
                   printable_utf8(to)));
  post(std::move(mail), fmt::format("{}'s user agent puts the receipt into the spool", user_.name));
}

}  // namespace mailscope::sim
