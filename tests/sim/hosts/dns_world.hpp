// A mail host with a resolver, a name server, and the line between them; frames are recorded.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/hosts/dns_server.hpp"
#include "sim/hosts/mail_routes.hpp"
#include "sim/hosts/resolver.hpp"
#include "sim/net/network.hpp"
#include "sim/net/recorder.hpp"

namespace mailscope::sim::test {

// One record a line, as in a zone file.
inline std::vector<dns::Record> zone(std::string_view lines) {
  std::vector<dns::Record> records;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    if (line.find_first_not_of(' ') == line.npos) continue;
    const auto record = dns::parse_record(line.substr(line.find_first_not_of(' ')));
    if (record) records.push_back(*record);
  }
  return records;
}

struct DnsWorld {
  trace::Trace trace;
  Simulator simulator;
  Recorder recorder{trace};
  Network network;
  Node& mail_node;
  Node& ns_node;
  Link& link;
  Machine mail, ns;
  IpAddress mail_address = IpAddress::v4(10, 0, 0, 25), ns_address = IpAddress::v4(10, 0, 0, 53);
  DnsServer& server;
  Resolver& resolver;

  explicit DnsWorld(std::string_view lines, std::uint64_t seed = 1, bool ask_ipv6 = false)
      : network(simulator, seed, &recorder),
        mail_node(network.add_node("mail.alpha.example")),
        ns_node(network.add_node("ns.example")),
        link(network.add_link("line", *link_preset("wan"))),
        mail(mail_node, trace, "alpha.example", 0),
        ns(ns_node, trace, "", 0),
        server(ns.add<DnsServer>(zone(lines))),
        resolver(mail.add<Resolver>(options(seed, ask_ipv6))) {
    network.attach(mail_node, link, mail_address, 24);
    network.attach(ns_node, link, ns_address, 24);
    recorder.describe(network);
    mail.config.routing.dns = true;
    ns.boot();
    mail.boot();
  }

  ResolverOptions options(std::uint64_t seed, bool ask_ipv6) const {
    ResolverOptions result;
    result.servers = {IpAddress::v4(10, 0, 0, 53)};
    result.seed = seed;
    result.ask_ipv6 = ask_ipv6;
    return result;
  }

  // UDP datagrams put on the line so far.
  int datagrams() const {
    int count = 0;
    for (const trace::Frame& frame : trace.frames) {
      const std::string_view octets = trace.octets(frame);
      count += octets.size() > 34 && octets[12] == 8 && octets[13] == 0 && octets[23] == 17;
    }
    return count;
  }
  std::string value(std::string_view what) const {
    for (const trace::Variable& variable : trace.variables)
      if (trace::what(variable) == what)
        return trace::text(trace.changes[variable.changes.back()].after);
    return {};
  }
  std::string last_text(std::string_view what) const {
    for (const trace::Variable& variable : trace.variables)
      if (trace::what(variable) == what) return trace.changes[variable.changes.back()].text;
    return {};
  }
};

}  // namespace mailscope::sim::test
