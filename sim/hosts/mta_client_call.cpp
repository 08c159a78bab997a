// The connections of the MTA client: whom it calls, what it offers, and what the answers mean.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/down_convert.hpp"
#include "protocols/mime/header.hpp"
#include "sim/hosts/mta_client.hpp"
#include "sim/hosts/reports.hpp"
#include "sim/kernel/random.hpp"

namespace mailscope::sim {
namespace {

std::uint8_t notify_bits(const Notify& notify) {
  if (!notify.stated) return 0;
  std::uint8_t bits = 0;
  if (notify.success) bits |= smtp::kNotifySuccess;
  if (notify.failure) bits |= smtp::kNotifyFailure;
  if (notify.delay) bits |= smtp::kNotifyDelay;
  return bits == 0 ? smtp::kNotifyNever : bits;
}

smtp::RecipientOptions options_of(const SpooledRecipient& recipient) {
  smtp::RecipientOptions options;
  options.notify = notify_bits(recipient.notify);
  const std::size_t semicolon = recipient.original.find(';');
  if (semicolon == std::string::npos) return options;
  options.original_recipient_type = recipient.original.substr(0, semicolon);
  options.original_recipient = recipient.original.substr(semicolon + 1);
  return options;
}

constexpr Time kAttemptDelay = 250 * kMillisecond;  // RFC 8305 §5, Connection Attempt Delay

bool is_ascii(std::string_view text) {
  return !mime::has_eight_bit(text);
}

State state_of(CloseReason reason) {
  switch (reason) {
    case CloseReason::Finished:
      return State::Finished;
    case CloseReason::Reset:
      return State::Reset;
    case CloseReason::TimedOut:
      return State::TimedOut;
    case CloseReason::Refused:
      return State::Refused;
    case CloseReason::Unreachable:
      return State::Unreachable;
  }
  return State::Finished;
}

}  // namespace

// ---- calling ----

void MtaClient::work() {
  while (calling_ == kNoSocket && !groups_.empty()) {
    Group group = std::move(groups_.front());
    groups_.pop_front();
    if (!connect(group)) give_up(group);
  }
  if (calling_ == kNoSocket) finish();
}

// To the next address of the next host; false when there is none left.
bool MtaClient::connect(Group& group) {
  for (; group.host < group.hosts.size(); ++group.host, group.address = 0) {
    const MailHost& host = group.hosts[group.host];
    if (group.address >= host.addresses.size()) continue;
    const IpAddress address = host.addresses[group.address];
    const auto& config = machine_.config;
    const bool smart = !config.routing.smart_host.empty() && host.name == config.routing.smart_host;
    const std::uint16_t port = smart ? config.routing.smart_port : 25;
    socket_call(Syscall::Socket);
    socket_call(Syscall::Connect, {address, port});
    Stream* stream = machine_.network().connect(address, port, *this);
    if (!stream) return false;
    smtp::ClientOptions engine_options = options();
    if (smart && !config.routing.smart_user.empty()) {
      smtp::ClientAuth auth;
      auth.user = config.routing.smart_user;
      auth.password = config.routing.smart_password;
      std::uint64_t state =
          fnv1a(machine_.name()) + ++logins_ + (std::uint64_t{machine_.boots()} << 32);
      auth.nonce = fmt::format("{:016x}", split_mix(state));
      engine_options.auth = std::move(auth);
    }
    Call call(*stream, std::move(engine_options), std::move(group));
    if (!call.group.etrn.empty()) call.engine.etrn(call.group.etrn);
    calling_ = stream->id();
    Call& made = calls_.insert_or_assign(calling_, std::move(call)).first->second;
    patience_.arm_after(config.client.reply_timeout);
    if (has_other_family(made.group)) attempt_.arm_after(kAttemptDelay);
    return true;
  }
  return false;
}

// RFC 8305 §5: an address of the other version is next. The order among hosts stays that of RFC
// 5321 §5.1: only addresses of one host race.
bool MtaClient::has_other_family(const Group& group) const {
  const auto& addresses = group.hosts[group.host].addresses;
  return rival_ == kNoSocket && group.address + 1 < addresses.size() &&
         addresses[group.address].v6 != addresses[group.address + 1].v6;
}

// The first attempt is not given up: whichever is through first carries the mail.
void MtaClient::try_other_family() {
  const auto first = calls_.find(calling_);
  if (first == calls_.end()) return;
  Group group = std::move(first->second.group);
  const bool v6 = group.hosts[group.host].addresses[group.address].v6;
  ++group.address;
  const std::string next = group.hosts[group.host].addresses[group.address].text();
  tell(VariableKind::Fallback, next,
       fmt::format("no answer over {} for 250 ms: the MTA client tries {} as well",
                   v6 ? "IPv6" : "IPv4", next));
  rival_ = calling_;
  if (connect(group)) return;
  calls_.at(std::exchange(rival_, kNoSocket)).group = std::move(group);
}

// One of two attempts is through, or has failed: the other one is dropped, or goes on alone.
void MtaClient::settle_race(SocketId socket, bool connected) {
  attempt_.cancel();
  if (rival_ == kNoSocket) return;
  const SocketId other = socket == rival_ ? calling_ : rival_;
  if (connected != (socket == calling_))  // the mails are with the one that is dropped
    std::swap(calls_.at(rival_).group, calls_.at(calling_).group);
  calling_ = connected ? socket : other;
  rival_ = kNoSocket;
  const SocketId dropped = connected ? other : socket;
  const auto call = calls_.find(dropped);
  if (connected) call->second.stream->abort();
  calls_.erase(call);
}

smtp::ClientOptions MtaClient::options() {
  const MailConfig& config = machine_.config;
  smtp::ClientOptions options = config.client.smtp;
  options.name = machine_.mail_name();
  options.extended = !config.classic;
  return options;
}

// No host of the group would talk: its mails wait for the next run, or go back.
void MtaClient::give_up(Group& group) {
  while (!group.mails.empty()) {
    const std::uint64_t number = group.pop();
    if (SpooledMail* mail = machine_.store().spool().find(number))
      for (SpooledRecipient& recipient : mail->recipients) {
        if (!is_mine(recipient) ||
            group.domains.count(lower_case(domain_of(recipient.address))) == 0)
          continue;
        note(recipient, group.status.empty() ? "4.4.1" : group.status,
             group.reply.empty() ? "no host of its domain has an address" : group.reply);
        recipient.remote = group.remote;
        if (group.refused && !group.temporary) fail(*mail, recipient);
      }
    close_part(number);
  }
}

void MtaClient::fetch_with_turn(const std::string& host) {
  if (!machine_.powered()) return;
  become(State::Running, fmt::format("the MTA client calls {} to fetch mail with TURN", host));
  Group group;
  group.turn = true;
  ask(host, std::move(group));
}

void MtaClient::fetch_with_etrn(const std::string& host, const std::string& node) {
  if (!machine_.powered()) return;
  become(State::Running,
         fmt::format("the MTA client asks {} for the mail of {} with ETRN", host, node));
  Group group;
  group.etrn = node;
  ask(host, std::move(group));
}

void MtaClient::ask(const std::string& host, Group group) {
  group.hosts.push_back({host, 0, machine_.hosts.to_try(host, machine_.network())});
  groups_.push_back(std::move(group));
  work();
}

// A client of ours said TURN: now it is the server, and gets what waits for it.
bool MtaClient::take_over(Stream& stream, const std::string& peer, std::string input) {
  Call call(stream, options(), {});
  call.turned = true;
  call.group.hosts.push_back({peer, 0, {}});
  call.group.domains.insert(lower_case(peer));
  released_.insert(lower_case(peer));
  for (const auto& [number, mail] : machine_.store().spool().mails()) {
    const bool waits =
        std::any_of(mail.recipients.begin(), mail.recipients.end(), [&](const auto& recipient) {
          return is_mine(recipient) && equal_no_case(domain_of(recipient.address), peer);
        });
    if (!waits || !open_.try_emplace(number, 1).second) continue;
    call.group.push(number);
  }
  become(State::Running, fmt::format("TURN: the MTA client has the connection now, with {} for {}",
                                     count_of(call.group.mails.size(), "mail"), peer));
  stream.set_user(*this);
  calls_.insert_or_assign(stream.id(), std::move(call));
  if (!input.empty()) on_octets(stream, input);
  return true;
}

// ---- the connection ----

void MtaClient::on_connected(Stream& stream) {
  const SocketId socket = stream.id();
  if (socket == calling_ || socket == rival_) settle_race(socket, true);
  run(socket);
}

void MtaClient::on_octets(Stream& stream, std::string_view octets) {
  const SocketId socket = stream.id();
  const auto call = calls_.find(socket);
  if (call == calls_.end()) return;
  if (socket == calling_) patience_.arm_after(machine_.config.client.reply_timeout);
  socket_call(Syscall::Recv, octets.size());
  call->second.engine.receive(octets);
  run(socket);
}

// A connection that is being closed has still its FIN to tell when the next one is open already.
void MtaClient::on_eof(Stream& stream) {
  const SocketId socket = stream.id();
  const auto call = calls_.find(socket);
  if (call == calls_.end()) return;
  call->second.engine.receive_eof();
  run(socket);
}

void MtaClient::on_closed(Stream& stream, CloseReason reason) {
  const SocketId socket = stream.id();
  const auto call = calls_.find(socket);
  if (call == calls_.end()) return;
  tell({VariableKind::Socket, name()}, state_of(reason),
       fmt::format("the connection is over: {}", sim::name(reason)));
  if (rival_ != kNoSocket && (socket == calling_ || socket == rival_))
    return settle_race(socket, false);
  if (socket == calling_) attempt_.cancel();
  call->second.engine.receive_eof();
  while (auto event = call->second.engine.next_event()) take(call->second, *event);
  end_call(socket, std::string(sim::name(reason)));
}

void MtaClient::lose_patience() {
  if (calling_ == kNoSocket) return;
  if (rival_ != kNoSocket) {
    calls_.at(rival_).stream->abort();
    settle_race(rival_, false);
  }
  const SocketId socket = calling_;
  tell(VariableKind::Patience, State::Over,
       "the host does not answer: the MTA client does not wait any longer");
  Call& call = calls_.at(socket);
  call.stream->abort();
  call.engine.receive_eof();
  while (auto event = call.engine.next_event()) take(call, *event);
  end_call(socket, "timed out");
}

void MtaClient::run(SocketId socket) {
  const auto found = calls_.find(socket);
  if (found == calls_.end()) return;
  Call& call = found->second;
  while (auto event = call.engine.next_event()) take(call, *event);
  send(*call.stream, call.engine.take_output());
  if (call.engine.turned()) return hand_over(socket);
  if (!call.engine.wants_close()) return;
  socket_call(Syscall::Close);
  call.stream->close();
  // The process goes on at once; TCP closes the connection behind it.
  end_call(socket, "closed");
}

void MtaClient::take(Call& call, const smtp::ClientEvent& event) {
  if (std::holds_alternative<smtp::Greeted>(event)) {
    call.greeted = true;
    deliver_next(call);
  } else if (const auto* recipient = std::get_if<smtp::RecipientAnswered>(&event)) {
    settle(call, *recipient);
  } else if (const auto* message = std::get_if<smtp::MessageAnswered>(&event)) {
    settle(call, *message);
    deliver_next(call);
  } else if (const auto* refused = std::get_if<smtp::SessionRefused>(&event)) {
    SpooledRecipient said;
    note(said, call.group.host_name(), refused->reply);
    call.group.remote = said.remote;
    call.group.reply = said.reply;
    call.group.status = said.status;
    call.group.refused = call.refused = refused->reply.permanent();
    call.quitting = true;
    tell(VariableKind::Refused, call.group.host_name(),
         fmt::format("{} does not want to talk: {}", call.group.host_name(),
                     printable_utf8(said.reply)));
  } else if (const auto* login = std::get_if<smtp::LoginRefused>(&event)) {
    call.group.remote = call.group.host_name();
    call.group.status = "4.7.8";
    call.group.reply = login->reply.code == 0
                           ? "the server offers no way to log in that may be used here"
                           : fmt::format("{} {}", login->reply.code, login->reply.text());
    tell(VariableKind::LogIn, State::Refused,
         fmt::format("{} does not let us log in: {}", call.group.host_name(),
                     printable_utf8(call.group.reply)));
    call.quitting = true;
    call.engine.quit();
  } else if (const auto* logged = std::get_if<smtp::ClientLoggedIn>(&event)) {
    tell(VariableKind::LogIn, machine_.config.routing.smart_user,
         fmt::format("logged in as {} with {}", machine_.config.routing.smart_user,
                     logged->mechanism));
  } else if (const auto* etrn = std::get_if<smtp::EtrnAnswered>(&event)) {
    tell(VariableKind::Etrn, std::uint64_t(etrn->reply.code),
         fmt::format("ETRN {}: {}", etrn->node, printable_utf8(etrn->reply.text())));
  } else if (const auto* turn = std::get_if<smtp::TurnRefused>(&event)) {
    tell(VariableKind::Turn, State::Refused,
         fmt::format("{} does not turn: {}", call.group.host_name(),
                     printable_utf8(turn->reply.text())));
  }
}

// Nothing more will come on this connection. Mails that it left go to the same host again when it
// has settled something, else to the next one.
void MtaClient::end_call(SocketId socket, const std::string& why) {
  const auto found = calls_.find(socket);
  if (found == calls_.end()) return;
  Call call = std::move(found->second);
  calls_.erase(found);
  const bool queue_run = socket == calling_;
  if (queue_run) {
    calling_ = kNoSocket;
    patience_.cancel();
  }
  Group& group = call.group;
  if (!group.mails.empty()) {
    group.temporary |= !call.refused;
    if (!call.quitting) {
      group.remote.clear();
      group.status = "4.4.1";
      group.reply = fmt::format("no connection to {}: {}", group.host_name(), why);
    }
    if (call.turned) {
      give_up(group);
    } else {
      if (!call.settled) ++group.address;
      groups_.push_front(std::move(group));
    }
  } else if (group.asks() && !call.greeted) {
    tell(VariableKind::Fetch, State::Failed,
         fmt::format("{} cannot be asked for mail: {}", group.host_name(), why));
  }
  work();
}

// 250 to our TURN: the MTA server of this host takes the connection and greets.
void MtaClient::hand_over(SocketId socket) {
  const auto found = calls_.find(socket);
  const std::string peer = found->second.group.host_name();
  Stream& stream = *found->second.stream;
  std::string input = found->second.engine.take_input();
  calls_.erase(found);
  if (socket == calling_) {
    calling_ = kNoSocket;
    patience_.cancel();
  }
  tell(VariableKind::Turn, State::Granted,
       "TURN: the MTA server of this host takes the connection over");
  if (!machine_.programs().hand_over(trace::AgentKind::MtaServer, stream, peer, std::move(input)))
    stream.close();
  work();
}

// ---- the messages ----

// One message a time, so that what comes in meanwhile may follow on the same connection.
void MtaClient::deliver_next(Call& call) {
  if (call.mail != 0 || call.quitting || call.engine.wants_close()) return;
  Group& group = call.group;
  while (!group.mails.empty()) {
    const std::uint64_t number = group.pop();
    SpooledMail* mail = machine_.store().spool().find(number);
    if (mail && offer(call, *mail)) return;
    close_part(number);
  }
  call.quitting = true;
  if (group.turn) call.engine.turn();
  call.engine.quit();
}

bool MtaClient::offer(Call& call, SpooledMail& mail) {
  smtp::Envelope envelope;
  const bool utf8 =
      machine_.config.client.smtputf8 && call.engine.announced("SMTPUTF8").has_value();
  bool needs_utf8 = mail.internationalized || !is_ascii(mail.reverse_path);
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < mail.recipients.size(); ++i) {
    const SpooledRecipient& recipient = mail.recipients[i];
    if (!is_mine(recipient) ||
        call.group.domains.count(lower_case(domain_of(recipient.address))) == 0)
      continue;
    indices.push_back(i);
  }
  if (indices.empty()) return false;
  call.recipients.clear();
  for (const std::size_t i : indices) {
    SpooledRecipient& recipient = mail.recipients[i];
    const auto mailbox = smtp::parse_mailbox(recipient.address, smtp::Charset::Utf8);
    const bool ascii = is_ascii(recipient.address);
    if (!mailbox || (!utf8 && (needs_utf8 || !ascii))) {
      if (mailbox)
        note(recipient, "5.6.7",
             fmt::format("{} does not take addresses or headers beyond ASCII (SMTPUTF8)",
                         call.group.host_name()));
      else
        note(recipient, "5.1.3", "the address cannot be read");
      fail(mail, recipient);
      continue;
    }
    envelope.recipients.push_back({*mailbox, options_of(recipient)});
    if (!machine_.config.client.dsn) envelope.recipients.back().options = {};
    needs_utf8 |= !ascii;
    call.recipients.push_back(i);
  }
  if (call.recipients.empty()) return false;
  std::optional<std::string> content = fitting_content(call, mail);
  if (!content) return false;
  if (!mail.reverse_path.empty())
    if (auto sender = smtp::parse_mailbox(mail.reverse_path, smtp::Charset::Utf8))
      envelope.reverse_path.mailbox = std::move(*sender);
  using Options = smtp::MailOptions;
  envelope.options.smtputf8 = needs_utf8;
  if (mime::has_eight_bit(*content)) envelope.options.body = Options::Body::EightBitMime;
  if (machine_.config.client.dsn) {
    if (mail.return_stated)
      envelope.options.ret = mail.return_full ? Options::Return::Full : Options::Return::Headers;
    envelope.options.envelope_id = mail.envelope_id;
  }
  call.mail = mail.number;
  call.engine.deliver(std::move(envelope), std::move(*content));
  return true;
}

