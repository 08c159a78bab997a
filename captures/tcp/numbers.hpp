// The numbers by which headers say what comes next: EtherTypes and IP protocols, and who they are.
#pragma once

#include <cstdint>

namespace mailscope::tcp {

// What is to be read next: an EtherType, or one of ours above 16 bits.
enum Next : std::uint32_t {
  kNextIpv4 = 0x0800,
  kNextArp = 0x0806,
  kNextTransparentEthernet = 0x6558,
  kNextVlan = 0x8100,
  kNextIpv6 = 0x86dd,
  kNextPptpPpp = 0x880b,
  kNextMpls = 0x8847,
  kNextMplsMulticast = 0x8848,
  kNextPppoeDiscovery = 0x8863,
  kNextPppoe = 0x8864,
  kNextVlanAd = 0x88a8,
  kNextErspan = 0x88be,
  kNextErspan3 = 0x22eb,
  kNextVlanOld = 0x9100,
  kNextEthernet = 0x10000,
  kNextLlc,
  kNextPpp,
  kNextIp,         // version 4 or 6 as its first four bits say
  kNextTransport,  // what the IP header's protocol says
  kNextNothing,
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

inline bool leads_to_ip(std::uint32_t ether_type) {
  return ether_type == kNextIpv4 || ether_type == kNextIpv6 || ether_type == kNextVlan ||
         ether_type == kNextVlanAd || ether_type == kNextMpls;
}

}  // namespace mailscope::tcp
