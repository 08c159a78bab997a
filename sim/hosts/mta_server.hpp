// The MTA server: listens on port 25, day and night, and puts what it takes into the spool. RFC
// 5321.
//
// It answers 250 to a message only when the message is on its disk. Mail for the host's own domain
// is taken for users who exist; mail for other domains only from the computers of its own users.
#pragma once

#include <map>

#include "protocols/smtp/server.hpp"
#include "sim/hosts/machine.hpp"

namespace mailscope::sim {

class MtaServer final : public Process, private StreamUser, private Handler {
 public:
  explicit MtaServer(Machine& machine, std::uint16_t port = 25);

  void start() override;
  void stop() override;

 private:
  struct Session {
    smtp::Server engine;
    IpAddress client;
    smtp::MessageReceived message;  // on its way to the disk
  };

  void on_accepted(SocketId listener, SocketId socket) override;
  void on_octets(SocketId socket, std::string_view octets) override;
  void on_eof(SocketId socket) override;
  void on_closed(SocketId socket, CloseReason reason) override;
  void on_event(std::uint64_t token) override;  // the disk has written

  void run(SocketId socket, Session& session);
  void decide(SocketId socket, Session& session, const smtp::ServerEvent& event);
  void decide_recipient(Session& session, const smtp::RecipientOffered& offer);
  void store(Session& session);

  std::uint16_t port_;
  std::map<SocketId, Session> sessions_;
};

}  // namespace mailscope::sim
