#include "protocols/inet/ip.hpp"

#include <algorithm>

#include "protocols/inet/checksum.hpp"

namespace mailscope::inet {

void Ipv4::emit(std::uint8_t* at) const {
  at[0] = 0x45;
  at[1] = service;
  put16(at + 2, total_octets);
  put16(at + 4, id);
  put16(at + 6, static_cast<std::uint16_t>((dont_fragment ? 0x4000 : 0) |
                                           (more_fragments ? 0x2000 : 0) | fragment_offset / 8));
  at[8] = ttl;
  at[9] = protocol;
  put16(at + 10, 0);
  std::memcpy(at + 12, source.octets.data(), 4);
  std::memcpy(at + 16, destination.octets.data(), 4);
  put_checksum(at + 10, sum(at, kOctets));
}

bool Ipv4::is_good_at(const std::uint8_t* at) {
  return is_good(sum(at, (at[0] & 15U) * 4));
}

void Ipv6::emit(std::uint8_t* at) const {
  put32(at, std::uint32_t{6} << 28 | std::uint32_t{traffic_class} << 20 | (flow_label & 0xfffff));
  put16(at + 4, payload_octets);
  at[6] = next_header;
  at[7] = hop_limit;
  std::memcpy(at + 8, source.octets.data(), 16);
  std::memcpy(at + 24, destination.octets.data(), 16);
}

void Ipv6Fragment::emit(std::uint8_t* at) const {
  at[0] = next_header;
  at[1] = 0;
  put16(at + 2, static_cast<std::uint16_t>(offset | (more ? 1 : 0)));
  put32(at + 4, id);
}

// The universal/local bit is turned, and ff fe stands in the middle.
IpAddress link_local(const MacAddress& mac) {
  IpAddress address;
  address.v6 = true;
  address.octets = {0xfe, 0x80};
  std::copy_n(mac.octets.begin(), 3, address.octets.begin() + 8);
  address.octets[8] ^= 2;
  address.octets[11] = 0xff;
  address.octets[12] = 0xfe;
  std::copy_n(mac.octets.begin() + 3, 3, address.octets.begin() + 13);
  return address;
}

IpAddress solicited_node(const IpAddress& address) {
  IpAddress group;
  group.v6 = true;
  group.octets = {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff};
  std::copy_n(address.octets.begin() + 13, 3, group.octets.begin() + 13);
  return group;
}

MacAddress multicast_mac(const IpAddress& group) {
  MacAddress mac{{0x33, 0x33}};
  std::copy_n(group.octets.begin() + 12, 4, mac.octets.begin() + 2);
  return mac;
}

}  // namespace mailscope::inet
