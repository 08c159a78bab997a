#include "sim/live/frame_scribe.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "sim/kernel/random.hpp"
#include "sim/net/wire.hpp"

namespace mailscope::sim {

using namespace wire;

namespace {

constexpr std::uint8_t kWindowScale = 7;
constexpr std::uint16_t kWindow = 0xffff;              // 8 MiB once it is scaled
constexpr std::uint32_t kUnacknowledgedMax = 1 << 16;  // then an ACK is drawn up
// RFC 9293 §3.2: maximum segment size, no operation, window scale.
constexpr std::array<std::uint8_t, 8> kSynOptions = {
    2, 4, FrameScribe::kMss >> 8, FrameScribe::kMss & 0xff, 1, 3, 3, kWindowScale};

}  // namespace

FrameScribe::FrameScribe(Tap& tap, Id link, End client, End server, std::uint64_t number)
    : tap_(tap), link_(link) {
  assert(!client.endpoint.address.v6 && !server.endpoint.address.v6);
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

void FrameScribe::draw(Direction direction, Time at, std::uint8_t flags, std::string_view payload) {
  Half& from = half(direction);
  Half& to = half(other(direction));
  const auto octets = static_cast<std::uint32_t>(payload.size());
  const bool opening = (flags & kSyn) != 0;
  const std::uint32_t header = kTcpHeader + (opening ? kSynOptions.size() : 0);
  std::array<std::uint8_t, kTransportAt + kTcpHeader + kSynOptions.size() + kMss> frame;
  std::ranges::copy(to.from.mac.octets, frame.begin());
  std::ranges::copy(from.from.mac.octets, frame.begin() + 6);
  put16(&frame[12], kTypeIp);
  std::uint8_t* ip = &frame[kIpAt];
  put_ip_header(ip, kIpHeader + header + octets, ip_id_[static_cast<int>(direction)]++,
                kProtocolTcp, from.from.endpoint.address.v4_value(),
                to.from.endpoint.address.v4_value());
  std::uint8_t* tcp = &frame[kTransportAt];
  put16(tcp, from.from.endpoint.port);
  put16(tcp + 2, to.from.endpoint.port);
  put32(tcp + 4, from.next);
  put32(tcp + 8, (flags & kAck) != 0 ? to.next : 0);
  tcp[12] = static_cast<std::uint8_t>(header / 4 << 4);
  tcp[13] = flags;
  put16(tcp + 14, kWindow);
  put32(tcp + 16, 0);  // checksum, urgent pointer
  if (opening) std::ranges::copy(kSynOptions, tcp + kTcpHeader);
  const std::uint64_t sums = copy_and_sum(tcp + header, payload.data(), octets) + sum(tcp, header) +
                             pseudo_sum(ip, kProtocolTcp, header + octets);
  put_checksum(tcp + 16, sums);

  const std::uint32_t length = kTransportAt + header + octets;
  const SentFrame sent{.link = link_,
                       .from = from.from.host,
                       .to = to.from.host,
                       .at = at,
                       .octets = {reinterpret_cast<const char*>(frame.data()), length}};
  tap_.on_received(tap_.on_sent(sent), to.from.host, at);
  from.next += octets + (opening ? 1 : 0) + ((flags & kFin) != 0 ? 1 : 0);
  from.unacknowledged += octets;
  to.unacknowledged = 0;
  octets_drawn_ += length;
}

}  // namespace mailscope::sim
