#include "sim/hosts/expansion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace mailscope::sim {
namespace {

class Expander {
 public:
  explicit Expander(const Directory& directory) : directory_(directory) {}

  void visit(SpooledRecipient recipient) {
    const LocalName name = directory_.look_up(recipient.address);
    switch (name.kind) {
      case LocalName::Kind::Alias:
        return follow(*name.alias, std::move(recipient));
      case LocalName::Kind::Moved:
        return follow(*name.moved, std::move(recipient));
      case LocalName::Kind::List:
        return enter(*name.list, std::move(recipient));
      case LocalName::Kind::User:
      case LocalName::Kind::Unknown:
        return keep(std::move(recipient));
    }
  }
  Expansion take() { return std::move(result_); }

 private:
  // RFC 5321 §2.4: domains compare without case, local parts of others are theirs to know.
  void keep(SpooledRecipient recipient) {
    const std::string key = directory_.is_local(recipient.address)
                                ? lower_case(recipient.address)
                                : fmt::format("{}@{}", local_part_of(recipient.address),
                                              lower_case(domain_of(recipient.address)));
    if (seen_.insert(key).second) result_.recipients.push_back(std::move(recipient));
  }

  void fail(SpooledRecipient recipient, std::string status, std::string reply) {
    recipient.fate = Fate::Failed;
    recipient.status = std::move(status);
    recipient.reply = std::move(reply);
    result_.recipients.push_back(std::move(recipient));
  }

  void follow(const Alias& alias, SpooledRecipient recipient) {
    const std::string key = lower_case(alias.name);
    if (std::find(path_.begin(), path_.end(), key) != path_.end())
      return fail(std::move(recipient), "5.4.6",
                  fmt::format("the alias {} leads back to itself", alias.name));
    result_.texts.push_back(
        fmt::format("the alias {} stands for {}", alias.name, fmt::join(alias.to, ", ")));
    if (alias.to.size() > 1 && recipient.notify.success) {
      result_.expanded.push_back(recipient);
      recipient.notify.success = false;
    }
    path_.push_back(key);
    for (const std::string& to : alias.to) {
      SpooledRecipient member = recipient;
      member.address = to;
      visit(std::move(member));
    }
    path_.pop_back();
  }

  void follow(const MovedUser& moved, SpooledRecipient recipient) {
    const std::string key = lower_case(moved.name);
    if (!moved.forward || std::find(path_.begin(), path_.end(), key) != path_.end())
      return fail(std::move(recipient), "5.1.6",
                  fmt::format("{} has moved to <{}>", moved.name, moved.to));
    result_.texts.push_back(
        fmt::format("{} has moved: the mail is forwarded to {}", moved.name, moved.to));
    recipient.address = moved.to;
    path_.push_back(key);
    visit(std::move(recipient));
    path_.pop_back();
  }

  void enter(const MailingList& list, SpooledRecipient recipient) {
    if (recipient.notify.success) result_.listed.push_back(std::move(recipient));
    if (std::find(result_.lists.begin(), result_.lists.end(), &list) == result_.lists.end())
      result_.lists.push_back(&list);
  }

  const Directory& directory_;
  Expansion result_;
  std::set<std::string> seen_;
  std::vector<std::string> path_;  // the names that led here
};

}  // namespace

Expansion expand(const Directory& directory, std::vector<SpooledRecipient> recipients) {
  Expander expander(directory);
  for (SpooledRecipient& recipient : recipients) expander.visit(std::move(recipient));
  return expander.take();
}

SpooledMail list_mail(const MailingList& list, const SpooledMail& mail) {
  SpooledMail copy;
  copy.reverse_path = list.owner;
  copy.content = mail.content;
  copy.internationalized = mail.internationalized;
  copy.origin = mail.origin;
  for (const std::string& member : list.members) {
    SpooledRecipient recipient;
    recipient.address = member;
    copy.recipients.push_back(std::move(recipient));
  }
  return copy;
}

}  // namespace mailscope::sim
