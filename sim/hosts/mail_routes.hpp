// Which hosts take the mail for a domain, and in which order they are to be tried: RFC 5321 §5.1
// (MX, the rule against loops, the implicit MX), RFC 7505 (null MX), RFC 974.
//
// Without a resolver, or with MailConfig::dns off, the answer comes from the hosts file and
// Machine::exchangers, as in 1982. With a smart host it is always that one (its address is looked
// up, not its MX). An address literal, [192.0.2.1], is its own route.
//
// Hosts of equal preference come in random order (the resolver's seeded stream). If this host is
// among the exchangers, by name or address, it and all that are not better are left out. Hosts
// without an address are left out too, unless asking for it may succeed later and no other is left.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/address.hpp"
#include "sim/hosts/machine.hpp"
#include "sim/hosts/resolver.hpp"

namespace mailscope::sim {

struct MailHost {
  std::string name;
  int preference = 0;
  std::vector<IpAddress> addresses;  // to connect to, in order
};

struct MailRoute {
  // With the enhanced code (RFC 3463) that tells the sender of it.
  enum class Status : std::uint8_t {
    Found,
    NoSuchDomain,  // 5.1.2
    NullMx,        // 5.1.10: the domain says that it takes no mail
    NoMailHost,    // 5.4.4: no host that could be called; only ourselves
    TryLater,      // 4.4.3: the DNS does not answer
  };
  Status status = Status::TryLater;
  std::string why;              // for people, when not Found
  std::vector<MailHost> hosts;  // in the order to try; not empty when Found
};

class MailRoutes {
 public:
  static constexpr std::size_t kHostsMax = 16;  // more exchangers are passed over

  // `resolver` may be null. Both outlive it, and it lives until the host's next crash at least.
  MailRoutes(Machine& machine, Resolver* resolver) : machine_(machine), resolver_(resolver) {}
  MailRoutes(const MailRoutes&) = delete;
  MailRoutes& operator=(const MailRoutes&) = delete;

  // `then` is called at once or later, once; never after the host crashed. `domain` is what stands
  // behind the @, an address literal with its brackets.
  void find(std::string_view domain, std::function<void(MailRoute)> then);

 private:
  // A route on its way, while names are looked up.
  struct Search {
    std::string domain;
    std::vector<MailHost> hosts;
    std::size_t next = 0;   // of `hosts`, whose addresses are asked for
    bool implicit = false;  // no MX: the domain itself
    std::string doubt;      // why an address may be found later; empty: there is none
    std::uint32_t boots = 0;
    std::function<void(MailRoute)> then;
  };

  bool uses_dns() const;
  MailRoute to_literal(std::string_view literal) const;
  MailRoute from_files(std::string_view domain) const;
  std::vector<MailHost> exchangers(const std::vector<dns::Record>& records);
  bool leave_out_ourselves(std::vector<MailHost>& hosts) const;
  void on_exchangers(std::uint64_t id, const Resolved& resolved);
  void next_address(std::uint64_t id);
  void take_addresses(std::uint64_t id, const Resolved& resolved);
  void on_addresses(std::uint64_t id);
  MailRoute route_of(Search& search) const;
  void finish(std::uint64_t id, MailRoute route);

  Machine& machine_;
  Resolver* resolver_;
  std::map<std::uint64_t, Search> searches_;
  std::uint64_t next_id_ = 0;
};

}  // namespace mailscope::sim
