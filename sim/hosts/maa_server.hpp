// The MAA server: lets users at their mail, by POP3 on port 110 and, where the host is so
// configured (MailConfig::imap), by IMAP on port 143. RFC 1939, RFC 2449, RFC 5034; RFC 9051.
//
// Only a mailbox's owner gets in. With POP3 one session at a time (the lock of RFC 1939 §4), and
// messages marked by DELE go when QUIT comes and not before; who is silent for too long is hung up
// on, and nothing is deleted. With IMAP any number.
#pragma once

#include <map>
#include <memory>

#include "protocols/pop3/server.hpp"
#include "sim/hosts/machine.hpp"
#include "sim/kernel/timer.hpp"

namespace mailscope::sim {

class MaaServer final : public Process, private StreamUser, private Handler {
 public:
  explicit MaaServer(Machine& machine, std::uint16_t port = 110);
  ~MaaServer() override;

  void start() override;
  void stop() override;

 private:
  static constexpr std::uint16_t kImapPort = 143;

  class Imap;  // maa_server_imap.hpp

  struct Session {
    Stream* stream;
    pop3::Server engine;
    std::string locked;              // the user whose mailbox this session holds
    std::vector<mailbox::Uid> uids;  // by index of the maildrop
    std::string apop_timestamp;
    Time last_active = 0;
  };

  void on_accepted(Stream& stream) override;
  void on_octets(Stream& stream, std::string_view octets) override;
  void on_eof(Stream& stream) override;
  void on_closed(Stream& stream, CloseReason reason) override;
  void on_event(std::uint64_t token) override;

  pop3::ServerOptions options();
  void run(Session& session);
  void give_password(Session& session, const pop3::PasswordAsked& asked);
  void log_in(Session& session, const pop3::LoginAsked& asked);
  bool is_too_soon(const std::string& user) const;
  pop3::Maildrop maildrop(Session& session, mailbox::Mailbox& inbox) const;
  std::string unique_id(const std::string& user, const mailbox::Mailbox& inbox,
                        mailbox::Uid uid) const;
  void retrieve(Session& session, const pop3::RetrieveAsked& asked);
  void update(Session& session, const pop3::UpdateAsked& asked);
  void unlock(Session& session);
  void forget(SocketId socket);
  void arm_idle();

  std::uint16_t port_;
  std::map<SocketId, Session> sessions_;
  std::unique_ptr<Imap> imap_;                             // null: POP3 alone
  std::map<std::string, Time, std::less<>> last_log_ins_;  // by user
  std::uint64_t greetings_ = 0;
  Timer idle_;
};

}  // namespace mailscope::sim
