#include "sim/hosts/user_agent.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "protocols/mime/compose.hpp"

namespace mailscope::sim {
namespace {

mime::Mailbox mailbox(std::string_view name, std::string_view address) {
  mime::Mailbox one;
  one.display_name = name;
  one.local_part = local_part_of(address);
  one.domain = domain_of(address);
  return one;
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
  machine_.tell(agent(), "inbox " + user_.name, fmt::format("{}", inbox_.size()),
                fmt::format("{}'s user agent shows {} messages", user_.name, inbox_.size()));
}

void UserAgent::send(const Letter& letter) {
  machine_.tell(agent(), "letter " + user_.name, letter.subject,
                fmt::format("{} has written \"{}\"", user_.name, letter.subject));
  std::vector<std::string> recipients;
  for (const auto* list : {&letter.to, &letter.cc, &letter.bcc})
    recipients.insert(recipients.end(), list->begin(), list->end());
  const std::string content = compose(letter);
  const bool all_here =
      std::all_of(recipients.begin(), recipients.end(),
                  [&](const std::string& address) { return machine_.is_local(address); });
  if (all_here && !machine_.has_spool()) return deliver_here(recipients, content);
  SpooledMail mail;
  mail.reverse_path = user_.address;
  for (const std::string& address : recipients) mail.recipients.push_back({address, Fate::Pending});
  mail.content = content;
  machine_.spool(std::move(mail),
                 fmt::format("{}'s user agent puts the letter into the spool", user_.name));
}

std::string UserAgent::compose(const Letter& letter) {
  mime::Draft draft;
  draft.from = mailbox(user_.full_name, user_.address);
  draft.to = mailboxes(letter.to);
  draft.cc = mailboxes(letter.cc);
  draft.subject = letter.subject;
  draft.date = machine_.date();
  draft.message_id = fmt::format("<{}.{}.{}@{}>", draft.date.unix_seconds, user_.name, ++letters_,
                                 machine_.name());
  draft.body = letter.body;
  return mime::compose(draft);
}

void UserAgent::deliver_here(const std::vector<std::string>& recipients,
                             const std::string& content) {
  for (const std::string& address : recipients) {
    const Account* owner = machine_.local_user(address);
    if (owner)
      machine_.deliver(owner->name, content, *this);
    else
      machine_.tell(agent(), "undeliverable", address,
                    fmt::format("{} has no mailbox here", address));
  }
}

void UserAgent::open_mailbox(std::string_view whose) {
  Mailbox* mailbox = machine_.mailbox(whose);
  const bool granted = mailbox && mailbox->open(user_.name);
  machine_.tell(agent(), "access " + user_.name, granted ? "granted" : "refused",
                granted ? fmt::format("{} opens the mailbox", user_.name)
                        : fmt::format("{} tries to open {}'s mailbox: permission refused",
                                      user_.name, whose));
}

void UserAgent::read() {
  Mailbox* mailbox = machine_.mailbox(user_.name);
  if (!mailbox) return;
  std::vector<StoredMessage> messages;
  messages.swap(*mailbox->open(user_.name));
  machine_.mailbox_changed(user_.name,
                           fmt::format("{} takes the messages out of the mailbox", user_.name));
  for (StoredMessage& message : messages) receive(std::move(message.content));
}

void UserAgent::receive(std::string content) {
  inbox_.push_back(std::move(content));
  machine_.tell(agent(), "inbox " + user_.name, fmt::format("{}", inbox_.size()),
                fmt::format("{}'s user agent shows a new message of {} octets", user_.name,
                            inbox_.back().size()));
}

}  // namespace mailscope::sim
