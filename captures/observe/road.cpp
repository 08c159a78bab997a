#include "captures/observe/road.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "captures/observe/context.hpp"
#include "captures/observe/datagram/datagram_reader.hpp"
#include "captures/observe/settling.hpp"
#include "captures/observe/stream/connection_reader.hpp"
#include "captures/tcp/reassembler.hpp"

namespace mailscope::observe {

using tcp::FrameRef;
using trace::Id;
using trace::kNone;
using trace::Time;

// Connections of the reassembler are numbered from 0; their readers stand at the same place.
struct Road::Impl : tcp::StreamSink {
  Impl(trace::Trace& trace, RoadOptions options)
      : context(trace, options), reassembler(*this), datagrams(context), settling(context) {}

  ConnectionReader& reader(std::uint32_t connection) { return *readers[connection]; }
  bool has(std::uint32_t connection) const {
    return connection < readers.size() && readers[connection];
  }

  void on_begin(std::uint32_t connection, const tcp::Flow& flow, const FrameRef& frame) override {
    if (readers.size() <= connection) readers.resize(connection + 1);
    readers[connection] = std::make_unique<ConnectionReader>(context, flow, frame);
  }
  void on_handshake(std::uint32_t connection, Direction from, bool complete,
                    const FrameRef& frame) override {
    if (has(connection)) reader(connection).on_handshake(from, complete, frame);
  }
  void on_octets(std::uint32_t connection, Direction direction, std::uint64_t begin,
                 std::string_view octets, const FrameRef& frame) override {
    if (has(connection)) reader(connection).on_octets(direction, begin, octets, frame);
  }
  void on_gap(std::uint32_t connection, Direction direction, std::uint64_t begin,
              std::uint64_t octets, Time at) override {
    if (has(connection)) reader(connection).on_gap(direction, begin, octets, at);
  }
  void on_anomaly(std::uint32_t connection, Direction direction, tcp::Anomaly anomaly,
                  std::uint64_t begin, std::uint64_t end, const FrameRef& frame) override {
    if (has(connection)) reader(connection).on_anomaly(direction, anomaly, begin, end, frame);
  }
  void on_fin(std::uint32_t connection, Direction direction, const FrameRef& frame) override {
    if (has(connection)) reader(connection).on_fin(direction, frame);
  }
  void on_reset(std::uint32_t connection, Direction direction, const FrameRef& frame) override {
    if (has(connection)) reader(connection).on_reset(direction, frame);
  }
  void on_end(std::uint32_t connection, trace::Closing closing, Time at) override {
    if (!has(connection)) return;
    ConnectionReader& ended = reader(connection);
    ended.on_end(closing, at);
    if (ids.size() <= connection) ids.resize(readers.size());
    ids[connection] = {ended.id(), ended.swapped()};
    readers[connection].reset();
  }
  void on_frame(std::uint32_t connection, Direction direction, const FrameRef& frame) override {
    if (has(connection)) return reader(connection).on_frame(direction, frame);
    if (connection >= ids.size()) return;
    const Ended& ended = ids[connection];
    attach_frame(context.trace, frame.frame, ended.connection,
                 ended.swapped ? other(direction) : direction);
  }

  // A frame that the caller did not keep but that PDUs will point into.
  Id keep_frame(std::string_view octets, std::uint16_t link_type, std::uint32_t wire_octets,
                Time at) {
    constexpr std::size_t kFrameOctetsMax = std::size_t{1} << 20;
    octets = octets.substr(0, kFrameOctetsMax);
    const Id id = static_cast<Id>(context.trace.frames.size());
    trace::Frame frame;
    frame.sent = frame.received = at;
    frame.at = context.trace.store.append(octets);
    frame.octets = static_cast<std::uint32_t>(octets.size());
    frame.wire_octets = std::max(wire_octets, frame.octets);
    frame.link_type = link_type;
    frame.origin = id;
    context.trace.frames.push_back(frame);
    return id;
  }

  void report(trace::Severity severity, std::string_view code, std::string text) {
    trace::Finding finding;
    finding.severity = severity;
    finding.code = code;
    finding.text = std::move(text);
    context.trace.findings.push_back(std::move(finding));
  }
  // Frames that could not be read at all.
  void report_counts() {
    const tcp::Counts& counts = reassembler.counts();
    if (counts.unknown_link > 0)
      report(trace::Severity::Warning, "frame.link-type",
             fmt::format("frames of a link type that is not read: {}", counts.unknown_link));
    if (counts.malformed > 0)
      report(trace::Severity::Note, "frame.malformed",
             fmt::format("frames whose headers contradict themselves: {}", counts.malformed));
    if (counts.cut > 0)
      report(trace::Severity::Note, "frame.cut",
             fmt::format("frames cut within their headers: {}", counts.cut));
  }

  // A connection that is over; late frames may still belong to it.
  struct Ended {
    Id connection = kNone;
    bool swapped = false;
  };

  Context context;
  tcp::Reassembler reassembler;
  DatagramReader datagrams;
  Settling settling;
  std::vector<std::unique_ptr<ConnectionReader>> readers;
  std::vector<Ended> ids;
  bool finished = false;
};

Road::Road(trace::Trace& trace, RoadOptions options)
    : impl_(std::make_unique<Impl>(trace, options)) {}

Road::~Road() = default;

void Road::add(std::string_view octets, std::uint16_t link_type, std::uint32_t wire_octets, Time at,
               Id frame) {
  if (impl_->context.everything() && frame == kNone)
    frame = impl_->keep_frame(octets, link_type, wire_octets, at);
  FrameRef ref;
  ref.at = at;
  ref.frame = impl_->context.everything() ? frame : kNone;
  const tcp::Decoded decoded = impl_->reassembler.add(octets, link_type, ref, wire_octets);
  impl_->datagrams.add(decoded, octets, ref);
}

void Road::settle() {
  impl_->context.hasher.drain();
  impl_->settling.settle();
  impl_->context.trace.settle();
}

void Road::finish() {
  if (std::exchange(impl_->finished, true)) return;
  impl_->reassembler.finish();
  impl_->datagrams.finish();
  impl_->report_counts();
  settle();
}

std::uint64_t Road::work() const {
  return impl_->settling.looked_at();
}

}  // namespace mailscope::observe
