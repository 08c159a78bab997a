#include "sim/hosts/mta_server.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "protocols/mime/compose.hpp"

namespace mailscope::sim {
namespace {

constexpr Time kDiskWrite = 2 * kMillisecond;

}  // namespace

MtaServer::MtaServer(Machine& machine, std::uint16_t port)
    : Process(machine, trace::AgentKind::MtaServer, "MTA server", port), port_(port) {}

void MtaServer::start() {
  machine_.node().listen(port_, *this);
  socket_call("socket", "");
  socket_call("bind", fmt::format("port {}", port_));
  socket_call("listen", "");
  become("listening", fmt::format("the MTA server listens on port {}, always", port_));
}

void MtaServer::stop() {
  sessions_.clear();
}

void MtaServer::on_accepted(SocketId, SocketId socket) {
  smtp::ServerOptions options;
  options.domain = machine_.name();
  options.greeting = machine_.config.classic ? "Simple Mail Transfer Service Ready" : "ESMTP MailScope";
  options.extended = !machine_.config.classic;
  const auto info = machine_.node().socket(socket);
  Session& session =
      sessions_.insert_or_assign(socket, Session{smtp::Server(options), info->remote.address, {}})
          .first->second;
  socket_call("accept", fmt::format("{}:{}", info->remote.address.text(), info->remote.port));
  session.engine.greet();
  run(socket, session);
}

void MtaServer::on_octets(SocketId socket, std::string_view octets) {
  const auto found = sessions_.find(socket);
  if (found == sessions_.end()) return;
  socket_call("recv", fmt::format("{} octets", octets.size()));
  found->second.engine.receive(octets);
  run(socket, found->second);
}

void MtaServer::on_eof(SocketId socket) {
  const auto found = sessions_.find(socket);
  if (found == sessions_.end()) return;
  found->second.engine.receive_eof();
  run(socket, found->second);
}

void MtaServer::on_closed(SocketId socket, CloseReason) {
  sessions_.erase(socket);
}

void MtaServer::run(SocketId socket, Session& session) {
  while (auto event = session.engine.next_event()) decide(socket, session, *event);
  send(socket, session.engine.take_output());
  if (!session.engine.wants_close()) return;
  socket_call("close", "");
  machine_.node().close(socket);
  sessions_.erase(socket);
}

void MtaServer::decide(SocketId socket, Session& session, const smtp::ServerEvent& event) {
  if (const auto* recipient = std::get_if<smtp::RecipientOffered>(&event)) {
    decide_recipient(session, *recipient);
  } else if (std::holds_alternative<smtp::VerifyAsked>(event)) {
    session.engine.answer(
        {252, "I cannot tell, but I will take mail for it and try to deliver it"});
  } else if (const auto* message = std::get_if<smtp::MessageReceived>(&event)) {
    session.message = *message;
    machine_.simulator().schedule_after(kDiskWrite, *this, token(socket));
  } else if (smtp::is_question(event)) {
    session.engine.accept();
  }
}

void MtaServer::decide_recipient(Session& session, const smtp::RecipientOffered& offer) {
  const std::string address = offer.path.mailbox.text();
  if (machine_.is_local(address)) {
    if (machine_.local_user(address)) return session.engine.accept();
    return session.engine.refuse(550, fmt::format("No such user here: {}", address));
  }
  const auto& allowed = machine_.config.relay_clients;
  if (std::find(allowed.begin(), allowed.end(), session.client) != allowed.end())
    return session.engine.accept();
  session.engine.refuse(550, "I do not carry mail for other domains (no relaying)");
}

void MtaServer::on_event(std::uint64_t written) {
  if (!is_current(written)) return;
  const SocketId socket = static_cast<SocketId>(written);
  const auto found = sessions_.find(socket);
  if (found == sessions_.end()) return;  // the client has gone: nobody was told 250
  const std::string id = fmt::format("Q{:04}", machine_.next_spool_number());
  store(found->second);
  found->second.engine.accept(machine_.config.classic ? std::string{} : "OK, queued as " + id);
  run(socket, found->second);
}

// RFC 5321 §4.4: every server that takes a message puts a time stamp line before it.
void MtaServer::store(Session& session) {
  smtp::MessageReceived& message = session.message;
  SpooledMail mail;
  if (message.envelope.reverse_path.mailbox)
    mail.reverse_path = message.envelope.reverse_path.mailbox->text();
  for (const smtp::ForwardPath& path : message.envelope.recipients)
    mail.recipients.push_back({path.mailbox.text(), Fate::Pending});
  mime::ReceivedField received;
  received.from_helo = session.engine.client_name();
  received.from_address = session.client.text();
  received.by = machine_.name();
  received.software = machine_.config.classic ? "" : "MailScope";
  received.with = session.engine.extended() ? "ESMTP" : "SMTP";
  received.id = fmt::format("Q{:04}", machine_.next_spool_number());
  if (mail.recipients.size() == 1) received.recipient = mail.recipients[0].address;
  received.date = machine_.date();
  mail.content = mime::received_field(received) + message.content;
  machine_.spool(std::move(mail),
                 fmt::format("the MTA server has written {} to the spool on disk", received.id));
  message = {};
}

}  // namespace mailscope::sim
