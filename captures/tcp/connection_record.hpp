// What the reassembler knows of one connection, and what a segment is to it: does it belong, or
// begin another one of the same addresses and ports? The rules are in reassembler.hpp.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "captures/tcp/connection_table.hpp"
#include "captures/tcp/decode.hpp"
#include "captures/tcp/defragment.hpp"
#include "captures/tcp/half_stream.hpp"
#include "captures/tcp/stream_sink.hpp"

namespace mailscope::tcp {

// One segment on its way in. The payload lies in one frame, or, put together from fragments, in
// several: then `runs` says where, and `payload_begin` is the payload's offset in the datagram.
struct Segment {
  const Decoded& d;
  std::string_view payload;
  std::uint32_t missing = 0;
  FrameRef frame;
  const std::vector<Defragmenter::Run>* runs = nullptr;
  std::uint32_t payload_begin = 0;

  bool has(std::uint8_t flag) const { return (d.flags & flag) != 0; }
  std::uint32_t wire_octets() const { return static_cast<std::uint32_t>(payload.size()) + missing; }
};

struct ConnectionRecord {
  ConnectionKey key;
  std::uint32_t hash = 0;
  std::uint32_t id = 0;
  // Neighbours in its list.
  std::uint32_t older = ConnectionTable::kNoRecord, newer = ConnectionTable::kNoRecord;
  Time last = 0;       // of its last frame
  Time touched = 0;    // the same by the capture's clock
  HalfStream half[2];  // by Direction
  bool client_is_a = false;
  bool handshake = false;  // began with a SYN
  bool handshake_complete = false;
  bool ended = false;
  bool reset = false;
  bool heard[2] = {false, false};    // a frame came from that side
  bool syn_ack[2] = {false, false};  // a SYN with ACK came from that side
  Direction reset_by = Direction::ToServer;
  // A SYN with another sequence number, which nobody answered so far.
  bool candidate = false;
  Direction candidate_from = Direction::ToServer;
  std::uint32_t candidate_isn = 0;
  FrameRef candidate_frame;

  HalfStream& of(Direction d) { return half[static_cast<int>(d)]; }
  const HalfStream& of(Direction d) const { return half[static_cast<int>(d)]; }
  Direction direction(bool from_a) const {
    return from_a == client_is_a ? Direction::ToServer : Direction::ToClient;
  }

  // Whether a segment cannot belong to the connection that had its addresses and ports until now.
  bool is_over_for(Direction from, const Segment& segment) const;
  // Whether the SYN that did not fit has been answered, or goes on.
  bool is_candidate_answered(Direction from, const Segment& segment) const;
  void note_candidate(Direction from, const Segment& segment);
  // How it ended: `otherwise` where neither FIN nor RST say.
  trace::Closing closing(trace::Closing otherwise) const;
};

// Who is the client where no connection is known yet: by the SYN, else by the ports.
bool sender_is_client(const Decoded& segment);

}  // namespace mailscope::tcp