// The content as the server can take it; nothing, and the recipients fail, when it cannot be made
// so.
std::optional<std::string> MtaClient::fitting_content(Call& call, SpooledMail& mail) {
  if (call.engine.announced("8BITMIME") || !mime::has_eight_bit(mail.content)) return mail.content;
  if (machine_.config.client.down_convert) {
    if (std::optional<std::string> converted = mime::to_seven_bit(mail.content)) {
      tell(VariableKind::Conversion, mail.id(),
           fmt::format("{} takes 7-bit mail only: the 8-bit parts of {} are encoded",
                       call.group.host_name(), mail.id()));
      return converted;
    }
  }
  for (const std::size_t index : call.recipients) {
    note(mail.recipients[index], "5.6.3",
         fmt::format("{} takes 7-bit mail only, and the message is 8-bit", call.group.host_name()));
    fail(mail, mail.recipients[index]);
  }
  return std::nullopt;
}

void MtaClient::settle(Call& call, const smtp::RecipientAnswered& answer) {
  SpooledMail* mail = machine_.store().spool().find(call.mail);
  if (!mail || answer.reply.positive()) return;
  SpooledRecipient& recipient = mail->recipients[call.recipients[answer.index]];
  note(recipient, call.group.host_name(), answer.reply);
  if (!answer.reply.permanent()) return;
  fail(*mail, recipient);
  call.settled = true;
}

