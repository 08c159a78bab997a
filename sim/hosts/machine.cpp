#include "sim/hosts/machine.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "protocols/base/ascii.hpp"
#include "sim/hosts/expansion.hpp"
#include "sim/hosts/reports.hpp"

namespace mailscope::sim {

using trace::AgentKind;
using trace::Id;
using trace::kNone;

namespace {

constexpr int kListDepthMax = 8;  // lists that are members of lists

}  // namespace

std::string_view domain_of(std::string_view address) {
  const std::size_t at = address.rfind('@');
  return at == std::string_view::npos ? std::string_view{} : address.substr(at + 1);
}

std::string_view local_part_of(std::string_view address) {
  return address.substr(0, std::min(address.rfind('@'), address.size()));
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = to_lower(c);
  return out;
}

std::string span_of(Time time) {
  const std::int64_t seconds = time / kSecond;
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min", seconds / 60);
  if (seconds < 2 * 86400) return fmt::format("{} h", seconds / 3600);
  return fmt::format("{} d", seconds / 86400);
}

std::string count_of(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

Process::Process(Machine& machine, AgentKind kind, std::string name, std::uint16_t port)
    : machine_(machine),
      kind_(kind),
      name_(std::move(name)),
      agent_(machine.add_agent(kind, name_, port)) {}

void Process::become(State state, std::string text) {
  if (state_ == state) return;
  state_ = state;
  machine_.tell(agent_, {VariableKind::Process, name_}, state, std::move(text));
}

void Process::socket_call(Syscall call, std::uint64_t octets) {
  socket_call(call, {}, octets);
}

void Process::socket_call(Syscall call, const Endpoint& peer, std::uint64_t octets) {
  const trace::SocketCall made{call, peer.port, peer.address, octets};
  machine_.tell(agent_, {VariableKind::Socket, name_}, made, trace::text(made));
}

void Process::send(Stream& stream, std::string octets) {
  if (octets.empty()) return;
  const std::size_t size = octets.size();
  if (stream.send(std::move(octets))) socket_call(Syscall::Send, size);
}

std::uint64_t Process::token(std::uint32_t value) const {
  return std::uint64_t{machine_.boots()} << 32 | value;
}

bool Process::is_current(std::uint64_t token) const {
  return token >> 32 == machine_.boots();
}

Machine::Machine(Node& node, trace::Trace& trace, std::string domain, std::int64_t begin)
    : node_(node),
      network_(node, node.simulator()),
      trace_(trace),
      domain_(std::move(domain)),
      begin_(begin) {
  // So that a mail has another number on every host, as it would have in life.
  disk_.spool.count_from(host() * 1000 + 1);
}

mime::Date Machine::date_at(Time time) const {
  return {begin_ + time / kSecond, 0};
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
  disk_.junk.emplace(user, Mailbox(user));
  accounts_.emplace(user, std::move(account));
}

void Machine::boot() {
  build_names();
  if (has_spool()) tell(spool_agent_, VariableKind::Spool, std::uint64_t{0}, "the spool is empty");
  for (const auto& [user, agent] : mailbox_agents_)
    tell(agent, {VariableKind::Mailbox, user}, std::uint64_t{0},
         fmt::format("{}'s mailbox is empty", user));
  power_on();
}

// What is said first counts: who has moved gets no mail here, an alias may be called as a user is.
void Machine::build_names() {
  names_.clear();
  for (const MovedUser& one : config.moved) {
    LocalName name;
    name.kind = LocalName::Kind::Moved;
    name.moved = &one;
    names_.emplace(lower_case(one.name), name);
  }
  for (const Alias& one : config.aliases) {
    LocalName name;
    name.kind = LocalName::Kind::Alias;
    name.alias = &one;
    names_.emplace(lower_case(one.name), name);
  }
  for (const MailingList& one : config.lists) {
    LocalName name;
    name.kind = LocalName::Kind::List;
    name.list = &one;
    names_.emplace(lower_case(one.name), name);
  }
  for (const auto& [user, account] : accounts_) {
    LocalName name;
    name.kind = LocalName::Kind::User;
    name.user = &account;
    names_.emplace(lower_case(local_part_of(account.address)), name);
  }
  // RFC 5321 §4.5.1: postmaster has to be taken; where nobody is named, the first user is in
  // charge.
  if (!accounts_.empty()) {
    LocalName name;
    name.kind = LocalName::Kind::User;
    name.user = &accounts_.begin()->second;
    names_.emplace("postmaster", name);
  }
}

void Machine::power_on() {
  ++boots_;
  node_.power_on();
  tell(kNone, VariableKind::Power, State::On, fmt::format("{} is on", name()));
  for (const auto& process : processes_) process->start();
  if (disk_.spool.empty()) return;
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, mail] : disk_.spool.mails()) numbers.push_back(number);
  for (const auto& process : processes_)
    for (const std::uint64_t number : numbers)
      if (const SpooledMail* mail = disk_.spool.find(number)) process->on_spooled(*mail);
}

