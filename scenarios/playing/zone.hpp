// What a scenario's DNS server holds: the records that the file gives, and for every other name an
// A record of each host that the server can reach, and an MX record of each mail server's domains.
// Hosts stand in it with their full names (RFC 1034 §3.1); a mail server that the lesson calls by a
// short one has that.
#pragma once

#include <string>
#include <vector>

#include "protocols/dns/message.hpp"
#include "scenarios/reading/scenario.hpp"
#include "sim/hosts/machine.hpp"

namespace mailscope::scenarios {

// The host's name with its domain: a computer whose own name has no dot is in its domain, or in
// that of its users. Empty for one that is in none.
std::string full_name_of(const Scenario& scenario, const HostSpec& host);

// `server` is the DNS server's host, with its hosts file filled and its interfaces attached.
std::vector<dns::Record> zone_of(const Scenario& scenario, sim::Machine& server);

}  // namespace mailscope::scenarios
