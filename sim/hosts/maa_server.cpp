#include "sim/hosts/maa_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "protocols/pop3/apop.hpp"
#include "protocols/sasl/crypto.hpp"
#include "sim/hosts/fresh_words.hpp"
#include "sim/hosts/maa_server_imap.hpp"

namespace mailscope::sim {

MaaServer::MaaServer(Machine& machine, std::uint16_t port)
    : Process(machine, trace::AgentKind::MaaServer, "MAA server", port),
      port_(port),
      idle_(machine.simulator(), *this, 0) {}

MaaServer::~MaaServer() = default;

void MaaServer::start() {
  machine_.network().listen(port_, *this);
  socket_call(Syscall::Socket);
  socket_call(Syscall::Bind, {{}, port_});
  socket_call(Syscall::Listen);
  if (!machine_.config.imap)
    return become(State::Listening,
                  fmt::format("the MAA server listens on port {}, always", port_));
  if (!imap_) imap_ = std::make_unique<Imap>(*this, machine_);
  machine_.network().listen(kImapPort, *imap_);
  socket_call(Syscall::Socket);
  socket_call(Syscall::Bind, {{}, kImapPort});
  socket_call(Syscall::Listen);
  become(State::Listening,
         fmt::format("the MAA server listens on ports {} and {}, always", port_, kImapPort));
}

void MaaServer::stop() {
  sessions_.clear();
  if (imap_) imap_->stop();
  last_log_ins_.clear();
  idle_.cancel();
}

pop3::ServerOptions MaaServer::options() {
  const AccessConfig& config = machine_.config.access;
  const std::uint64_t count = ++greetings_;
  pop3::ServerOptions options;
  options.domain = machine_.mail_name();
  options.implementation = "MailScope";
  options.utf8 = true;
  options.login_delay_seconds = static_cast<std::uint32_t>(config.login_delay / kSecond);
  const auto bracketed = [&](const std::string& word) {
    return fmt::format("<{}.{}@{}>", word, machine_.date().unix_seconds, machine_.mail_name());
  };
  if (config.apop) options.apop_timestamp = bracketed(fresh_words(machine_, "APOP", count).nonce);
  auto [challenge, nonce] = fresh_words(machine_, "POP3", count);
  const auto mechanisms = sasl::mechanisms();
  options.mechanisms.assign(mechanisms.begin(), mechanisms.end());
  options.sasl = {bracketed(challenge), std::move(nonce), "salt of " + machine_.name(), {}};
  return options;
}

void MaaServer::on_accepted(Stream& stream) {
  pop3::ServerOptions offered = options();
  std::string timestamp = offered.apop_timestamp;
  Session& session =
      sessions_
          .insert_or_assign(
              stream.id(),
              Session{&stream, pop3::Server(std::move(offered)), {}, {}, std::move(timestamp)})
          .first->second;
  socket_call(Syscall::Accept, stream.remote());
  run(session);
}

void MaaServer::on_octets(Stream& stream, std::string_view octets) {
  const auto found = sessions_.find(stream.id());
  if (found == sessions_.end()) return;
  socket_call(Syscall::Recv, octets.size());
  found->second.engine.receive(octets);
  run(found->second);
}

void MaaServer::on_eof(Stream& stream) {
  const auto found = sessions_.find(stream.id());
  if (found == sessions_.end()) return;
  found->second.engine.receive_eof();
  run(found->second);
}

void MaaServer::on_closed(Stream& stream, CloseReason) {
  forget(stream.id());
}

void MaaServer::run(Session& session) {
  session.last_active = machine_.now();
  if (!idle_.armed()) arm_idle();
  while (auto event = session.engine.next_event()) {
    if (const auto* asked = std::get_if<pop3::PasswordAsked>(&*event))
      give_password(session, *asked);
    if (const auto* asked = std::get_if<pop3::LoginAsked>(&*event)) log_in(session, *asked);
    if (const auto* asked = std::get_if<pop3::RetrieveAsked>(&*event)) retrieve(session, *asked);
    if (const auto* asked = std::get_if<pop3::UpdateAsked>(&*event)) update(session, *asked);
  }
  send(*session.stream, session.engine.take_output());
  if (!session.engine.wants_close()) return;
  socket_call(Syscall::Close);
  const SocketId id = session.stream->id();
  session.stream->close();
  forget(id);
}

void MaaServer::give_password(Session& session, const pop3::PasswordAsked& asked) {
  const Account* account = machine_.directory().account(asked.user);
  session.engine.give_password(account ? std::optional<std::string>(account->password)
                                       : std::nullopt);
}

void MaaServer::log_in(Session& session, const pop3::LoginAsked& asked) {
  using Proof = pop3::LoginAsked::Proof;
  const Account* account = machine_.directory().account(asked.user);
  const bool proven =
      account && (asked.proof == Proof::Sasl ? true
                  : asked.proof == Proof::Digest
                      ? asked.digest == pop3::apop_digest(session.apop_timestamp, account->password)
                      : asked.password == account->password);
  if (!proven) return session.engine.refuse_login("invalid user or password");
  if (is_too_soon(asked.user))
    return session.engine.refuse_login(
        fmt::format("log in every {} at most", span_of(machine_.config.access.login_delay)),
        pop3::ResponseCode::LoginDelay);
  mailbox::Mailbox& inbox = *machine_.store().inbox(asked.user);
  if (!inbox.lock())
    return session.engine.refuse_login("the mailbox is locked by another session",
                                       pop3::ResponseCode::InUse);
  if (const auto refreshed = inbox.refresh(); !refreshed) {
    inbox.unlock();
    return session.engine.refuse_login("the mailbox cannot be read now",
                                       pop3::ResponseCode::SysTemp);
  }
  session.locked = asked.user;
  last_log_ins_.insert_or_assign(asked.user, machine_.now());
  tell({VariableKind::Lock, asked.user}, State::Locked,
       fmt::format("{}'s mailbox is locked for this session", asked.user));
  session.engine.accept_login(maildrop(session, inbox));
}

bool MaaServer::is_too_soon(const std::string& user) const {
  const auto last = last_log_ins_.find(user);
  return last != last_log_ins_.end() &&
         machine_.now() < last->second + machine_.config.access.login_delay;
}

// A message that cannot be read now is none of this session's.
pop3::Maildrop MaaServer::maildrop(Session& session, mailbox::Mailbox& inbox) const {
  pop3::Maildrop maildrop;
  std::string buffer;
  session.uids.clear();
  for (const mailbox::Message& message : inbox.messages()) {
    const auto content = inbox.content(message.uid, buffer);
    if (!content) continue;
    maildrop.push_back(
        {pop3::wire_octets(*content), unique_id(session.locked, inbox, message.uid)});
    session.uids.push_back(message.uid);
  }
  return maildrop;
}

// RFC 1939 §7: 1 to 70 octets from 0x21 to 0x7E, never used again. A disk that lives no longer than
// the program begins to count anew, so the count by itself would come again. One that outlives it
// has a UIDVALIDITY for that.
std::string MaaServer::unique_id(const std::string& user, const mailbox::Mailbox& inbox,
                                 mailbox::Uid uid) const {
  if (machine_.store().is_outside(user)) return fmt::format("{}.m{:06}", inbox.uid_validity(), uid);
  const std::string& secret = machine_.config.secret;
  if (secret.empty()) return fmt::format("m{:06}", uid);
  const std::string start = sasl::hex(sasl::hmac_sha256(secret, "unique ids")).substr(0, 16);
  return fmt::format("{}.m{:06}", start, uid);
}

void MaaServer::retrieve(Session& session, const pop3::RetrieveAsked& asked) {
  std::string buffer;
  const auto content =
      machine_.store().inbox(session.locked)->content(session.uids[asked.index], buffer);
  if (!content) {
    const bool gone = content.error().kind == mailbox::Failure::Kind::Gone;
    return session.engine.no_content(content.error().text,
                                     gone ? pop3::ResponseCode::None : pop3::ResponseCode::SysTemp);
  }
  session.engine.content(*content);
}

void MaaServer::update(Session& session, const pop3::UpdateAsked& asked) {
  std::vector<mailbox::Uid> uids;
  for (const std::size_t index : asked.deleted) uids.push_back(session.uids[index]);
  const auto expunged = machine_.store().inbox(session.locked)->expunge(uids);
  if (!expunged) return session.engine.update_failed(expunged.error().text);
  const std::size_t gone = uids.size();
  if (gone > 0)
    machine_.store().mailbox_changed(session.locked,
                                     fmt::format("UPDATE: {} marked message{} {}'s mailbox", gone,
                                                 gone == 1 ? " leaves" : "s leave", session.locked),
                                     agent());
  session.engine.update_done();
}

void MaaServer::unlock(Session& session) {
  if (session.locked.empty()) return;
  machine_.store().inbox(session.locked)->unlock();
  tell({VariableKind::Lock, session.locked}, State::Free,
       fmt::format("{}'s mailbox is free again", session.locked));
  session.locked.clear();
}

void MaaServer::forget(SocketId socket) {
  const auto found = sessions_.find(socket);
  if (found == sessions_.end()) return;
  unlock(found->second);
  sessions_.erase(found);
  if (sessions_.empty()) idle_.cancel();
}

// ---- silent clients (RFC 1939 §3) ----

void MaaServer::arm_idle() {
  Time oldest = machine_.now();
  for (const auto& [socket, session] : sessions_) oldest = std::min(oldest, session.last_active);
  idle_.arm_at(std::max(oldest + machine_.config.access.idle_timeout, machine_.now()));
}

void MaaServer::on_event(std::uint64_t) {
  const Time timeout = machine_.config.access.idle_timeout;
  std::vector<SocketId> silent;
  for (const auto& [socket, session] : sessions_)
    if (session.last_active + timeout <= machine_.now()) silent.push_back(socket);
  for (const SocketId socket : silent) {
    Session& session = sessions_.find(socket)->second;
    tell(
        VariableKind::Idle, session.stream->remote().address.text(),
        fmt::format("nothing came from {} for {}: the connection is closed, and nothing is deleted",
                    session.stream->remote().address.text(), span_of(timeout)));
    session.engine.close_without_update();
    run(session);
  }
  if (!sessions_.empty()) arm_idle();
}

}  // namespace mailscope::sim
