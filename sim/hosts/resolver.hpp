// The resolver of a host: asks its DNS servers over UDP and remembers what they said. RFC 1034
// §5.3, RFC 1035 §7, RFC 2308 (what is not there is remembered too), RFC 5452 (ids and ports that
// nobody can guess).
//
// A question that stays without an answer is asked again after `timeout`, of the next server where
// there are several, `tries` times in all. An answer counts when it comes from a server that was
// asked, to the port it was asked from, with the same id and question; anything else is dropped.
// CNAMEs are followed (kAliasesMax). Only the answer section is believed, not the additional one
// (RFC 2181 §5.4.1). The cache is memory: a crash empties it, and drops questions without a word to
// those who asked.
//
// Inside events: "cache" (number of entries; the text says what was learned, used or forgotten).
// Left out: TCP (a truncated answer counts as none), EDNS, root servers.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/dns/message.hpp"
#include "sim/hosts/machine.hpp"
#include "sim/kernel/random.hpp"
#include "sim/kernel/timer.hpp"

namespace mailscope::sim {

struct ResolverOptions {
  std::vector<IpAddress> servers;  // asked in turn
  std::uint64_t seed = 0;          // the run's
  Time timeout = 3 * kSecond;
  int tries = 3;
  bool ask_ipv6 = false;  // mail routes ask for AAAA too, first
};

struct Resolved {
  enum class Status : std::uint8_t {
    Found,
    NoSuchName,  // NXDOMAIN
    NoData,      // the name is there, but has nothing of this type
    Failed,      // nobody answered, or the server could not: ask again later
  };
  Status status = Status::Failed;
  std::string why;                   // for people, when not Found
  std::string name;                  // the name at the end of the aliases
  std::vector<dns::Record> records;  // of the type asked for
  bool from_cache = false;
};

class Resolver final : public Process, private DatagramUser, private Handler {
 public:
  static constexpr int kAliasesMax = 8;
  static constexpr std::size_t kCacheMax = 4096;

  using Then = std::function<void(const Resolved&)>;

  Resolver(Machine& machine, ResolverOptions options);

  void start() override;
  void stop() override;

  // `then` is called at once when the answer is remembered, else later, once; never after the host
  // lost its power.
  void resolve(std::string_view name, dns::Type type, Then then);

  const ResolverOptions& options() const { return options_; }
  RandomStream& random() { return random_; }
  std::size_t cached() const { return cache_.size(); }

 private:
  using Key = std::pair<std::string, dns::Type>;  // the name in lower case

  struct Entry {
    Resolved resolved;
    Time expires = 0;
    std::string words;  // for people
  };
  // A question on its way; several may wait for its answer.
  struct Pending {
    dns::Question question;
    std::uint16_t id = 0;
    std::uint16_t port = 0;
    int tries = 0;
    Time deadline = kNever;
    std::vector<IpAddress> asked;
    std::vector<Then> waiting;
  };

  void on_datagram(const Datagram& datagram) override;
  void on_event(std::uint64_t token) override;
  void step(const std::string& name, dns::Type type, int aliases, Then then);
  const Entry* remembered(const Key& key) const;
  void ask(const std::string& name, dns::Type type, Then then);
  std::uint16_t bind_somewhere();
  void send_query(Pending& pending);
  void time_out();
  void take_answer(const Key& key, const dns::Message& message);
  Resolved read(const dns::Question& question, const dns::Message& message, std::uint32_t& ttl);
  void finish(const Key& key, const Resolved& resolved);
  void remember(const Key& key, Resolved resolved, std::uint32_t ttl, const std::string& words);
  void forget();
  void arm();
  void tell_cache(std::string text);

  ResolverOptions options_;
  RandomStream random_;
  std::map<Key, Entry> cache_;
  std::map<Key, Pending> pending_;
  Timer timer_;   // the earliest deadline
  Timer expiry_;  // the earliest entry to be forgotten
};

}  // namespace mailscope::sim
