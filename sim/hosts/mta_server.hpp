// The MTA server: listens on port 25 (and, where submission is on, on 587), day and night, and puts
// what it takes into the spool. RFC 5321; RFC 6409 (submission), RFC 2505 (no open relay), RFC 6647
// (greylisting), RFC 1985 (ETRN), RFC 821 §3.8 (TURN).
//
// It answers 250 to a message only when the message is on its disk. Three events lie between, so
// that a crash can fall between them: the message is here; it is written; the 250 leaves.
//
// Mail for the host's own domains is taken for names that exist: users, aliases, lists, users who
// moved. Mail for other domains is taken from the computers of its own users, from who has logged
// in, and for the domains that it relays for; from nobody else. A host without an MTA client takes
// none, since nobody would carry it on (RFC 5321 §6.1). Port 587 takes mail from who has
// logged in only, and puts in the Date and the Message-ID that a letter lacks.
//
// How it is set up is MailConfig; what goes wrong with it is Faults, which are looked at when a
// command comes. A fault meets the commands that the engine asks the host about, and RSET and QUIT
// (which can be cut, crashed on or delayed, but not answered otherwise).
#pragma once

#include <list>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "protocols/smtp/server.hpp"
#include "sim/hosts/machine.hpp"
#include "sim/kernel/timer.hpp"

namespace mailscope::sim {

class MtaServer final : public Process, private StreamUser, private Handler {
 public:
  static constexpr std::uint16_t kSubmissionPort = 587;

  explicit MtaServer(Machine& machine, std::uint16_t port = 25);

  void start() override;
  void stop() override;
  bool take_over(Stream& stream, const std::string& peer, std::string input) override;
  std::size_t sessions() const { return connections_.size(); }

 private:
  // What a connection waits for, beside its client.
  enum class WaitsFor : std::uint8_t { Nothing, Greeting, Delay, Write, Answer };
  struct Connection {
    Connection(Stream& the_stream, smtp::ServerOptions options, bool is_submission)
        : stream(&the_stream),
          engine(std::move(options)),
          client(the_stream.remote().address),
          submission(is_submission) {}

    Stream* stream;
    smtp::Server engine;
    IpAddress client;
    bool submission;
    WaitsFor waiting = WaitsFor::Nothing;
    std::optional<smtp::ServerEvent> held;         // during Delay
    std::optional<smtp::MessageReceived> message;  // on its way to the disk
    std::string queue_id;                          // of the message written last
    std::string trouble;                           // why it could not be kept
    bool crash_after_write = false;
    Time last_active = 0;
    std::list<SocketId>::iterator place;  // in by_activity_
  };

  void on_accepted(Stream& stream) override;
  void on_octets(Stream& stream, std::string_view octets) override;
  void on_eof(Stream& stream) override;
  void on_closed(Stream& stream, CloseReason reason) override;
  void on_event(std::uint64_t token) override;

  void listen(std::uint16_t port);
  Connection& open(Stream& stream, bool submission);
  smtp::ServerOptions options(bool submission);
  void greet(Connection& connection);
  void close(Connection& connection);
  void cut(Connection& connection);
  void forget(SocketId socket);
  void touch(Connection& connection);
  void arm_idle();
  void end_idle();
  void turn(Connection& connection);

  // False: the connection is gone.
  bool run(Connection& connection);
  bool decide(Connection& connection, smtp::ServerEvent& event);
  bool misbehave(Connection& connection, smtp::ServerEvent& event);
  void obey(Connection& connection, smtp::ServerEvent& event);
  void wait(Connection& connection, WaitsFor reason, Time delay);

  // The rules, in mta_server_rules.cpp: each answers its question.
  void judge(Connection& connection, const smtp::SenderOffered& offer);
  void judge(Connection& connection, const smtp::RecipientOffered& offer);
  void judge_local(Connection& connection, const std::string& address);
  bool is_trusted(const Connection& connection) const;
  bool may_relay(const Connection& connection, std::string_view domain) const;
  bool is_greylisted(const Connection& connection, const std::string& recipient);
  void verify(Connection& connection, const smtp::VerifyAsked& asked);
  void expand(Connection& connection, std::string_view name);
  void give_password(Connection& connection, const smtp::PasswordAsked& asked);
  void start_queue(Connection& connection, const smtp::EtrnAsked& asked);
  // Nothing when the message may be written.
  std::optional<smtp::Reply> objection(const smtp::MessageReceived& message) const;
  void store(Connection& connection);
  bool is_writing() const;
  void tell_disk_is_idle();

  std::uint16_t port_;
  std::map<SocketId, Connection> connections_;
  std::list<SocketId> by_activity_;  // who was heard of longest ago comes first
  Timer idle_;
  std::uint64_t challenges_ = 0;
};

}  // namespace mailscope::sim
