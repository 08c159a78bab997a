// One TCP connection on the road: its segments, counts and oddities; and the reader of its stream,
// through a layer where it has one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "captures/observe/connection_findings.hpp"
#include "captures/observe/context.hpp"
#include "captures/observe/pdu_writer.hpp"
#include "captures/observe/stream/layered_reader.hpp"
#include "captures/observe/stream/listener.hpp"
#include "captures/observe/stream/stream_reader.hpp"
#include "captures/tcp/stream_sink.hpp"

namespace mailscope::observe {

// Says which connection a frame belongs to, and between which hosts it went.
void attach_frame(trace::Trace& trace, trace::Id frame, trace::Id connection, Direction direction);

class ConnectionReader {
 public:
  ConnectionReader(Context& context, const tcp::Flow& flow, const tcp::FrameRef& frame);
  ConnectionReader(const ConnectionReader&) = delete;
  ConnectionReader& operator=(const ConnectionReader&) = delete;

  trace::Id id() const { return id_; }
  bool swapped() const { return swapped_; }

  void on_frame(Direction direction, const tcp::FrameRef& frame);
  void on_handshake(Direction from, bool complete, const tcp::FrameRef& frame);
  void on_octets(Direction direction, std::uint64_t begin, std::string_view octets,
                 const tcp::FrameRef& frame);
  void on_gap(Direction direction, std::uint64_t begin, std::uint64_t octets, trace::Time at);
  void on_anomaly(Direction direction, tcp::Anomaly anomaly, std::uint64_t begin, std::uint64_t end,
                  const tcp::FrameRef& frame);
  void on_fin(Direction direction, const tcp::FrameRef& frame);
  void on_reset(Direction direction, const tcp::FrameRef& frame);
  void on_end(trace::Closing closing, trace::Time at);

 private:
  struct Tally {
    std::uint32_t count = 0;
    std::uint64_t octets = 0;
    trace::Time at = 0;
    trace::Id frame = trace::kNone;
  };

  trace::Connection& connection() { return context_.trace.connections[id_]; }
  Direction oriented(Direction direction) const { return swapped_ ? other(direction) : direction; }
  void open_reader();
  void mark_closed(trace::Id pdu);
  void swap_sides();
  void report_tallies();
  void report(trace::Severity severity, std::string_view code, trace::Time at, trace::Id frame,
              std::string text, std::string_view rfc);

  Context& context_;
  trace::Id id_;
  PduWriter pdus_;
  ConnectionFindings findings_;
  std::unique_ptr<StreamReader> reader_;
  Listener* listener_ = nullptr;  // within reader_
  trace::Id open_pdu_ = trace::kNone;
  trace::Time last_fin_ = 0;
  bool fin_seen_[2] = {false, false};  // by direction
  bool swapped_ = false;
  Tally tallies_[6];  // by tcp::Anomaly
  // Repeated; they carry no octets. The server's SYN is the SYN ACK.
  Tally syns_, syn_acks_, fins_;
};

}  // namespace mailscope::observe
