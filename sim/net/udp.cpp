#include "sim/net/udp.hpp"

#include <cstring>

#include "protocols/inet/udp.hpp"

namespace mailscope::sim {

using namespace inet;

namespace {

constexpr std::size_t kPayloadMax = 65'507;  // in IPv4

}  // namespace

DatagramUser* UdpLayer::user_of(std::uint16_t port) const {
  for (const Binding& binding : bindings_)
    if (binding.port == port) return binding.user;
  return nullptr;
}

std::uint16_t UdpLayer::bind(std::uint16_t port, DatagramUser& user) {
  for (unsigned tries = 0; port == 0 && tries < 65536 - 49152; ++tries) {
    const std::uint16_t next = next_port_;
    next_port_ = next == 65535 ? 49152 : static_cast<std::uint16_t>(next + 1);
    if (!user_of(next)) port = next;
  }
  if (port == 0 || user_of(port)) return 0;
  bindings_.push_back({port, &user});
  return port;
}

void UdpLayer::unbind(std::uint16_t port) {
  std::erase_if(bindings_, [port](const Binding& binding) { return binding.port == port; });
}

bool UdpLayer::send(std::uint16_t from_port, const Endpoint& to, std::string_view octets) {
  const std::optional<IpAddress> from = ip_.source_for(to.address);
  const auto length = static_cast<std::uint32_t>(Udp::kOctets + octets.size());
  if (!from || octets.size() > kPayloadMax ||
      IpLayer::header_octets(to.address) + length > ip_.mtu_to(to.address))
    return false;
  FrameBuffer* frame = ip_.blank();
  std::uint8_t* at = IpLayer::payload_of(*frame, to.address);
  std::memcpy(at + Udp::kOctets, octets.data(), octets.size());
  Udp{from_port, to.port, static_cast<std::uint16_t>(length), 0}.emit(at, *from, to.address);
  return ip_.send(frame, {*from, to.address, kUdp}, length);
}

// Without a checksum only over IPv4 (RFC 8200 §8.1).
void UdpLayer::on_packet(const IpPacket& packet) {
  const auto udp = Udp::parse({packet.payload, packet.octets});
  if (!udp || udp->length < Udp::kOctets || udp->length > packet.octets) return;
  const bool unchecked = udp->checksum == 0 && !packet.source.v6;
  if (!unchecked &&
      !is_good_transport(packet.source, packet.destination, kUdp, packet.payload, udp->length))
    return;
  DatagramUser* user = user_of(udp->destination_port);
  if (!user) return;
  Datagram datagram;
  datagram.from = {packet.source, udp->source_port};
  datagram.to = {packet.destination, udp->destination_port};
  datagram.octets = {reinterpret_cast<const char*>(packet.payload) + Udp::kOctets,
                     static_cast<std::size_t>(udp->length - Udp::kOctets)};
  user->on_datagram(datagram);
}

}  // namespace mailscope::sim