void Machine::power_off(State why) {
  ++boots_;
  node_.power_off();
  network_.clear();
  for (const auto& process : processes_) process->lose_power();
  for (auto& [user, box] : disk_.mailboxes) box.unlock();
  tell(kNone, VariableKind::Power, why,
       fmt::format("{} {} {}", name(), why == State::Crashed ? "has" : "is", trace::name(why)));
}

void Machine::restart() {
  if (!node_.powered()) power_on();
}

const Account* Machine::account(std::string_view user) const {
  const auto found = accounts_.find(user);
  return found == accounts_.end() ? nullptr : &found->second;
}

const Account* Machine::account_for_login(std::string_view name) const {
  if (const Account* found = account(name)) return found;
  for (const auto& [user, one] : accounts_)
    if (equal_no_case(one.address, name)) return &one;
  return nullptr;
}

bool Machine::is_local_domain(std::string_view domain) const {
  if (domain_.empty()) return false;
  if (domain.empty() || equal_no_case(domain, domain_)) return true;
  return std::any_of(config.other_domains.begin(), config.other_domains.end(),
                     [&](const std::string& one) { return equal_no_case(one, domain); });
}

bool Machine::is_local(std::string_view address) const {
  return is_local_domain(domain_of(address));
}

LocalName Machine::look_up(std::string_view address) const {
  if (!is_local(address)) return {};
  const std::string local = lower_case(local_part_of(address));
  for (const std::string& forgotten : faults.forgotten_users)
    if (equal_no_case(forgotten, local)) return {};
  const auto found = names_.find(local);
  return found == names_.end() ? LocalName{} : found->second;
}

const Account* Machine::local_user(std::string_view address) const {
  return look_up(address).user;
}

Mailbox* Machine::mailbox(std::string_view user) {
  const auto found = disk_.mailboxes.find(user);
  return found == disk_.mailboxes.end() ? nullptr : &found->second;
}

Mailbox* Machine::junk(std::string_view user) {
  const auto found = disk_.junk.find(user);
  return found == disk_.junk.end() ? nullptr : &found->second;
}

void Machine::deliver(std::string_view user, std::string content, const Process& by) {
  const std::size_t octets = content.size();
  mailbox(user)->append(std::move(content));
  // "the MDA", but "alice's user agent".
  const std::string_view article = by.name().find('\'') == std::string::npos ? "the " : "";
  mailbox_changed(user,
                  fmt::format("{}{} files a message of {} octets in {}'s mailbox", article,
                              by.name(), octets, user),
                  by.agent());
}

void Machine::deliver_junk(std::string_view user, std::string content, std::string text, Id by) {
  junk(user)->append(std::move(content));
  const auto agent = mailbox_agents_.find(user);
  tell(agent->second, {VariableKind::Junk, user}, std::uint64_t{junk(user)->size()},
       std::move(text), by);
}

void Machine::mailbox_changed(std::string_view user, std::string text, Id by) {
  const auto agent = mailbox_agents_.find(user);
  tell(agent->second, {VariableKind::Mailbox, user}, std::uint64_t{mailbox(user)->size()},
       std::move(text), by);
}

