#include "captures/observe/capture/intake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mailscope::observe {

using pcap::Next;
using trace::Id;
using trace::Time;

namespace {

constexpr std::size_t kFrameOctetsMax = std::size_t{1}
                                        << 20;  // what the OctetStore takes at a time

Time difference(std::int64_t later, std::int64_t earlier) {
  std::int64_t result = 0;
  if (__builtin_sub_overflow(later, earlier, &result)) return trace::kNever - 1;
  return result;
}

}  // namespace

Intake::Intake(trace::Trace& trace, const RoadOptions& options)
    : trace_(trace), keep_(options.keep == Keep::Everything), road_(trace, options) {}

void Intake::add(pcap::FrameSource& source, int mapping) {
  inputs_.push_back({&source, mapping, {}, Next::NothingYet});
}

Next Intake::read(std::uint64_t frames_max) {
  for (; frames_max > 0; --frames_max) {
    Input* input = earliest();
    if (input == nullptr) {
      const bool over =
          std::ranges::all_of(inputs_, [](const Input& source) { return source.next == Next::End; });
      return over ? Next::End : Next::NothingYet;
    }
    take(*input);
    input->next = Next::NothingYet;
  }
  return Next::Frame;
}

// Of the sources that have a frame; null when none has.
Intake::Input* Intake::earliest() {
  Input* found = nullptr;
  for (Input& input : inputs_) {
    if (input.next == Next::NothingYet) input.next = input.source->next(input.packet);
    if (input.next == Next::Frame && (!found || input.packet.at < found->packet.at)) found = &input;
  }
  return found;
}

void Intake::take(Input& input) {
  const pcap::Packet& packet = input.packet;
  const bool kept = packet.kept != pcap::kNotKept;
  const Time at = kept ? trace_.frames[packet.kept].sent : time_of(packet);
  ++trace_.source.frames;
  trace_.source.octets += packet.wire_octets;
  Id frame = trace::kNone;
  if (kept)
    frame = packet.kept;
  else if (keep_)
    frame = keep(input, at);
  road_.add(packet.octets, packet.link_type, packet.wire_octets, at, frame);
}

// Since the first packet, and never back: a trace's frames ascend in time.
Time Intake::time_of(const pcap::Packet& packet) {
  if (trace_.source.frames == 0) trace_.source.begin = packet.at;
  const Time at = difference(packet.at, trace_.source.begin);
  if (at < trace_.source.duration) {
    ++late_;
    return trace_.source.duration;
  }
  return trace_.source.duration = at;
}

Id Intake::keep(const Input& input, Time at) {
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
std::uint64_t Intake::place(const Input& input, std::string_view octets) {
  if (input.mapping >= 0 && input.packet.file_offset != pcap::kOffsetUnknown) {
    const std::uint64_t at =
        trace::OctetStore::file_offset(input.mapping, input.packet.file_offset);
    const auto size = static_cast<std::uint32_t>(octets.size());
    if (trace_.store.view(at, size) == octets) return at;
  }
  return trace_.store.append(octets);
}

void Intake::finish() {
  road_.finish();
  for (const Input& input : inputs_)
    if (!input.source->problem().empty())
      report(trace::Severity::Warning, "file.damaged", input.source->problem());
  if (late_ > 0)
    report(trace::Severity::Note, "file.time-disorder",
           fmt::format("packets with an earlier time stamp than the one before: {}", late_));
  trace_.settle();
}

void Intake::report(trace::Severity severity, std::string_view code, std::string text) {
  trace::Finding finding;
  finding.severity = severity;
  finding.code = code;
  finding.at = trace_.source.duration;
  finding.text = std::move(text);
  trace_.findings.push_back(std::move(finding));
}

}  // namespace mailscope::observe
