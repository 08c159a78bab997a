// The one way from frames to the trace: reassembly, protocol observers, then connections, PDUs,
// exchanges, mails and findings. Captures, live interfaces and simulated runs all take it.
//
// Frames come in order of time, each packet once (not once a hop). With Keep::Everything the caller
// has appended each frame to Trace::frames before and passes its Id; the road sets
// Frame::connection. With Keep::Summary frames, segments, PDUs and exchanges are not kept, and
// memory is bounded by what is open at a time, beside the connections, mails and findings
// themselves (findings of one kind are limited on each connection).
//
// A connection's protocol is what its first octets say (RFC 5321 §4.3.1 greeting, RFC 1939 §4, RFC
// 3501 §7.1, RFC 8446 §5.1 record), and only if they say nothing what its port says. Where a
// capture begins in mid-connection the same octets decide who is the server.
//
// Languages that talk in UDP datagrams are known by their port (datagram_reader.hpp).
//
// Errors: none are returned; what is wrong with the traffic is a Finding. Left out on purpose: HTTP
// and DNS over TCP (known by port only).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "captures/observe/mail/content_sink.hpp"
#include "captures/observe/stream/layer.hpp"
#include "captures/trace/trace.hpp"

namespace mailscope::observe {

enum class Keep : std::uint8_t {
  Everything,  // segments, PDUs and exchanges too: for the window and for `--exchanges`
  Summary,     // connections, mails and findings
};

struct RoadOptions {
  Keep keep = Keep::Everything;
  bool parts = true;               // read the MIME structure and decode the parts
  ContentSink* content = nullptr;  // outlives the road
  // For simulated runs: when a frame that carried octets was received at the connection's other
  // end; kNever: lost, or still under way. Octets whose frame was lost count as delivered when the
  // first retransmission that arrived brought them. Empty: they are there when their frame was
  // captured.
  std::function<trace::Time(trace::Id frame)> received_at = {};
  MakeLayer layer = {};  // empty: no stream is read through a layer
};

class Road {
 public:
  // The trace outlives the road. It may already hold hosts, agents, frames and notes.
  Road(trace::Trace& trace, RoadOptions options = {});
  ~Road();
  Road(const Road&) = delete;
  Road& operator=(const Road&) = delete;

  // One frame. `octets` as captured, `wire_octets` as they were on the wire, `link_type` a pcap
  // LINKTYPE_. The view has to be good during the call only.
  void add(std::string_view octets, std::uint16_t link_type, std::uint32_t wire_octets,
           trace::Time at, trace::Id frame = trace::kNone);

  // Brings the trace up to date with the frames added so far, at the cost of what is new: what is
  // open is shown as open (a connection by its port's protocol until its first octets have told, a
  // message as far as it has come), the digests of messages that are over are complete, what
  // arrived meanwhile has its time, and PDUs and findings are in order in by_time. Then it goes
  // on. However often it is called, the trace comes out the same.
  void settle();

  // Nothing more comes: ends what is open, and settles.
  void finish();

  // How much settle() looked at so far: segments and PDUs, each as often as it was.
  std::uint64_t work() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mailscope::observe
