// What a walk through a frame's headers reads next: an EtherType, or one of ours above 16 bits.
#pragma once

#include <cstdint>

#include "protocols/inet/numbers.hpp"

namespace mailscope::tcp {

enum Next : std::uint32_t {
  kNextEthernet = 0x10000,
  kNextLlc,
  kNextPpp,
  kNextIp,         // version 4 or 6 as its first four bits say
  kNextTransport,  // what the IP header's protocol says
  kNextNothing,
};

inline bool leads_to_ip(std::uint32_t ether_type) {
  return ether_type == inet::kEtherIpv4 || ether_type == inet::kEtherIpv6 ||
         ether_type == inet::kEtherVlan || ether_type == inet::kEtherVlanAd ||
         ether_type == inet::kEtherMpls;
}

}  // namespace mailscope::tcp
