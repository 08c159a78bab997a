// What TCP reassembly reports: the one interface between captures/tcp and whoever reads the
// streams.
//
// For each connection the calls come in the order of the frames; octets of one direction come in
// stream order, each octet once. Views are valid during the call only.
#pragma once

#include <cstdint>
#include <string_view>

#include "captures/trace/trace.hpp"

namespace mailscope::tcp {

using trace::Id;
using trace::Time;

// Identifies a frame while it is being read. `frame` is its Id in the trace, kNone where frames are
// not kept; `payload_at` the offset of the TCP payload within the frame.
struct FrameRef {
  Time at = 0;
  Id frame = trace::kNone;
  std::uint32_t payload_at = 0;
};

struct Flow {
  IpAddress client_address, server_address;
  std::uint16_t client_port = 0, server_port = 0;
  trace::Opening opening = trace::Opening::Midstream;
  Direction first_direction = Direction::ToServer;  // of the frame that began it
};

enum class Anomaly : std::uint8_t {
  Retransmission,      // octets already delivered came again, the same
  ConflictingOverlap,  // they came again and differ; the first copy was kept
  OutOfOrder,          // arrived before the octets in front of them
  KeepAlive,
  CutBySnapLength,  // the frame holds fewer octets than it says
  PortReused,       // the same four-tuple began a new connection
};

class StreamSink {
 public:
  virtual ~StreamSink() = default;
  // A new connection, numbered from 0 in order of their first frames. Client and server are as the
  // SYN says; without a SYN the lower well-known port is the server's.
  virtual void on_begin(std::uint32_t connection, const Flow& flow, const FrameRef& frame) = 0;
  // The handshake's frames as they come: SYN, SYN-ACK, the ACK that completes it (complete = true).
  virtual void on_handshake(std::uint32_t connection, Direction from, bool complete,
                            const FrameRef& frame) = 0;
  // Octets [begin, begin + octets.size()) of one direction. `frame.payload_at` is where this piece
  // begins within its frame. Called also for a piece that waited for an earlier one.
  virtual void on_octets(std::uint32_t connection, Direction direction, std::uint64_t begin,
                         std::string_view octets, const FrameRef& frame) = 0;
  // Octets [begin, begin + octets) were never captured; the stream goes on behind them.
  virtual void on_gap(std::uint32_t connection, Direction direction, std::uint64_t begin,
                      std::uint64_t octets, Time at) = 0;
  // Something worth a finding or a mark. [begin, end) in stream offsets where it applies.
  virtual void on_anomaly(std::uint32_t connection, Direction direction, Anomaly anomaly,
                          std::uint64_t begin, std::uint64_t end, const FrameRef& frame) = 0;
  // FIN of one direction, after its last octet was delivered.
  virtual void on_fin(std::uint32_t connection, Direction direction, const FrameRef& frame) = 0;
  virtual void on_reset(std::uint32_t connection, Direction direction, const FrameRef& frame) = 0;
  // Nothing more will come for it: closed on both sides, reset, its ports used again, idle for too
  // long, or the end of the capture (then closing is Open).
  virtual void on_end(std::uint32_t connection, trace::Closing closing, Time at) = 0;
  // Every frame of a connection, also pure ACKs, before the other calls about it. The only call
  // that may come after on_end: a late copy, or an RST behind both FINs.
  virtual void on_frame(std::uint32_t connection, Direction direction, const FrameRef& frame) = 0;
};

}  // namespace mailscope::tcp
