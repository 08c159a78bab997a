// A mail host: the computer behind a node of the network, and what runs on it. RFC 5598 §2-4 names
// the programs.
//
// It holds its parts and no more: the node and the layers over it, the Teller (what no wire shows,
// into the trace), the Directory (who is who), the MailStore (spool and mailboxes on its disk), the
// Programs, and its power. What takes several of them is here: boot and power failure, and a mail's
// way into the spool and out of it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "captures/trace/trace.hpp"
#include "protocols/mime/date.hpp"
#include "sim/hosts/directory.hpp"
#include "sim/hosts/hosts_file.hpp"
#include "sim/hosts/mail_config.hpp"
#include "sim/hosts/mail_store.hpp"
#include "sim/hosts/process.hpp"
#include "sim/hosts/teller.hpp"
#include "sim/hosts/words.hpp"
#include "sim/net/layer.hpp"
#include "sim/net/node.hpp"

namespace mailscope::sim {

// A mail that the MTA server has written to the disk, so that 250 follows.
struct TakenMail {
  IpAddress client;
  std::string_view from;
  const std::vector<SpooledRecipient>& to;
  std::uint64_t octets = 0;  // as they came
};

class Machine {
 public:
  // `node` is the host's node; its id is the host's Id in the trace. `begin` is the Unix time of t
  // = 0. Mail for `domain` is local; it may be empty.
  Machine(Node& node, trace::Trace& trace, std::string domain, std::int64_t begin);

  // ---- its parts ----
  Node& node() { return node_; }
  // The network as its programs have it: the node, and the layers over it.
  LayeredTransport& network() { return network_; }
  Teller& teller() { return teller_; }
  Directory& directory() { return directory_; }
  const Directory& directory() const { return directory_; }
  MailStore& store() { return store_; }
  const MailStore& store() const { return store_; }
  Programs& programs() { return programs_; }

  // ---- what it is ----
  const std::string& name() const { return node_.name(); }  // in the network
  // What it says that it is, and what stands in Received lines.
  const std::string& mail_name() const { return config.name.empty() ? name() : config.name; }
  const std::string& domain() const { return directory_.domain(); }
  trace::Id host() const { return node_.id(); }
  Simulator& simulator() { return node_.simulator(); }
  Time now() const { return node_.simulator().now(); }
  mime::Date date() const { return date_at(now()); }
  mime::Date date_at(Time time) const;

  // ---- set-up ----
  template <typename P, typename... Arguments>
  P& add(Arguments&&... arguments) {
    auto process = std::make_unique<P>(*this, std::forward<Arguments>(arguments)...);
    P& added = *process;
    programs_.add(std::move(process));
    return added;
  }
  void add_user(Account account);  // with a mailbox
  void boot();                     // t = 0: the disk's state is told, the processes start

  HostsFile hosts;
  std::map<std::string, std::string, std::less<>> exchangers;  // domain -> its mail host
  MailConfig config;                                           // before boot()
  Faults faults;                                               // at any time
  std::function<void(const TakenMail&)> on_taken;

  // ---- power ----
  void power_off(State why = State::Off);
  void power_on();
  void crash() { power_off(State::Crashed); }
  void restart();  // switched on again, if it is off
  bool powered() const { return node_.powered(); }
  std::uint32_t boots() const { return boots_; }

  // ---- a mail's way ----
  // Into the spool: it gets its number, aliases' and lists' members stand in place of their names,
  // and the programs are told. Returns the number. `by`: the agent that does it; kNone where nobody
  // in particular does.
  std::uint64_t spool(SpooledMail mail, std::string text, trace::Id by = trace::kNone);
  // Reports the failures of which nothing was told yet to the sender, and takes the mail out of the
  // spool when nobody waits for it any more; then `text` is told.
  void settle(std::uint64_t number, std::string text, trace::Id by = trace::kNone);

 private:
  std::uint64_t spool(SpooledMail mail, std::string text, trace::Id by, int depth);
  void send_to_list(const MailingList& list, const SpooledMail& mail, int depth);

  Node& node_;
  LayeredTransport network_;
  std::int64_t begin_;
  Teller teller_;
  Directory directory_;
  MailStore store_;
  Programs programs_;
  std::uint32_t boots_ = 0;
};

}  // namespace mailscope::sim
