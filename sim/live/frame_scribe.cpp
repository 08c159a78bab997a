#include "sim/live/frame_scribe.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "protocols/inet/checksum.hpp"
#include "protocols/inet/ip.hpp"
#include "protocols/inet/tcp.hpp"
#include "sim/kernel/random.hpp"

namespace mailscope::sim {

using namespace inet;

namespace {

constexpr std::uint8_t kWindowScale = 7;
constexpr std::uint16_t kWindow = 0xffff;              // 8 MiB once it is scaled
constexpr std::uint32_t kUnacknowledgedMax = 1 << 16;  // then an ACK is drawn up

}  // namespace

FrameScribe::FrameScribe(Tap& tap, Id link, End client, End server, std::uint64_t number)
    : tap_(tap), link_(link) {
  assert(client.endpoint.address.v6 == server.endpoint.address.v6);
  halves_[0].from = client;
  halves_[1].from = server;
  for (Half& half : halves_) half.next = static_cast<std::uint32_t>(number = split_mix(number));
}

void FrameScribe::open(Time at) {
  draw(Direction::ToServer, at, kSyn, {});
  draw(Direction::ToClient, at, kSyn | kAck, {});
  draw(Direction::ToServer, at, kAck, {});
}

void FrameScribe::octets(Direction direction, Time at, std::string_view octets) {
  while (!octets.empty()) {
    const std::string_view piece = octets.substr(0, kMss);
    octets.remove_prefix(piece.size());
    draw(direction, at, kAck | (octets.empty() ? kPsh : 0), piece);
    if (half(direction).unacknowledged >= kUnacknowledgedMax) draw(other(direction), at, kAck, {});
  }
}

void FrameScribe::fin(Direction direction, Time at) {
  if (half(direction).finished) return;
  half(direction).finished = true;
  draw(direction, at, kFin | kAck, {});
  draw(other(direction), at, kAck, {});
}

void FrameScribe::reset(Direction direction, Time at) {
  draw(direction, at, kRst | kAck, {});
}

std::uint32_t FrameScribe::write_ip(std::uint8_t* at, Direction direction, std::uint32_t octets) {
  const IpAddress& source = half(direction).from.endpoint.address;
  const IpAddress& destination = half(other(direction)).from.endpoint.address;
  if (source.v6) {
    Ipv6 ip;
    ip.payload_octets = static_cast<std::uint16_t>(octets);
    ip.next_header = kTcp;
    ip.source = source;
    ip.destination = destination;
    ip.emit(at);
    return Ipv6::kOctets;
  }
  Ipv4 ip;
  ip.total_octets = static_cast<std::uint16_t>(Ipv4::kOctets + octets);
  ip.id = ip_id_[static_cast<int>(direction)]++;
  ip.dont_fragment = true;
  ip.protocol = kTcp;
  ip.source = source;
  ip.destination = destination;
  ip.emit(at);
  return Ipv4::kOctets;
}

void FrameScribe::draw(Direction direction, Time at, std::uint8_t flags, std::string_view payload) {
  Half& from = half(direction);
  Half& to = half(other(direction));
  TcpOptionList options;
  if ((flags & kSyn) != 0) {
    options.mss = kMss;
    options.window_scale = kWindowScale;
  }
  Tcp tcp;
  tcp.source_port = from.from.endpoint.port;
  tcp.destination_port = to.from.endpoint.port;
  tcp.sequence = from.next;
  tcp.acknowledgment = (flags & kAck) != 0 ? to.next : 0;
  tcp.header_octets = static_cast<std::uint8_t>(Tcp::kOctets + options.octets());
  tcp.flags = flags;
  tcp.window = kWindow;
  const auto octets = static_cast<std::uint32_t>(payload.size());
  const std::uint32_t segment = tcp.header_octets + octets;

  std::array<std::uint8_t, Ethernet::kOctets + Ipv6::kOctets + Tcp::kOctets + 40 + kMss> frame;
  const bool v6 = from.from.endpoint.address.v6;
  Ethernet{to.from.mac, from.from.mac, v6 ? kEtherIpv6 : kEtherIpv4}.emit(frame.data());
  const std::uint32_t ip_octets = write_ip(&frame[Ethernet::kOctets], direction, segment);
  std::uint8_t* tcp_at = &frame[Ethernet::kOctets + ip_octets];
  options.emit(tcp_at + Tcp::kOctets);
  tcp.emit(tcp_at,
           copy_and_sum(tcp_at + tcp.header_octets, payload.data(), octets) +
               pseudo_sum(from.from.endpoint.address, to.from.endpoint.address, kTcp, segment));

  const std::uint32_t length = Ethernet::kOctets + ip_octets + segment;
  const SentFrame sent{.link = link_,
                       .from = from.from.host,
                       .to = to.from.host,
                       .at = at,
                       .octets = {reinterpret_cast<const char*>(frame.data()), length}};
  tap_.on_received(tap_.on_sent(sent), to.from.host, at);
  from.next += octets + (tcp.has(kSyn) ? 1 : 0) + (tcp.has(kFin) ? 1 : 0);
  from.unacknowledged += octets;
  to.unacknowledged = 0;
  octets_drawn_ += length;
}

}  // namespace mailscope::sim
