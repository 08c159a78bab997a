// What a scenario's DNS server holds: the records that the file gives, and for every other name an
// A record of each host that the server can reach, and an MX record of each mail server's domains.
#pragma once

#include <string>
#include <vector>

#include "protocols/dns/message.hpp"
#include "scenarios/scenario.hpp"
#include "sim/hosts/machine.hpp"

namespace mailscope::scenarios {

// `server` is the DNS server's host, with its hosts file filled and its interfaces attached.
std::vector<dns::Record> zone_of(const Scenario& scenario, sim::Machine& server);

}  // namespace mailscope::scenarios
