// TCP streams out of frames, as a listener sees them: sequence numbers become stream offsets, what
// came out of order waits, what never came is reported as a gap. RFC 9293; RFC 1122 §4.2.3.6
// (keep-alive), RFC 7413 (data in a SYN).
//
// Rules:
// - Offset 0 is the octet after the SYN; without a SYN the first octet seen of that direction.
// - The first copy of an octet wins. A second that differs is a ConflictingOverlap as long as the
//   first is among the recently delivered octets (Limits::history_octets over all connections) or
//   still waiting; beyond that it counts as a Retransmission.
// - A hole is a gap when the other side acknowledged beyond it and later octets are here: at once
//   if the acknowledgement came with octets (they may answer what is waiting), after a few more
//   frames if not (captures shuffle neighbours). Without acknowledgements: when too much waits, at
//   RST, or at the end. Octets acknowledged at the end but never seen are a gap too.
// - A SYN with another sequence number begins a new connection if the old one is closed or never
//   got an answer; otherwise once the other side answers it.
// - A connection ends when both FINs were delivered and acknowledged, at RST, when idle for too
//   long, or when its record is needed for another. Of what still comes for it only on_frame tells.
// - Flow::opening is SynOnly or Midstream: that the handshake completed is told by on_handshake.
//
// Units: octets, nanoseconds. Nothing is allocated for octets that come in order: they are handed
// through from the frame. IP fragments are put together; then each piece names its own frame.
//
// Bounded by Limits, whatever comes in. Checksums are not verified (see decode.hpp).
//
// Leaves out: window checks (but sequence numbers that cannot belong are ignored), urgent data (it
// stays in the stream), TCP options.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "captures/tcp/decode.hpp"
#include "captures/tcp/defragment.hpp"
#include "captures/tcp/stream_sink.hpp"

namespace mailscope::tcp {

struct Limits {
  std::uint32_t connections_max = 1 << 16;        // records, closed ones of late included
  std::uint32_t waiting_octets_max = 1 << 20;     // out of order, of one direction
  std::uint32_t waiting_pieces_max = 2048;        // likewise
  std::uint64_t waiting_octets_total = 16 << 20;  // over all connections
  std::uint32_t history_octets = 1 << 20;         // delivered ones kept to compare; a power of two
  Time idle_max = 3'600'000'000'000;              // then it ends (Timeout) and would begin anew
  Time linger = 60'000'000'000;                   // how long a closed one is remembered
  Defragmenter::Limits fragments;
};

// What the frames given so far were.
struct Counts {
  std::uint64_t frames = 0, octets = 0;  // octets on the wire
  std::uint64_t tcp = 0, udp = 0, other_ip = 0, not_ip = 0, fragments = 0;
  std::uint64_t cut = 0, malformed = 0, unknown_link = 0;
  std::uint64_t late = 0;     // of connections that had ended
  std::uint64_t ignored = 0;  // TCP with a sequence number that cannot belong
};

class Reassembler {
 public:
  explicit Reassembler(StreamSink& sink, Limits limits = {});
  ~Reassembler();
  Reassembler(const Reassembler&) = delete;
  Reassembler& operator=(const Reassembler&) = delete;

  // One frame, in capture order. `frame.payload_at` is not read. Returns what the frame was, so
  // that a caller may take UDP from there; its pointers are into `octets`.
  Decoded add(std::string_view octets, std::uint16_t link_type, const FrameRef& frame,
              std::uint32_t wire_octets = 0);
  // The end of the capture: everything that waits is given out, every connection ends. Call it
  // once.
  void finish();

  const Counts& counts() const;
  std::uint32_t connections() const;  // begun so far
  std::uint32_t open_connections() const;
  std::uint64_t waiting_octets() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mailscope::tcp
