// LINKTYPE_ values, as files have them (tcpdump.org/linktypes.html).
#pragma once

#include <cstdint>

namespace mailscope::pcap {

// libpcap gives its own number for the few link types whose DLT_ differs between systems.
std::uint16_t linktype_of_dlt(int dlt);

}  // namespace mailscope::pcap