void MtaClient::settle(Call& call, const smtp::MessageAnswered& answer) {
  const std::uint64_t number = std::exchange(call.mail, 0);
  SpooledMail* mail = machine_.store().spool().find(number);
  if (!mail) return close_part(number);
  const std::string& host = call.group.host_name();
  const auto pending = [&](auto&& act) {
    for (const std::size_t index : call.recipients)
      if (mail->recipients[index].fate == Fate::Pending) act(mail->recipients[index]);
  };
  switch (answer.outcome) {
    case smtp::Outcome::Accepted: {
      std::vector<SpooledRecipient> relayed;
      for (const std::size_t index : answer.accepted) {
        SpooledRecipient& recipient = mail->recipients[call.recipients[index]];
        note(recipient, host, answer.reply);
        recipient.fate = Fate::Done;
        // RFC 3461 §5.2.2 b: the trail of reports ends here.
        if (!machine_.config.client.dsn || !call.engine.announced("DSN"))
          relayed.push_back(recipient);
      }
      call.settled = true;
      report(machine_, *mail, mime::DeliveryAction::Relayed, relayed);
      break;
    }
    case smtp::Outcome::Refused:
    case smtp::Outcome::Unfit:
      if (answer.at == smtp::Verb::Rcpt && answer.outcome == smtp::Outcome::Refused)
        break;  // each was noted
      pending([&](SpooledRecipient& recipient) {
        note(recipient, host, answer.reply);
        if (answer.reply.permanent()) fail(*mail, recipient);
      });
      call.settled |= answer.reply.permanent();
      break;
    case smtp::Outcome::InDoubt:
      pending([&](SpooledRecipient& recipient) {
        recipient.may_be_duplicate = true;
        note(recipient, "4.4.2",
             fmt::format("the connection to {} was lost before its answer", host));
      });
      tell(VariableKind::InDoubt, mail->id(),
           fmt::format("the connection was lost after the final dot of {} was given to TCP: {} may "
                       "have it or not. It will be sent again, and may be delivered twice",
                       mail->id(), host));
      break;
    case smtp::Outcome::NotSent:
      pending([&](SpooledRecipient& recipient) {
        note(recipient, "4.4.2",
             call.group.reply.empty() ? fmt::format("the connection to {} was lost", host)
                                      : call.group.reply);
      });
      break;
  }
  close_part(number);
}

}  // namespace mailscope::sim
