#include "sim/hosts/machine.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "protocols/base/ascii.hpp"

namespace mailscope::sim {

using trace::AgentKind;
using trace::Id;
using trace::kNone;

std::string_view domain_of(std::string_view address) {
  const std::size_t at = address.rfind('@');
  return at == std::string_view::npos ? std::string_view{} : address.substr(at + 1);
}

std::string_view local_part_of(std::string_view address) {
  return address.substr(0, std::min(address.rfind('@'), address.size()));
}

Process::Process(Machine& machine, AgentKind kind, std::string name, std::uint16_t port)
    : machine_(machine),
      kind_(kind),
      name_(std::move(name)),
      agent_(machine.add_agent(kind, name_, port)) {}

void Process::become(std::string_view state, std::string text) {
  if (state_ == state) return;
  state_ = state;
  machine_.tell(agent_, "process " + name_, state_, std::move(text));
}

void Process::socket_call(std::string_view call, std::string arguments) {
  std::string text = fmt::format("{}({})", call, arguments);
  machine_.tell(agent_, "socket " + name_, text, text);
}

void Process::send(SocketId socket, std::string octets) {
  if (octets.empty()) return;
  const std::size_t size = octets.size();
  if (machine_.node().send(socket, std::move(octets)))
    socket_call("send", fmt::format("{} octets", size));
}

std::uint64_t Process::token(std::uint32_t value) const {
  return std::uint64_t{machine_.boots()} << 32 | value;
}

bool Process::is_current(std::uint64_t token) const {
  return token >> 32 == machine_.boots();
}

Machine::Machine(Node& node, trace::Trace& trace, std::string domain, std::int64_t begin)
    : node_(node), trace_(trace), domain_(std::move(domain)), begin_(begin) {
  // So that a mail has another number on every host, as it would have in life.
  disk_.next_number = host() * 1000 + 1;
}

mime::Date Machine::date() const {
  return {begin_ + node_.simulator().now() / kSecond, 0};
}

Id Machine::add_agent(AgentKind kind, std::string name, std::uint16_t port) {
  trace_.agents.push_back({host(), kind, std::move(name), port});
  return static_cast<Id>(trace_.agents.size() - 1);
}

void Machine::add_spool() {
  if (!has_spool()) spool_agent_ = add_agent(AgentKind::Spool, "spool");
}

void Machine::add_mailbox(Account account) {
  const std::string user = account.name;
  mailbox_agents_[user] = add_agent(AgentKind::Mailbox, user + "'s mailbox");
  disk_.mailboxes.emplace(user, Mailbox(user));
  accounts_.emplace(user, std::move(account));
}

void Machine::boot() {
  if (has_spool()) tell(spool_agent_, "spool", "0", "the spool is empty");
  for (const auto& [user, agent] : mailbox_agents_)
    tell(agent, "mailbox " + user, "0", fmt::format("{}'s mailbox is empty", user));
  power_on();
}

void Machine::power_on() {
  ++boots_;
  node_.power_on();
  tell(kNone, "power", "on", fmt::format("{} is on", name()));
  for (const auto& process : processes_) process->start();
  if (!disk_.spool.empty())
    for (const auto& process : processes_) process->on_spooled();
}

void Machine::power_off(std::string_view why) {
  ++boots_;
  node_.power_off();
  for (const auto& process : processes_) process->stop();
  for (auto& [user, box] : disk_.mailboxes) box.unlock();
  tell(kNone, "power", std::string(why), fmt::format("{} is {}", name(), why));
}

void Machine::restart() {
  if (!node_.powered()) power_on();
}

const Account* Machine::account(std::string_view user) const {
  const auto found = accounts_.find(user);
  return found == accounts_.end() ? nullptr : &found->second;
}

bool Machine::is_local(std::string_view address) const {
  const std::string_view domain = domain_of(address);
  return !domain_.empty() && (domain.empty() || equal_no_case(domain, domain_));
}

const Account* Machine::local_user(std::string_view address) const {
  if (!is_local(address)) return nullptr;
  const std::string_view local = local_part_of(address);
  // RFC 5321 §4.5.1: postmaster has to be taken; here the first user is in charge.
  if (equal_no_case(local, "postmaster"))
    return accounts_.empty() ? nullptr : &accounts_.begin()->second;
  for (const auto& [user, one] : accounts_)
    if (equal_no_case(local_part_of(one.address), local)) return &one;
  return nullptr;
}

Mailbox* Machine::mailbox(std::string_view user) {
  const auto found = disk_.mailboxes.find(user);
  return found == disk_.mailboxes.end() ? nullptr : &found->second;
}

void Machine::deliver(std::string_view user, std::string content, const Process& by) {
  const std::size_t octets = content.size();
  mailbox(user)->append(std::move(content));
  // "the MDA", but "alice's user agent".
  const std::string_view article = by.name().find('\'') == std::string::npos ? "the " : "";
  mailbox_changed(user, fmt::format("{}{} files a message of {} octets in {}'s mailbox", article,
                                    by.name(), octets, user));
}

void Machine::mailbox_changed(std::string_view user, std::string text) {
  const auto agent = mailbox_agents_.find(user);
  tell(agent->second, fmt::format("mailbox {}", user), fmt::format("{}", mailbox(user)->size()),
       std::move(text));
}

void Machine::spool(SpooledMail mail, std::string text) {
  mail.number = disk_.next_number++;
  disk_.spool.push_back(std::move(mail));
  tell_spool(std::move(text));
  for (const auto& process : processes_) process->on_spooled();
}

void Machine::sweep_spool(std::string text) {
  const std::size_t before = disk_.spool.size();
  std::erase_if(disk_.spool, [](const SpooledMail& mail) { return mail.settled(); });
  if (disk_.spool.size() != before) tell_spool(std::move(text));
}

void Machine::tell_spool(std::string text) {
  tell(spool_agent_, "spool", fmt::format("{}", disk_.spool.size()), std::move(text));
}

void Machine::tell(Id agent, std::string_view what, std::string after, std::string text) {
  trace_.change(simulator().now(), trace_.variable(host(), agent, what), std::move(after),
                std::move(text));
}

}  // namespace mailscope::sim
