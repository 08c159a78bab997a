#include "sim/hosts/dns_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mailscope::sim {
namespace {

constexpr int kAliasesMax = 8;
constexpr std::size_t kHeaderOctets = 12;

bool matches(const dns::Record& record, std::string_view name, dns::Type type) {
  return (type == dns::Type::Any || record.type == type) && dns::equal_names(record.name, name);
}

// The host that an MX or NS record names.
std::string_view host_of(const dns::Record& record) {
  if (const auto* mx = std::get_if<dns::Mx>(&record.data)) return mx->exchange;
  const auto* target = std::get_if<dns::Target>(&record.data);
  return target && record.type == dns::Type::Ns ? std::string_view(target->name)
                                                : std::string_view{};
}

// What can be said to a query of which no more than the header is good.
dns::Message not_understood(std::string_view query) {
  dns::Message reply;
  reply.response = true;
  reply.id = static_cast<std::uint16_t>(static_cast<std::uint8_t>(query[0]) << 8 |
                                        static_cast<std::uint8_t>(query[1]));
  reply.rcode = dns::Rcode::FormErr;
  return reply;
}

std::string encode_to_fit(dns::Message reply) {
  std::string octets = dns::encode(reply);
  if (octets.size() <= dns::kUdpOctetsMax) return octets;
  reply.additional.clear();
  octets = dns::encode(reply);
  if (octets.size() <= dns::kUdpOctetsMax) return octets;
  reply.answers.clear();
  reply.authority.clear();
  reply.truncated = true;
  return dns::encode(reply);
}

}  // namespace

DnsServer::DnsServer(Machine& machine, std::vector<dns::Record> zone, std::uint16_t port)
    : Process(machine, trace::AgentKind::DnsServer, "DNS server", port), port_(port) {
  take(std::move(zone));
}

void DnsServer::take(std::vector<dns::Record> zone) {
  zone_ = std::move(zone);
  const bool has_soa = std::any_of(zone_.begin(), zone_.end(), [](const dns::Record& record) {
    return record.type == dns::Type::Soa;
  });
  if (has_soa) return;
  dns::Soa soa;
  soa.primary = machine_.name();
  soa.mailbox = "hostmaster." + machine_.name();
  zone_.push_back({".", dns::Type::Soa, soa.minimum, std::move(soa)});
}

void DnsServer::start() {
  const bool bound = machine_.network().bind(port_, *this) != 0;
  socket_call(Syscall::Socket);
  socket_call(Syscall::Bind, {{}, port_});
  if (bound)
    become(State::Listening, fmt::format("the DNS server waits for questions on port {}", port_));
}

void DnsServer::stop() {}

void DnsServer::set_zone(std::vector<dns::Record> zone) {
  take(std::move(zone));
  tell(VariableKind::Zone, std::uint64_t{zone_.size()}, "the zone was edited");
}

void DnsServer::on_datagram(const Datagram& datagram) {
  const auto query = dns::decode(datagram.octets);
  // Answers are never answered: two servers could go on forever.
  const bool is_answer = datagram.octets.size() < kHeaderOctets || (datagram.octets[2] & 0x80) != 0;
  if (is_answer) return;
  socket_call(Syscall::RecvFrom, datagram.from, datagram.octets.size());
  const std::string octets =
      encode_to_fit(query ? answer(*query) : not_understood(datagram.octets));
  if (machine_.network().send_to(port_, datagram.from.address, datagram.from.port, octets))
    socket_call(Syscall::SendTo, datagram.from, octets.size());
}

dns::Message DnsServer::answer(const dns::Message& query) const {
  dns::Message reply;
  reply.id = query.id;
  reply.response = true;
  reply.opcode = query.opcode;
  reply.recursion_desired = query.recursion_desired;
  reply.questions = query.questions;
  if (fault_) {
    reply.rcode = *fault_;
  } else if (query.opcode != 0) {
    reply.rcode = dns::Rcode::NotImp;
  } else if (query.questions.size() != 1) {
    reply.rcode = dns::Rcode::FormErr;
  } else if (query.questions.front().record_class != dns::kClassIn) {
    reply.rcode = dns::Rcode::Refused;
  } else {
    find(query.questions.front(), reply);
    add_addresses(reply);
  }
  return reply;
}

// RFC 1034 §4.3.2: the records, or the alias and then the records, or that there are none.
void DnsServer::find(const dns::Question& question, dns::Message& reply) const {
  std::string name = question.name;
  for (int i = 0; i < kAliasesMax; ++i) {
    const dns::Record* authority = start_of_authority(name);
    if (!authority) {
      if (i == 0) reply.rcode = dns::Rcode::Refused;
      return;  // the rest of the alias is for others to say
    }
    reply.authoritative = true;
    const std::size_t before = reply.answers.size();
    add_records(name, question.type, reply.answers);
    if (reply.answers.size() > before) return;
    add_records(name, dns::Type::Cname, reply.answers);
    if (reply.answers.size() == before) {
      if (!has_name(name)) reply.rcode = dns::Rcode::NxDomain;
      dns::Record soa = *authority;
      soa.ttl = std::min(soa.ttl, std::get<dns::Soa>(soa.data).minimum);  // RFC 2308 §3
      reply.authority.push_back(std::move(soa));
      return;
    }
    name = std::get<dns::Target>(reply.answers.back().data).name;
  }
}

const dns::Record* DnsServer::start_of_authority(std::string_view name) const {
  const dns::Record* closest = nullptr;
  for (const dns::Record& record : zone_)
    if (std::holds_alternative<dns::Soa>(record.data) && dns::is_within(name, record.name) &&
        (!closest || dns::is_within(record.name, closest->name)))
      closest = &record;
  return closest;
}

// Itself or something below it: then it is there, though perhaps without records (RFC 8020).
bool DnsServer::has_name(std::string_view name) const {
  return std::any_of(zone_.begin(), zone_.end(),
                     [&](const dns::Record& record) { return dns::is_within(record.name, name); });
}

void DnsServer::add_records(std::string_view name, dns::Type type,
                            std::vector<dns::Record>& to) const {
  for (const dns::Record& record : zone_)
    if (matches(record, name, type)) to.push_back(record);
}

void DnsServer::add_addresses(dns::Message& reply) const {
  for (const dns::Record& record : reply.answers) {
    const std::string_view host = host_of(record);
    if (host.empty() || host == ".") continue;
    add_records(host, dns::Type::A, reply.additional);
    add_records(host, dns::Type::Aaaa, reply.additional);
  }
}

}  // namespace mailscope::sim
