#include "captures/observe/capture/capture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "captures/pcap/reader.hpp"

namespace mailscope::observe {
namespace {

using trace::Id;
using trace::Time;

constexpr std::uint64_t kPacketsBetweenProgress = 8192;
constexpr std::size_t kFrameOctetsMax = std::size_t{1}
                                        << 20;  // what the OctetStore takes at a time

// A file being read, with the packet that comes next.
struct Input {
  pcap::Reader reader;
  pcap::Packet packet;
  bool has_packet = false;
  int mapping = -1;  // in the trace's OctetStore

  void advance() { has_packet = reader.next(packet); }
};

std::string last_component(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

Time difference(std::int64_t later, std::int64_t earlier) {
  std::int64_t result = 0;
  if (__builtin_sub_overflow(later, earlier, &result)) return trace::kNever - 1;
  return result;
}

class CaptureRun {
 public:
  CaptureRun(trace::Trace& trace, const CaptureOptions& options)
      : trace_(trace), options_(options), road_(trace, options.road) {}

  tl::expected<void, std::string> open(const std::string& path) {
    tl::expected<pcap::Reader, std::string> reader = pcap::Reader::open(path);
    if (!reader) return tl::unexpected(reader.error());
    Input input{std::move(*reader), {}, false, -1};
    file_octets_ += input.reader.file_octets();
    if (everything()) input.mapping = trace_.store.map_file(path);
    inputs_.push_back(std::move(input));
    trace_.source.name += (trace_.source.name.empty() ? "" : ", ") + last_component(path);
    return {};
  }

  void run() {
    for (Input& input : inputs_) input.advance();
    while (Input* input = earliest()) {
      add(*input);
      input->advance();
    }
    road_.finish();
    for (const Input& input : inputs_) report_problem(input);
    if (disorder_ > 0)
      report(trace::Severity::Note, "file.time-disorder",
             fmt::format("packets with an earlier time stamp than the one before: {}", disorder_));
    trace_.settle();
    if (options_.progress) options_.progress(1.0);
  }

 private:
  bool everything() const { return options_.road.keep == Keep::Everything; }

  Input* earliest() {
    Input* found = nullptr;
    for (Input& input : inputs_)
      if (input.has_packet && (!found || input.packet.at < found->packet.at)) found = &input;
    return found;
  }

  // Since the first packet, and never back: a trace's frames ascend in time.
  Time time_of(const pcap::Packet& packet) {
    if (trace_.source.frames == 0) trace_.source.begin = packet.at;
    const Time at = difference(packet.at, trace_.source.begin);
    if (at < trace_.source.duration) {
      ++disorder_;
      return trace_.source.duration;
    }
    return trace_.source.duration = at;
  }

  void add(const Input& input) {
    const pcap::Packet& packet = input.packet;
    const Time at = time_of(packet);
    ++trace_.source.frames;
    trace_.source.octets += packet.wire_octets;
    const Id frame = everything() ? keep(input, at) : trace::kNone;
    road_.add(packet.octets, packet.link_type, packet.wire_octets, at, frame);
    if (options_.progress && trace_.source.frames % kPacketsBetweenProgress == 0) tell_progress();
  }

  Id keep(const Input& input, Time at) {
    const pcap::Packet& packet = input.packet;
    const std::string_view octets = packet.octets.substr(0, kFrameOctetsMax);
    const Id id = static_cast<Id>(trace_.frames.size());
    trace::Frame frame;
    frame.sent = frame.received = at;
    frame.octets = static_cast<std::uint32_t>(octets.size());
    frame.wire_octets = packet.wire_octets;
    frame.link_type = packet.link_type;
    frame.origin = id;
    frame.at = place(input, octets);
    trace_.frames.push_back(frame);
    return id;
  }

  // Where the store has the octets: in the mapped file, or a copy.
  std::uint64_t place(const Input& input, std::string_view octets) {
    if (input.mapping >= 0 && input.packet.file_offset != pcap::kOffsetUnknown) {
      const std::uint64_t at =
          trace::OctetStore::file_offset(input.mapping, input.packet.file_offset);
      const auto size = static_cast<std::uint32_t>(octets.size());
      if (trace_.store.view(at, size) == octets) return at;
    }
    return trace_.store.append(octets);
  }

  void tell_progress() {
    std::uint64_t position = 0;
    for (const Input& input : inputs_) position += input.reader.position();
    if (file_octets_ > 0)
      options_.progress(
          std::min(1.0, static_cast<double>(position) / static_cast<double>(file_octets_)));
  }

  void report_problem(const Input& input) {
    if (!input.reader.problem().empty())
      report(trace::Severity::Warning, "file.damaged", input.reader.problem());
  }

  void report(trace::Severity severity, std::string_view code, std::string text) {
    trace::Finding finding;
    finding.severity = severity;
    finding.code = code;
    finding.at = trace_.source.duration;
    finding.text = std::move(text);
    trace_.findings.push_back(std::move(finding));
  }

  trace::Trace& trace_;
  const CaptureOptions& options_;
  std::vector<Input> inputs_;
  Road road_;
  std::uint64_t file_octets_ = 0;
  std::uint64_t disorder_ = 0;
};

}  // namespace

tl::expected<void, std::string> analyze_files(const std::vector<std::string>& paths,
                                              trace::Trace& trace, const CaptureOptions& options) {
  trace.source.kind = trace::SourceKind::File;
  CaptureRun run(trace, options);
  for (const std::string& path : paths)
    if (const auto opened = run.open(path); !opened) return opened;
  run.run();
  return {};
}

tl::expected<void, std::string> analyze_file(const std::string& path, trace::Trace& trace,
                                             const CaptureOptions& options) {
  return analyze_files({path}, trace, options);
}

}  // namespace mailscope::observe
