// The MAA server's IMAP side: port 143 beside POP3's 110, on the same accounts. Internal to the MAA
// server. RFC 9051, RFC 3501.
//
// Any number of sessions of a user, each told of what the others, the MDA and POP3 do. Output is
// made as the connection takes it: while much waits to be sent nothing more is made, and what has
// to wait for that is not read.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "protocols/imap/server.hpp"
#include "sim/hosts/maa_server.hpp"
#include "sim/kernel/timer.hpp"

namespace mailscope::sim {

class MaaServer::Imap final : public StreamUser, private Handler {
 public:
  Imap(MaaServer& program, Machine& machine);

  void stop();
  void on_accepted(Stream& stream) override;
  void on_octets(Stream& stream, std::string_view octets) override;
  void on_eof(Stream& stream) override;
  void on_closed(Stream& stream, CloseReason reason) override;
  void on_writable(Stream& stream) override;

 private:
  struct Session {
    Session(Stream& connection, imap::ServerOptions options)
        : stream(&connection), engine(std::move(options)) {}
    Stream* stream;
    imap::Server engine;
    std::string user;  // whose account it works on
    bool has_news = false;
    bool reading = true;
  };

  imap::ServerOptions options(SocketId socket);
  void on_event(std::uint64_t token) override;
  void run(Session& session);
  static void read_on(Session& session, bool on);
  void send(Session& session);
  void answer(Session& session, const imap::LoginAsked& asked);
  void answer(Session& session, const imap::PasswordAsked& asked);
  void answer(Session& session, const imap::SessionClosed& closed);
  std::size_t messages_of(const Session& session) const;
  void tell_change(const Session& session, std::size_t before);

  MaaServer& program_;
  Machine& machine_;
  std::map<SocketId, Session> sessions_;
  std::uint64_t sessions_so_far_ = 0;
  Timer news_;  // somebody has something to say that nobody asked for
};

}  // namespace mailscope::sim
