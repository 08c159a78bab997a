#include "sim/hosts/disk.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mailscope::sim {

bool SpooledMail::settled() const {
  return std::none_of(recipients.begin(), recipients.end(), [](const SpooledRecipient& recipient) {
    return recipient.fate == Fate::Pending;
  });
}

std::string SpooledMail::id() const {
  return fmt::format("Q{:04}", number);
}

SpooledMail& Spool::add(SpooledMail mail) {
  mail.number = next_number_++;
  octets_ += mail.content.size();
  const std::uint64_t number = mail.number;
  return mails_.emplace_hint(mails_.end(), number, std::move(mail))->second;
}

SpooledMail* Spool::find(std::uint64_t number) {
  const auto found = mails_.find(number);
  return found == mails_.end() ? nullptr : &found->second;
}

const SpooledMail* Spool::find(std::uint64_t number) const {
  const auto found = mails_.find(number);
  return found == mails_.end() ? nullptr : &found->second;
}

void Spool::take_out(std::uint64_t number) {
  const auto found = mails_.find(number);
  if (found == mails_.end()) return;
  octets_ -= found->second.content.size();
  mails_.erase(found);
}

void Mailbox::append(std::string content) {
  octets_ += content.size();
  messages_.push_back({next_uid_++, std::move(content)});
}

std::vector<StoredMessage>* Mailbox::open(std::string_view user) {
  if (user != owner_) return nullptr;
  counted_ = false;
  return &messages_;
}

std::uint64_t Mailbox::octets() const {
  if (!counted_) {
    octets_ = 0;
    for (const StoredMessage& message : messages_) octets_ += message.content.size();
    counted_ = true;
  }
  return octets_;
}

bool Mailbox::lock() {
  if (locked_) return false;
  locked_ = true;
  return true;
}

}  // namespace mailscope::sim
