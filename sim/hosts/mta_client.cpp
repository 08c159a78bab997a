#include "sim/hosts/mta_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "sim/hosts/reports.hpp"

// The queue: which mails are due, where they go, and what becomes of them. The connections are in
// mta_client_call.cpp.

namespace mailscope::sim {
namespace {

constexpr Time kCallStart = 10 * kMillisecond;
constexpr int kDoublingsMax = 30;

std::string key_of(const std::vector<MailHost>& hosts) {
  std::string key;
  for (const MailHost& host : hosts) key += lower_case(host.name) + ' ';
  return key;
}

std::string_view status_of(MailRoute::Status status) {
  switch (status) {
    case MailRoute::Status::NoSuchDomain:
      return "5.1.2";
    case MailRoute::Status::NullMx:
      return "5.1.10";
    case MailRoute::Status::NoMailHost:
      return "5.4.4";
    case MailRoute::Status::TryLater:
    case MailRoute::Status::Found:
      break;
  }
  return "4.4.3";
}

}  // namespace

MtaClient::MtaClient(Machine& machine, Resolver* resolver)
    : Process(machine, trace::AgentKind::MtaClient, "MTA client"),
      routes_(machine, resolver),
      timer_(machine.simulator(), *this, 0),
      patience_(machine.simulator(), *this, 1),
      attempt_(machine.simulator(), *this, 2) {}

void MtaClient::start() {
  become(State::Idle, "the MTA client waits until the spool holds mail");
}

void MtaClient::stop() {
  timer_.cancel();
  patience_.cancel();
  attempt_.cancel();
  due_.clear();
  open_.clear();
  asking_.clear();
  groups_.clear();
  calls_.clear();
  released_.clear();
  calling_ = rival_ = kNoSocket;
}

bool MtaClient::Group::push(std::uint64_t number) {
  if (!waiting.insert(number).second) return false;
  mails.push_back(number);
  return true;
}

std::uint64_t MtaClient::Group::pop() {
  const std::uint64_t number = mails.front();
  mails.pop_front();
  waiting.erase(number);
  return number;
}

// ---- what is due ----

bool MtaClient::is_mine(const SpooledRecipient& recipient) const {
  return recipient.fate == Fate::Pending && !machine_.directory().is_local(recipient.address);
}

bool MtaClient::is_held(std::string_view domain) const {
  const auto& held = machine_.config.routing.held_domains;
  return std::any_of(
             held.begin(), held.end(),
             [&](const std::string& held_domain) { return equal_no_case(held_domain, domain); }) &&
         released_.count(lower_case(domain)) == 0;
}

void MtaClient::wake_at(std::uint64_t number, Time at) {
  due_.emplace(at, number);
  arm();
}

void MtaClient::arm() {
  if (due_.empty()) return timer_.cancel();
  const Time at = std::max(due_.begin()->first, machine_.now());
  if (!timer_.armed() || timer_.deadline() != at) timer_.arm_at(at);
}

void MtaClient::on_spooled(const SpooledMail& mail) {
  const bool sends = std::any_of(
      mail.recipients.begin(), mail.recipients.end(), [&](const SpooledRecipient& recipient) {
        return is_mine(recipient) && !is_held(domain_of(recipient.address));
      });
  const Time start = calls_.empty() ? kCallStart : 0;
  if (sends) wake_at(mail.number, std::max(machine_.now() + start, mail.next_attempt));
}

std::optional<std::size_t> MtaClient::send_now(std::string_view domain) {
  released_.insert(lower_case(domain));
  std::size_t count = 0;
  for (const auto& [number, mail] : machine_.store().spool().mails()) {
    const bool waits =
        std::any_of(mail.recipients.begin(), mail.recipients.end(), [&](const auto& recipient) {
          return is_mine(recipient) && equal_no_case(domain_of(recipient.address), domain);
        });
    if (!waits) continue;
    ++count;
    due_.erase({mail.next_attempt, number});
    wake_at(number, machine_.now() + kCallStart);
  }
  return count;
}

void MtaClient::on_event(std::uint64_t token) {
  if (token == 1) return lose_patience();
  if (token == 2) return try_other_family();
  become(State::Running, "the spool is not empty: the MTA client starts");
  while (!due_.empty() && due_.begin()->first <= machine_.now()) {
    const std::uint64_t number = due_.begin()->second;
    due_.erase(due_.begin());
    plan(number);
  }
  arm();  // for what is due later
  work();
}

// A mail has a part for each domain of its recipients; it is concluded when all parts are closed.
void MtaClient::plan(std::uint64_t number) {
  const SpooledMail* mail = machine_.store().spool().find(number);
  if (!mail || open_.count(number) != 0) return;
  std::set<std::string> domains;
  for (const SpooledRecipient& recipient : mail->recipients)
    if (is_mine(recipient) && !is_held(domain_of(recipient.address)))
      domains.insert(lower_case(domain_of(recipient.address)));
  if (domains.empty()) return;
  open_[number] = domains.size();
  for (const std::string& domain : domains) {
    const auto [asked, fresh] = asking_.try_emplace(domain);
    asked->second.push_back(number);
    if (fresh)
      routes_.find(domain, [this, domain](MailRoute route) { on_route(domain, std::move(route)); });
  }
}

void MtaClient::on_route(const std::string& domain, MailRoute route) {
  const auto asked = asking_.find(domain);
  if (asked == asking_.end()) return;
  const std::vector<std::uint64_t> mails = std::move(asked->second);
  asking_.erase(asked);
  if (route.status != MailRoute::Status::Found) {
    for (const std::uint64_t number : mails) {
      SpooledMail* mail = machine_.store().spool().find(number);
      if (mail)
        for (SpooledRecipient& recipient : mail->recipients) {
          if (!is_mine(recipient) || !equal_no_case(domain_of(recipient.address), domain)) continue;
          note(recipient, std::string(status_of(route.status)), route.why);
          if (route.status != MailRoute::Status::TryLater) fail(*mail, recipient);
        }
      close_part(number);
    }
    return work();
  }
  Group& group = group_for(route);
  group.domains.insert(domain);
  for (const std::uint64_t number : mails) {
    // Perhaps another domain of this mail goes the same way: one message for both.
    if (!group.push(number)) close_part(number);
  }
  work();
}

MtaClient::Group& MtaClient::group_for(const MailRoute& route) {
  const std::string key = key_of(route.hosts);
  const auto call = calls_.find(calling_);
  if (call != calls_.end() && call->second.group.key == key && !call->second.quitting)
    return call->second.group;
  for (Group& group : groups_)
    if (group.key == key && !group.asks()) return group;
  Group& group = groups_.emplace_back();
  group.key = key;
  group.hosts = route.hosts;
  return group;
}

// ---- what becomes of them ----

void MtaClient::close_part(std::uint64_t number) {
  const auto open = open_.find(number);
  if (open == open_.end() || --open->second > 0) return;
  open_.erase(open);
  conclude(number);
}

// Every way was tried in this run.
void MtaClient::conclude(std::uint64_t number) {
  SpooledMail* mail = machine_.store().spool().find(number);
  if (!mail) return;
  const bool waits = std::any_of(
      mail->recipients.begin(), mail->recipients.end(), [&](const SpooledRecipient& recipient) {
        return is_mine(recipient) && !is_held(domain_of(recipient.address));
      });
  if (waits) put_off(*mail);
  const bool failed =
      std::any_of(mail->recipients.begin(), mail->recipients.end(),
                  [](const auto& recipient) { return recipient.fate == Fate::Failed; });
  machine_.settle(number,
                  failed ? "nothing more can be done for it: the message leaves the spool"
                         : "the next host answers for the message now; it leaves the spool",
                  agent());
}

void MtaClient::put_off(SpooledMail& mail) {
  const QueueOptions& queue = machine_.config.queue;
  const Time now = machine_.now();
  ++mail.attempts;
  std::vector<SpooledRecipient> late;
  const bool over = now - mail.arrived >= queue.lifetime;
  for (SpooledRecipient& recipient : mail.recipients) {
    if (!is_mine(recipient)) continue;
    if (over) {
      give_up(mail, recipient);
    } else {
      late.push_back(recipient);
    }
  }
  if (over) return;
  Time delay = queue.first_retry;
  for (int i = 1; i < std::min(mail.attempts, kDoublingsMax) && delay < queue.retry_max; ++i)
    delay *= 2;
  delay = std::min(delay, std::max(queue.retry_max, queue.first_retry));
  mail.next_attempt = std::min(now + delay, mail.arrived + queue.lifetime);
  if (!mail.warned && queue.warn_after > 0 && now - mail.arrived >= queue.warn_after) {
    mail.warned = true;
    report(machine_, mail, mime::DeliveryAction::Delayed, late);
  }
  tell(VariableKind::Retry, mail.id(),
       fmt::format("{} waits in the spool; attempt {} comes in {} s", mail.id(), mail.attempts + 1,
                   (mail.next_attempt - now) / kSecond));
  wake_at(mail.number, mail.next_attempt);
}

// Its lifetime is over. The status is that of the last attempt, as RFC 3463 §3.5 (X.4.7) wants it;
// of class 4, since it was a passing trouble that lasted too long (§2).
void MtaClient::give_up(const SpooledMail& mail, SpooledRecipient& recipient) {
  if (recipient.status.empty()) recipient.status = "4.4.7";
  recipient.words = fmt::format("It was tried for {} and is given up now",
                                span_of(machine_.now() - mail.arrived));
  fail(mail, recipient);
}

void MtaClient::note(SpooledRecipient& recipient, const std::string& remote,
                     const smtp::Reply& reply) {
  recipient.remote = remote;
  std::string text = reply.text();
  std::replace(text.begin(), text.end(), '\n', ' ');
  recipient.reply = fmt::format("{} {}", reply.code, text);
  const auto code = smtp::enhanced_code(reply);
  recipient.status = code ? code->text() : fmt::format("{}.0.0", reply.severity());
  recipient.last_attempt = machine_.now();
}

void MtaClient::note(SpooledRecipient& recipient, std::string status, std::string why) {
  recipient.remote.clear();
  recipient.status = std::move(status);
  recipient.reply = std::move(why);
  recipient.last_attempt = machine_.now();
}

void MtaClient::fail(const SpooledMail& mail, SpooledRecipient& recipient) {
  recipient.fate = Fate::Failed;
  tell(VariableKind::Undeliverable, recipient.address,
       fmt::format("{} cannot be delivered to {}: {}", mail.id(), printable_utf8(recipient.address),
                   printable_utf8(recipient.reply)));
}

void MtaClient::finish() {
  if (!open_.empty() || !calls_.empty()) return;  // routes are being looked for
  const bool soon = !due_.empty() && due_.begin()->first <= machine_.now() + kCallStart;
  if (!soon) released_.clear();
  become(State::Idle, due_.empty() ? "no more mail to send: the MTA client ends"
                                   : "the MTA client will try again later");
}

}  // namespace mailscope::sim
