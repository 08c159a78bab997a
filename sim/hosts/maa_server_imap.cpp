#include "sim/hosts/maa_server_imap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "protocols/sasl/crypto.hpp"

namespace mailscope::sim {

MaaServer::Imap::Imap(MaaServer& program, Machine& machine)
    : program_(program), machine_(machine), news_(machine.simulator(), *this, 0) {}

void MaaServer::Imap::stop() {
  sessions_.clear();
  news_.cancel();
}

// ---- connections --------------------------------------------------------------------------------

void MaaServer::Imap::on_accepted(Stream& stream) {
  const auto added = sessions_.try_emplace(stream.id(), stream, options(stream.id())).first;
  program_.socket_call(Syscall::Accept, stream.remote());
  run(added->second);
}

// What has to differ from session to session is made of the host's secret; in a simulated run,
// which has none, of names and counters.
imap::ServerOptions MaaServer::Imap::options(SocketId socket) {
  imap::ServerOptions options;
  options.domain = machine_.mail_name();
  options.auth_mechanisms = {"SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN"};
  const std::string text =
      fmt::format("imap {} {} {}", machine_.name(), machine_.boots(), ++sessions_so_far_);
  const std::string word = sasl::hex(sasl::hmac_sha256(machine_.config.secret, text));
  options.sasl_challenge = fmt::format("<{}.{}@{}>", word.substr(0, 32),
                                       machine_.date().unix_seconds, machine_.mail_name());
  options.sasl_nonce = word.substr(32);
  options.sasl_salt_key = "salt of " + machine_.name();
  options.append_octets_max = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(machine_.config.server.smtp.message_octets_max, UINT32_MAX));
  options.now = [this] {
    const mime::Date date = machine_.date();
    return mailbox::InternalDate{date.unix_seconds, static_cast<std::int16_t>(date.zone_minutes)};
  };
  options.wake = [this, socket] {
    const auto found = sessions_.find(socket);
    if (found == sessions_.end()) return;
    found->second.has_news = true;
    news_.arm_at(machine_.now());
  };
  return options;
}

void MaaServer::Imap::on_octets(Stream& stream, std::string_view octets) {
  const auto found = sessions_.find(stream.id());
  if (found == sessions_.end()) return;
  program_.socket_call(Syscall::Recv, octets.size());
  Session& session = found->second;
  const std::size_t before = messages_of(session);
  session.engine.receive(octets);
  tell_change(session, before);
  run(session);
}

void MaaServer::Imap::on_eof(Stream& stream) {
  const auto found = sessions_.find(stream.id());
  if (found == sessions_.end()) return;
  found->second.engine.receive_eof();
  run(found->second);
}

void MaaServer::Imap::on_closed(Stream& stream, CloseReason) {
  sessions_.erase(stream.id());
}

void MaaServer::Imap::on_writable(Stream& stream) {
  const auto found = sessions_.find(stream.id());
  if (found != sessions_.end()) run(found->second);
}

void MaaServer::Imap::on_event(std::uint64_t) {
  std::vector<SocketId> sockets;
  for (auto& [socket, session] : sessions_)
    if (std::exchange(session.has_news, false)) sockets.push_back(socket);
  for (const SocketId socket : sockets)
    if (const auto found = sessions_.find(socket); found != sessions_.end()) run(found->second);
}

// ---- a session ----------------------------------------------------------------------------------

void MaaServer::Imap::run(Session& session) {
  while (auto event = session.engine.next_event())
    std::visit([&](const auto& asked) { answer(session, asked); }, *event);
  send(session);
  if (!session.engine.wants_close()) return read_on(session, session.engine.wants_input());
  program_.socket_call(Syscall::Close);
  Stream& stream = *session.stream;
  sessions_.erase(stream.id());
  stream.close();
}

void MaaServer::Imap::read_on(Session& session, bool on) {
  if (std::exchange(session.reading, on) == on) return;
  on ? session.stream->resume_reading() : session.stream->pause_reading();
}

// on_writable() goes on where the connection has enough for now.
void MaaServer::Imap::send(Session& session) {
  const std::size_t before = messages_of(session);
  const std::uint64_t enough = machine_.node().tcp_options().send_low_octets;
  while (session.engine.wants_close() || session.stream->backlog() < enough) {
    std::string octets = session.engine.take_output();
    while (auto event = session.engine.next_event())
      std::visit([&](const auto& asked) { answer(session, asked); }, *event);
    if (octets.empty()) break;
    program_.send(*session.stream, std::move(octets));
  }
  tell_change(session, before);
}

// An unknown user and a wrong password are answered alike.
void MaaServer::Imap::answer(Session& session, const imap::LoginAsked& asked) {
  const Account* account = machine_.directory().account(asked.user);
  mailbox::Account* const mail = machine_.store().account(asked.user);
  if (!account || !mail || (!asked.proven && account->password != asked.password))
    return session.engine.refuse_login("invalid user or password");
  session.user = asked.user;
  const std::uint64_t room = machine_.config.disk.octets_max;
  if (room > 0 && !machine_.store().is_outside(asked.user))
    mail->set_limits({.octets = room});  // nobody takes more than the disk has
  session.engine.accept_login(*mail);
}

void MaaServer::Imap::answer(Session& session, const imap::PasswordAsked& asked) {
  const Account* account = machine_.directory().account(asked.user);
  session.engine.give_password(account ? std::optional(account->password) : std::nullopt);
}

void MaaServer::Imap::answer(Session&, const imap::SessionClosed&) {}

std::size_t MaaServer::Imap::messages_of(const Session& session) const {
  const mailbox::Mailbox* const inbox =
      session.user.empty() ? nullptr : machine_.store().inbox(session.user);
  return inbox ? inbox->size() : 0;
}

// What the session did to its user's INBOX.
void MaaServer::Imap::tell_change(const Session& session, std::size_t before) {
  const std::size_t after = messages_of(session);
  if (session.user.empty() || before == after) return;
  const std::size_t count = std::max(before, after) - std::min(before, after);
  machine_.store().mailbox_changed(
      session.user,
      fmt::format("over IMAP {} message{} {} {}'s mailbox", count, count == 1 ? "" : "s",
                  after > before ? (count == 1 ? "comes into" : "come into")
                                 : (count == 1 ? "leaves" : "leave"),
                  session.user),
      program_.agent());
}

}  // namespace mailscope::sim
