#include "protocols/inet/ethernet.hpp"

namespace mailscope::inet {
namespace {

constexpr std::uint16_t kHardwareEthernet = 1;

}  // namespace

std::string MacAddress::text() const {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t octet : octets) {
    if (!text.empty()) text += ':';
    text += kDigits[octet >> 4];
    text += kDigits[octet & 15];
  }
  return text;
}

Arp Arp::read(const std::uint8_t* at) {
  return {get16(at + 6), MacAddress::read(at + 8), IpAddress::from_v4(at + 14),
          MacAddress::read(at + 18), IpAddress::from_v4(at + 24)};
}

Parsed<Arp> Arp::parse(Octets octets) {
  if (octets.size() < kOctets) return too_short(kOctets);
  const std::uint8_t* at = octets.data();
  if (get16(at) != kHardwareEthernet || get16(at + 2) != kEtherIpv4 || at[4] != 6 || at[5] != 4)
    return malformed();
  return read(at);
}

void Arp::emit(std::uint8_t* at) const {
  put16(at, kHardwareEthernet);
  put16(at + 2, kEtherIpv4);
  at[4] = 6;
  at[5] = 4;
  put16(at + 6, operation);
  std::memcpy(at + 8, sender_mac.octets.data(), 6);
  std::memcpy(at + 14, sender.octets.data(), 4);
  std::memcpy(at + 18, target_mac.octets.data(), 6);
  std::memcpy(at + 24, target.octets.data(), 4);
}

}  // namespace mailscope::inet
