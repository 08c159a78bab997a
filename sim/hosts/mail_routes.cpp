#include "sim/hosts/mail_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "protocols/base/ascii.hpp"

namespace mailscope::sim {
namespace {

using Status = MailRoute::Status;

MailRoute no_route(Status status, std::string why) {
  return {status, std::move(why), {}};
}

bool is_literal(std::string_view domain) {
  return domain.size() >= 2 && domain.front() == '[' && domain.back() == ']';
}

// RFC 5321 §4.1.3.
std::optional<IpAddress> parse_literal(std::string_view literal) {
  std::string_view address = literal.substr(1, literal.size() - 2);
  const bool v6 = starts_with_no_case(address, "IPv6:");
  if (v6) address.remove_prefix(5);
  const auto parsed = IpAddress::parse(address);
  return parsed && parsed->v6 == v6 ? parsed : std::nullopt;
}

// Takes out what is not better than `limit`.
void keep_better(std::vector<MailHost>& hosts, int limit) {
  std::erase_if(hosts, [limit](const MailHost& host) { return host.preference >= limit; });
}

}  // namespace

bool MailRoutes::uses_dns() const {
  return machine_.config.routing.dns && resolver_;
}

void MailRoutes::find(std::string_view domain, std::function<void(MailRoute)> then) {
  // Those of a life before a crash: nobody will go on with them.
  std::erase_if(searches_,
                [&](const auto& entry) { return entry.second.boots != machine_.boots(); });
  const std::string& smart = machine_.config.routing.smart_host;
  const std::string_view target = smart.empty() ? domain : std::string_view(smart);
  if (is_literal(target)) return then(to_literal(target));
  if (!uses_dns()) return then(from_files(domain));
  const std::uint64_t id = next_id_++;
  Search& search = searches_[id];
  search.domain = target;
  search.boots = machine_.boots();
  search.then = std::move(then);
  if (smart.empty())
    return resolver_->resolve(domain, dns::Type::Mx,
                              [this, id](const Resolved& found) { on_exchangers(id, found); });
  search.hosts.push_back({smart, 0, {}});
  next_address(id);
}

MailRoute MailRoutes::to_literal(std::string_view literal) const {
  const auto address = parse_literal(literal);
  if (!address)
    return no_route(Status::NoSuchDomain, fmt::format("{} is no address literal", literal));
  if (address->v6 && !machine_.network().speaks_ipv6())
    return no_route(Status::NoMailHost, "there is no way to IPv6 addresses from here");
  if (machine_.network().has_address(*address))
    return no_route(Status::NoMailHost, fmt::format("{} is this host itself", literal));
  return {Status::Found, {}, {{std::string(literal), 0, {*address}}}};
}

MailRoute MailRoutes::from_files(std::string_view domain) const {
  std::string name = machine_.config.routing.smart_host;
  if (name.empty()) {
    const auto exchanger = std::ranges::find_if(machine_.exchangers, [&](const auto& entry) {
      return dns::equal_names(entry.first, domain);
    });
    const std::string host = machine_.hosts.spelling(domain);
    if (exchanger != machine_.exchangers.end())
      name = exchanger->second;
    else if (!host.empty())
      name = host;
    else
      return no_route(Status::NoSuchDomain, "nobody knows a mail server for its domain");
  }
  if (dns::equal_names(name, machine_.name()))
    return no_route(Status::NoMailHost,
                    fmt::format("only this host itself takes mail for {}", domain));
  MailHost found{name, 0, machine_.hosts.to_try(name, machine_.network())};
  if (found.addresses.empty())
    return no_route(Status::NoMailHost, fmt::format("the hosts file has no address of {}", name));
  return {Status::Found, {}, {std::move(found)}};
}

void MailRoutes::on_exchangers(std::uint64_t id, const Resolved& resolved) {
  Search& search = searches_.at(id);
  const std::string domain = search.domain;
  switch (resolved.status) {
    case Resolved::Status::NoSuchName:
      return finish(
          id, no_route(Status::NoSuchDomain, fmt::format("the domain {} does not exist", domain)));
    case Resolved::Status::Failed:
      return finish(id, no_route(Status::TryLater, resolved.why));
    case Resolved::Status::NoData:
      search.hosts.push_back({resolved.name, 0, {}});
      search.implicit = true;
      return next_address(id);
    case Resolved::Status::Found:
      break;
  }
  search.hosts = exchangers(resolved.records);
  // RFC 7505 §3: with others beside it the dot means nothing.
  if (search.hosts.empty())
    return finish(id, no_route(Status::NullMx, fmt::format("{} takes no mail", domain)));
  if (leave_out_ourselves(search.hosts))
    return finish(id, no_route(Status::NoMailHost,
                               fmt::format("only this host itself takes mail for {}", domain)));
  next_address(id);
}

// In the order to try them.
std::vector<MailHost> MailRoutes::exchangers(const std::vector<dns::Record>& records) {
  std::vector<MailHost> hosts;
  for (const dns::Record& record : records) {
    const auto* mx = std::get_if<dns::Mx>(&record.data);
    if (mx && mx->exchange != ".") hosts.push_back({mx->exchange, mx->preference, {}});
  }
  for (std::size_t i = hosts.size(); i > 1; --i)
    std::swap(hosts[i - 1], hosts[resolver_->random().below(i)]);
  std::stable_sort(hosts.begin(), hosts.end(), [](const MailHost& a, const MailHost& b) {
    return a.preference < b.preference;
  });
  if (hosts.size() > kHostsMax) hosts.resize(kHostsMax);
  return hosts;
}

// True when nothing is left. A host that hands mail on only to better ones ends every circle.
bool MailRoutes::leave_out_ourselves(std::vector<MailHost>& hosts) const {
  for (const MailHost& host : hosts) {
    const bool ours =
        dns::equal_names(host.name, machine_.name()) ||
        std::any_of(host.addresses.begin(), host.addresses.end(), [&](const IpAddress& address) {
          return machine_.network().has_address(address);
        });
    if (!ours) continue;
    keep_better(hosts, host.preference);
    break;  // the first in order of preference
  }
  return hosts.empty();
}

// RFC 8305 §3, §4: AAAA is asked for first, and IPv6 addresses are tried first.
void MailRoutes::next_address(std::uint64_t id) {
  Search& search = searches_.at(id);
  if (search.next == search.hosts.size()) return finish(id, route_of(search));
  const std::string host = search.hosts[search.next].name;
  const auto ask_ipv4 = [this, id, host] {
    resolver_->resolve(host, dns::Type::A, [this, id](const Resolved& found) {
      take_addresses(id, found);
      on_addresses(id);
    });
  };
  if (!resolver_->options().ask_ipv6) return ask_ipv4();
  resolver_->resolve(host, dns::Type::Aaaa, [this, id, ask_ipv4](const Resolved& found) {
    if (machine_.network().speaks_ipv6()) take_addresses(id, found);
    ask_ipv4();
  });
}

void MailRoutes::take_addresses(std::uint64_t id, const Resolved& resolved) {
  Search& search = searches_.at(id);
  if (resolved.status == Resolved::Status::Failed) search.doubt = resolved.why;
  for (const dns::Record& record : resolved.records)
    if (const auto* address = std::get_if<IpAddress>(&record.data))
      search.hosts[search.next].addresses.push_back(*address);
}

void MailRoutes::on_addresses(std::uint64_t id) {
  ++searches_.at(id).next;
  next_address(id);
}

MailRoute MailRoutes::route_of(Search& search) const {
  const std::string& domain = search.domain;
  if (leave_out_ourselves(search.hosts))
    return no_route(Status::NoMailHost,
                    fmt::format("only this host itself takes mail for {}", domain));
  std::erase_if(search.hosts, [](const MailHost& host) { return host.addresses.empty(); });
  if (!search.hosts.empty()) return {Status::Found, {}, std::move(search.hosts)};
  if (!search.doubt.empty()) return no_route(Status::TryLater, search.doubt);
  if (search.implicit)
    return no_route(Status::NoMailHost,
                    fmt::format("{} has neither a mail host nor an address", domain));
  return no_route(Status::NoMailHost, fmt::format("no mail host of {} has an address", domain));
}

void MailRoutes::finish(std::uint64_t id, MailRoute route) {
  const auto search = searches_.extract(id);
  search.mapped().then(std::move(route));
}

}  // namespace mailscope::sim
