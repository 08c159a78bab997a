// Who is who on a mail host: its domains, its users, and the names that stand for others. RFC 5321
// §3.4, §3.9, §4.5.1.
//
// Local parts compare without case. What is said first counts: who has moved gets no mail here, an
// alias may be called as a user is.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "sim/hosts/mail_config.hpp"
#include "sim/hosts/words.hpp"

namespace mailscope::sim {

struct Account {
  std::string name{};  // also the local part and the mailbox
  std::string full_name{};
  std::string address{};
  std::string password{};
};

// What stands behind the local part of an address of this host.
struct LocalName {
  enum class Kind : std::uint8_t { Unknown, User, Alias, List, Moved };
  Kind kind = Kind::Unknown;
  const Account* user = nullptr;
  const Alias* alias = nullptr;
  const MailingList* list = nullptr;
  const MovedUser* moved = nullptr;
};

class Directory {
 public:
  // `names` and `faults` outlive it. Mail for `domain` is local; empty: for no domain.
  Directory(std::string domain, const NamesConfig& names, const Faults& faults)
      : domain_(std::move(domain)), config_(names), faults_(faults) {}

  void add(Account account);
  // To be called when all accounts and names are there, before the first look_up().
  void build();

  const std::string& domain() const { return domain_; }
  const Account* account(std::string_view user) const;
  const std::map<std::string, Account, std::less<>>& accounts() const { return accounts_; }
  // Who logs in with this name, or with this address.
  const Account* account_for_login(std::string_view name) const;
  bool is_local_domain(std::string_view domain) const;
  bool is_local(std::string_view address) const;
  // What a local address stands for; Unknown for others too, and for forgotten users.
  LocalName look_up(std::string_view address) const;
  // The user who gets mail for a local address, aliases not followed; null when there is none.
  const Account* local_user(std::string_view address) const { return look_up(address).user; }

 private:
  std::string domain_;
  const NamesConfig& config_;
  const Faults& faults_;
  std::map<std::string, Account, std::less<>> accounts_;
  std::map<std::string, LocalName, std::less<>> names_;  // by local part in lower case
};

}  // namespace mailscope::sim
