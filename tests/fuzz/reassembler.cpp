// Segments of two streams whose octets are known (octet n of a direction is a function of n), in
// any order, overlapping, repeated, lost: what is delivered is contiguous and what was sent.
//
// Each segment is five octets of input: direction and flags, position (2), length, and how far the
// clock goes on. The limits are small, so that they are met.
#include <array>
#include <map>

#include "captures/tcp/reassembler.hpp"
#include "fuzz.hpp"
#include "tests/captures/tcp/frames.hpp"

namespace {

using namespace mailscope;
using namespace mailscope::tcp;
using fuzz::check;

char octet_at(int direction, std::uint64_t offset) {
  return static_cast<char>((offset * 131 + offset / 256 * 7 + static_cast<unsigned>(direction)) &
                           0xff);
}

class Sink : public StreamSink {
 public:
  void on_begin(std::uint32_t connection, const Flow&, const FrameRef&) override {
    check(connection == connections_.size(), "connections are numbered in order");
    connections_.emplace_back();
  }
  void on_handshake(std::uint32_t, Direction, bool, const FrameRef&) override {}
  void on_octets(std::uint32_t connection, Direction direction, std::uint64_t begin,
                 std::string_view octets, const FrameRef&) override {
    go_on(connection, direction, begin, octets.size());
    check(!octets.empty(), "a piece is not empty");
  }
  void on_gap(std::uint32_t connection, Direction direction, std::uint64_t begin,
              std::uint64_t octets, Time) override {
    go_on(connection, direction, begin, octets);
  }
  void on_anomaly(std::uint32_t, Direction, Anomaly, std::uint64_t begin, std::uint64_t end,
                  const FrameRef&) override {
    check(begin <= end, "a range is a range");
  }
  void on_fin(std::uint32_t connection, Direction, const FrameRef&) override { open(connection); }
  void on_reset(std::uint32_t connection, Direction, const FrameRef&) override { open(connection); }
  void on_end(std::uint32_t connection, trace::Closing, Time) override {
    open(connection).ended = true;
  }
  void on_frame(std::uint32_t connection, Direction, const FrameRef&) override {
    check(connection < connections_.size(), "a frame's connection is known");
  }
  bool all_ended() const {
    for (const Connection& one : connections_)
      if (!one.ended) return false;
    return true;
  }

 private:
  struct Connection {
    std::uint64_t next[2] = {0, 0};
    bool ended = false;
  };
  Connection& open(std::uint32_t connection) {
    check(connection < connections_.size(), "a connection begins first");
    check(!connections_[connection].ended, "nothing comes behind the end");
    return connections_[connection];
  }
  void go_on(std::uint32_t connection, Direction direction, std::uint64_t begin,
             std::uint64_t octets) {
    std::uint64_t& next = open(connection).next[static_cast<int>(direction)];
    check(begin == next, "a stream is contiguous");
    next += octets;
  }
  std::vector<Connection> connections_;
};

std::string frame_of(const std::uint8_t* five) {
  const bool from_client = (five[0] & 1) == 0;
  frames::TcpHeader header;
  header.source = from_client ? 40000 : 25;
  header.destination = from_client ? 25 : 40000;
  const std::uint32_t position = static_cast<std::uint32_t>(five[1] | (five[2] & 0x1f) << 8);
  header.seq = (from_client ? 0xfffffff0u : 5000u) + position;  // the client's wraps around
  header.ack = (from_client ? 5000u : 0xfffffff0u) + static_cast<std::uint32_t>(five[2]) * 8;
  header.flags = kAck;
  if (five[0] & 2) header.flags |= kFin;
  if ((five[0] & 0x1c) == 0x1c) header.flags |= kRst;
  const bool syn = (five[0] & 0xe0) == 0xe0;
  if (syn) header.flags = from_client ? kSyn : kSyn | kAck;
  std::string payload;
  for (std::uint32_t i = 0; !syn && i < five[3]; ++i)
    payload += octet_at(from_client ? 0 : 1, position + i);
  frames::Ip4 ip;
  if (!from_client) std::swap(ip.from, ip.to);
  return frames::ipv4(ip, frames::tcp(header, payload));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Sink sink;
  Limits limits;
  limits.connections_max = 4;
  limits.waiting_octets_max = 2048;
  limits.waiting_pieces_max = 8;
  limits.waiting_octets_total = 4096;
  limits.history_octets = 1024;
  Reassembler reassembler(sink, limits);
  FrameRef frame;
  for (std::size_t at = 0; at + 5 <= size; at += 5) {
    frame.at += Time{data[at + 4]} * data[at + 4] * data[at + 4] * 50'000;
    const std::string octets = frame_of(data + at);
    reassembler.add(octets, kLinkRaw, frame);
    check(reassembler.waiting_octets() <= 4096 + 256, "what waits is bounded");
    ++frame.frame;
  }
  reassembler.finish();
  check(sink.all_ended(), "every connection ends");
  check(reassembler.waiting_octets() == 0, "nothing waits behind the end");
  return 0;
}
