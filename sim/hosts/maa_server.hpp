// The MAA server: listens on port 110 and lets users fetch their mail. RFC 1939.
//
// Only a mailbox's owner gets in; one session at a time (the lock of §4). Messages marked by DELE
// go when QUIT comes and not before.
#pragma once

#include <map>

#include "protocols/pop3/server.hpp"
#include "sim/hosts/machine.hpp"

namespace mailscope::sim {

class MaaServer final : public Process, private StreamUser {
 public:
  explicit MaaServer(Machine& machine, std::uint16_t port = 110);

  void start() override;
  void stop() override;

 private:
  struct Session {
    Stream* stream;
    pop3::Server engine;
    std::string locked;              // the user whose mailbox this session holds
    std::vector<mailbox::Uid> uids;  // by index of the maildrop
  };

  void on_accepted(Stream& stream) override;
  void on_octets(Stream& stream, std::string_view octets) override;
  void on_eof(Stream& stream) override;
  void on_closed(Stream& stream, CloseReason reason) override;

  void run(Session& session);
  void log_in(Session& session, const pop3::LoginAsked& asked);
  pop3::Maildrop maildrop(Session& session, mailbox::Mailbox& inbox) const;
  std::string unique_id(mailbox::Uid uid) const;
  void retrieve(Session& session, const pop3::RetrieveAsked& asked);
  void update(Session& session, const pop3::UpdateAsked& asked);
  void unlock(Session& session);
  void forget(SocketId socket);

  std::uint16_t port_;
  std::map<SocketId, Session> sessions_;
};

}  // namespace mailscope::sim