std::uint64_t Machine::spool(SpooledMail mail, std::string text, Id by) {
  return spool(std::move(mail), std::move(text), by, 0);
}

std::uint64_t Machine::spool(SpooledMail mail, std::string text, Id by, int depth) {
  mail.arrived = mail.next_attempt = now();
  Expansion expansion = expand(*this, std::move(mail.recipients));
  mail.recipients = std::move(expansion.recipients);
  const bool empty = mail.recipients.empty();  // all of it goes to lists
  SpooledMail& kept = disk_.spool.add(std::move(mail));
  const std::uint64_t number = kept.number;
  tell_spool(std::move(text), by);
  for (std::string& one : expansion.texts)
    tell(spool_agent_, VariableKind::Expansion, kept.id(), std::move(one));
  report(*this, kept, mime::DeliveryAction::Expanded, expansion.expanded);
  report(*this, kept, mime::DeliveryAction::Delivered, expansion.listed,
         "It reached the mailing list.");
  for (const MailingList* list : expansion.lists) {
    if (depth == kListDepthMax) {
      tell(spool_agent_, VariableKind::Expansion, kept.id(),
           fmt::format("the list {} is a member of a member of itself: here it ends", list->name));
      continue;
    }
    spool(list_mail(*list, kept),
          fmt::format("the list {} sends it on to {}; reports go to {}", list->name,
                      count_of(list->members.size(), "member"), list->owner),
          trace::kNone, depth + 1);
  }
  if (empty || kept.settled()) {
    settle(number, empty ? "the list has it: the message leaves the spool"
                         : "nobody can get it: the message leaves the spool");
    return number;
  }
  settle(number, {});
  for (const auto& process : processes_)
    if (const SpooledMail* waiting = disk_.spool.find(number)) process->on_spooled(*waiting);
  return number;
}

void Machine::settle(std::uint64_t number, std::string text, Id by) {
  SpooledMail* mail = disk_.spool.find(number);
  if (!mail) return;
  std::vector<SpooledRecipient> failed;
  for (SpooledRecipient& one : mail->recipients) {
    if (one.fate != Fate::Failed || one.reported) continue;
    one.reported = true;
    failed.push_back(one);
  }
  if (!failed.empty()) report(*this, *mail, mime::DeliveryAction::Failed, failed);
  if (!mail->settled()) return;
  disk_.spool.take_out(number);
  tell_spool(std::move(text), by);
}

void Machine::tell_spool(std::string text, Id by) {
  tell(spool_agent_, VariableKind::Spool, std::uint64_t{disk_.spool.size()}, std::move(text), by);
}

bool Machine::has_room_for(std::uint64_t octets) const {
  if (faults.disk_full) return false;
  if (config.disk_octets_max == 0) return true;
  std::uint64_t used = disk_.spool.octets();
  for (const auto& [user, box] : disk_.mailboxes) used += box.octets();
  for (const auto& [user, box] : disk_.junk) used += box.octets();
  return used + octets <= config.disk_octets_max;
}

bool Machine::sends() const {
  return std::any_of(processes_.begin(), processes_.end(),
                     [](const auto& process) { return process->kind() == AgentKind::MtaClient; });
}

std::optional<std::size_t> Machine::send_now(std::string_view domain) {
  for (const auto& process : processes_)
    if (const auto count = process->send_now(domain)) return count;
  return std::nullopt;
}

bool Machine::hand_over(AgentKind to, Stream& stream, const std::string& peer, std::string input) {
  for (const auto& process : processes_)
    if (process->kind() == to) return process->take_over(stream, peer, std::move(input));
  return false;
}

void Machine::tell(Id agent, trace::What what, trace::Value after, std::string text, Id by) {
  if (!recorded) return;
  trace_.change(simulator().now(), trace_.variable(host(), agent, what), std::move(after),
                std::move(text), by);
}

}  // namespace mailscope::sim
