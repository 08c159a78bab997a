// Draws up Ethernet, IP and TCP frames round the octets of a real connection, so that it can be
// recorded, saved and read like any other. RFC 9293.
//
// A program that has a socket sees no frames: the kernel keeps them to itself. So the octets and
// the times are real, and the frames are made up the way programs that save decrypted traffic as a
// capture do it: a handshake, segments of at most kMss octets with right sequence numbers,
// acknowledgments and checksums, FIN or RST. Each frame counts as received when it was sent.
// Acknowledgments go with what is sent the other way; a segment without octets is drawn up only
// for a handshake, a FIN, and when much is unacknowledged. Left out: retransmissions and windows
// that close, of which nothing is known here.
#pragma once

#include <cstdint>
#include <string_view>

#include "protocols/base/observed.hpp"
#include "sim/kernel/time.hpp"
#include "sim/net/address.hpp"
#include "sim/net/tap.hpp"

namespace mailscope::sim {

class FrameScribe {
 public:
  static constexpr std::uint32_t kMss = 1460;

  struct End {
    Id host = kNone;
    MacAddress mac;
    Endpoint endpoint;
  };

  // Both ends have addresses of one version. The tap outlives the scribe. `number` makes this
  // connection's first sequence numbers.
  FrameScribe(Tap& tap, Id link, End client, End server, std::uint64_t number);

  // In this order; times ascend.
  void open(Time at);
  void octets(Direction direction, Time at, std::string_view octets);
  void fin(Direction direction, Time at);
  void reset(Direction direction, Time at);

  std::uint64_t octets_drawn() const { return octets_drawn_; }  // of the frames

 private:
  struct Half {
    End from;
    std::uint32_t next = 0;            // sequence number
    std::uint32_t unacknowledged = 0;  // octets that the other side has not acknowledged
    bool finished = false;
  };
  Half& half(Direction direction) { return halves_[static_cast<int>(direction)]; }
  // Returns the header's octets; `octets` follow it.
  std::uint32_t write_ip(std::uint8_t* at, Direction direction, std::uint32_t octets);
  void draw(Direction direction, Time at, std::uint8_t flags, std::string_view payload);

  Tap& tap_;
  Id link_;
  Half halves_[2];
  std::uint16_t ip_id_[2] = {1, 1};
  std::uint64_t octets_drawn_ = 0;
};

}  // namespace mailscope::sim
