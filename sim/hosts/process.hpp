// A program on a host with one job, and all those of a host. RFC 5598 §4 names the jobs.
//
// A process is started with the host and loses its memory with it. What it does that no wire shows
// it tells as inside events: that it starts and ends, socket calls, what it decides.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "captures/trace/trace.hpp"
#include "sim/hosts/disk.hpp"
#include "sim/net/stream.hpp"

namespace mailscope::sim {

using trace::State;
using trace::VariableKind;

class Machine;

class Process {
 public:
  Process(Machine& machine, trace::AgentKind kind, std::string name, std::uint16_t port = 0);
  virtual ~Process() = default;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  virtual void start() {}  // the host was switched on
  virtual void stop() {}   // its power failed: forget everything that is not on the disk
  // A mail came into the host's spool, or is in it when the host is switched on. The spool may
  // change behind the call: keep the number, not the reference.
  virtual void on_spooled(const SpooledMail&) {}
  // The mail that waits for a domain is to be sent now (ETRN). How many there are; nothing when
  // this is not the process that sends.
  virtual std::optional<std::size_t> send_now(std::string_view domain) {
    return (void)domain, std::nullopt;
  }
  // Takes a connection over whose roles were changed by TURN; `input` came and was not read. False:
  // not this process.
  virtual bool take_over(Stream& stream, const std::string& peer, std::string input) {
    return (void)stream, (void)peer, (void)input, false;
  }

  void lose_power() { stop(), state_.reset(); }

  trace::Id agent() const { return agent_; }
  const std::string& name() const { return name_; }
  trace::AgentKind kind() const { return kind_; }

 protected:
  using Syscall = trace::SocketCall::Name;

  // An inside event of this process.
  void tell(trace::What what, trace::Value after, std::string text) const;
  void become(State state, std::string text);
  // A socket call as the program makes it; with octets for Send and Recv.
  void socket_call(Syscall call, std::uint64_t octets = 0);
  void socket_call(Syscall call, const Endpoint& peer, std::uint64_t octets = 0);
  // Sends what an engine has to say, if anything.
  void send(Stream& stream, std::string octets);
  // A token for Handler events that a crash makes void.
  std::uint64_t token(std::uint32_t value) const;
  bool is_current(std::uint64_t token) const;

  Machine& machine_;

 private:
  trace::AgentKind kind_;
  std::string name_;
  trace::Id agent_;
  std::optional<State> state_;
};

// In order of set-up; in this order they are started and told.
class Programs {
 public:
  void add(std::unique_ptr<Process> process) { processes_.push_back(std::move(process)); }
  void start();
  void lose_power();
  // These mails of the spool are there: each process hears of those that are still there then.
  void tell_spooled(const std::vector<std::uint64_t>& numbers, const Spool& spool);
  // Is there a program that carries mail on to other hosts?
  bool sends() const;
  // The number of mails that go now; nothing when no process of this host sends.
  std::optional<std::size_t> send_now(std::string_view domain);
  // A connection goes to the host's MTA client or server. False when it has none.
  bool hand_over(trace::AgentKind to, Stream& stream, const std::string& peer, std::string input);

 private:
  std::vector<std::unique_ptr<Process>> processes_;
};

}  // namespace mailscope::sim
