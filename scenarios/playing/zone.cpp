#include "scenarios/playing/zone.hpp"

#include <algorithm>

namespace mailscope::scenarios {
namespace {

dns::Record record_of(const RecordSpec& spec) {
  if (spec.type == "MX") return dns::mx_record(spec.name, spec.preference, spec.value, spec.ttl_s);
  if (spec.type == "A" || spec.type == "AAAA")
    return dns::address_record(spec.name, *IpAddress::parse(spec.value), spec.ttl_s);
  const dns::Type type = *dns::parse_type(spec.type);
  if (type == dns::Type::Txt)
    return {spec.name, type, spec.ttl_s, dns::Text{{spec.value}}, dns::kClassIn};
  return dns::target_record(spec.name, type, spec.value, spec.ttl_s);
}

bool is_given(const Scenario& scenario, const std::string& name) {
  return std::any_of(scenario.records.begin(), scenario.records.end(),
                     [&](const RecordSpec& spec) { return dns::equal_names(spec.name, name); });
}

// Mail servers are asked for by the name that the lesson gives them.
std::string name_in_zone(const Scenario& scenario, const HostSpec& host) {
  if (host.has(trace::AgentKind::MtaServer)) return host.name;
  const std::string full = full_name_of(scenario, host);
  return full.empty() ? host.name : full;
}

}  // namespace

std::string full_name_of(const Scenario& scenario, const HostSpec& host) {
  if (host.name.find('.') != std::string::npos) return host.name;
  if (!host.domain.empty()) return host.name + "." + host.domain;
  for (const UserSpec& user : scenario.users)
    if (user.computer == host.name)
      return host.name + "." + std::string(sim::domain_of(user.address));
  return {};
}

std::vector<dns::Record> zone_of(const Scenario& scenario, sim::Machine& server) {
  std::vector<dns::Record> zone;
  for (const RecordSpec& spec : scenario.records)
    if (spec.host == server.name()) zone.push_back(record_of(spec));
  for (const HostSpec& host : scenario.hosts) {
    const std::string name = name_in_zone(scenario, host);
    if (host.kind == trace::HostKind::Router || is_given(scenario, host.name) ||
        is_given(scenario, name))
      continue;
    for (const IpAddress& address : server.hosts.all(host.name))
      zone.push_back(dns::address_record(name, address));
    if (host.name == server.name())
      zone.push_back(dns::address_record(name, server.node().address()));
  }
  for (const HostSpec& host : scenario.hosts) {
    if (!host.has(trace::AgentKind::MtaServer)) continue;
    std::vector<std::string> domains = host.mail.names.other_domains;
    if (!host.domain.empty()) domains.insert(domains.begin(), host.domain);
    for (const std::string& domain : domains)
      if (!is_given(scenario, domain)) zone.push_back(dns::mx_record(domain, 10, host.name));
  }
  return zone;
}

}  // namespace mailscope::scenarios
