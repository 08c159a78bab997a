#include "sim/hosts/mta_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "protocols/base/ascii.hpp"

namespace mailscope::sim {
namespace {

constexpr Time kProcessStart = 10 * kMillisecond;

bool is_waiting(const SpooledRecipient& recipient) {
  return recipient.fate == Fate::Pending;
}

}  // namespace

MtaClient::MtaClient(Machine& machine, std::uint16_t port)
    : Process(machine, trace::AgentKind::MtaClient, "MTA client"),
      port_(port),
      timer_(machine.simulator(), *this, 0) {}

void MtaClient::start() {
  become("idle", "the MTA client waits until the spool holds mail");
}

void MtaClient::stop() {
  timer_.cancel();
  engine_.reset();
  deliveries_.clear();
  socket_ = kNoSocket;
}

void MtaClient::on_spooled() {
  if (engine_) return;  // it looks at the spool again when this connection is over
  for (const SpooledMail& mail : machine_.spooled())
    for (const SpooledRecipient& recipient : mail.recipients)
      if (is_waiting(recipient) && !machine_.is_local(recipient.address)) {
        if (!timer_.armed() || timer_.deadline() > machine_.simulator().now() + kProcessStart)
          timer_.arm_after(kProcessStart);
        return;
      }
}

void MtaClient::on_event(std::uint64_t) {
  if (engine_) return;
  become("running", "the spool is not empty: the MTA client starts");
  for (SpooledMail& mail : machine_.spooled()) ++mail.attempts;
  tried_.clear();
  settled_ = false;
  work();
}

std::string MtaClient::next_host(std::string_view address) const {
  if (!machine_.config.smart_host.empty()) return machine_.config.smart_host;
  for (const auto& [domain, host] : machine_.exchangers)
    if (equal_no_case(domain, domain_of(address))) return host;
  return {};
}

void MtaClient::work() {
  // The host that was called last may be called again when it settled something.
  if (std::exchange(settled_, false) && !tried_.empty()) tried_.pop_back();
  for (SpooledMail& mail : machine_.spooled())
    for (SpooledRecipient& recipient : mail.recipients) {
      if (!is_waiting(recipient) || machine_.is_local(recipient.address)) continue;
      const std::string host = next_host(recipient.address);
      if (host.empty())
        fail(mail, recipient, "nobody knows a mail server for its domain");
      else if (std::find(tried_.begin(), tried_.end(), host) == tried_.end())
        return connect(host);
    }
  finish();
}

void MtaClient::connect(const std::string& host) {
  tried_.push_back(host);
  settled_ = false;
  const auto address = machine_.hosts.find(host);
  if (address == machine_.hosts.end()) return work();
  socket_call("socket", "");
  socket_call("connect", fmt::format("{}:{}", address->second.text(), port_));
  engine_.emplace(smtp::ClientOptions{
      .name = machine_.name(), .extended = !machine_.config.classic, .pipelining = false});
  deliveries_.clear();
  for (SpooledMail& mail : machine_.spooled()) hand_over(mail, host);
  engine_->quit();
  socket_ = machine_.node().connect(address->second, port_, *this);
}

// One message for all recipients of a mail that this host takes.
void MtaClient::hand_over(SpooledMail& mail, const std::string& host) {
  Delivery delivery;
  delivery.mail = mail.number;
  smtp::Envelope envelope;
  if (!mail.reverse_path.empty()) {
    const auto sender = smtp::parse_mailbox(mail.reverse_path);
    if (sender) envelope.reverse_path.mailbox = *sender;
  }
  for (std::size_t i = 0; i < mail.recipients.size(); ++i) {
    const SpooledRecipient& recipient = mail.recipients[i];
    if (!is_waiting(recipient) || machine_.is_local(recipient.address) ||
        next_host(recipient.address) != host)
      continue;
    const auto mailbox = smtp::parse_mailbox(recipient.address);
    if (!mailbox) continue;
    envelope.recipients.push_back({*mailbox});
    delivery.recipients.push_back(i);
  }
  if (delivery.recipients.empty()) return;
  engine_->deliver(std::move(envelope), mail.content);
  deliveries_.push_back(std::move(delivery));
}

void MtaClient::on_connected(SocketId socket) {
  if (socket == socket_) run();
}

void MtaClient::on_octets(SocketId socket, std::string_view octets) {
  if (socket != socket_) return;
  socket_call("recv", fmt::format("{} octets", octets.size()));
  engine_->receive(octets);
  run();
}

// A connection that is being closed has still its FIN to tell when the next one is open already.
void MtaClient::on_eof(SocketId socket) {
  if (socket != socket_) return;
  engine_->receive_eof();
  run();
}

void MtaClient::run() {
  while (auto event = engine_->next_event()) {
    if (const auto* recipient = std::get_if<smtp::RecipientAnswered>(&*event)) settle(*recipient);
    if (const auto* message = std::get_if<smtp::MessageAnswered>(&*event)) settle(*message);
  }
  send(socket_, engine_->take_output());
  if (!engine_->wants_close() || socket_ == kNoSocket) return;
  socket_call("close", "");
  machine_.node().close(socket_);
  socket_ = kNoSocket;
  // The process goes on at once; TCP closes the connection behind it.
  engine_.reset();
  work();
}

void MtaClient::on_closed(SocketId socket, CloseReason reason) {
  if (socket != socket_ || !engine_) return;
  socket_ = kNoSocket;
  machine_.tell(agent(), "socket " + name(), std::string(sim::name(reason)),
                fmt::format("the connection is over: {}", sim::name(reason)));
  engine_.reset();
  work();
}

void MtaClient::settle(const smtp::RecipientAnswered& answer) {
  if (!answer.reply.permanent()) return;
  const Delivery& delivery = deliveries_[answer.message];
  SpooledMail* mail = find(delivery.mail);
  if (mail) fail(*mail, mail->recipients[delivery.recipients[answer.index]], answer.reply.text());
}

void MtaClient::settle(const smtp::MessageAnswered& answer) {
  const Delivery& delivery = deliveries_[answer.message];
  SpooledMail* mail = find(delivery.mail);
  if (!mail) return;
  if (answer.outcome == smtp::Outcome::Accepted) {
    for (std::size_t index : answer.accepted)
      mail->recipients[delivery.recipients[index]].fate = Fate::Done;
    settled_ = true;
    machine_.sweep_spool("the next host answers for the message now; it leaves the spool");
  } else if (answer.reply.permanent()) {
    for (std::size_t index : delivery.recipients)
      if (is_waiting(mail->recipients[index]))
        fail(*mail, mail->recipients[index], answer.reply.text());
  }
}

void MtaClient::fail(SpooledMail& mail, SpooledRecipient& recipient, const std::string& why) {
  recipient.fate = Fate::Failed;
  settled_ = true;
  machine_.tell(agent(), "undeliverable", recipient.address,
                fmt::format("{} cannot be delivered to {}: {}", mail.id(), recipient.address,
                            printable_utf8(why)));
}

SpooledMail* MtaClient::find(std::uint64_t number) {
  for (SpooledMail& mail : machine_.spooled())
    if (mail.number == number) return &mail;
  return nullptr;
}

void MtaClient::finish() {
  for (SpooledMail& mail : machine_.spooled())
    for (SpooledRecipient& recipient : mail.recipients)
      if (is_waiting(recipient) && !machine_.is_local(recipient.address) &&
          mail.attempts >= kAttemptsMax)
        fail(mail, recipient, "given up after several attempts");
  machine_.sweep_spool("given up: the message leaves the spool");
  const bool more = std::any_of(
      machine_.spooled().begin(), machine_.spooled().end(), [&](const SpooledMail& mail) {
        return std::any_of(mail.recipients.begin(), mail.recipients.end(),
                           [&](const SpooledRecipient& one) {
                             return is_waiting(one) && !machine_.is_local(one.address);
                           });
      });
  become("idle", more ? "the MTA client will try again later"
                      : "no more mail to send: the MTA client ends");
  if (more) timer_.arm_after(kRetry);
}

}  // namespace mailscope::sim
