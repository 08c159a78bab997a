// Which addresses a host knows by name without asking the DNS (/etc/hosts). RFC 952, RFC 1034 §3.1.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/base/address.hpp"
#include "sim/net/transport.hpp"

namespace mailscope::sim {

class HostsFile {
 public:
  HostsFile() = default;
  HostsFile(std::initializer_list<std::pair<std::string_view, IpAddress>> entries) {
    for (const auto& [name, address] : entries) add(name, address);
  }
  // Further addresses of a name come behind those that it has.
  void add(std::string_view name, const IpAddress& address);
  // As they were added; empty when the name is not known. Case does not count.
  std::vector<IpAddress> all(std::string_view name) const;
  // In the order in which a host with this network is to try them (RFC 6724 §6 rules 1 and 6, for
  // plain networks): those of a version that it speaks, IPv6 first. Where it speaks none of their
  // versions, all: the attempt tells.
  std::vector<IpAddress> to_try(std::string_view name, const Transport& network) const;
  // The name as it is written there; empty when it is not known.
  std::string spelling(std::string_view name) const;

 private:
  struct NoCase {
    bool operator()(std::string_view a, std::string_view b) const;
  };
  std::map<std::string, std::vector<IpAddress>, NoCase> names_;
};

}  // namespace mailscope::sim
