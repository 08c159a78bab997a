// A simulated host: its node on the network, its disk, what it knows of the world, and the
// processes (agents) that run on it. RFC 5598 §2-4 names the agents.
//
// Every change that no wire shows goes through here into the trace as an inside event: the spool,
// the mailboxes, the power, processes that start and end, socket calls.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "captures/trace/trace.hpp"
#include "protocols/mime/date.hpp"
#include "sim/hosts/disk.hpp"
#include "sim/hosts/mail_config.hpp"
#include "sim/net/layer.hpp"
#include "sim/net/node.hpp"

namespace mailscope::sim {

using trace::State;
using trace::VariableKind;

class Machine;

// A program on a host with one job. It is started with the host and loses its memory with it.
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

struct Account {
  std::string name{};  // also the local part and the mailbox
  std::string full_name{};
  std::string address{};
  std::string password{};
};

// A mail that the MTA server has written to the disk, so that 250 follows.
struct TakenMail {
  IpAddress client;
  std::string_view from;
  const std::vector<SpooledRecipient>& to;
  std::uint64_t octets = 0;  // as they came
};

// What stands behind the local part of an address of this host.
struct LocalName {
  enum class Kind : std::uint8_t { Unknown, User, Alias, List, Moved };
  Kind kind = Kind::Unknown;
  const Account* user = nullptr;
  const Alias* alias = nullptr;
  const MailingList* list = nullptr;
  const MovedUser* moved = nullptr;
};

class Machine {
 public:
  // `node` is the host's node; its id is the host's Id in the trace. `begin` is the Unix time of t
  // = 0.
  Machine(Node& node, trace::Trace& trace, std::string domain, std::int64_t begin);

  Node& node() { return node_; }
  // The network as its programs have it: the node, and the layers over it.
  LayeredTransport& network() { return network_; }
  Simulator& simulator() { return node_.simulator(); }
  Time now() const { return node_.simulator().now(); }
  trace::Trace& trace() { return trace_; }
  const std::string& name() const { return node_.name(); }  // in the network
  // What it says that it is, and what stands in Received lines.
  const std::string& mail_name() const { return config.name.empty() ? name() : config.name; }
  const std::string& domain() const { return domain_; }  // mail for it is local; may be empty
  trace::Id host() const { return node_.id(); }
  mime::Date date() const { return date_at(now()); }
  mime::Date date_at(Time time) const;

  // ---- set-up ----
  template <typename P, typename... Arguments>
  P& add(Arguments&&... arguments) {
    auto process = std::make_unique<P>(*this, std::forward<Arguments>(arguments)...);
    P& added = *process;
    processes_.push_back(std::move(process));
    return added;
  }
  void add_spool();
  void add_mailbox(Account account);
  void boot();  // t = 0: the disk's state is told, the processes start

  std::map<std::string, IpAddress, std::less<>> hosts;         // the hosts file: name -> address
  std::map<std::string, IpAddress, std::less<>> hosts_ipv6;    // those that have both addresses
  std::map<std::string, std::string, std::less<>> exchangers;  // domain -> its mail host
  MailConfig config;                                           // before boot()
  Faults faults;                                               // at any time

  // ---- power ----
  void power_off(State why = State::Off);
  void power_on();
  void crash() { power_off(State::Crashed); }
  void restart();  // switched on again, if it is off
  std::uint32_t boots() const { return boots_; }

  // ---- accounts and mailboxes ----
  const Account* account(std::string_view user) const;
  const std::map<std::string, Account, std::less<>>& accounts() const { return accounts_; }
  // Who logs in with this name, or with this address.
  const Account* account_for_login(std::string_view name) const;
  bool is_local_domain(std::string_view domain) const;
  bool is_local(std::string_view address) const;
  // What a local address stands for; Unknown for others too, and for forgotten users.
  LocalName look_up(std::string_view address) const;
  // The user who gets mail for a local address, aliases not followed; null when there is none.
  const Account* local_user(std::string_view address) const;
  Mailbox* mailbox(std::string_view user);
  // What the spam filter set apart for the user; null when there is no such user.
  Mailbox* junk(std::string_view user);
  void deliver(std::string_view user, std::string content, const Process& by);
  void deliver_junk(std::string_view user, std::string content, std::string text, trace::Id by);
  // `by`, here and below: the agent that does it; none where nobody in particular does.
  void mailbox_changed(std::string_view user, std::string text, trace::Id by);

  // ---- the spool ----
  bool has_spool() const { return spool_agent_ != trace::kNone; }
  std::uint64_t next_spool_number() const { return disk_.spool.next_number(); }
  // Gives it its number, puts aliases' and lists' members in place of their names, and tells the
  // processes. Returns the number.
  std::uint64_t spool(SpooledMail mail, std::string text, trace::Id by = trace::kNone);
  Spool& spooled() { return disk_.spool; }
  const Spool& spooled() const { return disk_.spool; }
  // Reports the failures of which nothing was told yet to the sender, and takes the mail out of the
  // spool when nobody waits for it any more; then `text` is told.
  void settle(std::uint64_t number, std::string text, trace::Id by = trace::kNone);

  // ---- the disk ----
  const Disk& disk() const { return disk_; }
  std::map<std::string, Time, std::less<>>& greylist() { return disk_.greylist; }
  bool has_room_for(std::uint64_t octets) const;

  // ---- between processes ----
  // Is there a program that carries mail on to other hosts?
  bool sends() const;
  // The number of mails that go now; nothing when no process of this host sends.
  std::optional<std::size_t> send_now(std::string_view domain);
  // A connection goes to the host's MTA client or server. False when it has none.
  bool hand_over(trace::AgentKind to, Stream& stream, const std::string& peer, std::string input);

  std::function<void(const TakenMail&)> on_taken;

  // An inside event. Where nothing is recorded any more, nothing is told.
  bool recorded = true;
  void tell(trace::Id agent, trace::What what, trace::Value after, std::string text,
            trace::Id by = trace::kNone);
  trace::Id add_agent(trace::AgentKind kind, std::string name, std::uint16_t port = 0);

 private:
  void tell_spool(std::string text, trace::Id by);
  void build_names();
  std::uint64_t spool(SpooledMail mail, std::string text, trace::Id by, int depth);

  Node& node_;
  LayeredTransport network_;
  trace::Trace& trace_;
  std::string domain_;
  std::int64_t begin_;
  Disk disk_;
  std::vector<std::unique_ptr<Process>> processes_;
  std::map<std::string, Account, std::less<>> accounts_;
  std::map<std::string, LocalName, std::less<>> names_;  // by local part in lower case
  std::map<std::string, trace::Id, std::less<>> mailbox_agents_;
  trace::Id spool_agent_ = trace::kNone;
  std::uint32_t boots_ = 0;
};

// The domain of an address: behind the last @; empty for <Postmaster>.
std::string_view domain_of(std::string_view address);
std::string_view local_part_of(std::string_view address);
std::string lower_case(std::string_view text);
// "90 s", "20 min", "1 h", "5 d": rounded down to what is said.
std::string span_of(Time time);
// "1 message", "2 messages".
std::string count_of(std::size_t count, std::string_view what);

}  // namespace mailscope::sim
