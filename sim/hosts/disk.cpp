#include "sim/hosts/disk.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mailscope::sim {

bool SpooledMail::settled() const {
  return std::none_of(recipients.begin(), recipients.end(),
                      [](const SpooledRecipient& one) { return one.fate == Fate::Pending; });
}

std::string SpooledMail::id() const {
  return fmt::format("Q{:04}", number);
}

void Mailbox::append(std::string content) {
  messages_.push_back({next_uid_++, std::move(content)});
}

std::vector<StoredMessage>* Mailbox::open(std::string_view user) {
  return user == owner_ ? &messages_ : nullptr;
}

bool Mailbox::lock() {
  if (locked_) return false;
  locked_ = true;
  return true;
}

}  // namespace mailscope::sim
