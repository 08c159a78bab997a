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

}  // namespace mailscope::sim
