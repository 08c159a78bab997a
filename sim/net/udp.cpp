#include "sim/net/udp.hpp"

#include <cstring>

#include "sim/net/network.hpp"
#include "sim/net/wire.hpp"

namespace mailscope::sim {

using namespace wire;

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

bool UdpLayer::send(std::uint16_t from_port, std::uint32_t to, std::uint16_t to_port,
                    std::string_view octets) {
  const std::uint32_t from = node_.source_for(to);
  const auto length = static_cast<std::uint32_t>(kUdpHeader + octets.size());
  if (from == 0 || octets.size() > 65'507 || kIpHeader + length > node_.mtu_to(to)) return false;
  FrameBuffer* frame = node_.network().frames().take();
  frame->octets = kTransportAt + length;
  put_ip_header(frame->data + kIpAt, kIpHeader + length, node_.ip_id_++, kProtocolUdp, from, to);
  std::uint8_t* udp = frame->data + kTransportAt;
  put16(udp, from_port);
  put16(udp + 2, to_port);
  put16(udp + 4, static_cast<std::uint16_t>(length));
  put16(udp + 6, 0);
  std::memcpy(udp + kUdpHeader, octets.data(), octets.size());
  put_checksum(udp + 6, sum(udp, length) + pseudo_sum(frame->data + kIpAt, kProtocolUdp, length));
  if (get16(udp + 6) == 0) put16(udp + 6, 0xffff);  // zero would say that there is none
  return node_.send_ip(frame, to);
}

void UdpLayer::receive(const std::uint8_t* ip, const std::uint8_t* udp, std::uint32_t octets) {
  if (octets < kUdpHeader) return;
  const std::uint32_t length = get16(udp + 4);
  if (length < kUdpHeader || length > octets) return;
  if (get16(udp + 6) != 0 &&
      fold(sum(udp, length) + pseudo_sum(ip, kProtocolUdp, length)) != 0xffff)
    return;
  DatagramUser* user = user_of(get16(udp + 2));
  if (!user) return;
  Datagram datagram;
  datagram.from = {IpAddress::v4(get32(ip + 12)), get16(udp)};
  datagram.to = {IpAddress::v4(get32(ip + 16)), get16(udp + 2)};
  datagram.octets = {reinterpret_cast<const char*>(udp + kUdpHeader), length - kUdpHeader};
  user->on_datagram(datagram);
}

}  // namespace mailscope::sim
