#include "protocols/inet/ip.hpp"

#include <algorithm>

#include "protocols/inet/checksum.hpp"

namespace mailscope::inet {

void Ipv4::emit(std::uint8_t* at) const {
  const auto first = static_cast<std::uint16_t>(0x4500 | service);
  const auto fragment = static_cast<std::uint16_t>(
      (dont_fragment ? 0x4000 : 0) | (more_fragments ? 0x2000 : 0) | fragment_offset / 8);
  const auto hops = static_cast<std::uint16_t>(ttl << 8 | protocol);
  const std::uint32_t from = get32(source.octets.data()), to = get32(destination.octets.data());
  put16(at, first);
  put16(at + 2, total_octets);
  put16(at + 4, id);
  put16(at + 6, fragment);
  put16(at + 8, hops);
  put32(at + 12, from);
  put32(at + 16, to);
  const std::uint64_t words =
      std::uint64_t{first} + total_octets + id + fragment + hops + from + to;
  put_checksum(at + 10, sum_of_numbers(words));
}

bool Ipv4::take_hop(std::uint8_t* at) {
  if (at[8] <= 1) return false;
  const std::uint16_t before = get16(at + 8);
  --at[8];
  const std::uint32_t check = (~get16(at + 10) & 0xffffu) + (~before & 0xffffu) + get16(at + 8);
  put16(at + 10, static_cast<std::uint16_t>(~fold(check)));
  return true;
}

bool Ipv4::is_good_at(const std::uint8_t* at) {
  std::uint32_t words[5];
  std::memcpy(words, at, kOctets);
  const std::uint32_t options = (at[0] & 15U) * 4 - kOctets;
  return is_good(std::uint64_t{words[0]} + words[1] + words[2] + words[3] + words[4] +
                 (options > 0 ? sum(at + kOctets, options) : 0));
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
