// The numbers by which a header says what comes next. IANA: ieee-802-numbers, protocol-numbers.
#pragma once

#include <cstdint>

namespace mailscope::inet {

enum EtherType : std::uint16_t {
  kEtherIpv4 = 0x0800,
  kEtherArp = 0x0806,
  kEtherErspan3 = 0x22eb,
  kEtherTransparentEthernet = 0x6558,
  kEtherVlan = 0x8100,
  kEtherIpv6 = 0x86dd,
  kEtherPptpPpp = 0x880b,
  kEtherMpls = 0x8847,
  kEtherMplsMulticast = 0x8848,
  kEtherPppoeDiscovery = 0x8863,
  kEtherPppoe = 0x8864,
  kEtherVlanAd = 0x88a8,
  kEtherErspan = 0x88be,
  kEtherVlanOld = 0x9100,
};

enum IpProtocol : std::uint8_t {
  kHopByHop = 0,
  kIcmp = 1,
  kIpInIp = 4,
  kTcp = 6,
  kUdp = 17,
  kIpv6InIp = 41,
  kRouting = 43,
  kFragmentHeader = 44,
  kGre = 47,
  kAuthentication = 51,
  kIcmpv6 = 58,
  kNoNextHeader = 59,
  kDestinationOptions = 60,
  kMobility = 135,
  kMplsInIp = 137,
};

}  // namespace mailscope::inet
