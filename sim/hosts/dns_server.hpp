// The DNS server: answers from its zone over UDP. RFC 1034 §4.3.2, RFC 1035 §4, RFC 2308 §3.
//
// It speaks for the zones whose SOA it has, and refuses what lies outside. Given no SOA at all it
// speaks for the whole name space (it then makes a SOA for "."), which suits a small world with one
// server. A name that is not there gets NXDOMAIN, one without records of the type asked for gets
// NOERROR without answers; with both goes the SOA that says how long that may be remembered. A
// CNAME is followed as far as the zones go, and with MX and NS come the addresses of the hosts they
// name, as far as they fit into 512 octets; answers that do not fit at all set TC.
//
// The zone is on the disk: it outlives a crash. Left out: recursion, referrals to other servers,
// wildcards, TCP, zone transfer.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "protocols/dns/message.hpp"
#include "sim/hosts/machine.hpp"

namespace mailscope::sim {

class DnsServer final : public Process, private DatagramUser {
 public:
  DnsServer(Machine& machine, std::vector<dns::Record> zone, std::uint16_t port = dns::kPort);

  void start() override;
  void stop() override;

  // The administrator edits the zone; those who remember the old one go on believing it.
  void set_zone(std::vector<dns::Record> zone);
  // A fault: every question is answered so, until it is taken back with nothing.
  void set_fault(std::optional<dns::Rcode> rcode) { fault_ = rcode; }

  // What it would answer.
  dns::Message answer(const dns::Message& query) const;

 private:
  void on_datagram(const Datagram& datagram) override;
  void take(std::vector<dns::Record> zone);
  void find(const dns::Question& question, dns::Message& reply) const;
  const dns::Record* start_of_authority(std::string_view name) const;
  bool has_name(std::string_view name) const;
  void add_records(std::string_view name, dns::Type type, std::vector<dns::Record>& to) const;
  void add_addresses(dns::Message& reply) const;

  std::uint16_t port_;
  std::vector<dns::Record> zone_;
  std::optional<dns::Rcode> fault_;
};

}  // namespace mailscope::sim
