#include "sim/hosts/directory.hpp"

#include <algorithm>

#include "protocols/base/ascii.hpp"

namespace mailscope::sim {

void Directory::add(Account account) {
  const std::string user = account.name;
  accounts_.emplace(user, std::move(account));
}

void Directory::build() {
  names_.clear();
  for (const MovedUser& moved : config_.moved)
    names_.try_emplace(lower_case(moved.name),
                       LocalName{LocalName::Kind::Moved, nullptr, nullptr, nullptr, &moved});
  for (const Alias& alias : config_.aliases)
    names_.try_emplace(lower_case(alias.name),
                       LocalName{LocalName::Kind::Alias, nullptr, &alias, nullptr, nullptr});
  for (const MailingList& list : config_.lists)
    names_.try_emplace(lower_case(list.name),
                       LocalName{LocalName::Kind::List, nullptr, nullptr, &list, nullptr});
  const auto add_user = [&](std::string_view local_part, const Account& account) {
    names_.try_emplace(lower_case(local_part),
                       LocalName{LocalName::Kind::User, &account, nullptr, nullptr, nullptr});
  };
  for (const auto& [user, account] : accounts_) add_user(local_part_of(account.address), account);
  // RFC 5321 §4.5.1: postmaster has to be taken; where nobody is named, the first user is in
  // charge.
  if (!accounts_.empty()) add_user("postmaster", accounts_.begin()->second);
}

const Account* Directory::account(std::string_view user) const {
  const auto found = accounts_.find(user);
  return found == accounts_.end() ? nullptr : &found->second;
}

const Account* Directory::account_for_login(std::string_view name) const {
  if (const Account* found = account(name)) return found;
  for (const auto& [user, account] : accounts_)
    if (equal_no_case(account.address, name)) return &account;
  return nullptr;
}

bool Directory::is_local_domain(std::string_view domain) const {
  if (domain_.empty()) return false;
  if (domain.empty() || equal_no_case(domain, domain_)) return true;
  return std::ranges::any_of(config_.other_domains, [&](const std::string& other) {
    return equal_no_case(other, domain);
  });
}

bool Directory::is_local(std::string_view address) const {
  return is_local_domain(domain_of(address));
}

LocalName Directory::look_up(std::string_view address) const {
  if (!is_local(address)) return {};
  const std::string local = lower_case(local_part_of(address));
  for (const std::string& forgotten : faults_.forgotten_users)
    if (equal_no_case(forgotten, local)) return {};
  const auto found = names_.find(local);
  return found == names_.end() ? LocalName{} : found->second;
}

}  // namespace mailscope::sim
